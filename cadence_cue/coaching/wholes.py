"""The announcements that are spoken as one text, in one breath.

Separate from `wording`, because what is announced follows from how a session is performed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction

from cadence_cue.coaching import wording
from cadence_cue.coaching.drill import Library
from cadence_cue.coaching.explaining import explains
from cadence_cue.coaching.part import Announcement
from cadence_cue.coaching.program import perform
from cadence_cue.coaching.session import Kind, Session

_CADENCE = Fraction(170)  # steps a minute; what depends on it stays a text of its own
_VALUE = re.compile(r"At \d")


def whole_announcements(library: Library, sessions: Iterable[Session]) -> list[str]:
    """Return every announcement of these sessions, as far as no tempo is part of it, once."""
    found: dict[str, None] = {}
    for session in sessions:
        speech = dict.fromkeys(wording.vocabulary(library, [session]), Fraction(1))
        explain = explains(session, None)
        parts = perform(session, library, _CADENCE, 0, explain=explain, speech=speech)
        for before, part in zip((None, *parts), parts, strict=False):
            if not (before and before.tempo and part.kind is Kind.RUN):  # said over the beat
                found.update(dict.fromkeys(_of(part.announcement)))
    return list(found)


def _of(announced: Announcement) -> Iterator[str]:
    """Yield an announcement with its set-up and without, up to the first tempo."""
    full = announced.full
    values = [k for k, text in enumerate(full) if _VALUE.match(text)]
    if values:
        if values[0] > 1:
            yield wording.whole(full[: values[0]])
        return
    if full and len(full) + len(announced.setup) > 1:
        yield wording.whole(full, announced.setup)
        if len(full) > 1 and announced.setup:
            yield wording.whole(full)
