"""The runner's own music or podcast, prepared to be played under beats and words."""
