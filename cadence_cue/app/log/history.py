"""The log of practised and scored sessions: one line of JSON each, in the user's data folder.

Each line is appended in a single write, so that a crash leaves only whole lines. Lines that cannot
be read are skipped but never deleted. Who writes holds the folder, so that no process loses
another's line.
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from math import nan
from pathlib import Path
from typing import Any

from cadence_cue import storage
from cadence_cue.app.moments import minute_of
from cadence_cue.coaching.drill import Drill
from cadence_cue.coaching.pages import signed

EASY = 4
"""The lowest mark, of 1 to 5, at which a drill counts as easy."""

SCALE = "How did it feel? 1 hard … 5 easy"
"""The scale of the marks, wherever one is asked for."""

OFTEN = 3
"""After this many easy marks in a row, the runner is asked whether the drill is mastered."""


@dataclass(frozen=True, slots=True)
class Practice:
    """One practised session.

    `date` is ISO 8601 with the time zone, `share` how much of it was heard (0 to 1), `cadence` the
    runner's own at its end in steps a minute, or a plain beat's tempo, `mark` how it felt (1 hard
    to 5 easy, None if unknown), `drills` the ids of the drills that were done.
    `performed` is what `app.tracks.performed` keeps, as JSON, `seconds` how long it was heard; both
    are None in the lines of earlier versions.
    """

    date: str
    session: str
    title: str
    share: float
    cadence: float
    mark: int | None = None
    drills: tuple[str, ...] = ()
    performed: Mapping[str, Any] | None = None
    seconds: float | None = None

    @property
    def day(self) -> str:
        """The date and time for people: 2026-11-23 07:00."""
        return for_people(self.date)


@dataclass(frozen=True, slots=True)
class Result:
    """How the steps of a drill, or of a run, met its beats, in all sets of a session together.

    `tempo_error_percent` and `sd_ms` are None if there were too few steps, `label` is then "".
    `alone_error_percent` is that of the sets without a click; None if there were none, or too few
    steps. `apart` counts the sets that are left out of all this, as their tempo was not the beat's;
    where no set had it, none is.
    """

    title: str
    beats: int
    matched: int
    tempo_error_percent: float | None = None
    sd_ms: float | None = None
    label: str = ""
    alone_error_percent: float | None = None
    apart: int = 0

    @property
    def line(self) -> str:
        """The result in a few words."""
        told = [f"{self.matched} of {self.beats}"] if self.beats else []
        told += [self.label] if self.label else []
        if self.apart:
            told.append(f"{self.apart} more set{'s' * (self.apart > 1)} at another tempo")
        if self.alone_error_percent is not None:
            told.append(f"{signed(self.alone_error_percent, '+z.1f')} % without a click")
        return f"{self.title} {', '.join(told)}".rstrip()


@dataclass(frozen=True, slots=True)
class Scored:
    """One session whose steps were scored; `date` as in a Practice.

    Earlier versions skip its line, as it has no share.
    """

    date: str
    session: str
    title: str
    results: tuple[Result, ...]

    @property
    def day(self) -> str:
        """The date and time for people: 2026-11-23 07:00."""
        return for_people(self.date)


def append(entry: Practice | Scored, folder: Path) -> None:
    """Add a line to the history, which is on the disk afterwards. Raises OSError."""
    with storage.locked(folder), _file(folder).open("ab+", buffering=0) as file:
        whole = file.tell() == 0 or (file.seek(-1, os.SEEK_END), file.read(1))[1] == b"\n"
        # A line that a crash cut off stays as it is: the new one starts on a line of its own.
        line = (b"" if whole else b"\n") + _line(entry)
        if file.write(line) < len(line):  # this is how a full disk shows
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(_file(folder)))
        os.fsync(file.fileno())
        storage.sync_folder(folder)


def insert(entry: Practice, folder: Path) -> None:
    """Add a line of an earlier day before those of later ones. Raises OSError."""
    path, instant = _file(folder), _instant(entry.date)
    with storage.locked(folder):
        lines = path.read_bytes().split(b"\n") if path.exists() else [b""]
        earlier = (
            k
            for k in reversed(range(len(lines)))
            if (other := _read(lines[k])) and _instant(other.date) <= instant
        )
        lines.insert(next(earlier, -1) + 1, _line(entry).rstrip())
        storage.write(path, b"\n".join(lines))


def mark_last(mark: int, folder: Path) -> None:
    """Record how the last session felt, 1 to 5; other lines stay as they are. Raises OSError."""
    _mark(mark, folder, lambda _: True)


def mark_this(practice: Practice, mark: int, folder: Path) -> None:
    """Record how a session felt as `mark_last` does, also if another was added after it."""
    _mark(mark, folder, lambda other: replace(other, mark=None) == practice)


def _mark(mark: int, folder: Path, fits: Callable[[Practice], bool]) -> None:
    path = _file(folder)
    if not path.exists():
        return
    with storage.locked(folder):
        lines = path.read_bytes().split(b"\n")
        for k in reversed(range(len(lines))):
            practice = _read(lines[k])
            if isinstance(practice, Practice) and fits(practice):
                lines[k] = _line(replace(practice, mark=mark)).rstrip()
                storage.write(path, b"\n".join(lines))
                return


def delete(unwanted: Collection[Practice | Scored], folder: Path) -> None:
    """Delete entries; other lines stay, also those that cannot be read. Raises OSError."""
    path = _file(folder)
    with storage.locked(folder):
        lines = path.read_bytes().split(b"\n")
        kept = [line for line in lines if _read(line) not in unwanted]
        storage.write(path, b"\n".join(kept))


def delete_all(folder: Path) -> None:
    """Delete the whole history, with what cannot be read. Raises OSError."""
    if folder.exists():
        with storage.locked(folder):
            _file(folder).unlink(missing_ok=True)


def load(folder: Path) -> list[Practice]:
    """Return every practice that can be read, oldest first. Raises OSError."""
    return [entry for entry in entries(folder) if isinstance(entry, Practice)]


def entries(folder: Path) -> list[Practice | Scored]:
    """Return every entry that can be read, oldest first. Raises OSError."""
    try:
        lines = _file(folder).read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    return [entry for line in lines if (entry := _read(line))]


def remembered(folder: Path) -> list[Practice]:
    """Return what `load` does, or nothing where the log cannot be read: who plans needs no log."""
    try:
        return load(folder)
    except OSError:
        return []


def easy(practices: Iterable[Practice], drill: str) -> bool:
    """Whether the last OFTEN marks of a drill were all EASY or more."""
    marks = [p.mark for p in practices if drill in p.drills and p.mark is not None]
    return len(marks) >= OFTEN and min(marks[-OFTEN:]) >= EASY


def ripe(practices: Collection[Practice], known: Collection[str]) -> list[str]:
    """The ids of drills that felt easy often enough to be mastered, except those in `known`."""
    drills = dict.fromkeys(drill for practice in practices for drill in practice.drills)
    return [drill for drill in drills if drill not in known and easy(practices, drill)]


def felt_easy(drill: Drill) -> str:
    """Say of a ripe drill that it felt easy, and when one has mastered it."""
    when = f" You have it when: {drill.mastery}" if drill.mastery else ""
    return f"{drill.name} felt easy {OFTEN} times.{when}"


def next_seed(practices: Iterable[Practice], session: str) -> int | None:
    """The seed of the runner's next session of this name, one turn further than the last one.

    It is the date of the first one and a day for each since, so that everything comes round
    however often somebody trains. None if there was none: then the date decides.
    """
    days = [day for each in practices if each.session == session and (day := day_of(each.date))]
    if not days:
        return None
    turn = days[0] + timedelta(len(days))
    return turn.year * 10_000 + turn.month * 100 + turn.day


def not_written(error: OSError) -> str:
    """Return the sentence that the log could not be written, for what was to be added to it."""
    return f"The history cannot be written: {error.strerror}"


def day_of(moment: str) -> date | None:
    """Return the day of an ISO 8601 date and time; None if it is none."""
    try:
        return datetime.fromisoformat(moment).date()
    except ValueError:
        return None


def _instant(moment: str) -> float:
    """Return the seconds since 1970 of an ISO 8601 date and time; NaN if it is none."""
    try:
        return datetime.fromisoformat(moment).timestamp()
    except (ValueError, OverflowError, OSError):
        return nan


def for_people(moment: str) -> str:
    """Return an ISO 8601 date and time as 2026-11-23 07:00; what is none as it is."""
    try:
        return minute_of(datetime.fromisoformat(moment))
    except ValueError:
        return moment


def _line(entry: Practice | Scored) -> bytes:
    data = asdict(entry)
    for key in ("performed", "seconds"):
        if data.get(key, "") is None:
            del data[key]
    return json.dumps(data).encode() + b"\n"


def _file(folder: Path) -> Path:
    return folder / "history.jsonl"


def _read(line: bytes) -> Practice | Scored | None:
    try:
        data = json.loads(line.decode(errors="replace"))
        return _practice(data) if "share" in data else _scored(data)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        return None


def _practice(data: Any) -> Practice:  # noqa: ANN401 - as JSON has it
    performed = data.get("performed")
    return Practice(
        str(data["date"]),
        str(data["session"]),
        str(data["title"]),
        float(data["share"]),
        float(data["cadence"]),
        None if data.get("mark") is None else int(data["mark"]),
        tuple(map(str, data.get("drills", ()))),
        performed if isinstance(performed, dict) else None,
        _number(data.get("seconds")),
    )


def _scored(data: Any) -> Scored:  # noqa: ANN401 - as JSON has it
    results = tuple(
        Result(
            str(each["title"]),
            int(each["beats"]),
            int(each["matched"]),
            _number(each.get("tempo_error_percent")),
            _number(each.get("sd_ms")),
            str(each.get("label", "")),
            _number(each.get("alone_error_percent")),
            int(each.get("apart", 0)),
        )
        for each in data["results"]
    )
    return Scored(str(data["date"]), str(data["session"]), str(data["title"]), results)


def _number(value: Any) -> float | None:  # noqa: ANN401 - as JSON has it
    return None if value is None else float(value)
