"""The runner's own music or podcast, made ready to lie under beats and words."""
