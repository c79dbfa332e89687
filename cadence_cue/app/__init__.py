"""What the command line and the screen have in common; imports neither click nor textual."""
