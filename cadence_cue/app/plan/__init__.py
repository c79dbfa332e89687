"""The plan by weeks: what it asks for, its file, its words and its calendar."""
