"""What the log, the reviews and the plan say over time, as charts in text."""
