"""The screen: a Textual app. Screens of several modules have rooms of their own."""
