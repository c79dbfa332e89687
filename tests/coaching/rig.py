"""Sessions written as data, performed with the real library and a voice of one second a text."""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction
from functools import cache
from typing import Any

from cadence_cue.coaching.catalogue import load_library
from cadence_cue.coaching.drill import Library
from cadence_cue.coaching.part import Announcement, Part
from cadence_cue.coaching.program import perform
from cadence_cue.coaching.session import Session
from cadence_cue.coaching.session_file import parse
from cadence_cue.coaching.wording import vocabulary

Phase = dict[str, Any]


@cache
def real() -> Library:
    return load_library()


@cache
def words() -> tuple[str, ...]:
    return tuple(vocabulary(real(), []))


def session(*phases: Phase, name: str = "session", **keys: Any) -> Session:
    data = {"title": "A session", "phase": list(phases), **keys}
    return parse(data, name=name, library=real(), rehearsal=True)


def parts(
    *phases: Phase,
    own: Fraction | int = 173,
    seed: int = 1,
    explain: bool = False,
    silent: Collection[str] = (),
    spoken: Collection[str] = (),
    **keys: Any,
) -> tuple[Part, ...]:
    """The parts of these phases; `silent` texts have no recording, `spoken` ones have one too."""
    speech = {text: Fraction(1) for text in (*words(), *spoken) if text not in silent}
    made = session(*phases, **keys)
    return perform(made, real(), Fraction(own), seed, explain=explain, speech=speech)


def announced(*phases: Phase, **options: Any) -> list[Announcement]:
    return [part.announcement for part in parts(*phases, **options)]
