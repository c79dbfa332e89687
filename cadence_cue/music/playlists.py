"""Reads playlists: M3U, M3U8 and PLS. Nothing is ever fetched."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from cadence_cue.errors import UserError
from cadence_cue.music.left_out import DRM, PROTECTED, sentences

PLAYLISTS = frozenset((".m3u", ".m3u8", ".pls"))
"""The endings of playlists."""

_LARGEST = 1 << 22  # bytes: tens of thousands of entries
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)  # two letters at least: not "C:/"
_PLS_ENTRY = re.compile(r"file(?P<number>\d{1,9})\s*=\s*(?P<entry>.+)", re.IGNORECASE)


def read_playlist(path: Path) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """Return the files that a playlist names, and sentences about the entries that are left out.

    Paths are relative to its folder. Raises UserError if no entry can be played.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise UserError("this is too large for a playlist.", where=path)
        text = _decoded(path.read_bytes())
    except OSError as error:
        raise UserError(f"{error.strerror}.", where=path) from error
    files: list[Path] = []
    left_out: list[tuple[str, str]] = []
    for entry in _entries(text, pls=path.suffix.lower() == ".pls"):
        found = _found(entry, path.parent)
        if isinstance(found, Path):
            files.append(found)
        else:
            left_out.append((entry, found))
    if not files:
        what = " ".join(["this playlist has no file that can be played.", *sentences(left_out)])
        raise UserError(what, where=path)
    return tuple(files), sentences(left_out)


def _decoded(content: bytes) -> str:
    for encoding in ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig",):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            pass
    return content.decode("cp1252", errors="replace")  # what older players write


def _entries(text: str, *, pls: bool) -> list[str]:
    lines = list(map(str.strip, text.splitlines()))
    if not pls:
        return [line for line in lines if line and not line.startswith("#")]
    matches = filter(None, map(_PLS_ENTRY.fullmatch, lines))
    return [each["entry"] for each in sorted(matches, key=lambda each: int(each["number"]))]


def _found(entry: str, folder: Path) -> Path | str:
    """Return the file of an entry, or why it is left out."""
    name = entry
    if _ADDRESS.match(entry):
        scheme, _, rest = entry.partition("://")
        if scheme.lower() != "file":
            return "in a network, from which nothing is fetched"
        name = "/" + unquote(rest).partition("/")[2]  # what precedes it is this machine
    for each in _spellings(name):
        try:
            file = folder / Path(each).expanduser()
            if file.is_file():
                return _refused(file) or file
            if file.is_dir():
                return "no file: name a folder instead of the playlist"
        except (OSError, RuntimeError, ValueError):  # too long, no such user, a zero byte
            continue
    return "not to be found"


def _spellings(name: str) -> Iterator[str]:
    """Yield a path as it stands, as Windows means it, and as other systems write its accents."""
    for path in dict.fromkeys((name, name.replace("\\", "/"))):
        yield path
        yield unicodedata.normalize("NFC", path)
        yield unicodedata.normalize("NFD", path)


def _refused(file: Path) -> str:
    """Return why a file that is there is left out; "" if it is not."""
    if file.suffix.lower() in PLAYLISTS:
        return "because a playlist in a playlist is not played"
    return DRM if file.suffix.lower() in PROTECTED else ""
