"""When each sound starts: tempo map, layout, cue planner, timeline; pure, in whole frames."""
