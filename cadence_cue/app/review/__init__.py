"""The review of a run that a watch recorded: its figures, its words and its page."""
