"""The screen on which a session is made and changed."""
