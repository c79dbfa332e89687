"""The keys while something plays, told in one line, by "?" and by --help."""

from __future__ import annotations

HINT = "space pause · n next · p previous · up down tempo · w wait · ? all keys · q quit"

KEYS = (
    "space       pause; go on, counted in",
    "n p         next phase, previous phase (also the arrows right and left)",
    "up down     tempo 1 up or down; with shift 5",
    "168 Enter   this tempo",
    "t           tap the tempo that you want, and stop when it is right",
    "o           back to your own cadence and the session's tempos",
    ", .         the beat 5 ms earlier or later, at the same tempo",
    "h d         half or double the tempo (plain beat only)",
    "w           wait at the end of this rest or the next one; w again goes on",
    "m v u       beat, voice or music off or on",
    "+ -         volume; Tab: of everything, the beat, the voice, the music",
    "? q         this help; quit",
)

EPILOG = "\b\n" + "\n".join(("Keys:", *(f"  {line}" for line in KEYS)))
"""The keys, for a command's help."""
