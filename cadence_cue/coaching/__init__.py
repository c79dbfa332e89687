"""What to practise: drills, elements, cues, sessions and their rules; no frames, no sound."""
