"""The peak levels of each bus, chosen so that their sum needs no limiter.

Voice, a beat ducked by 6 dB, ducked music and noise together stay below -1 dBTP, while a track
is as loud as that allows: the ducked parts leave to speech what it needs. User levels only turn
down.
"""

from __future__ import annotations

FULL_SCALE = 32768
"""The int16 sample value that corresponds to 1.0 in a mix."""

VOICE_CEILING = -5.3
"""The highest true peak of a spoken clip, in dBTP."""

BEAT_CEILING = -4.8
"""The highest true peak of an accented click, in dBTP."""

NOISE_LEVEL = -70.0
"""RMS of the noise under everything, in dBFS."""
