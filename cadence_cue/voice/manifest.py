"""What the manifest of a shipped voice says of its clips, read without what decodes them.

So that a list of sessions, which needs to know how long an explanation takes, imports no numpy.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType

from cadence_cue.errors import UserError
from cadence_cue.voice.shipped import voices_folder

DEFAULT = "af_heart"


@lru_cache(4096)  # every cast and plan asks for the same few hundred again
def normal(text: str) -> str:
    """Return a text without inaudible differences: case, spacing, a full stop at the end."""
    return " ".join(text.split()).removesuffix(".").casefold()


def voice_names(voices: Path | None = None) -> list[str]:
    """Return the names of the voices in a folder, by default the shipped ones, sorted."""
    voices = voices or voices_folder()
    return sorted(path.parent.name for path in voices.glob("*/manifest.json"))


@dataclass(frozen=True, slots=True)
class Entry:
    """A clip of a voice: what it says, its file, and length and anchor in frames of that file."""

    text: str
    take: int
    """0 for the first take of the text."""
    file: str
    """Its name in the voice's folder."""
    frames: int
    anchor: int


@dataclass(frozen=True, slots=True, eq=False)
class Manifest:
    """A voice's folder, the rate of its files in frames per second, its clips, and its facts."""

    folder: Path
    rate: int
    clips: tuple[Entry, ...]
    about: Mapping[str, str]


def read(name: str, voices: Path | None = None) -> Manifest:
    """Read the manifest of the voice of this name in a folder, by default of the shipped ones.

    Raises UserError if there is none, or if it is damaged.
    """
    voices = voices or voices_folder()
    try:
        return _read(voices / name)
    except FileNotFoundError:
        known = ", ".join(voice_names(voices)) or "none"
        raise UserError(f'There is no voice "{name}" in {voices} (there: {known}).') from None
    except (KeyError, TypeError, ValueError) as error:
        what = f"it lacks {error}" if isinstance(error, KeyError) else str(error)
        raise UserError(
            f'The manifest of the voice "{name}" in {voices} is damaged ({what}): '
            "install cadence-cue again."
        ) from error


@cache  # the files of an installation do not change, and every plan asks for its voice
def _read(folder: Path) -> Manifest:
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    clips = tuple(
        Entry(clip["text"], clip.get("take", 0), clip["file"], clip["frames"], clip["anchor"])
        for clip in manifest["clips"]
    )
    about = {key: value for key, value in manifest.items() if isinstance(value, str)}
    return Manifest(folder, manifest["rate"], clips, MappingProxyType(about))


class ClipSeconds(Mapping[str, Fraction]):
    """The exact length of a voice's clips in seconds, by their texts (see `normal`)."""

    def __init__(self, voice: str) -> None:
        """Raises UserError if there is no such voice."""
        manifest = read(voice)
        self._rate = manifest.rate
        self._frames = {normal(clip.text): clip.frames for clip in manifest.clips if not clip.take}

    def __getitem__(self, text: str) -> Fraction:
        return Fraction(self._frames[normal(text)], self._rate)

    def __iter__(self) -> Iterator[str]:
        return iter(self._frames)

    def __len__(self) -> int:
        return len(self._frames)
