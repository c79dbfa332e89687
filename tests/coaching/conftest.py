"""A small library made by hand, so that the reader's tests do not depend on the content."""

from __future__ import annotations

from fractions import Fraction

import pytest

from cadence_cue.coaching.drill import (
    Cue,
    CueType,
    Dose,
    Drill,
    Element,
    Focus,
    Library,
    Pace,
    Side,
    Speaking,
    Statement,
    Tempo,
    TempoAdvice,
    Variant,
)

CUE = Cue("Relax", CueType.RELAX, Focus.NEUTRAL)


def make_drill(
    drill_id: str,
    name: str,
    sides: tuple[Side, ...] = (Side.NONE,),
    *,
    after: str | None = None,
    moving: bool = False,
    variants: tuple[Variant, ...] = (),
) -> Drill:
    pace = Pace(Fraction(80))
    return Drill(
        id=drill_id,
        name=name,
        order=1,
        purpose=(),
        setup=(),
        movement=(),
        trains=(),
        also_trains=(),
        prerequisites=(),
        after=after,
        mistakes=(),
        hints=(),
        place=("home",),
        equipment="",
        moving=moving,
        sides=sides,
        variants=variants,
        beat=Statement("One tap."),
        accent=0,
        distinct_feet=False,
        tempo=TempoAdvice(Fraction(60), Fraction(100), Tempo(pace, pace), ()),
        dose=Dose("", "", ""),
        speaking=Speaking(16, 4, Fraction(4)),
        stop=(),
        mastery="",
        explanation="",
        cues=(CUE,),
    )


LEGS = (Side.LEFT, Side.RIGHT, Side.ALTERNATING)
EYES_CLOSED = Variant("eyes closed", "Close them.", eyes_closed=True)
DRILLS = (
    make_drill(
        "perception",
        "Perception",
        variants=(Variant("eyes open", "Keep them open."), EYES_CLOSED),
    ),
    make_drill("cycle-standing", "Cycle Drill Standing", LEGS),
    make_drill("cycle-running", "Cycle Drill Running", LEGS, after="cycle-standing", moving=True),
    make_drill("toe-taps", "Toe Taps", LEGS),
    make_drill("toe-taps-dynamic", "Toe Taps Dynamic", LEGS, after="toe-taps"),
    make_drill("fall-to-run", "Fall to Run", moving=True),
    make_drill("high-knees", "High Knees", moving=True, variants=(EYES_CLOSED,)),
)
ELEMENTS = tuple(
    Element(element_id, element_id.capitalize(), order, (), (CUE,))
    for order, element_id in enumerate(("lean", "arms", "heel-pull", "cadence"), 1)
)


@pytest.fixture(scope="session")
def library() -> Library:
    return Library(
        {drill.id: drill for drill in DRILLS}, {element.id: element for element in ELEMENTS}, ()
    )
