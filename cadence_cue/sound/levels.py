"""The peak levels of each bus, chosen so that their sum needs no limiter.

Voice, a beat ducked by 6 dB and noise together stay below -1.3 dBTP. User levels only turn down.
"""

from __future__ import annotations

FULL_SCALE = 32768
"""The int16 sample value that corresponds to 1.0 in a mix."""

VOICE_CEILING = -4.5
"""The highest true peak of a spoken clip, in dBTP."""

BEAT_CEILING = -7.0
"""The highest true peak of an accented click, in dBTP."""

NOISE_LEVEL = -70.0
"""RMS of the noise under everything, in dBFS."""
