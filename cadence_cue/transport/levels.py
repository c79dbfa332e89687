"""How loud it is: a level for each bus, a volume for all of them, and what is muted."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cadence_cue.live.player import Player
from cadence_cue.timing.decibels import gain_of

KNOBS = ("volume", "beat", "voice", "music")
"""What can be made louder and softer: all of it, or one of its parts."""

_LOUDEST, _QUIETEST = 0.0, -60.0


@dataclass(frozen=True, slots=True)
class Levels:
    """Decibels, downwards only, and whether each bus is heard."""

    beat_db: float = 0.0
    voice_db: float = 0.0
    music_db: float = 0.0
    volume_db: float = 0.0
    beat: bool = True
    voice: bool = True
    music: bool = True

    def decibels(self, knob: str) -> float:
        """Where a knob stands."""
        return float(getattr(self, f"{knob}_db"))

    def louder(self, decibels: float, knob: str = "volume") -> Levels:
        """So much louder (or softer) at one of KNOBS, within what there is."""
        level = min(max(self.decibels(knob) + decibels, _QUIETEST), _LOUDEST)
        return replace(self, **{f"{knob}_db": level})  # type: ignore[arg-type]

    def apply(self, player: Player) -> None:
        """Let them be heard."""
        player.level(
            beat=gain_of(self.beat_db) if self.beat else 0.0,
            voice=gain_of(self.voice_db) if self.voice else 0.0,
            bed=gain_of(self.music_db) if self.music else 0.0,
            overall=gain_of(self.volume_db),
        )


def next_knob(knob: str, knobs: tuple[str, ...]) -> tuple[str, str]:
    """The knob after this one among those that there are, and what is told of it."""
    place = knobs.index(knob) + 1 if knob in knobs else 0
    following = knobs[place % len(knobs)]
    name = "everything" if following == KNOBS[0] else f"the {following}"
    return following, f"+ and - change {name}"
