"""export --performed: what was played at a terminal is written as the runner changed it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from pathlib import Path
from typing import Any

import pytest

from cadence_cue.app.log import history
from cadence_cue.app.log.history import Practice
from cadence_cue.app.settings import user_folder
from tests.cli.conftest import Keep, Run
from tests.cli.process import terminal
from tests.listening import SOFTEST
from tests.live.rig import wait_for
from tests.recording import Recording

Refused = Callable[..., str]
FIRST, SECONDS = 15, 40
RUN = f"""\
title = "A run"
get_ready = "0s"
announce = false

[[phase]]
run = "One"
time = "{FIRST}s"
tempo = "own"
count_in = false
cues = []

[[phase]]
run = "Two"
time = "{SECONDS - FIRST}s"
tempo = "own"
cues = []
"""
EARLIER = Practice("2026-11-23T07:00:00+01:00", "mine", "A run", 0.5, 170.5)
RATE = 44100


def play(changes: dict[str, str], *arguments: object) -> None:
    """Play at a terminal, with keys and what each has to be answered, and end it."""
    with terminal("play", *arguments, "--no-voice", "--backend", "silent") as screen:
        screen.wait_for("  0:00")
        told = ""
        for keys, answer in changes.items():
            screen.press(keys)
            told += screen.wait_for(answer)
        if " 2  Two" not in told:
            screen.wait_for(" 2  Two")  # enough was heard to be logged
        screen.press("qy")
        screen.wait_for("How did it feel?")
        wait_for(lambda: screen.mode != screen.before, "the key")
        screen.press("x")
        screen.wait_for("[y/N]")
        screen.press("\r")
        screen.wait_for("ended: 0\n")


def beats(cadence: Fraction, edits: list[dict[str, Any]]) -> Iterator[Fraction]:
    """The instants of the beats of a run whose tempo was changed so, worked out by hand."""
    at, position, when = Fraction(0), Fraction(0), Fraction(0)
    laws = [(at, position, cadence / 60)]  # from when, from which beat, beats a second
    for edit in edits:
        when += Fraction(edit["after"])
        _, _, speed = laws[-1]
        position += speed * (max(when, Fraction(0)) - at)
        at = max(when, Fraction(0))
        speed = Fraction(edit.get("cadence", speed * 60)) / 60
        position -= Fraction(edit.get("shift", 0)) * speed
        laws.append((at, position, speed))
    ends = [each for each, _, _ in laws[1:]] + [Fraction(SECONDS)]
    for (start, first, speed), end in zip(laws, ends, strict=True):
        beat = ceil(first)
        while start + (beat - first) / speed < end:
            yield start + (beat - first) / speed
            beat += 1


CHANGES = {
    "\x1b[A": "171 a minute",
    "\x1b[A\x1b[A": "173 a minute",
    "..": "the beat 10 ms later",
    "166.5\r": "166.5 a minute",
    ",": "the beat 5 ms earlier",
}


def test_the_clicks_of_a_track_are_where_the_runner_had_them(run: Run, keep: Keep) -> None:
    keep("sessions", RUN)
    play(CHANGES, "mine", "--cadence", 170)
    (practice,) = history.load(user_folder())
    assert practice.performed is not None
    edits = practice.performed["edits"]
    assert len(edits) <= len(CHANGES)  # those that reach the same beat are one
    (*_, last) = (edit["cadence"] for edit in edits if "cadence" in edit)
    assert Fraction(last) == Fraction("166.5")
    options = ("--performed", "--no-voice", "--bits", 32, "--rate", RATE)
    told = run("export", *options, "--sidecars", "-o", "x.wav").stdout
    assert "own cadence 170, seed " in told
    assert told.endswith(f", {len(edits)} changes by hand\n")
    run("export", *options, "-o", "noise.wav", "--no-beat")
    alone = Recording(Path("x.wav"), minus=Path("noise.wav"))
    onsets = [int(first) for first, _ in alone.bursts(SOFTEST)]
    wanted = [floor(at * RATE + Fraction(1, 2)) for at in beats(Fraction(170), edits)]
    zero = json.loads(Path("x.timeline.json").read_text())["phases"][0]["start"]
    heard = [each - zero for each in onsets if 0 <= each - zero < SECONDS * RATE]
    assert heard == wanted


def test_a_plain_beat_that_was_changed_is_written_with_all_that_belongs_to_it(run: Run) -> None:
    with terminal("beat", "own", "--time", "20s", "--backend", "silent") as screen:
        screen.wait_for("  0:00")
        screen.press("180\r")
        screen.wait_for("180 a minute")
        screen.wait_for("How did it feel?")
        wait_for(lambda: screen.mode != screen.before, "the key")
        screen.press("4")
        screen.wait_for("[y/N]")
        screen.press("\r")
        screen.wait_for("ended: 0\n")
    run("export", "--performed", "beat", "--format", "flac", "--sidecars", "--card", "--no-voice")
    (track,) = Path().glob("*.flac")
    assert track.name == "Beat own - own 165 - performed.flac"
    timeline = json.loads(track.with_suffix(".timeline.json").read_text())
    frames = [each["frame"] for each in timeline["events"] if each["kind"] == "beat"]
    last = [after - before for before, after in pairwise(frames)][-8:]
    assert set(last) == {48000 * 60 // 180}
    assert track.with_suffix(".html").exists()


def test_what_cannot_be_performed_again_is_told_with_a_way_out(
    keep: Keep, refused: Refused
) -> None:
    assert refused("export", "--performed") == (
        "your log is empty; play a session first: cadence-cue play SESSION"
    )
    keep("sessions", RUN)
    history.append(EARLIER, user_folder())
    history.append(replace(EARLIER, session="relax-run", title="Relax"), user_folder())
    assert refused("export", "--performed") == (
        "what you performed on 2026-11-23 07:00 (Relax) was not kept: you ran it to a "
        "track, or an earlier version played it; export it as it is, or play it again"
    )
    assert "(A run) was not kept" in refused("export", "--performed", "mine")
    assert refused("export", "--performed", "relaxrun") == (
        'your log has no session "relaxrun"; did you mean "relax-run"?'
    )
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--performed", "mine", "relax-run"), "--performed writes one session"),
        (("--performed", "--cadence", 170), "are as they were with --performed; leave them out"),
        (("--performed", "--cadence", "170,171"), "are as they were with --performed"),
        (("--performed", "--seed", 1), "are as they were with --performed"),
        (("--performed", "--no-explain"), "are as they were with --performed"),
        (("--performed", "--voice", "am_michael"), "are as they were with --performed"),
        (("--performed", "--fixed"), "are as they were with --performed"),
        (("--performed", "--runners", "team.csv"), "give it without --performed"),
        ((), "name a session (see: cadence-cue list), or --performed for what you played last"),
    ],
)
def test_what_does_not_go_together_is_told(
    refused: Refused, options: tuple[object, ...], told: str
) -> None:
    assert told in refused("export", *options)
