"""Text files beside a track: its words as .lrc, its chapters as .cue, and any other text."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from cadence_cue.errors import UserError
from cadence_cue.export.formats import FORMATS
from cadence_cue.export.target import check_place, explained, new_file
from cadence_cue.export.track import Track, lrc

_CUE_FRAMES = 75  # per second in a cue sheet
_CUE_TRACKS = 99


def check_beside(target: Path, beside: Iterable[tuple[str, str]], *, force: bool) -> None:
    """Check, before the track is written, that `write_beside` can work for these endings and texts.

    Raises UserError.
    """
    for ending, text in beside:
        if not _stands_beside(target, ending, text):
            check_place(target.with_suffix(ending), force=force)


def _stands_beside(target: Path, ending: str, text: str) -> bool:
    """Whether that file is there already, as another format of the same track has written it.

    A cue sheet then goes on naming the file of that format, if there still is one.
    """
    try:
        there = target.with_suffix(ending).read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return False
    written = _names_file(target)
    others = (target.with_suffix(each) for each in FORMATS)
    return text in (
        there.replace(_names_file(other), written) for other in others if other.exists()
    )


def write_beside(target: Path, ending: str, text: str, *, force: bool) -> None:
    """Write a text file beside the track, with its name and `ending`, unless it stands there.

    Raises UserError.
    """
    if _stands_beside(target, ending, text):
        return
    place = target.with_suffix(ending)
    try:
        with new_file(place, force=force) as hidden, explained(place):
            # A cue sheet names the track, and a POSIX name need not be valid UTF-8.
            hidden.write_text(text, encoding="utf-8", errors="surrogateescape")
    except UserError:
        if not _stands_beside(target, ending, text):  # written meanwhile with another format
            raise


def sidecars(target: Path, track: Track) -> tuple[tuple[str, str], ...]:
    """The ending and the text of each sidecar file: words (.lrc) and chapters (.cue)."""
    return (".lrc", f"[ti:{track.title}]\n{lrc(track)}\n"), (".cue", cue_sheet(target, track))


def cue_sheet(target: Path, track: Track) -> str:
    """The chapters as a cue sheet: at most 99, the last of which contains the rest."""
    lines = [f"TITLE {_quoted(track.title)}", f"PERFORMER {_quoted(track.artist)}",
             _names_file(target)]  # fmt: skip
    for number, chapter in enumerate(track.chapters[:_CUE_TRACKS], 1):
        seconds, rest = divmod(chapter.start * _CUE_FRAMES // track.rate, _CUE_FRAMES)
        lines += [
            f"  TRACK {number:02d} AUDIO",
            f"    TITLE {_quoted(chapter.title)}",
            f"    INDEX 01 {seconds // 60:02d}:{seconds % 60:02d}:{rest:02d}",
        ]
    return "\n".join(lines) + "\n"


def _names_file(target: Path) -> str:
    return f"FILE {_quoted(target.name)} {FORMATS[target.suffix.lower()].cue_sheet}"


def _quoted(text: str) -> str:
    """The text in quotation marks; inside them a cue sheet allows no quotes or line ends."""
    return '"' + " ".join(text.replace('"', "'").splitlines()) + '"'
