"""The options of performances, music and files, as plain values that both faces fill in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from cadence_cue.coaching.session import MATCH_LIMIT, Music, Session
from cadence_cue.errors import UserError

if TYPE_CHECKING:
    from cadence_cue.coaching.ladder import Rung
    from cadence_cue.export.formats import EncodingOptions
    from cadence_cue.timing.editing import Edit


@dataclass(frozen=True, slots=True)
class Performed:
    """What was performed, apart from its other options, so that it can be performed again.

    `edits` are the tempo changes and shifts made by hand, `rungs` how far each drill was climbed.
    """

    edits: tuple[Edit, ...] = ()
    rungs: tuple[tuple[str, Rung], ...] = ()


@dataclass(frozen=True, slots=True)
class PerformanceOptions:
    """How to perform a session; None means as the settings or the session say.

    `cadence` is steps a minute of both feet, `begin` a place in the session (a phase's number or
    title, or M:SS), `sounds` a folder of recordings used instead of the voice, `left_out` the ids
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
    fixed: bool = False
    """Whether drills keep the session's tempos, instead of those the runner has climbed to."""
    safety_line: bool = True
    """Whether a track starts with the safety line if its session needs one; live has none."""
    performed: Performed | None = None
    """What to perform again, with all other options as they were; None to perform it anew."""


@dataclass(frozen=True, slots=True)
class MusicOptions:
    """The runner's own music, a file or a folder, instead of the session's; `level` in decibels.

    `match` and what follows are as in `Music`.
    """

    place: Path | None = None
    level: float | None = None
    shuffle: bool = False
    loop: bool = False
    match: bool = False
    match_limit: float = MATCH_LIMIT
    best_first: bool = False
    in_drills: bool = False
    fade_click: bool = False
    off_beat: bool = False
    hold: bool = False

    def music_for(self, session: Session) -> Music | None:
        """The music to play with a session; None if there is none.

        Raises UserError for an unknown user's home folder.
        """
        chosen = music_at(self.place, session) if self.place else music_of(session)
        if chosen is None:
            return None
        level = chosen.level if self.level is None else self.level
        return replace(
            chosen,
            level=level,
            shuffle=chosen.shuffle or self.shuffle,
            loop=chosen.loop or self.loop,
            match=chosen.match or self.match,
            match_limit=self.match_limit,
            best_first=self.best_first,
            in_drills=self.in_drills,
            fade_click=chosen.fade_click or self.fade_click,
            off_beat=chosen.off_beat or self.off_beat,
            hold=self.hold,
        )


@dataclass(frozen=True, slots=True)
class FileOptions:
    """How to write a track, and which files to write beside it.

    `rate` is frames per second and `bits` the sample format of WAV and FLAC (32 is float); None
    means the default. `card` is a page to print, `sidecars` are words, chapters and timeline.
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
        """The options of the encoder."""
        from cadence_cue.export.formats import EncodingOptions  # noqa: PLC0415 - few write a file

        return EncodingOptions(bits=self.bits, quality=self.quality, mono=self.mono)


def music_of(session: Session) -> Music | None:
    """The music named in the session's file, its path resolved from the folder of that file."""
    if session.music is None:
        return None
    folder = session.source.parent if session.source else Path()
    return replace(session.music, file=str(folder / expanded(session.music.file)))


def music_at(place: str | Path, session: Session) -> Music:
    """The music at a place; the session's own keeps its level and shuffling. Raises UserError."""
    own, path = music_of(session), expanded(place)
    return own if own and Path(own.file) == path else Music(str(path))


def expanded(place: str | Path) -> Path:
    """The path with "~" replaced by the home folder. Raises UserError for an unknown user's."""
    try:
        return Path(place).expanduser()
    except RuntimeError as error:
        raise UserError(str(error), where=place) from error
