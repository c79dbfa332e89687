"""A talk that is held for words: none of it is lost, and it is cut where it is quiet."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from cadence_cue.music.holding import between_words, held
from cadence_cue.sound.bed import Bed
from cadence_cue.timing.timeline import Bus, Timeline
from tests.music.talks import Numbers, numbered, said
from tests.sound.test_renderer import Note, timeline

RATE, FADE = 48000, 480
WORDS = ((3, 4), (5, 5.5), (12, 13), (14, 15.5), (40, 41))  # seconds


def spoken(*words: tuple[float, float], seconds: int = 50) -> Timeline:
    notes = [Note(round(a * RATE), "go", Bus.VOICE, frames=round((b - a) * RATE)) for a, b in words]
    of = timeline(*notes)
    object.__setattr__(of, "frames", seconds * RATE)
    return of


def bed(folder: Path, talk: Numbers, start: int = 0) -> Bed:
    talk.tofile(folder / "talk.pcm")
    return Bed(folder / "talk.pcm", len(talk), None, start)


def heard(of: Bed, under: Timeline, block: int) -> Numbers:
    out = np.ones((under.frames - under.start, 2), np.int16)
    file = held(of, under).opened()
    for at in range(0, len(out), block):
        file.read(under.start + at, out[at : at + block])
    file.close()
    return out


@pytest.mark.parametrize("block", [50 * RATE, 1000])
@pytest.mark.parametrize("start", [0, -1234])
def test_all_of_it_is_heard_in_order_between_the_words(
    tmp_path: Path, start: int, block: int
) -> None:
    under = spoken(*WORDS)
    whole = said(heard(bed(tmp_path, numbered(60 * RATE), start), under, block))
    np.testing.assert_array_equal(whole, np.arange(len(whole)))
    pauses = [b[0] - a[1] for a, b in pairwise(WORDS)]
    shortest = 50 - 41 - 0.3 + sum(each - 2.4 for each in pauses if each > 3.5)
    assert len(whole) > shortest * RATE


def test_no_more_of_it_is_heard_than_is_between_words(tmp_path: Path) -> None:
    under = spoken(*WORDS)
    stretches = held(bed(tmp_path, numbered(60 * RATE)), under).stretches
    most = between_words(under)
    assert most - 2 * len(stretches) * RATE < sum(each.frames for each in stretches) <= most
    assert between_words(spoken()) == 50 * RATE


def test_it_is_held_in_the_last_pause_before_a_word(tmp_path: Path) -> None:
    at = np.arange(60 * RATE)
    talk = np.repeat((8000 * np.sin(at / 20))[:, np.newaxis], 2, axis=1).astype(np.int16)
    for begin, length in ((8.3, 0.4), (9.0, 0.3), (9.6, 0.06)):  # the last is but a stop
        talk[round(begin * RATE) : round((begin + length) * RATE)] = 3
    (first, second) = held(bed(tmp_path, talk), spoken((10, 11))).stretches
    assert (first.start, first.first) == (0, 0)
    assert first.frames == pytest.approx(9.15 * RATE, abs=0.005 * RATE)
    assert (second.first, second.start) == (first.frames, round(11.3 * RATE))


def test_without_a_pause_it_is_held_where_it_is_quietest(tmp_path: Path) -> None:
    talk = np.full((60 * RATE, 2), 8000, np.int16)
    talk[round(8.5 * RATE) : round(8.52 * RATE)] = 2000
    talk[round(7.5 * RATE) : round(7.9 * RATE)] = 0  # more than 2 s before
    (first, _) = held(bed(tmp_path, talk), spoken((10, 11))).stretches
    assert first.frames == pytest.approx(8.51 * RATE, abs=0.005 * RATE)


def test_it_begins_after_the_opening_words_and_ends_with_the_session(tmp_path: Path) -> None:
    (only,) = held(bed(tmp_path, numbered(60 * RATE)), spoken((0.5, 2), (3, 4))).stretches
    assert (only.start, only.first) == (round(4.3 * RATE), 0)
    assert only.start + only.frames == 50 * RATE
    (whole,) = held(bed(tmp_path, numbered(60 * RATE)), spoken()).stretches
    assert (whole.start, whole.frames) == (0, 50 * RATE)
