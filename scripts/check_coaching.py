"""Tells how the built-in sessions teach, over the days on which somebody does them.

    python -m scripts.check_coaching                     seven days of every session
    python -m scripts.check_coaching daily-ten --days 28
    python -m scripts.check_coaching --table             the table of docs/drills.md
    python -m scripts.check_coaching --listen            its table of what is listened for

For each session: the different sentences, the shares of speech and of announcements, the
words a minute of announcements, how often the coach encourages, asks, checks and reasons, what
is said too often, and what the article says and nobody hears. `tests/test_teaching.py` asserts it.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import cadence_cue
from cadence_cue.coaching.catalogue import built_in_sessions, load_library
from cadence_cue.coaching.drill import Listen
from cadence_cue.coaching.session import Session
from cadence_cue.timing.timeline import OPENING, Bus, EventKind
from tests.teaching import (
    Heard,
    article,
    blanked,
    drills_of,
    kinds,
    names,
    owed,
    plain,
    sentences,
    spoken_words,
    statements,
)

CADENCE = 173
RATE = 48000
TURNS = 14
UNSPOKEN = "*asked before the drill is played*"
FIRST_DAY = date(2026, 11, 23)
LISTENED = {
    Listen.TAPS: "the tap of the toes, on each beat",
    Listen.CONTACTS: "the foot meeting the ground, on each beat",
    Listen.SCRAPE: "the scrape of the sole, on each accented beat",
    Listen.NOTHING: "nothing",
}
LINES = ("encouragement", "question", "check", "mastered", "reason", "feel")


@dataclass(frozen=True, slots=True)
class Day:
    """What is heard of a session on one day, and how long all of it lasts, in seconds."""

    heard: Sequence[Heard]
    seconds: float
    announcements: Sequence[Heard]
    opening: Sequence[Heard]
    """What a track says before the session begins, which is not among `heard`."""
    beats: Sequence[float]
    """The seconds of the clicks, those of counts in among them."""


def day(session: Session | str, seed: int) -> Day:
    """Plan a session, and return what is heard of it."""
    timeline = cadence_cue.plan(session, cadence=CADENCE, seed=seed).timeline
    marks = sorted(timeline.marks, key=lambda mark: mark.start)
    zero = marks[0].start
    heard: list[Heard] = []
    opening: list[Heard] = []
    announcements: list[Heard] = []
    beats: list[float] = []
    for event in timeline:
        if event.bus is Bus.BEAT:
            beats.append((event.frame - zero) / RATE)
        if event.bus is not Bus.VOICE:
            continue
        mark = next((m for m in reversed(marks) if m.start <= event.frame), marks[0])
        start, end = ((frame - zero) / RATE for frame in (event.frame, event.frame + event.frames))
        said = Heard(event.sound, start, end, mark.index, mark.title.split(",")[0])
        (opening if event.kind in OPENING else heard).append(said)
        if event.kind is EventKind.ANNOUNCEMENT:
            announcements.append(said)
    return Day(heard, timeline.frames / RATE, announcements, opening, beats)


def days(name: str, count: int, first: date = FIRST_DAY) -> list[Day]:
    """The session on so many days in a row."""
    dates = (first + timedelta(k) for k in range(count))
    return [day(name, int(each.strftime("%Y%m%d"))) for each in dates]


def spoken(heard: Sequence[Heard]) -> float:
    """The seconds of speech."""
    return sum(each.end - each.start for each in heard)


def pace(heard: Sequence[Heard]) -> float:
    """The words a minute of all texts of several words."""
    long = [each for each in heard if len(each.text.split()) > 1]
    return 60 * sum(len(each.text.split()) for each in long) / spoken(long)


def table() -> str:
    """The article's statements, the words that carry them, and how often each session says them."""
    seen = {name: days(name, TURNS) for name in built_in_sessions()}
    heard = {
        name: sum((statements(each.heard) for each in found), Counter[str]())
        for name, found in seen.items()
    }
    said = {
        plain(each) for found in seen.values() for day in found for each in sentences(day.heard)
    }

    def words(number: str) -> str:
        """The texts that say a statement, as far as they are heard."""
        texts = (Heard(text, 0, 0) for text in spoken_words(number))
        return "; ".join(each.text for each in texts if said & set(map(plain, each.sentences)))

    rows = [
        f"| {number} | {what} | {words(number) or UNSPOKEN} | "
        + (
            ", ".join(
                f"{name} {counts[number]}" for name, counts in heard.items() if counts[number]
            )
        )
        + " |"
        for number, what in article().items()
    ]
    head = (
        f"| | The article says | The coach says | Times in {TURNS} sessions |\n|---|---|---|---|\n"
    )
    return head + "\n".join(rows) + "\n"


def listening() -> str:
    """What is listened for in each drill."""
    drills = load_library().drills.values()
    rows = [f"| `{drill.id}` | {LISTENED[drill.listen]} |" for drill in drills]
    return "\n".join(["| drill | listened for |", "|---|---|", *rows]) + "\n"


def main() -> None:
    """Print what each session teaches, and how much it talks."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("sessions", nargs="*", metavar="SESSION", default=list(built_in_sessions()))
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--table", action="store_true")
    parser.add_argument("--listen", action="store_true")
    arguments = parser.parse_args()
    if arguments.table or arguments.listen:
        print(table() if arguments.table else listening(), end="")
        return
    for name in arguments.sessions:
        seen = days(name, arguments.days)
        shares = [spoken(each.heard) / each.seconds for each in seen]
        told = [spoken(each.announcements) / spoken([*each.opening, *each.heard]) for each in seen]
        texts = Counter[str]()
        for each in seen:
            for sentence, times in sentences(each.heard).items():
                texts[blanked(sentence, names())] += times
        different = len({sentence for each in seen for sentence in sentences(each.heard)})
        print(f"{name}: {different} different sentences in {arguments.days} days")
        print(
            f"  speech {min(shares):.1%} to {max(shares):.1%} of the time, "
            f"announcements {min(told):.0%} to {max(told):.0%} of it, "
            f"at {pace([a for each in seen for a in each.announcements]):.0f} words a minute"
        )
        for kind in LINES:
            counts = sorted(Counter(len(kinds(each.heard, kind)) for each in seen).items())
            print(f"  {kind}: {', '.join(f'{n} on {times} days' for n, times in counts)}")
        often = [f'"{text}" {n}' for text, n in texts.most_common() if n > arguments.days]
        print(f"  more than once a day: {', '.join(often) or 'nothing'}")
        found = sum((statements(each.heard) for each in seen), Counter[str]())
        missing = {s for owner in drills_of(name) for s in owed().get(owner, ())} - set(found)
        print(f"  not heard: {', '.join(sorted(missing)) or 'nothing'}")


if __name__ == "__main__":
    main()
