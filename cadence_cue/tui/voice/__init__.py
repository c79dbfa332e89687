"""The screens of the voices and of the runner's own recordings."""
