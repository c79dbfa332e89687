"""What is spoken: the shipped clips, the runner's own words, the coach's own recordings."""
