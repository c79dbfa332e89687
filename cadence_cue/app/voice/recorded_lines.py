"""What a folder of recordings holds for a session: which load, and which no line uses."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from cadence_cue.app.log.history import Practice
from cadence_cue.app.options import PerformanceOptions
from cadence_cue.app.preparing import prepare
from cadence_cue.app.settings import Settings
from cadence_cue.coaching.drill import Library
from cadence_cue.coaching.session import Handling, Session
from cadence_cue.errors import UserError, printable, shown
from cadence_cue.voice.casting import recorded_in, slug

_NEAR = 0.7  # of difflib's likeness: two words of five differ
_NO_SOUND = (".txt", ".md", ".toml", ".csv")


@dataclass(frozen=True, slots=True)
class Recorded:
    """The recordings that can be used, and a sentence about each that cannot, or that no line uses.

    `files` are by the slug of their text.
    """

    files: Mapping[str, Path]
    bad: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()


def recorded(session: Session, folder: Path | None, slugs: Collection[str]) -> Recorded:
    """Look at the recordings of a folder and of a session for the lines with these slugs.

    Raises UserError if the folder cannot be read.
    """
    from cadence_cue.voice import recordings  # noqa: PLC0415 - decoders

    there = recorded_in(folder) if folder else {}
    takes = (take for phase in session.written() for take in phase.takes if take.sound)
    beside = session.source.parent if session.source else Path()
    named = {slug(take.text): (beside / take.sound, take.handling) for take in takes}
    used = {key: (path, Handling()) for key, path in there.items() if key in slugs} | named
    files, bad = {}, []
    for key, (path, handling) in used.items():
        try:
            recordings.take(path, handling)
        except UserError as error:
            bad.append(str(error))
        else:
            files[key] = path
    spare = {key: path for key, path in there.items() if key not in slugs}
    return Recorded(files, tuple(bad), tuple(_unused(spare, slugs)))


@dataclass(frozen=True, slots=True)
class Line:
    """A text that a session speaks, the file name of its recording, and whether that is there."""

    text: str
    name: str
    there: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """The lines of a session in the order they are spoken, and what is recorded of them.

    `faults` are sentences about recordings that cannot be used, or that no line uses.
    """

    lines: tuple[Line, ...]
    folder: Path | None
    faults: tuple[str, ...]

    @property
    def recorded(self) -> int:
        """How many lines are recorded."""
        return sum(line.there for line in self.lines)


def sheet(
    session: Session,
    library: Library,
    settings: Settings,
    practices: Sequence[Practice],
    sounds: Path | None = None,
) -> Sheet:
    """Return what a session speaks to this runner, and what of it is in the folder `sounds`.

    Without one it is that of the settings. Raises UserError.
    """
    options = PerformanceOptions(speaks=False, sounds=sounds)
    prepared = prepare(session, library, settings, options, live=False, practices=practices)
    folder = prepared.performance.spec.ensemble.recordings
    names = {slug(text): text for text in reversed(prepared.performance.script)}
    found = recorded(session, folder, names)
    lines = [
        Line(text, found.files[file].name if file in found.files else f"{file}.wav",
             file in found.files)
        for file, text in reversed(names.items())
    ]  # fmt: skip
    return Sheet(tuple(lines), folder, (*found.bad, *found.unused))


def _unused(files: Mapping[str, Path], slugs: Collection[str]) -> Iterator[str]:
    """Yield what is said of files that no line uses, those first that are probably misnamed."""
    near, other = [], []
    for key, path in files.items():
        if path.name.startswith(".") or path.suffix.lower() in _NO_SOUND:
            continue
        meant = get_close_matches(key, slugs, n=1, cutoff=_NEAR)
        if meant:
            near.append(f"No line uses {shown(path.name)}; did you mean {meant[0]}{path.suffix}?")
        else:
            other.append(path.name)
    yield from near
    if other:
        yield f"No line uses: {', '.join(map(printable, other))}"
