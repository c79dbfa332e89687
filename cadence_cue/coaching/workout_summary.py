"""What a workout's description says of a session: its level, where it is done, what it needs."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cadence_cue.coaching.session import Session
from cadence_cue.coaching.session_file import LEVELS, PLACES

_ANY_LEVEL, _ANY_PLACE = "|".join(LEVELS), "|".join(PLACES)
_WRITTEN = re.compile(
    rf"(?P<summary>.*?) ?Level: (?P<level>{_ANY_LEVEL})\."
    rf"(?: Where: (?P<place>(?:{_ANY_PLACE})(?:, (?:{_ANY_PLACE}))*)\.)?"
    r"(?: Needs: (?P<needs>.+)\.)?"
)


@dataclass(frozen=True, slots=True)
class Summary:
    """What is read from a description, as a session has it."""

    summary: str
    level: str
    place: tuple[str, ...]
    needs: str


def written(session: Session) -> str:
    """Return the description of a session: "For the legs. Level: easy. Where: home. Needs: ..."."""
    place = f"Where: {', '.join(session.place)}." if session.place else ""
    needs = f"Needs: {session.needs}." if session.needs else ""
    return " ".join(filter(None, (session.summary, f"Level: {session.level}.", place, needs)))


def read(description: str) -> Summary | None:
    """Return what a description of `written` says; None if it is another."""
    found = _WRITTEN.fullmatch(description)
    if not found:
        return None
    place = tuple(found["place"].split(", ")) if found["place"] else ()
    return Summary(found["summary"], found["level"], place, found["needs"] or "")
