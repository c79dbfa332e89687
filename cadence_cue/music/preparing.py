"""Prepares music before playing: decodes, resamples, levels and joins it into plain frames."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from cadence_cue import storage
from cadence_cue.coaching.pages import clock
from cadence_cue.errors import UserError, printable
from cadence_cue.media.reading import OTHER_FILE, Reading, SoundFile, opened
from cadence_cue.media.samples import Samples, conformed
from cadence_cue.music import kept
from cadence_cue.music.joining import CEILING, LOUDNESS, MOST_GAIN, joined, levelled, looped
from cadence_cue.music.kept import Findings, Recipe
from cadence_cue.music.measuring import Measured, measure
from cadence_cue.music.pieces import Pieces
from cadence_cue.music.ready import PreparedMusic, Progress
from cadence_cue.sound.bed import Bed
from cadence_cue.sound.levels import FULL_SCALE
from cadence_cue.timing.decibels import gain_of

_CROSSFADE = 2.0  # seconds
_ROUNDED_TO = 60  # seconds, so that tracks of nearly the same length share one file
_SILENT = gain_of(-60.0)  # of the highest sample, below which a piece is called silent
_SHORT = 1.0  # seconds, below which a piece is named: a jingle, or the rest of a download
_LOOKED_AT = 50  # pieces, of those that are not needed; one takes up to a tenth of a second


def check_music(pieces: Pieces) -> None:
    """Raise UserError unless one of the pieces has sound in it."""
    reason: UserError | None = None
    for file in pieces.files:
        try:
            if next(iter(Reading(opened(file))), None) is not None:
                return
            reason = reason or _soundless(file)
        except UserError as error:
            reason = reason or error
    raise _nothing_left(pieces, reason)


def prepare_music(
    pieces: Pieces,
    rate: int,
    frames: int,
    folder: Path,
    *,
    most: int = 0,
    loop: bool = False,
    progress: Progress = lambda _: None,
) -> PreparedMusic:
    """Return music for `frames` frames at `rate`, and up to `most` that may be heard of it.

    If it is shorter, several pieces go round, and a single file does so with `loop`. It is taken
    from the cache `folder` if it is there, else prepared and stored in it. `progress` is called
    with the share done, from 0 to 1; an exception that it raises stops the preparing. Pieces that
    cannot be used are left out. Raises UserError if none is left, and OSError; it then leaves no
    file behind.
    """
    fade = round(_CROSSFADE * rate)
    most = -(-max(frames, most) // (_ROUNDED_TO * rate)) * _ROUNDED_TO * rate + fade
    goes_round = loop or not pieces.alone
    recipe = Recipe(rate, most, goes_round, (LOUDNESS, CEILING, MOST_GAIN, _CROSSFADE))
    folder.mkdir(parents=True, exist_ok=True)
    found = recipe.find(folder, pieces.files)
    path, findings = found or _Making(pieces, recipe, fade, progress).make(folder)
    kept.mark_used(path)
    findings = _with_others(path, findings, pieces, progress)
    whole = findings.frames
    again: int | None = 0 if whole < 2 * fade else fade
    if not (findings.filled or goes_round):
        again = None
    extent = _extent(pieces, findings)
    after = "starts again" if goes_round else "ends before the session"
    end = "" if whole >= frames else f"; then it {after}"
    told = (*findings.notes, *findings.others)
    notes = (f"{printable(pieces.name(pieces.files[at]))} {text}." for at, text in told)
    return PreparedMusic(
        Bed(path, whole, again),
        extent,
        f"Music: {printable(pieces.place.name)}, {extent}{end}.",
        (*pieces.left_out, *notes),
        ends_early=again is None and whole < frames,
    )


def _extent(pieces: Pieces, findings: Findings) -> str:
    """Return how much music there is: "3 pieces, 12:40", "10 of 200 pieces, 41:02" or "9:30"."""
    used, of = findings.used, len(pieces.files)
    count = f"{used} of {of} pieces" if used < of else "1 piece" if of == 1 else f"{of} pieces"
    length = clock(findings.seconds)
    return length if pieces.alone else f"{count}, {length}"


def _soundless(file: Path) -> UserError:
    return UserError("there is no sound in it", where=file, way_out=OTHER_FILE)


def _nothing_left(pieces: Pieces, reason: UserError | None) -> UserError:
    if reason and len(pieces.files) == 1 and pieces.alone:
        return reason
    what = f"none of its {len(pieces.files)} files can be played"
    return UserError(f"{what}; the first: {reason}", where=pieces.place)


@dataclass(slots=True)
class _Making:
    """Prepares as many pieces as are needed."""

    pieces: Pieces
    recipe: Recipe
    fade: int
    progress: Progress
    digests: list[str] = field(default_factory=list)
    notes: list[tuple[int, str]] = field(default_factory=list)
    used: int = 0
    seconds: float = 0.0
    reason: UserError | None = None
    """Why the first of the pieces that are left out is."""
    read: int = 0
    """Frames that were measured: every piece is read twice, to measure and to level it."""
    done: int = 0

    def make(self, folder: Path) -> tuple[Path, Findings]:
        """Write the music into a hidden file that is renamed at the end."""
        recipe, frames = self.recipe, self.recipe.frames
        if recipe.goes_round:
            kept.check_room(folder, frames)
        with storage.part_in(folder) as hidden:
            with hidden.open("wb") as file:
                whole = joined(self._levelled(), self.fade)
                for block in looped(whole, self.fade, frames, goes_round=recipe.goes_round):
                    file.write(as_int16(block).data)
                    self.done += len(block)
                    self._advance(0)
            if not self.used:
                raise _nothing_left(self.pieces, self.reason)
            filled = self.done >= frames
            path = recipe.path(folder, self.digests, filled=filled)
            findings = Findings(
                self.used,
                self.seconds,
                filled,
                self.done,
                tuple(self.digests),
                tuple(self.notes),
            )
            kept.note(path, findings)
            hidden.replace(path)
        kept.evict(folder, path)
        return path, findings

    def _advance(self, more: int) -> None:
        self.read += more
        frames = self.recipe.frames
        self.progress((min(self.read, frames) + self.done) / (2 * frames))

    def _levelled(self) -> Iterator[Iterator[Samples]]:
        """Yield each usable piece as blocks at the common loudness; note what is wrong with it."""
        for at, file in enumerate(self.pieces.files):
            self.digests.append(kept.digest(file))
            try:
                sound = opened(file)
                reading = Reading(sound)
                measured = measure(self._counted(reading, sound), self.recipe.rate)
                if not measured.frames:
                    raise _soundless(file)
            except UserError as error:
                self.reason = self.reason or error
                self.notes.append((at, _left_out(error)))
                continue
            self.used += 1
            self.seconds += measured.frames / self.recipe.rate
            self.notes += ((at, text) for text in _doubts(reading, measured, self.recipe.rate))
            yield levelled(self._stereo(Reading(sound), sound), measured)

    def _stereo(self, reading: Reading, sound: SoundFile) -> Iterator[Samples]:
        return conformed(reading, sound.rate, rate=self.recipe.rate, channels=2)

    def _counted(self, reading: Reading, sound: SoundFile) -> Iterator[Samples]:
        for block in self._stereo(reading, sound):
            self._advance(len(block))
            yield block


def _with_others(path: Path, findings: Findings, pieces: Pieces, progress: Progress) -> Findings:
    """Return the findings with those about pieces that are not needed.

    They are looked at again only where one of them has changed.
    """
    first = len(findings.digests)
    others = pieces.files[first : first + _LOOKED_AT]
    state = kept.state_of(others)
    if findings.state != state:
        left_out = tuple(_unreadable(others, first, progress))
        findings = replace(findings, others=left_out, state=state)
        kept.note(path, findings)
    return findings


def _unreadable(files: Sequence[Path], first: int, progress: Progress) -> Iterator[tuple[int, str]]:
    """Yield which of these files, the first of which has the place `first`, cannot be read."""
    for at, file in enumerate(files, first):
        progress(1.0)
        try:
            opened(file)
        except UserError as error:
            yield at, _left_out(error)


def _left_out(error: UserError) -> str:
    return f"is left out: {error.what.rstrip('.')}"


def _doubts(reading: Reading, measured: Measured, rate: int) -> Iterator[str]:
    if reading.damage:
        yield str(reading.damage)
    if measured.peaks.max() < _SILENT:
        yield "is silent"
    elif measured.frames < _SHORT * rate:
        yield f"is only {measured.frames / rate:.1f} s long"


def as_int16(block: Samples) -> npt.NDArray[np.int16]:
    """Return samples of full scale 1 as whole numbers."""
    scaled = np.rint(block * np.float32(FULL_SCALE))
    return np.ascontiguousarray(np.clip(scaled, -FULL_SCALE, FULL_SCALE - 1).astype(np.int16))
