"""How steps and taps met the beat: onsets, matching and statistics, in pure numpy."""
