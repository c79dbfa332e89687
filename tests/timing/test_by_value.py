"""Values can be compared: equal where all that they hold is, whoever made them."""

from __future__ import annotations

from dataclasses import fields, replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from cadence_cue.coaching.catalogue import built_in_sessions, load_library
from cadence_cue.coaching.session_file import load
from cadence_cue.coaching.tempi import Tempi
from cadence_cue.sound.clips import Clip
from cadence_cue.studio import Performance, PerformanceSpec, perform
from cadence_cue.timing.editing import Edit
from cadence_cue.timing.reasons import Reason
from cadence_cue.timing.timeline import Dropped, Timeline

LIBRARY = load_library()


def made(seed: int = 1) -> Performance:
    """A performance that shares nothing with another one made so."""
    session = load(built_in_sessions()["cadence-pyramid"], LIBRARY)
    return perform(session, LIBRARY, PerformanceSpec(Fraction(173), Fraction(2), seed=seed))


@pytest.fixture(scope="module")
def timeline() -> Timeline:
    return made().timeline


def test_a_timeline_or_plan_made_again_is_equal() -> None:
    one, same, other = made(), made(), made(seed=2)
    assert one.timeline is not same.timeline
    assert one.timeline == same.timeline
    assert one.plan == same.plan
    assert one.timeline != other.timeline
    assert one.plan != other.plan


def test_an_edited_plan_is_equal_to_one_edited_alike() -> None:
    edit = Edit(Fraction(100), Tempi(Fraction(175)))
    one, same = made().edited(edit), made().edited(edit)
    assert one.plan == same.plan
    assert one.plan != made().plan


def _changed(timeline: Timeline, name: str) -> Any:
    value = getattr(timeline, name)
    if name == "events":
        later = value.copy()
        later["frame"][-1] += 1
        return later
    if name == "dropped":
        return (Dropped("Lean", 0, Reason.NO_ROOM),)
    return value[:-1] if isinstance(value, tuple) else value + 1


@pytest.mark.parametrize("name", [field.name for field in fields(Timeline)])
def test_no_field_of_a_timeline_is_forgotten(timeline: Timeline, name: str) -> None:
    copied = replace(timeline, events=timeline.events.copy())
    assert copied == timeline
    assert replace(copied, **{name: _changed(timeline, name)}) != timeline


def test_a_timeline_with_fewer_events_is_another(timeline: Timeline) -> None:
    assert replace(timeline, events=timeline.events[:-1]) != timeline


def test_clips_are_equal_by_samples_and_anchor() -> None:
    samples = np.arange(5, dtype=np.int16)
    clip = Clip(samples, 2)
    assert clip == Clip(samples.copy(), 2)
    assert clip != Clip(samples, 3)
    assert clip != Clip(samples[:4], 2)
    assert clip != Clip(samples + np.int16(1), 2)
    assert clip != samples.tobytes()


def test_what_holds_arrays_has_no_hash(timeline: Timeline) -> None:
    for value in (timeline, Clip(np.zeros(3, np.int16), 0)):
        with pytest.raises(TypeError, match="unhashable"):
            hash(value)
