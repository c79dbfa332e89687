"""The click over matched music: where it leads, and where it fades."""

from __future__ import annotations

from typing import Any

import numpy as np

from cadence_cue.music.grids import grids_of
from cadence_cue.music.leading import click_gains
from cadence_cue.music.matching import BAR, Span
from cadence_cue.studio import Performance
from cadence_cue.timing.timeline import EventKind
from tests.transporting import perform


def run(time: str, tempo: object = 150, **more: Any) -> dict[str, Any]:
    return {"run": "", "time": time, "tempo": tempo, **more}


def gains(
    of: Performance,
    *spans: tuple[int, int],
    off_beat: bool = False,
    turned_down: tuple[tuple[int, int], ...] = (),
) -> list[float]:
    """The click's gain at each beat, with pieces from and to these beats of the only grid."""
    (grid,) = grids_of(of.plan, off_beat=off_beat)
    pieces = tuple(
        Span(0, tuple(map(float, range(b - a + 1))), grid.frames(a, b)) for a, b in spans
    )
    events = of.timeline.events
    clicks = events["frame"][events["kind"] == EventKind.BEAT]
    return list(click_gains(clicks, (grid,), pieces, turned_down))


def test_it_leads_for_16_beats_then_fades_and_is_back_at_a_join() -> None:
    heard = gains(perform(run("60s")), (10, 60), (60 - BAR, 120), (120 - BAR, 140))
    assert heard[: 10 + 16] == [1.0] * 26
    assert heard[26:34] == [1 - k / 8 for k in range(1, 9)]
    assert heard[33:53] == [0.0] * 20
    assert heard[53:56] == [0.25, 0.5, 0.75]
    assert heard[56 : 56 + 16] == [1.0] * 16
    assert heard[72 + 8 : 113] == [0.0] * 33
    assert heard[140 - BAR :] == [1.0] * (len(heard) - 140 + BAR)
    assert len(heard) == 150


def test_it_leads_through_a_ramp_and_16_beats_of_the_new_tempo() -> None:
    of = perform(run("40s"), run("20s", "150 -> 160"), run("40s", 160))
    heard = np.array(gains(of, (0, 240)))
    ramp = [k for k, event in enumerate(of.timeline) if event.phase == 1]
    assert ramp
    begin = 100  # 40 s at 150
    after = begin + 52  # 20 s at 155, rounded up
    assert (heard[24 : begin - BAR] == 0).all()
    assert (heard[begin + 1 : after + 16] == 1).all()
    assert (heard[after + 16 + 9 : 240 - 2 * BAR] == 0).all()


def test_it_leads_again_where_it_was_silent() -> None:
    of = perform(run("40s"), run("40s", beat="off"), run("40s"))
    heard = gains(of, (0, 300), off_beat=True)
    assert len(heard) == 200
    assert heard[24:96] == [0.0] * 72
    assert heard[100 : 100 + 16] == [1.0] * 16
    assert heard[125:190] == [0.0] * 65


def test_it_leads_while_music_is_turned_down_and_16_beats_from_where_it_joins() -> None:
    of = perform(run("60s"))
    beats = [event.frame for event in of.timeline if event.kind is EventKind.BEAT]
    heard = gains(of, (0, 149), turned_down=((beats[60], beats[90] - 2400),))
    assert heard[24:56] == [0.0] * 32
    assert heard[60 : 89 + 16] == [1.0] * 45
    assert heard[89 + 16 + 9 : 140] == [0.0] * 26


def test_a_click_for_one_foot_fades_too() -> None:
    heard = gains(perform(run("60s", stride="left")), (0, 149))
    assert heard[:8] == [1.0] * 8
    assert heard[12:70] == [0.0] * 58
