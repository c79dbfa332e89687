"""What it sounds like: clicks by formula, voice clips, one stateless renderer."""
