"""Drafts: what was changed in a session and is not saved, kept in case the app ends before it is.

Each is a file of JSON, named after the place of the session that was opened and the process that
changed it: two apps that change the same session keep a draft each.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from cadence_cue import storage
from cadence_cue.app.moments import minute_of
from cadence_cue.app.settings import state_folder


@dataclass(frozen=True, slots=True)
class Draft:
    """The text of a session with changes that are not saved, and when the last one was made.

    `base` is what its file held when it was read or saved last; None for a copy without a file.
    """

    text: str
    base: bytes | None
    when: datetime

    @property
    def day(self) -> str:
        """The date and time for people: 2026-11-23 07:00."""
        return minute_of(self.when)


def keep(path: Path, text: str, base: bytes | None) -> None:
    """Keep the draft of the session that was opened from a path, in place of an earlier one.

    Where nothing can be kept, it is as safe as it was without drafts: nothing is said.
    """
    data = {
        "file": str(path.absolute()),
        "text": text,
        "base": None if base is None else base.decode(errors="replace"),
        "date": datetime.now().astimezone().isoformat(timespec="seconds"),
    }
    with suppress(OSError):
        storage.write(_file(path), json.dumps(data))


def find(path: Path) -> Draft | None:
    """Return the draft of the session at a path; None without one that can be read.

    It is ours from now on, if another process left it. Those of living processes are not found.
    """
    ours = _file(path)
    if not ours.exists() and (left := [*_left(f"{_name(path)}*")]):
        with suppress(OSError):
            max(left, key=lambda file: file.stat().st_mtime).replace(ours)
    return _read(ours)


def lost() -> list[Path]:
    """Return the places of the sessions that have a draft, but no file any more."""
    paths = set()
    for file in _left("*"):
        with suppress(OSError, ValueError, TypeError, LookupError, RecursionError):
            path = Path(json.loads(file.read_bytes())["file"])
            if not path.exists() and _read(file):
                paths.add(path)
    return sorted(paths)


def _read(file: Path) -> Draft | None:
    try:
        data = json.loads(file.read_bytes())
        base = None if data["base"] is None else data["base"].encode()
        return Draft(str(data["text"]), base, datetime.fromisoformat(data["date"]))
    except (OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return None


def drop(path: Path) -> None:
    """Delete the draft of the session at a path, if there is one."""
    with suppress(OSError):
        _file(path).unlink()


def _left(pattern: str) -> Iterator[Path]:
    """Yield the drafts of processes that have ended, and ours."""
    for file in (state_folder() / "drafts").glob(f"{pattern}.json"):
        process = file.stem.rpartition("-")[2]
        if process == str(os.getpid()) or not (process.isdecimal() and _lives(int(process))):
            yield file


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:  # it is not ours to send a signal to
        return True
    return True


def _file(path: Path) -> Path:
    return state_folder() / "drafts" / f"{_name(path)}-{os.getpid()}.json"


def _name(path: Path) -> str:
    return sha256(str(path.absolute()).encode(errors="surrogateescape")).hexdigest()[:16]
