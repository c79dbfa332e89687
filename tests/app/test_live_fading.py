"""The click that fades over matched music while it plays, as it does in the export of that."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import Any

import pytest

from cadence_cue.app.music.matched import matched_music
from cadence_cue.app.music.under import live_music
from cadence_cue.coaching.session import Music
from cadence_cue.timing.timeline import EventKind, Timeline
from cadence_cue.transport.following import led
from tests.app.on_the_beat import RUN, settled
from tests.transporting import Stage, perform, within

BEAT = 60 / 172


@pytest.fixture
def music(music: Music) -> Music:
    """A song that fits, over which the click fades."""
    return replace(music, fade_click=True)


def clicks(of: Timeline) -> list[tuple[int, float]]:
    """The frame and the gain of each click."""
    events = of.events[of.events["kind"] == EventKind.BEAT]
    return list(zip(events["frame"].tolist(), events["gain"].tolist(), strict=True))


def heard(on: Stage) -> list[tuple[Any, ...]]:
    """All sounds that the engine began, by the timelines that it had."""
    ((number, playing),) = on.playings.items()
    runs = on._runs(number, playing)
    return [event for of, start, end in runs for event in within(of, start, end)]


def begin(on: Stage, music: Music) -> None:
    make = partial(live_music, music)
    on.transport.set_music(make, make(on.transport.performance))
    on.transport.play()


def test_it_leads_at_once_after_a_nudge_and_the_export_has_the_same(
    on: Stage, music: Music
) -> None:
    transport = on.transport
    begin(on, music)
    on.run(11)
    transport.nudge(Fraction(3))
    on.run(1)
    settled(on, "the music")
    on.run(10)
    sounds = heard(on)

    edited = transport.performance
    (edit,) = edited.edits
    assert edit.joins
    frame, joins = map(edited.plan.clock.frame, (edit.at, edit.joins))
    at = clicks(transport.timeline)
    silent = [gain for place, gain in at if 26 * BEAT * 48000 < place < frame]
    assert len(silent) >= 5
    assert set(silent) == {0.0}
    until = joins + 15 * BEAT * 48000
    assert {gain for place, gain in at if frame <= place < until} == {1.0}
    assert {gain for place, gain in at if until + 11 * BEAT * 48000 < place < 70 * 48000} == {0.0}

    again = perform(RUN, own=172, announce=False).edited(*edited.edits)
    exported = led(matched_music(music, again), again, again.timeline, again.timeline.start)
    assert clicks(transport.timeline) == clicks(exported)
    assert sounds == within(exported, 0, sounds[-1][0] + 1)


def test_without_the_music_the_click_is_back(on: Stage, music: Music) -> None:
    transport = on.transport
    begin(on, music)
    on.run(10)
    for ask, gain in (
        (partial(transport.mute, "music"), 1.0),
        (partial(transport.mute, "music"), 0.0),
        (partial(transport.set_music, None), 1.0),
    ):
        before, played = clicks(transport.timeline), on.transport._deck.made
        assert before[60][1] == 1.0 - gain
        ask()
        on.run(0.6)
        after = clicks(transport.timeline)
        assert [each for each in after if each[0] < played] == [
            each for each in before if each[0] < played
        ]
        coming = {each[1] for each in after if played + 24000 < each[0] < 60 * 48000}
        assert coming == {gain}


def test_music_that_comes_later_fades_the_clicks_that_are_left(on: Stage, music: Music) -> None:
    transport = on.transport
    transport.play()
    on.run(12)
    make = partial(live_music, music)
    transport.set_music(make, make(transport.performance))
    on.run(1)
    gains = dict(clicks(transport.timeline))
    assert {gain for place, gain in gains.items() if place < 12 * 48000} == {1.0}
    assert {gain for place, gain in gains.items() if 13 * 48000 < place < 60 * 48000} == {0.0}
