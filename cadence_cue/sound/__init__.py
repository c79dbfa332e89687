"""What a timeline sounds like: synthesized clicks, voice clips, one stateless renderer."""
