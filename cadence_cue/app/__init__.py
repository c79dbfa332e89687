"""What the app does for a runner, whichever face asks: no click, no textual."""
