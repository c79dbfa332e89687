"""The voice gives way to what already stands, found as if every span were looked at."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence_cue.timing.layout import Clock
from cadence_cue.timing.speaker import Span, Speaker
from cadence_cue.timing.timeline import NO_BEAT, EventKind, Utterance
from tests.timing.rig import utterance

RATE = 1000  # frames are milliseconds
AIR = 150
AROUND = 3000


def speaker(*texts: str, signals: tuple[Span, ...] = ()) -> Speaker:
    return Speaker(Clock(RATE, 0), {text: utterance(text, RATE) for text in texts}, signals)


places = st.lists(
    st.tuples(st.integers(0, 60000), st.integers(100, 9000), st.booleans()), max_size=30
)


@given(places, st.integers(-2000, 62000), st.integers(1, 4000), st.sampled_from([None, 0.0, 6.0]))
def test_whatever_is_in_the_way_is_found(
    taken: list[tuple[int, int, bool]], start: int, frames: int, gap: float | None
) -> None:
    spans = [Span(at, at + length, str(k), cue) for k, (at, length, cue) in enumerate(taken)]
    found = speaker(signals=tuple(spans)).blocker(start, frames, gap)

    around = AIR if gap is None else AROUND

    def blocks(span: Span) -> bool:
        air = max(around, int(1000 * (gap or 0))) if span.cue else around
        return start < span.end + air and span.start - air < start + frames

    ways = [span for span in spans if blocks(span)]
    assert (found in ways) if ways else (found is None)
    assert found is None or found.start == min(span.start for span in ways)


def test_an_announcement_is_spoken_piece_after_piece() -> None:
    voice = speaker("Next: toe taps", "At 80")
    voice.say(["Next: toe taps", "At 80"], 500, EventKind.ANNOUNCEMENT, 3, -2.0, beat=7)
    first, second = voice.drafts
    assert (first.frame, first.beat, second.beat) == (500, 7, NO_BEAT)
    assert second.frame == first.frame + first.frames + 200
    assert voice.length(["Next: toe taps", "At 80"], 0) == first.frames + 200 + second.frames
    assert voice.blocker(second.frame + second.frames + AIR - 1, 10) is not None
    assert voice.blocker(second.frame + second.frames + AIR, 10) is None


TAKES = {
    "Rest": Utterance("Rest", 300, 10),
    "Rest\x001": Utterance("Rest\x001", 500, 90),
    "Rest\x002": Utterance("Rest\x002", 400, 50),
    "Walk": Utterance("Walk", 200, 20),
}


@pytest.mark.parametrize("seed", range(4))
def test_each_time_a_text_is_said_it_is_another_take_and_the_seed_chooses_the_first(
    seed: int,
) -> None:
    voice = Speaker(Clock(RATE, 0), TAKES, (), seed=seed)
    takes = []
    for k in range(6):
        length, anchor = voice.length(["Rest"], k), voice.anchor(["Rest"], k)
        voice.say(["Rest"], 10000 * k, EventKind.ANNOUNCEMENT, k, 0.0)
        voice.say(["Walk"], 10000 * k + 5000, EventKind.ANNOUNCEMENT, k, 0.0)
        rest, walk = voice.drafts[-2:]
        assert (rest.frames, length, anchor) == (
            TAKES[rest.sound].frames,
            TAKES[rest.sound].frames,
            TAKES[rest.sound].anchor,
        )
        assert walk.sound == "Walk"
        takes.append(rest.sound)
    assert takes[0] == list(TAKES)[seed % 3]
    assert all(one != other for one, other in pairwise(takes))
    assert set(takes) == {name for name in TAKES if name.startswith("Rest")}
    assert voice.announced(2) == {"Rest", "Walk"}


def test_between_cues_is_the_gap_that_is_asked_for() -> None:
    voice = speaker("Relax", "Drop your shoulders")
    voice.say(["Relax"], 0, EventKind.CUE, 0, 0.0)
    end = voice.drafts[0].frames
    assert voice.blocker(end + 5999, 100, 6.0) is not None
    assert voice.blocker(end + 6000, 100, 6.0) is None
    assert voice.blocker(end + AIR, 100) is None


def test_a_cue_keeps_three_seconds_from_what_is_no_cue() -> None:
    voice = speaker("Next: run")
    voice.say(["Next: run"], 0, EventKind.ANNOUNCEMENT, 0, 0.0)
    end = voice.drafts[0].frames
    assert voice.blocker(end + AROUND - 1, 100, 6.0) is not None
    assert voice.blocker(end + AROUND, 100, 6.0) is None
    assert voice.blocker(end + AIR, 100) is None
