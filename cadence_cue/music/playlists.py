"""Reads playlists: M3U, M3U8 and PLS. Nothing is ever fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from cadence_cue.errors import UserError, printable

PLAYLISTS = frozenset((".m3u", ".m3u8", ".pls"))
"""The endings of playlists."""

_LARGEST = 1 << 22  # bytes: tens of thousands of entries
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)  # two letters at least: not "C:/"
_PLS_ENTRY = re.compile(r"file\d+\s*=\s*(?P<entry>.*)", re.IGNORECASE)


def read_playlist(path: Path) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """Return the files that a playlist names, and a sentence for each entry that is left out.

    Paths are relative to its folder. Raises UserError if no entry can be played.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise UserError("this is too large for a playlist.", where=path)
        text = _decoded(path.read_bytes())
    except OSError as error:
        raise UserError(f"{error.strerror}.", where=path) from error
    files: list[Path] = []
    left_out: list[str] = []
    for entry in _entries(text, pls=path.suffix.lower() == ".pls"):
        found = _found(entry, path.parent)
        if isinstance(found, Path):
            files.append(found)
        else:
            left_out.append(f"Left out: {printable(entry)}, {found}.")
    if not files:
        what = " ".join(["this playlist has no file that can be played.", *left_out])
        raise UserError(what, where=path)
    return tuple(files), tuple(left_out)


def _decoded(content: bytes) -> str:
    for encoding in ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig",):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            pass
    return content.decode("cp1252", errors="replace")  # what older players write


def _entries(text: str, *, pls: bool) -> Iterator[str]:
    for line in map(str.strip, text.splitlines()):
        if pls:
            if (match := _PLS_ENTRY.fullmatch(line)) and match["entry"]:
                yield match["entry"]
        elif line and not line.startswith("#"):
            yield line


def _found(entry: str, folder: Path) -> Path | str:
    """Return the file of an entry, or why it is left out."""
    name = entry
    if _ADDRESS.match(entry):
        address = urlsplit(entry)
        if address.scheme.lower() != "file":
            return "an address in a network, from which nothing is fetched"
        name = unquote(address.path)
    for each in dict.fromkeys((name, name.replace("\\", "/"))):  # as Windows writes it
        try:
            file = folder / Path(each).expanduser()
            if file.is_file():
                nested = file.suffix.lower() in PLAYLISTS
                return "a playlist in a playlist" if nested else file
            if file.is_dir():
                return "a folder: name that instead of the playlist"
        except (OSError, RuntimeError, ValueError):  # too long, no such user, a zero byte
            continue
    return "which is not there"
