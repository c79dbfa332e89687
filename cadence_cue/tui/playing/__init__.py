"""The screens that play, and what they are made of: figures, lamps and the bar."""
