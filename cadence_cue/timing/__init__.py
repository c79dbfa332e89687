"""When each sound starts: tempo map, layout, cue planner, timeline; pure, in whole frames."""

RATE = 48000
"""Frames per second unless the runner or the device wants another: what the voices have."""
