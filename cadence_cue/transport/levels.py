"""Levels: one for each bus, a volume for all of them, and what is muted."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cadence_cue.live.player import Player
from cadence_cue.timing.decibels import gain_of

KNOBS = ("volume", "beat", "voice", "music")
"""What can be made louder and softer: everything, or one bus."""

_LOUDEST, _QUIETEST = 0.0, -60.0


@dataclass(frozen=True, slots=True)
class Levels:
    """Levels in decibels, -60 to 0, and whether each bus is on."""

    beat_db: float = 0.0
    voice_db: float = 0.0
    music_db: float = 0.0
    volume_db: float = 0.0
    beat: bool = True
    voice: bool = True
    music: bool = True

    def decibels(self, knob: str) -> float:
        """The level of one of KNOBS, in decibels."""
        return float(getattr(self, f"{knob}_db"))

    def louder(self, decibels: float, knob: str = "volume") -> Levels:
        """Levels with one of KNOBS louder (or softer) by `decibels`, within -60 to 0."""
        level = min(max(self.decibels(knob) + decibels, _QUIETEST), _LOUDEST)
        return replace(self, **{f"{knob}_db": level})  # type: ignore[arg-type]

    def apply(self, player: Player) -> None:
        """Set the player's gains accordingly."""
        player.level(
            beat=gain_of(self.beat_db) if self.beat else 0.0,
            voice=gain_of(self.voice_db) if self.voice else 0.0,
            bed=gain_of(self.music_db) if self.music else 0.0,
            overall=gain_of(self.volume_db),
        )


def next_knob(knob: str, knobs: tuple[str, ...]) -> tuple[str, str]:
    """The knob after `knob` among `knobs`, and a message for the runner that names it."""
    place = knobs.index(knob) + 1 if knob in knobs else 0
    following = knobs[place % len(knobs)]
    name = "everything" if following == KNOBS[0] else f"the {following}"
    return following, f"louder and softer change {name}"
