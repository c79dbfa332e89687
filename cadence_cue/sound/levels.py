"""The levels that the buses of a mix keep to, so that their sum needs no limiter.

Voice + a beat ducked by 6 dB + noise stays below -1.3 dBTP. User levels only turn down.
"""

from __future__ import annotations

FULL_SCALE = 32768
"""The int16 sample value that a mix calls 1.0."""

VOICE_CEILING = -4.5
"""True peak of a spoken clip, in dBTP, at most."""

BEAT_CEILING = -7.0
"""True peak of an accented click, in dBTP, at most."""

NOISE_LEVEL = -70.0
"""RMS of the noise under everything, in dBFS."""
