"""When each sound starts: tempo map, layout, cue planner, timeline; pure, in whole frames."""

RATE = 48000
"""The default frames per second: the rate of the shipped voice clips."""
