"""The list of the tracks that were written, kept from one start to the next.

It is a line of JSON for each place, the latest last. Lines that cannot be read are left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cadence_cue import storage
from cadence_cue.app.moments import minute_of
from cadence_cue.app.settings import state_folder

_MOST = 100  # places that are kept


@dataclass(frozen=True, slots=True)
class Exported:
    """A track that was written: its whole path, its title, when, and how it is planned again.

    `made` is what `app.tracks.performed.made` returned; {} if an earlier version wrote the track.
    """

    target: Path
    title: str
    when: datetime
    made: Mapping[str, Any]

    @property
    def day(self) -> str:
        """The date and time for people: 2026-11-23 07:00."""
        return minute_of(self.when)

    @property
    def is_gone(self) -> bool:
        """Whether the file is no longer there."""
        return not self.target.is_file()


def keep(tracks: Iterable[tuple[Path, str, Mapping[str, Any]]]) -> None:
    """Add tracks that have just been written: their places, titles and how they were made.

    Where no list can be kept, nothing is said: the tracks are there.
    """
    now = datetime.now().astimezone().replace(microsecond=0)
    new = [Exported(path.absolute(), title, now, made) for path, title, made in tracks]
    replaced = {_place(each.target) for each in new}
    with suppress(OSError), storage.locked(state_folder()):
        kept = [each for each in _read() if _place(each.target) not in replaced]
        lines = map(_line, [*kept, *new][-_MOST:])
        storage.write(_file(), "".join(lines))


def found(path: Path) -> Exported | None:
    """Return what is known of the track at a place; None if it is not in the list."""
    place = _place(path)
    return next((each for each in listed() if _place(each.target) == place), None)


def listed() -> list[Exported]:
    """Return the tracks, the latest first."""
    try:
        return _read()[::-1]
    except OSError:
        return []


def _place(path: Path) -> Path:
    """Return the same path for a place however it is written; a link is a place of its own."""
    return path.parent.resolve() / path.name


def _read() -> list[Exported]:
    found = []
    with suppress(FileNotFoundError):
        for line in _file().read_text(encoding="utf-8", errors="replace").splitlines():
            with suppress(ValueError, TypeError, LookupError, RecursionError):
                data = json.loads(line)
                when = datetime.fromisoformat(data["date"])
                target, title = Path(data["file"]), str(data["title"])
                found.append(Exported(target, title, when, dict(data.get("made", {}))))
    return found


def _line(each: Exported) -> str:
    data = {
        "file": str(each.target),
        "title": each.title,
        "date": each.when.isoformat(),
        "made": each.made,
    }
    return f"{json.dumps(data)}\n"


def _file() -> Path:
    return state_folder() / "exports.jsonl"
