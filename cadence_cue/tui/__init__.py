"""The screen: a Textual app, with one module for each screen or widget."""
