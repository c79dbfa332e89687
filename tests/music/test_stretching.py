"""A stretched span has all that was in the piece, as loud and as sharp, and nothing beside it."""

from __future__ import annotations

import errno
import os
import re
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import numpy as np
import numpy.typing as npt
import pytest
import soundfile as sf

from cadence_cue.errors import UserError
from cadence_cue.music.joining import CEILING, levelled
from cadence_cue.music.matching import BAR, Span
from cadence_cue.music.measuring import measure
from cadence_cue.music.preparing_spans import SpanJob
from cadence_cue.sound.spans import Spans
from tests.music import band

RATE = 24000
BEATS = band.wandering(172, 26)
Floats = npt.NDArray[np.float32]


def job(folder: Path, speed: float, *, fades_in: bool = False) -> SpanJob:
    """A piece on an even grid that is so much quicker."""
    frames = np.rint(50_000 + np.arange(len(BEATS)) * RATE * 60 / (172 * speed)).astype(int)
    span = Span(0, tuple(BEATS.tolist()), tuple(frames.tolist()), fades_in=fades_in)
    piece = folder / "piece.wav"
    if not piece.exists():
        sf.write(piece, band.played(BEATS), band.RATE)
    return SpanJob(piece, "content", span, RATE, folder)


def made(of: SpanJob) -> Floats:
    of.write(lambda _: None)
    frames = whole(of)
    return np.asarray(frames / np.float32(32768), np.float32)


def whole(of: SpanJob) -> npt.NDArray[np.int16]:
    """What is kept of a piece, all files together."""
    parts = [np.fromfile(bed.path, np.int16) for bed in of.beds()]
    return np.concatenate(parts).reshape(-1, 2)


def loudness(of: SpanJob) -> float:
    """The LUFS of the piece where its music is not stretched, which its peaks turn down."""
    sound, rate = sf.read(of.file, dtype="float32")
    ears = sound[round(BEATS[0] * rate) : round(BEATS[-1] * rate), np.newaxis].repeat(2, axis=1)
    return measure(levelled(iter([ears]), measure([ears], rate)), rate).lufs


def transients(sound: Floats, rate: int) -> int:
    """How often what is high rises at once."""
    high = np.diff(sound, n=2)
    cell = rate // 200
    energy = (high[: len(high) // cell * cell].reshape(-1, cell) ** 2).sum(axis=1)
    peaks = energy > 6 * np.maximum(np.roll(energy, 2), np.quantile(energy, 0.5))
    return int((peaks & ~np.roll(peaks, 1) & ~np.roll(peaks, 2)).sum())


@pytest.mark.parametrize("speed", [0.93, 1.07])
def test_strokes_and_level_stay(tmp_path: Path, speed: float) -> None:
    of = job(tmp_path, speed)
    sound = made(of)
    assert len(sound) == pytest.approx(of.span.frames[-1] - of.begins, abs=RATE // 10)
    before, rate = sf.read(of.file, dtype="float32")
    inside = before[round(BEATS[0] * rate) : round(BEATS[-1] * rate)]
    strokes = transients(inside, rate)
    assert strokes > 130
    assert transients(sound[:, 0], RATE) == pytest.approx(strokes, rel=0.02)
    body = measure([sound[: -of.span.frames[BAR] + of.span.frames[0]]], RATE)
    assert body.lufs == pytest.approx(loudness(of), abs=0.5)
    assert 20 * np.log10(np.abs(sound).max()) <= CEILING + 0.01


def test_a_disk_that_fills_meanwhile_is_named(tmp_path: Path) -> None:
    of = job(tmp_path, 1.0)
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    told = re.escape(f"{tmp_path}: nothing can be saved there: {full.strerror}")
    part = patch("cadence_cue.storage.part_in", side_effect=full)
    with part, patch("os.nice"), pytest.raises(UserError, match=told):
        of.write(lambda _: None)
    assert not list(tmp_path.glob("*.pcm"))


def test_a_crossfade_adds_up_and_ends_are_silent(tmp_path: Path) -> None:
    alone, joins = job(tmp_path, 1.0), job(tmp_path, 1.0, fades_in=True)
    assert alone.beds() != joins.beds()
    first, second = made(alone), made(joins)
    bar = alone.span.frames[BAR] - alone.span.frames[0]
    lead = alone.span.frames[0] - alone.begins
    whole = first[lead : lead + bar, 0]
    risen = second[lead : lead + bar, 0] / np.where(np.abs(whole) > 0.01, whole, np.nan)
    share = np.linspace(0, 1, bar)
    assert np.nanmax(np.abs(risen - share)) < 0.02
    assert np.abs(first[-RATE // 100 :]).max() < 0.01
    assert np.abs(second[: lead - 1]).max() == 0


def test_at_its_own_tempo_a_piece_is_lower_and_unchanged(tmp_path: Path) -> None:
    free = Span(0, (3.0, 23.0), (0, 20 * RATE), matched=False)
    of = replace(job(tmp_path, 1.0), span=free)
    sound = made(of)
    assert len(sound) == 20 * RATE
    assert measure([sound[RATE:-RATE]], RATE).lufs == pytest.approx(loudness(of) - 12, abs=0.5)


def test_spans_are_read_alike_in_any_blocks(tmp_path: Path) -> None:
    one = job(tmp_path, 1.0)
    later = replace(one, span=replace(one.span, frames=tuple(f + 300_000 for f in one.span.frames)))
    assert [bed.path for bed in later.beds()] == [bed.path for bed in one.beds()]
    made(one)
    spans = Spans((*one.beds(), *later.beds()), -3.0)
    at_once, parts = np.zeros((700_000, 2), np.int16), np.zeros((700_000, 2), np.int16)
    spans.opened().read(0, at_once)
    file = spans.opened()
    for at in range(0, 700_000, 12_345):
        file.read(at, parts[at : at + 12_345])
    file.close()
    assert (at_once == parts).all()
    both = at_once[one.begins + 300_000 : one.begins + 700_000 - 300_000]
    kept = whole(one)
    overlap = kept[300_000:]
    expected = kept[: len(both)].astype(int)
    expected[: len(overlap)] += overlap[: len(both)]
    assert (both == expected).all()


def test_a_piece_that_has_gone_is_told(tmp_path: Path) -> None:
    gone = replace(job(tmp_path, 1.0), file=tmp_path / "gone.mp3")
    with pytest.raises(UserError, match=r"gone\.mp3"):
        gone.write(lambda _: None)
    assert not list(tmp_path.glob("*.p*"))
