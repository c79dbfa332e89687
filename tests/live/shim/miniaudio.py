"""A miniaudio of our own for the engine process: one that is not there."""

raise ImportError("no miniaudio here")
