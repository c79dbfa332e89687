"""To the ears, now: the engine process, its devices, and the player that holds it."""
