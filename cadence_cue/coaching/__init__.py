"""What to practise: drills, elements, cues, sessions and their rules. No frames, no sound."""
