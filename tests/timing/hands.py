"""What a runner's hand does to random performances."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import tomli_w
from hypothesis import strategies as st

import cadence_cue
from cadence_cue.coaching.rules import FALL
from cadence_cue.coaching.session import Kind
from cadence_cue.coaching.session_file import parse
from cadence_cue.errors import UserError
from cadence_cue.studio import Performance, PerformanceSpec, perform
from cadence_cue.timing.editing import Edit, at_beat, between_beats
from tests.editing import Change, Leg
from tests.editing import performed as legs_of
from tests.oracle import Span
from tests.reading import read
from tests.timing.rig import library
from tests.timing.sessions import Phase, phases, runs, walks

DRILLS = Path(cadence_cue.__file__).parent / "coaching" / "library" / "drills"
OWN = Fraction(173)
MS = Fraction(1, 1000)

repeats = st.fixed_dictionaries(
    {"repeat": st.just(2), "part": st.lists(runs | walks, min_size=1, max_size=2)}
)
sessions = st.lists(st.one_of(phases, phases, repeats), min_size=1, max_size=7)


@dataclass(frozen=True, slots=True)
class TempoControl:
    """A hand at the n-th sound (or phase) of a performance, or so many frames beside it.

    It makes so many beats more, or has the beat moved.
    """

    n: int
    phase: bool
    beside: int
    by: Fraction = Fraction(0)
    shift: Fraction = Fraction(0)


_places = {
    "n": st.integers(0, 400),
    "phase": st.booleans(),
    "beside": st.sampled_from([0, 0, -1, 1, -9000, 9000, 31234]),
}
hands = st.lists(
    st.one_of(
        st.builds(TempoControl, **_places, by=st.integers(-9, 9).map(Fraction)),
        st.builds(TempoControl, **_places, by=st.sampled_from([Fraction(7, 3), Fraction(-50)])),
        st.builds(TempoControl, **_places, shift=st.integers(-25, 25).map(MS.__mul__)),
    ),
    min_size=1,
    max_size=5,
)


def performed(
    made: list[Phase], rate: int = 48000, *, explain: bool = False, own: Fraction = OWN
) -> Performance:
    data = {"title": "x", "phase": made}
    session = parse(data, name="x", library=library(), rehearsal=True)
    wishes = PerformanceSpec(own, Fraction(3, 2), rate=rate, seed=7, speaks=False, explain=explain)
    return perform(session, library(), wishes)


def edit_of(performance: Performance, hand: TempoControl) -> Edit | None:
    """The edit that a hand makes, as the transport would; None where nothing can be moved."""
    plan, timeline = performance.plan, performance.timeline
    if hand.phase:
        frame = timeline.marks[hand.n % len(timeline.marks)].start
    else:
        frame = int(timeline.events["frame"][hand.n * 37 % len(timeline.events)])
    frame += hand.beside
    if hand.shift:
        at = between_beats(plan.layout, plan.clock, frame)
        return None if at is None else Edit(at, performance.tempi, hand.shift)
    following = [p.part for p in plan.layout if plan.clock.frame(p.end) > frame and p.part.tempo]
    if not following:
        return None
    tempi = performance.tempi.nudged(following[0], hand.by)
    return Edit(at_beat(plan.layout, plan.clock, frame), tempi)


def played(performance: Performance, made: list[TempoControl]) -> list[Performance]:
    """The versions of a performance, one for each hand that could do something."""
    versions = [performance]
    for hand in made:
        edit = edit_of(versions[-1], hand)
        if edit is None:
            continue
        try:
            versions.append(versions[-1].edited(edit))
        except UserError:  # a tempo outside the limits
            continue
    return versions


def legs(performance: Performance, made: list[Phase]) -> list[tuple[int, Leg]]:
    """What the oracle makes of a performance: the index of the part, and the leg."""
    first = performance.until(Fraction(-(10**6)))
    parts: list[int] = []
    spans: list[Span] = []
    beats: list[int | None] = []
    versions = [(Fraction(-(10**6)), OWN, dict[str, Fraction](), Fraction(0))]
    versions += [
        (e.at, e.tempi.cadence_spm, dict(e.tempi.offsets), e.shift) for e in performance.edits
    ]
    scores = [
        read(tomli_w.dumps({"title": "x", "phase": made}), own, DRILLS).spans
        for _, own, _, _ in versions
    ]
    tempos: list[list[tuple[Fraction, Fraction] | None]] = [[] for _ in versions]
    written = iter(range(len(scores[0])))
    for index, part in enumerate(first.parts):
        if part.kind is Kind.EXPLAIN:
            spans.append(
                Span(
                    Fraction(0), part.seconds, None, Fraction(0), -1, "on", 0, None, Fraction(0), 0
                )
            )
            parts.append(index)
            beats.append(None)
            for each in tempos:
                each.append(None)
            continue
        for _ in range(3 if part.drill == FALL else 1):
            span = next(written)
            spans.append(scores[0][span])
            parts.append(index)
            beats.append(part.beats)
            for each, score, (_, _, offsets, _) in zip(tempos, scores, versions, strict=True):
                # A glide comes from the tempo of the part before.
                came = first.parts[index - 1] if part.kind is Kind.GLIDE else part
                tempo = score[span].tempo
                start, end = (offsets.get(key, Fraction(0)) / 60 for key in (came.key, part.key))
                each.append(tempo and (tempo[0] + start, tempo[1] + end))
    changes = [
        Change(at, tuple(each), shift)
        for (at, _, _, shift), each in zip(versions, tempos, strict=True)
    ]
    return list(zip(parts, legs_of(spans, beats, changes), strict=True))


def fades_of_beats(performance: Performance) -> set[int]:
    """The phases that fade over a number of beats: their pattern moves with their end."""
    return {
        index
        for index, part in enumerate(performance.parts)
        if part.beats and part.beat.mode == "fade"
    }


def events(performance: Performance, end: int | None = None) -> list[Any]:
    """The sounds of a performance, or those that begin before a frame."""
    return [event for event in performance.timeline if end is None or event.frame < end]
