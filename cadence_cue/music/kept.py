"""Prepared music that is kept: how it is named, found again and, when it is too much, deleted.

A file is named after all that decides its samples: the content and order of its pieces, whether
they are all there were, the settings, and which decoders there are. So none is ever out of date.
Beside it is what was found out about its pieces.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from operator import eq
from pathlib import Path

from cadence_cue import storage
from cadence_cue.errors import UserError
from cadence_cue.media import ffmpeg
from cadence_cue.sound.bed import FRAME_BYTES

LARGEST = 4 << 30
"""Bytes of prepared music that are cached, six hours; the least recently used is deleted first."""

_VERSION = "4"
_HASHED = 1 << 20


@dataclass(frozen=True, slots=True)
class Findings:
    """What preparing found out: how many pieces are heard, how many seconds they are together.

    `filled` says that they are as long as was wished. `frames` is how much was made of the pieces
    with these `digests`. `notes` are sentences without a subject, each with the place of its piece
    among all; `others` are those about pieces that were not needed, which were in this `state`.
    """

    used: int
    seconds: float
    filled: bool
    frames: int
    digests: tuple[str, ...]
    notes: tuple[tuple[int, str], ...] = ()
    others: tuple[tuple[int, str], ...] = ()
    state: str = ""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What decides the samples of prepared music beside its pieces.

    `frames` is the most that is made. Music of fewer ends, or is crossfaded if it `goes_round`.
    """

    rate: int
    frames: int
    goes_round: bool
    constants: tuple[float, ...]

    def path(self, folder: Path, digests: Sequence[str], *, filled: bool) -> Path:
        """Return the path of what the pieces with these digests make.

        `filled` says that they fill all frames. If not, another piece after them, or going round,
        would make other samples.
        """
        end = "filled" if filled else "goes round" if self.goes_round else "ends"
        recipe = (_VERSION, self.rate, self.frames, self.constants, end, ffmpeg.installed(),
                  *digests)  # fmt: skip
        return folder / f"{hashlib.sha256(repr(recipe).encode()).hexdigest()[:32]}.pcm"

    def find(self, folder: Path, pieces: Sequence[Path]) -> tuple[Path, Findings] | None:
        """Return what is kept of these pieces, or None.

        The first pieces may have filled it. Only those are read that can decide.
        """
        for path in folder.glob("*.pcm"):
            found = _findings(path)
            if found is None or self.path(folder, found.digests, filled=found.filled) != path:
                continue
            of = pieces[: len(found.digests)] if found.filled else pieces
            if len(of) == len(found.digests) and all(map(eq, map(digest, of), found.digests)):
                return path, found
        return None


@contextlib.contextmanager
def saving_in(folder: Path) -> Iterator[None]:
    """Raise UserError for what goes wrong while something is saved in a folder."""
    try:
        yield
    except BrokenPipeError:
        raise  # from a `progress`: nobody reads it any more
    except OSError as error:
        raise unsaved(folder, error) from error


def unsaved(folder: Path, error: OSError) -> UserError:
    """Return the error for what cannot be saved in a folder."""
    return UserError(f"nothing can be saved there: {error.strerror}.", where=folder)


def check_room(folder: Path, frames: int) -> None:
    """Raise UserError unless so many frames find room in a folder. Raises OSError."""
    free = shutil.disk_usage(folder).free
    if frames * FRAME_BYTES > free:
        raise UserError(
            f"preparing the music needs {frames * FRAME_BYTES / 1e6:,.0f} MB there, and "
            f"{free / 1e6:,.0f} MB are free",
            where=folder,
            way_out="free some space.",
        )


def digest(piece: Path) -> str:
    """Return the hash of a file's content; of one that cannot be read, the reason."""
    try:
        there = piece.stat()
        return _digest(piece, there.st_size, there.st_mtime_ns)
    except OSError as error:
        return str(error.strerror)


@cache
def _digest(piece: Path, _size: int, _changed: int) -> str:
    """Hash a file once, as long as it stays the same. Raises OSError."""
    content = hashlib.sha256()
    with piece.open("rb") as file:
        while block := file.read(_HASHED):
            content.update(block)
    return content.hexdigest()


def state_of(pieces: Sequence[Path]) -> str:
    """Return a hash that changes with the names, sizes and times of files."""
    told: list[tuple[object, ...]] = []
    for piece in pieces:
        try:
            there = piece.stat()
            told.append((piece, there.st_size, there.st_mtime_ns))
        except OSError as error:
            told.append((piece, error.errno))
    return hashlib.sha256(repr(told).encode()).hexdigest()


def note(path: Path, findings: Findings) -> None:
    """Write the findings for the music that will be kept at `path`. Raises OSError."""
    with storage.part_in(path.parent) as hidden:
        hidden.write_text(json.dumps(asdict(findings)), encoding="utf-8")
        hidden.replace(path.with_suffix(".json"))


def _findings(path: Path) -> Findings | None:
    """Return what was found out about kept music; None if that or the music is damaged."""
    try:
        told = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        for name in ("notes", "others"):
            told[name] = tuple((int(at), str(text)) for at, text in told[name])
        told["digests"] = tuple(map(str, told["digests"]))
        found = Findings(**told)
        return found if path.stat().st_size == found.frames * FRAME_BYTES else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def mark_used(path: Path) -> None:
    """Mark prepared music as used just now."""
    with contextlib.suppress(OSError):
        os.utime(path)


def evict(folder: Path, *keep: Path) -> None:
    """Delete the least recently used music."""
    kept = set(keep)
    with contextlib.suppress(OSError):
        room = LARGEST - sum(path.stat().st_size for path in kept)
        for path in sorted(folder.glob("*.pcm"), key=lambda each: -each.stat().st_mtime):
            if path not in kept:
                room -= path.stat().st_size
                if room < 0:
                    path.unlink(missing_ok=True)
                    path.with_suffix(".json").unlink(missing_ok=True)
