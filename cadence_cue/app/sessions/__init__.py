"""The sessions: which there are, how they are chosen, edited and kept."""
