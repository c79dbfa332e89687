"""The peak levels of each bus, chosen so that their sum needs no limiter.

Voice, a beat ducked by 6 dB, ducked music and noise together stay below -1 dBTP, while a track
is as loud as that allows: the ducked parts leave to speech what it needs. User levels only turn
down; music alone may be raised, and then everything is turned down by what that needs.
"""

from __future__ import annotations

import math

from cadence_cue.timing.decibels import gain_of

FULL_SCALE = 32768
"""The int16 sample value that corresponds to 1.0 in a mix."""

VOICE_CEILING = -5.3
"""The highest true peak of a spoken clip, in dBTP."""

BEAT_CEILING = -4.8
"""The highest true peak of an accented click, in dBTP."""

MUSIC_CEILING = -12.7
"""The highest true peak of music at its place, in dBTP."""

MIX_CEILING = -1.0
"""The highest true peak of everything together, in dBTP."""

NOISE_LEVEL = -70.0
"""RMS of the noise under everything, in dBFS."""


def headroom(music_db: float) -> float:
    """Return the decibels, 0 or lower, by which all of a mix is turned down for its music.

    `music_db` is the music's level against its place. Under speech it needs nothing, because
    raised music is ducked further, to where it would be ducked in any case.
    """
    highest = gain_of(BEAT_CEILING) + gain_of(MUSIC_CEILING + music_db)
    return min(0.0, MIX_CEILING - 20 * math.log10(highest))
