"""The names of the sounds on the beat bus, shared by planning and sound synthesis."""

CLICK = "click"
ACCENT = "accent"
LEFT = "left"
RIGHT = "right"
LEFT_ACCENT = "left accent"
RIGHT_ACCENT = "right accent"
COUNT_IN = "count-in"
TICK = "tick"
READY = "ready"
PHASE_END = "phase end"
FINISHED = "finished"

BEAT_SOUNDS = (
    CLICK,
    ACCENT,
    LEFT,
    RIGHT,
    LEFT_ACCENT,
    RIGHT_ACCENT,
    COUNT_IN,
    TICK,
    READY,
    PHASE_END,
    FINISHED,
)
