"""What a runner may ask for, as plain values that both faces fill in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from cadence_cue.coaching.model import Music, Session
from cadence_cue.export.formats import EncodingOptions


@dataclass(frozen=True, slots=True)
class PerformanceOptions:
    """How a session is to be performed; None takes what the settings or the session say.

    `cadence` is steps a minute of both feet, `begin` a place in the session (a phase's number or
    title, or M:SS), `sounds` a folder of recordings that go before the voice, `left_out` the ids
    of drills to leave out.
    """

    cadence: float | None = None
    seed: int | None = None
    explain: bool | None = None
    speaks: bool = True
    beat: bool = True
    begin: str | None = None
    voice: str | None = None
    sounds: Path | None = None
    left_out: tuple[str, ...] = ()
    safety_line: bool = True
    """Whether a track begins with it, where a session needs it; live it is read before."""


@dataclass(frozen=True, slots=True)
class MusicOptions:
    """The runner's own music, in the place of the session's; `level` in decibels."""

    place: Path | None = None
    level: float | None = None
    shuffle: bool = False

    def music_for(self, session: Session) -> Music | None:
        """The music to play under a session; None for none."""
        chosen = Music(str(self.place)) if self.place else music_of(session)
        if chosen is None:
            return None
        level = chosen.level if self.level is None else self.level
        return replace(chosen, level=level, shuffle=chosen.shuffle or self.shuffle)


@dataclass(frozen=True, slots=True)
class FileOptions:
    """How a track is to be written, and what goes beside it.

    `rate` is frames per second and `bits` the sample format of WAV and FLAC (32 is float); None
    takes the usual. `card` is a page to print, `sidecars` are words, chapters and timeline.
    """

    rate: int | None = None
    bits: int | None = None
    quality: str = "normal"
    mono: bool = False
    force: bool = False
    sidecars: bool = False
    card: bool = False

    @property
    def encoding(self) -> EncodingOptions:
        """What the encoder has to know."""
        return EncodingOptions(bits=self.bits, quality=self.quality, mono=self.mono)


def music_of(session: Session) -> Music | None:
    """What the session's file lays under it, found from where that file is."""
    if session.music is None:
        return None
    folder = session.source.parent if session.source else Path()
    return replace(session.music, file=str(folder / Path(session.music.file).expanduser()))
