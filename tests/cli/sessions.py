"""Sessions that are over soon, and one that nobody waits for."""

from cadence_cue.coaching.wording import OPEN_EYES, SWITCH_LEGS

SPOKEN = (SWITCH_LEGS, OPEN_EYES)

SHORT = f"""\
title = "Short"
get_ready = "0s"
announce = false

[[phase]]
rest = "One"
time = "1.5s"
say = [{{ at = "0.2s", text = "{SWITCH_LEGS}" }}]

[[phase]]
talk = "{OPEN_EYES}"
time = "1.5s"
"""

LONG = """\
title = "Long"
get_ready = "0s"
announce = false

[[phase]]
walk = "One"
time = "10min"

[[phase]]
run = "Two"
time = "10min"
tempo = 180
count_in = 2

[[phase]]
walk = "Three"
time = "10min"
"""

OWN = """\
title = "Own"
get_ready = "0s"
announce = false

[[phase]]
run = "One"
time = "10min"
tempo = "own"
count_in = false

[[phase]]
rest = "Two"
time = "10min"

[[phase]]
run = "Three"
time = "10min"
tempo = 120
"""

UNSPOKEN = """\
title = "Unspoken"
get_ready = "0s"

[[phase]]
walk = ""
time = "1s"

[[phase]]
run = "Easy"
time = "2s"
tempo = 180
words = ["Colourless green ideas"]
"""

LOCKED = """\
title = "Locked"
get_ready = "0s"
announce = false

[[phase]]
drill = "perception"
time = "20s"
count_in = 2

[[phase]]
drill = "cycle-standing"
side = "left"
time = "20s"

[[phase]]
drill = "cycle-running"
time = "20s"
"""
