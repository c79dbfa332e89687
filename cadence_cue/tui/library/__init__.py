"""The screen on which a session or a drill is chosen."""
