"""How high the waves of the sounds on the beat bus are, before they are brought to their peaks.

It takes four fifths of the time that a sound takes, as peaks lie between the frames, and is the
same each time. `beats._height` finds it; a test compares.
"""

from __future__ import annotations

from cadence_cue.timing.sounds import (
    ACCENT,
    CLICK,
    COUNT_IN,
    FINISHED,
    LEFT,
    LEFT_ACCENT,
    PHASE_END,
    READY,
    RIGHT,
    RIGHT_ACCENT,
    TICK,
)

CLICKS = {
    "knock": {
        CLICK: 1.859686602071954,
        ACCENT: 1.7892769743081165,
        LEFT: 2.540372593312432,
        RIGHT: 2.8368279056986494,
        LEFT_ACCENT: 2.8793986497321327,
        RIGHT_ACCENT: 3.117645867236412,
        COUNT_IN: 2.0087885998546837,
        TICK: 0.6779632032648184,
    },
    "low": {
        CLICK: 2.155312052918326,
        ACCENT: 1.9209604521935177,
        LEFT: 2.769049618807292,
        RIGHT: 2.729572264068583,
        LEFT_ACCENT: 3.333140442780478,
        RIGHT_ACCENT: 2.9031283056616037,
        COUNT_IN: 2.4152373216813627,
        TICK: 0.7661102894180593,
    },
    "bright": {
        CLICK: 1.7423921408598424,
        ACCENT: 2.0069142012394403,
        LEFT: 2.7723351702112855,
        RIGHT: 2.8873479654178666,
        LEFT_ACCENT: 3.019871430152183,
        RIGHT_ACCENT: 3.350642498372359,
        COUNT_IN: 1.8544917919769102,
        TICK: 0.760874053788814,
    },
}
"""By kit and sound."""

SIGNALS = {
    READY: 1.4179181303533093,
    PHASE_END: 1.2365751596587902,
    FINISHED: 1.4645143356297439,
}
