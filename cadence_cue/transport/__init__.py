"""What the runner's keys do to what is playing: for the commands and the screens alike."""
