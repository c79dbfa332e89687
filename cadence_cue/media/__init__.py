"""The one reader of sound that other programs made: music, podcasts and recordings."""
