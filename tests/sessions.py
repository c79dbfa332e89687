"""Sessions that have everything in them that decides where a click stands."""

CLICKS = """
title = "Runs"
get_ready = "2s"
announce = false
countdown = false

[[phase]]
run = "A ramp that ends off the beat"
time = "7s"
tempo = "160 -> 172"
accent = 4
[[phase]]
run = "In beats, on the same grid"
time = "13 beats"
tempo = "+5%"
accent = 3
[[phase]]
run = "A ramp in beats"
time = "21 beats"
tempo = "own -> -7%"
beat = "3 on, 2 off"
[[phase]]
run = "A silent stretch of the grid"
time = "5.3s"
tempo = 171.3
beat = "off"
[[phase]]
run = "Back in step"
time = "4s"
tempo = 171.3
beat_level = "-9 dB"
[[phase]]
rest = ""
time = "9s"
[[phase]]
run = "Ends on a beat, which does not sound"
time = "4s"
tempo = 120
count_in = false
[[phase]]
run = "Silent from that beat on"
time = "2s"
tempo = 120
beat = "off"
[[phase]]
walk = "Too short for a whole count-in"
time = "1.7s"
[[phase]]
repeat = 2
[[phase.part]]
run = "Four"
time = "3.1s"
tempo = 133
beat = "4 then off"
[[phase.part]]
walk = "With a beat"
time = "17 beats"
tempo = "200 -> 100"
[[phase.part]]
rest = ""
time = "5s"
[[phase]]
run = "One foot"
time = "7s"
tempo = 171.3
stride = "right"
accent = 3
[[phase]]
run = "A glide, then one tempo"
time = "9s"
tempo = "+5%"
glide = "9 beats"
accent = 4
[[phase]]
run = "A glide in beats"
time = "20 beats"
tempo = 166
glide = "7 beats"
[[phase]]
rest = ""
time = "5s"
[[phase]]
run = "Fading"
time = "121s"
tempo = 177
beat = "fade"
"""

CLICKS_TOO = """
title = "Drills"
get_ready = "2s"
announce = false
countdown = false

[[phase]]
drill = "perception"
time = "5s"
tempo = 67
accent = 2
[[phase]]
rest = ""
time = "7s"
[[phase]]
repeat = 2
[[phase.part]]
drill = "toe-taps"
side = "both"
time = "17s"
tempo = "80 -> 97"
accent = 3
[[phase.part]]
rest = ""
time = "6s"
[[phase]]
drill = "fall-to-run"
time = "18.5s"
tempo = "+3%"
accent = 4
[[phase]]
run = "On the grid of the fall"
time = "16 beats"
tempo = "own"
accent = 5
[[phase]]
drill = "cycle-standing"
side = "left"
time = "8s"
tempo = 61
accent = 4
[[phase]]
drill = "cycle-running"
side = "right"
time = "8s"
tempo = "own"
accent = 4
[[phase]]
drill = "high-knees"
time = "6s"
tempo = "168 -> 180"
accent = 4
"""

SPEECH = """
title = "Speech"
get_ready = "2s"
announce = false
countdown = false

[[phase]]
run = "A vowel on a beat"
time = "50s"
tempo = "own"
cues = ["heel-pull"]
cue_every = "4s"
[[phase]]
run = "A vowel on an accent of a ramp"
time = "40s"
tempo = "158 -> 171"
accent = 3
cues = ["relaxed"]
cue_every = "9 beats"
beat_level = "-3 dB"
[[phase]]
run = "Two wishes and a countdown"
time = "30.3s"
tempo = 171
cues = []
say = [{ at = "10s", text = "Soften your hands" }, { at = "-14s", text = "Let the foot drop" }]
countdown = "10 5"
"""

COACHED = """
title = "Everything that a coach says"
[[phase]]
drill = "perception"
time = "9s"
[[phase]]
rest = ""
time = "9s"
[[phase]]
drill = "toe-taps"
side = "both"
time = "66s"
tempo = 80
[[phase]]
rest = ""
time = "20s"
[[phase]]
repeat = 3
[[phase.part]]
drill = "change-of-support"
time = "45s"
tempo = 90
[[phase.part]]
rest = ""
time = "15s"
[[phase]]
drill = "fall-to-run"
time = "20s"
tempo = 170
say = [{ at = "8s", text = "Run quietly" }]
[[phase]]
walk = ""
time = "20s"
[[phase]]
run = ""
time = "6min"
tempo = "own"
cues = ["heel-pull"]
cue_every = "45s"
[[phase]]
run = ""
time = "19s"
tempo = "own -> +5%"
countdown = "10 3 2 1"
cues = ["lean"]
"""
"""A session in which every rule of coaching has something to say."""
