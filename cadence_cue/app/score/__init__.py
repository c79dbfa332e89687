"""How the runner's steps met the beat: heard or tapped, live or in a recording."""
