"""How drills are explained before their first set: whether, as what part, and how long."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from cadence_cue.coaching.drill import Drill, Library
from cadence_cue.coaching.part import Part
from cadence_cue.coaching.rules import BEFORE_A_FALL
from cadence_cue.coaching.session import Kind, Phase, Session

HOW_TO = "How to: "
"""Begins the title of an explanation, before the name of its drill."""

_BEAT_ENDS = 1  # seconds, roughly, of the signal after a beat, during which nothing is said


def explains(session: Session, wish: bool | None) -> bool:
    """Return whether drills are explained: by `wish`, else by the session, else by its level."""
    if wish is not None:
        return wish
    return session.explain == "always" or (session.explain is None and session.level == "first")


def unexplained(session: Session, library: Library, explained: tuple[str, ...]) -> list[Drill]:
    """Return the drills of a session whose ids are not among the `explained`."""
    names = dict.fromkeys(p.drill for p in session.written() if p.kind is Kind.DRILL)
    return [library.drills[name] for name in names if name not in explained]


def explanation(drill: Drill, phase: Phase, named: str) -> Part:
    """Return the explanation of a drill, whose name is told as `named`; `lasting` sets its time."""
    return Part(
        Kind.EXPLAIN,
        f"{HOW_TO}{drill.name}",
        Fraction(0),
        opening=(named, drill.explanation),
        drill=drill.id,
        number=phase.number,
    )


def lasting(parts: Sequence[Part], part: Part, speech: Mapping[str, Fraction]) -> Part:
    """Return the last of `parts`, an explanation, long enough for all that precedes `part`."""
    explanation = parts[-1]
    announced = part.announcement
    texts = (*explanation.opening, *announced.full, *announced.setup)
    spoken = sum((speech.get(text, Fraction(0)) for text in texts), Fraction(0))
    counted = part.count_in * 60 / part.tempo[0] if part.tempo else Fraction(0)
    whole = spoken + counted + Fraction(len(texts) + 1, 2)  # with a breath around each text
    if part.ticks:
        whole += BEFORE_A_FALL
    if len(parts) > 1 and parts[-2].tempo:
        whole += _BEAT_ENDS
    return replace(explanation, seconds=Fraction(math.ceil(whole)))
