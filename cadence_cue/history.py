"""What was practised: one line of JSON for each session, in the user's data folder.

A line is appended in one write, so that a crash leaves whole lines only; a line that cannot be
read is passed over, never lost.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from cadence_cue.settings import write_atomically

EASY = 4
"""The mark from which a drill felt easy, of 1 to 5."""

OFTEN = 3
"""So many marks of EASY or more in a row: then the article's "perfected" is worth asking about."""


@dataclass(frozen=True, slots=True)
class Practice:
    """One session as it was done.

    `date` is ISO 8601 with the time zone, `share` how much of it was heard (0 to 1), `cadence` the
    runner's own at its end, `mark` how it felt (1 to 5, None for not told), `drills` the ids of
    the drills that were done.
    """

    date: str
    session: str
    title: str
    share: float
    cadence: float
    mark: int | None = None
    drills: tuple[str, ...] = ()


def append(practice: Practice, folder: Path) -> None:
    """Add a line to the history. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    line = _line(practice)
    descriptor = os.open(_file(folder), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        os.write(descriptor, line)
    finally:
        os.close(descriptor)


def mark_last(mark: int, folder: Path) -> None:
    """Keep how the last session felt, 1 to 5; every other line stays as it is. Raises OSError."""
    path = _file(folder)
    lines = path.read_bytes().splitlines(keepends=True)
    for k in reversed(range(len(lines))):
        practice = _read(lines[k].decode(errors="replace"))
        if practice:
            lines[k] = _line(replace(practice, mark=mark))
            write_atomically(path, b"".join(lines).decode(errors="surrogateescape"))
            return


def load(folder: Path) -> list[Practice]:
    """All that can be read of the history, the oldest first. Raises OSError."""
    try:
        lines = _file(folder).read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return []
    return [practice for line in lines if (practice := _read(line))]


def easy(practices: Iterable[Practice], drill: str) -> bool:
    """Whether the last marks of a drill were all high: OFTEN times EASY or more."""
    marks = [p.mark for p in practices if drill in p.drills and p.mark is not None]
    return len(marks) >= OFTEN and min(marks[-OFTEN:]) >= EASY


def _line(practice: Practice) -> bytes:
    return json.dumps(asdict(practice), ensure_ascii=False).encode() + b"\n"


def _file(folder: Path) -> Path:
    return folder / "history.jsonl"


def _read(line: str) -> Practice | None:
    try:
        data = json.loads(line)
        return Practice(
            str(data["date"]),
            str(data["session"]),
            str(data["title"]),
            float(data["share"]),
            float(data["cadence"]),
            None if data.get("mark") is None else int(data["mark"]),
            tuple(map(str, data.get("drills", ()))),
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
