"""Finds the place of a session that a runner names: a phase, or a time."""

from __future__ import annotations

import re

from cadence_cue.errors import UserError, nearest
from cadence_cue.timing.timeline import Mark, Timeline

_NUMBER = re.compile(r"\d{1,5}", flags=re.ASCII)
_TIME = re.compile(r"(?P<minutes>\d{1,3}):(?P<seconds>[0-5]\d)", flags=re.ASCII)


def frame_of(place: str, timeline: Timeline, title: str) -> int:
    """Return the frame of a phase, given by number or title, or of a time such as "3:20".

    `title` is that of the session. Raises UserError if there is no such place.
    """
    marks = timeline.marks
    if time := _TIME.fullmatch(place):
        seconds = int(time["minutes"]) * 60 + int(time["seconds"])
        frame = marks[0].start + seconds * timeline.rate
        if frame < timeline.frames:
            return frame
        raise UserError(f'"{title}" ends before {place}')
    mark = _marked(marks, place)
    if mark is None:
        begin = [str(m.place) for m in marks if _begins(m, place) and m.place]
        if len(begin) > 1:
            raise UserError(
                f'"{title}" has several phases that begin with "{place}"; '
                f"choose one by its number: {', '.join(dict.fromkeys(begin))}"
            )
        titles = {m.title.lower(): m.title for m in marks}
        near = nearest(place, titles)
        hint = f'; did you mean "{titles[near]}"?' if near else ""
        raise UserError(
            f'"{title}" has no phase "{place}" '
            f"(1 to {max(m.place for m in marks)}, a title, or a time such as 3:20){hint}"
        )
    return mark.entry


def _marked(marks: tuple[Mark, ...], place: str) -> Mark | None:
    if _NUMBER.fullmatch(place):
        return next((m for m in marks if m.place == int(place) > 0), None)
    wanted = place.lower()
    titles = {mark.title.lower() for mark in marks}
    matching = {mark.title.lower() for mark in marks if _begins(mark, place)}
    if wanted not in titles and len(matching) == 1:
        (wanted,) = matching
    return next((m for m in marks if m.title.lower() == wanted), None)


def _begins(mark: Mark, place: str) -> bool:
    return bool(place) and mark.title.lower().startswith(place.lower())
