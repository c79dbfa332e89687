"""Finds the pieces of music in the place that the runner named: a file, a folder or a playlist."""

from __future__ import annotations

import random
import stat
from dataclasses import dataclass, replace
from pathlib import Path

from cadence_cue.errors import UserError
from cadence_cue.music.left_out import DRM, PROTECTED, sentences
from cadence_cue.music.playlists import PLAYLISTS, read_playlist

_MUSIC = frozenset(
    f".{each}"
    for each in (
        *("3gp", "aac", "ac3", "aif", "aifc", "aiff", "alac", "amr", "ape", "asf", "au", "caf"),
        *("dff", "dsf", "flac", "m4a", "m4b", "m4r", "m4v", "mka", "mkv", "mov", "mp2", "mp3"),
        *("mp4", "mpc", "oga", "ogg", "ogv", "opus", "rf64", "snd", "spx", "tta", "w64", "wav"),
        *("weba", "webm", "wma", "wv"),
    )
)
_BESIDE = frozenset(
    f".{each}"
    for each in (
        *("accurip", "bmp", "cue", "db", "gif", "htm", "html", "ini", "jpeg", "jpg", "json", "log"),
        *("lrc", "md", "md5", "nfo", "pdf", "png", "sfv", "tif", "tiff", "txt", "url", "webp"),
        "xml",
    )
)
"""What lies beside music as a matter of course, and is passed over without a word."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """The files to play, in order, and sentences about what was left out.

    `alone` says that the place is a single file, which does not go round unless asked.
    """

    place: Path
    files: tuple[Path, ...]
    left_out: tuple[str, ...] = ()
    alone: bool = False

    def name(self, file: Path) -> str:
        """Return a file's name as the runner knows it: in a folder, from there on."""
        inside = not self.alone and file.is_relative_to(self.place)
        return str(file.relative_to(self.place)) if inside else file.name


def pieces_of(place: Path, seed: int | None) -> Pieces:
    """Return the pieces of a file, of a folder and its subfolders, or of a playlist.

    Those of a folder are ordered by name; with a `seed` all are shuffled. Raises UserError if there
    are none.
    """
    try:
        mode = place.stat().st_mode
    except OSError as error:
        raise UserError(f"{error.strerror}.", where=place) from error
    if stat.S_ISREG(mode) and place.suffix.lower() in PLAYLISTS:
        pieces = Pieces(place, *read_playlist(place))
    elif stat.S_ISREG(mode) and place.suffix.lower() in PROTECTED:
        raise UserError(f"this is {DRM}", where=place, way_out="choose another file.")
    elif stat.S_ISREG(mode):
        return Pieces(place, (place,), alone=True)
    elif stat.S_ISDIR(mode):
        pieces = _in_folder(place)
    else:
        raise UserError("this is neither a file nor a folder.", where=place)
    if seed is None:
        return pieces
    shuffled = list(pieces.files)
    random.Random(seed).shuffle(shuffled)
    return replace(pieces, files=tuple(shuffled))


def _in_folder(place: Path) -> Pieces:
    names = (file.relative_to(place) for file in place.rglob("*"))
    # Hidden files are leftovers of other programs.
    visible = (name for name in names if not any(part.startswith(".") for part in name.parts))
    files: list[Path] = []
    protected: list[tuple[str, str]] = []
    unknown: list[tuple[str, str]] = []
    for name in sorted(visible, key=lambda name: str(name).casefold()):
        ending = name.suffix.lower()
        there = (place / name).is_file() or not (place / name).exists()  # a link to nothing is told
        if not there or ending in _BESIDE | PLAYLISTS:
            continue
        if ending in _MUSIC:
            files.append(place / name)
        elif ending in PROTECTED:
            protected.append((str(name), DRM))
        else:
            unknown.append((str(name), "whose ending is not that of a music file"))
    left_out = sentences([*protected, *unknown])
    if not files:
        what = " ".join(["there is no audio file in this folder, nor in folders in it.", *left_out])
        raise UserError(what, where=place)
    return Pieces(place, tuple(files), left_out)
