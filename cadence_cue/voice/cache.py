"""Cached speech: clips that were made for this runner, so that each is made only once.

An entry is named by the hash of everything that shaped the clip, so that none is ever out of date.
Each entry is a file with a checksum inside; a damaged one counts as missing.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cadence_cue import storage
from cadence_cue.sound.clips import Clip

LARGEST = 64 << 20
"""Bytes, about 1,000 cues; the least recently used entries are deleted first."""

_CHECKSUM = 32  # bytes before the content


@dataclass(frozen=True, slots=True)
class Kept:
    """A clip, with the doubts about its recording that were found when it was made."""

    clip: Clip
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder of cached clips; if it cannot be written, clips are simply made again."""

    folder: Path

    def find(self, recipe: str) -> Kept | None:
        """Return the entry of a recipe; None if it is missing or damaged."""
        path = self._path(recipe)
        try:
            data = path.read_bytes()
        except OSError:
            return None
        checksum, content = data[:_CHECKSUM], data[_CHECKSUM:]
        if hashlib.sha256(content).digest() != checksum:
            return None
        with np.load(io.BytesIO(content), allow_pickle=False) as entry:
            samples, anchor = entry["samples"], int(entry["anchor"])
            notes = tuple(map(str, entry["notes"]))
        with contextlib.suppress(OSError):
            os.utime(path)  # marks it as recently used
        return Kept(Clip(samples, anchor), notes)

    def entries(self) -> list[Path]:
        """Return the files of all entries, the most recently used first."""
        with contextlib.suppress(OSError):
            return sorted(self.folder.glob("*.npz"), key=_used, reverse=True)
        return []

    def clear(self) -> None:
        """Delete every entry. Raises OSError."""
        for path in self.entries():
            path.unlink(missing_ok=True)
        storage.clear(self.folder)

    def keep(self, recipe: str, kept: Kept) -> None:
        """Store an entry, atomically, and delete old ones; OSErrors are ignored."""
        content = io.BytesIO()
        np.savez_compressed(
            content,
            samples=kept.clip.samples,
            anchor=kept.clip.anchor,
            notes=np.array(kept.notes, np.str_),
        )
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            with storage.part_in(self.folder) as part:
                part.write_bytes(hashlib.sha256(content.getvalue()).digest() + content.getvalue())
                part.replace(self._path(recipe))
            size = 0
            for path in self.entries():
                size += path.stat().st_size
                if size > LARGEST:
                    path.unlink(missing_ok=True)

    def _path(self, recipe: str) -> Path:
        return self.folder / f"{hashlib.sha256(recipe.encode()).hexdigest()[:32]}.npz"


def _used(path: Path) -> float:
    return path.stat().st_mtime
