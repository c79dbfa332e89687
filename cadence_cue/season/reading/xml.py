"""Reads TCX and GPX files, piece by piece and without entities."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from cadence_cue.errors import UserError, printable
from cadence_cue.season.recording import CUT, Raw, RecordedRun, recorded_run

_OTHER_SPORTS = {
    each: each for each in ("biking", "cycling", "riding", "rowing", "swimming", "skiing")
} | {"1": "cycling", "ride": "cycling", "virtualride": "cycling", "swim": "swimming"}
"""The sports that are told, as files name them; "1" is Strava's."""

_MOST = 10_000
"""Elements that are kept at once: those that are open, and those of one point."""
_PIECE = 1 << 20  # bytes; in small pieces, a long attribute would be read again with each of them


class _Pieces(io.BytesIO):
    """Content that is read in large pieces."""

    def read(self, size: int | None = -1) -> bytes:  # noqa: ARG002 - the parser's small one
        return super().read(_PIECE)


def read(data: bytes) -> RecordedRun:
    """Return the run in a TCX or GPX file; what comes before the damage in a damaged one is used.

    Raises UserError if there is no run, or if the file defines entities.
    """
    records: list[Raw] = []
    notes = []
    try:
        records.extend(_points(data))
    except DefusedXmlException:
        raise UserError("it defines entities, which no watch does; it is not read") from None
    except (ParseError, LookupError, ValueError) as error:  # or an unknown encoding
        if not records:
            raise UserError(f"it is no readable XML ({printable(str(error))})") from error
        notes.append(CUT)
    return recorded_run(records, notes=notes)


def _points(data: bytes) -> Iterator[Raw]:
    """Yield each point of a track."""
    stack: list[Element] = []
    kept = 0
    for event, element in iterparse(_Pieces(data), events=("start", "end")):
        if event == "start":
            stack.append(element)
            kept += 1
            if kept > _MOST:
                raise UserError("it has thousands of elements within one, which no watch writes")
            _refuse_other_sport(element.get("Sport", ""))
            continue
        stack.pop()
        name = _local(element)
        if name in {"Trackpoint", "trkpt"}:
            yield _point(element)
        elif name == "type" and stack and _local(stack[-1]) == "trk":
            _refuse_other_sport((element.text or "").strip())
        # What was read is dropped, so that a large file takes little memory.
        if not any(_local(each) in {"Trackpoint", "trkpt"} for each in stack):
            element.clear()
            if stack:
                stack[-1].clear()
            kept = len(stack)


def _point(element: Element) -> Raw:
    values: dict[str, str] = {}
    for each in element.iter():
        values.setdefault(_local(each).casefold(), (each.text or "").strip())
    cadence = _number(values.get("runcadence", values.get("cad", values.get("cadence", ""))))
    return Raw(
        _epoch(values.get("time", "")),
        0.0 if math.isnan(cadence) else cadence,
        _number(values.get("speed", "")),
        _number(values.get("distancemeters", "")),
    )


def _refuse_other_sport(sport: str) -> None:
    if other := _OTHER_SPORTS.get(sport.casefold()):
        raise UserError(f"it is a recording of {other}, not of a run")


def _local(element: Element) -> str:
    tag: Any = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _epoch(text: str) -> float:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return math.nan
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
