"""Live playback: the engine process, its output devices, and the player that controls it."""
