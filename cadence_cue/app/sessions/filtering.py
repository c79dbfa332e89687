"""What a runner chooses sessions and drills by: filters, orders, and when each was last done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from cadence_cue.app.log.history import Practice
from cadence_cue.app.sessions.listing import Entry
from cadence_cue.coaching.session_file import LEVELS


@dataclass(frozen=True, slots=True)
class Done:
    """When something was practised last, and how it felt, 1 to 5; None for a day without a mark."""

    date: str
    mark: int | None

    @property
    def day(self) -> str:
        """The day in six characters: "23 Nov", or the month of another year: "Nov 25"."""
        try:
            date = datetime.fromisoformat(self.date)
        except ValueError:
            return ""
        this_year = date.year == datetime.now().astimezone().year
        return f"{date:%d %b}" if this_year else f"{date:%b %y}"


@dataclass(frozen=True, slots=True)
class Filter:
    """What an entry must have to be listed; the defaults let everything through.

    `words` are searched for, `longest` is in seconds.
    """

    words: str = ""
    place: str = ""
    longest: Fraction | None = None
    needs_nothing: bool = False

    def lets(self, entry: Entry) -> bool:
        """Whether the entry is listed. What cannot be used is, unless its name does not fit."""
        if not all(word in entry.words for word in self.words.casefold().split()):
            return False
        if entry.error:
            return True
        return (
            (not self.place or self.place in entry.place)
            and (self.longest is None or (entry.seconds or 0) <= self.longest)
            and not (self.needs_nothing and entry.needs)
        )


def _title(entry: Entry, _: Done | None) -> object:
    return entry.title.casefold()


def _length(entry: Entry, _: Done | None) -> object:
    return float("inf") if entry.seconds is None else entry.seconds


def _level(entry: Entry, _: Done | None) -> object:
    return LEVELS.index(entry.level) if entry.level else len(LEVELS)


def _place(entry: Entry, _: Done | None) -> object:
    return not entry.place, entry.place


def _last(_: Entry, done: Done | None) -> object:
    return -_moment(done.date) if done else float("inf")


def _mark(_: Entry, done: Done | None) -> object:
    return -(done.mark or 0) if done else 0


ORDERS: dict[str, Callable[[Entry, Done | None], object]] = {
    "title": _title,
    "length": _length,
    "level": _level,
    "place": _place,
    "last": _last,
    "mark": _mark,
}
"""What entries can be sorted by: the shortest, easiest, latest and best first."""


def arranged(entries: Iterable[Entry], order: str | None, done: Mapping[str, Done]) -> list[Entry]:
    """Sort entries by one of ORDERS; None leaves them as they are."""
    if not order:
        return list(entries)
    by = ORDERS[order]
    return sorted(entries, key=lambda entry: by(entry, done.get(entry.key)))  # type: ignore[arg-type, return-value]


def done(entries: Iterable[Entry], practices: Sequence[Practice]) -> dict[str, Done]:
    """When each entry was practised last and how that felt, by its key."""
    drills: dict[str, Done] = {}
    sessions: dict[str, Done] = {}
    titles: dict[tuple[str, str], Done] = {}
    for each in practices:
        found = Done(each.date, each.mark)
        drills |= dict.fromkeys(each.drills, found)
        sessions[each.session] = titles[each.session, each.title] = found
    latest: dict[str, Done | None] = {}
    rehearsed = set(drills)
    for entry in entries:
        if entry.drill:
            latest[entry.key] = drills.get(entry.name)
        elif entry.name in rehearsed:  # the log calls a rehearsal by its drill
            latest[entry.key] = titles.get((entry.name, entry.title))
        else:
            latest[entry.key] = sessions.get(entry.name)
    return {key: found for key, found in latest.items() if found}


def _moment(date: str) -> float:
    try:
        return datetime.fromisoformat(date).timestamp()
    except ValueError:
        return 0.0
