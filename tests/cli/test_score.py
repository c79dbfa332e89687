"""The command `score`, with taps."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cadence_cue.app.log import history
from cadence_cue.app.log.history import Practice
from cadence_cue.app.options import PerformanceOptions
from cadence_cue.app.preparing import prepare
from cadence_cue.app.sessions import session_store
from cadence_cue.app.settings import Settings, user_folder
from cadence_cue.app.tracks import exported
from cadence_cue.app.tracks.performed import as_performed, kept
from cadence_cue.coaching.catalogue import load_library
from cadence_cue.timing.editing import Edit, at_beat
from tests.cli.conftest import Keep, Run
from tests.cli.sessions import LOCKED

Refused = Callable[..., str]

SESSION = """
title = "Scored"
explain = "never"
announce = false

[[phase]]
drill = "perception"
tempo = 40
time = "30s"

[[phase]]
drill = "toe-taps"
side = "alternating"
tempo = 100
time = "40s"

[[phase]]
drill = "cycle-standing"
side = "left"
tempo = 120
time = "30s"

[[phase]]
run = "Easy"
tempo = 180
time = "40s"

[[phase]]
run = "Without"
tempo = 180
beat = "off"
time = "40s"

[[phase]]
run = "Now and then"
tempo = 180
beat = "8 on, 8 off"
time = "60s"
"""
PERCEPTION = '[[phase]]\ndrill = "perception"\ntime = "30s"\n'
KEYS = [
    *("index", "title", "side", "beats", "matched", "missed", "extra", "tempo_error_percent"),
    *("asynchrony_ms", "sd_ms", "consistency", "drift_per_minute", "left_right_ms"),
    *("landing_db", "not_heard", "judged"),
]


@pytest.fixture
def mine(keep: Keep) -> str:
    keep("sessions", SESSION)
    return "mine"


@pytest.fixture
def beats(run: Run, mine: str) -> dict[int, list[dict[str, Any]]]:
    """The clicks of each phase, with their seconds from the track's first sample."""
    told = json.loads(run("timeline", mine, "--json").stdout)
    clicks = [{**each, "at": each["frame"] / told["sample_rate"]} for each in told["events"]
              if each["kind"] == "beat"]  # fmt: skip
    return {phase: list(each) for phase, each in groupby(clicks, lambda click: click["phase"])}


def write(seconds: Iterator[float] | list[float]) -> Path:
    path = Path("taps.txt")
    path.write_text("".join(f"{each:.6f}\n" for each in seconds))
    return path


def scored(run: Run, *arguments: object) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(run("score", *arguments, "--json").stdout)
    return told


def test_every_phase_with_beats_is_scored_as_far_as_it_can_be(
    run: Run, mine: str, beats: dict[int, list[dict[str, Any]]]
) -> None:
    rng = np.random.default_rng(3)
    easy = [each["at"] for each in beats[3]]
    alone = easy[-1] + np.arange(1, 119) / 3 / 1.02  # in the phase without a click
    taps = [each["at"] for phase in (1, 3, 5) for each in beats[phase]]
    taps += [each["at"] for each in beats[2] if each["accent"]]
    steps = np.concatenate([np.array(taps) - 0.03 + rng.normal(0, 0.01, len(taps)), alone])
    told = scored(run, mine, "--taps", write(sorted(steps)))
    assert {key: told[key] for key in told if key != "phases"} == {
        "source": "taps",
        "calibrated": True,
        "clock_ppm": None,
        "latency_ms": None,
        "noise_db": None,
    }
    assert [list(each) for each in told["phases"]] == [KEYS] * 6
    perception, toes, cycle, run_easy, without, gaps = told["phases"]
    assert [each["index"] for each in told["phases"]] == [0, 1, 2, 3, 4, 5]
    assert perception["beats"] == len(beats[0]) - 4
    assert [value for key, value in perception.items() if key in KEYS[4:-1]] == [None] * 11
    assert perception["judged"] == 0
    counts = [
        (toes, len(beats[1]) - 4),
        (cycle, sum(each["accent"] for each in beats[2]) - 4),
        (run_easy, len(beats[3]) - 8),
        (gaps, len(beats[5]) - 8),
    ]
    for phase, count in counts:
        told_counts = [phase[key] for key in ("beats", "matched", "missed", "extra", "judged")]
        assert told_counts == [count, count, 0, 0, count]
        assert phase["tempo_error_percent"] == pytest.approx(0, abs=0.1)
        assert phase["asynchrony_ms"] == pytest.approx(-30, abs=5)
        assert phase["sd_ms"] == pytest.approx(10, abs=5)
    assert toes["side"] == "alternating"
    assert toes["left_right_ms"] == pytest.approx(0, abs=6)
    assert cycle["side"] == "left"
    assert cycle["consistency"] is None  # 26 steps
    assert run_easy["consistency"] > 0.95
    assert without["tempo_error_percent"] == pytest.approx(2, abs=0.1)
    known = {key for key, value in without.items() if value is not None}
    assert known == {"index", "title", "side", "beats", "tempo_error_percent", "drift_per_minute",
                     "judged"}  # fmt: skip
    assert re.search(r"; Without \+(1\.9|2\.[01]) % without a click;?", run("log").stdout)


def test_a_person_reads_words_that_never_scold(
    run: Run, mine: str, beats: dict[int, list[dict[str, Any]]]
) -> None:
    late = [each["at"] + 0.045 for each in beats[1]]
    early = [each["at"] - 0.09 for each in beats[3]][:-8]
    told = run("score", mine, "--taps", write([*late, *early])).stdout
    lines = {line.split("  ")[2]: line for line in told.splitlines() if line.startswith("  ")}
    assert "nothing to listen for" in lines["Perception"]
    assert "+45 ms to the beat (late)" in lines["Toe taps, alternating"]
    assert "−90 ms to the beat (early)" in lines["Easy"]
    assert "104 of 112" in lines["Easy"]
    assert lines["Easy"].startswith("  4  ")  # as `timeline` and `play` number it
    assert "your own rhythm: too short to judge" in lines["Without"]
    assert "Toe Taps  locked over" in told


def test_a_rhythm_of_one_s_own_is_not_called_steady(
    run: Run, mine: str, beats: dict[int, list[dict[str, Any]]]
) -> None:
    at = [each["at"] for each in beats[3]]
    quicker = [at[0] + 0.85 * (each - at[0]) for each in at]
    result = run("score", mine, "--taps", write(quicker))
    assert "a rhythm of your own (+17.6 %)" in result.stdout
    assert "locked" not in result.stdout
    assert "steady" not in result.stdout
    assert "Fewer than half of the beats met a step" in result.stdout
    (undo,) = re.findall(r"Saved in your log\. To delete it: cadence-cue (.*)\n", result.stderr)
    assert re.search(r"Easy \d+ of 112, own rhythm\n", run("log").stdout)
    run(*shlex.split(undo), "--yes")
    assert "Nothing yet" in run("log").stdout


def test_the_log_counts_only_the_sets_that_followed_the_beat(run: Run, keep: Keep) -> None:
    drill = '[[phase]]\ndrill = "toe-taps"\nside = "left"\ntempo = 100\ntime = "40s"\n'
    keep(
        "sessions", f'title = "Mine"\nexplain = "never"\nannounce = false\n{PERCEPTION}{2 * drill}'
    )
    told = json.loads(run("timeline", "mine", "--json").stdout)
    clicks = [each["frame"] / told["sample_rate"] for each in told["events"]
              if each["kind"] == "beat" and each["phase"]]  # fmt: skip
    first, second = clicks[: len(clicks) // 2], clicks[len(clicks) // 2 :]
    slower = [second[0] + 1.25 * k for k in range(30)]  # a fifth and more below the beat
    assert "Toe Taps  locked over" in run("score", "mine", "--taps", write(first + slower)).stdout
    assert re.search(
        r"Toe Taps (\d+) of \1, locked, 1 more set at another tempo\n", run("log").stdout
    )
    run("score", "mine", "--taps", write([at + 0.04 * (at - first[0]) for at in first]))
    assert re.search(r"\d of \d+, off the tempo$", run("log").stdout.splitlines()[-1])


def test_who_steps_on_every_second_beat_is_told_so(
    run: Run, mine: str, beats: dict[int, list[dict[str, Any]]]
) -> None:
    told = run("score", mine, "--taps", write([each["at"] for each in beats[3]][::2])).stdout
    assert "56 of 112, on every second beat; on tempo (+0.0 %)" in told


def test_who_tapped_nothing_that_fits_is_asked_about_the_clock(run: Run, mine: str) -> None:
    told = run("score", mine, "--taps", write([0.5])).stdout
    assert "seconds from the track's first sample?" in told
    assert "Nothing yet" in run("log").stdout


def test_the_options_are_those_of_the_export(
    run: Run, mine: str, beats: dict[int, list[dict[str, Any]]]
) -> None:
    later = json.loads(run("timeline", mine, "--json", "--from", "4").stdout)
    at = [each["frame"] / later["sample_rate"] for each in later["events"]
          if each["kind"] == "beat" and each["phase"] == 3]  # fmt: skip
    told = scored(run, mine, "--from", "4", "--taps", write(at))
    assert [each["index"] for each in told["phases"]] == [3, 4, 5]
    assert told["phases"][0]["matched"] == len(beats[3]) - 8
    assert told["phases"][0]["asynchrony_ms"] == pytest.approx(0, abs=0.1)


def test_a_track_without_locked_drills_is_scored_without_them(
    run: Run, keep: Keep, refused: Refused
) -> None:
    keep("sessions", LOCKED)
    given = ("mine", "--no-voice", "--taps", write([1.0]))
    whole = [each["title"] for each in scored(run, *given)["phases"]]
    assert whole[2:] == ["Cycle drill running, alternating"]
    told = scored(run, *given, "--without-locked")["phases"]
    assert [each["title"] for each in told] == whole[:2]
    assert "leave out --without-locked" in refused("score", "--performed", "--without-locked",
                                                   "--taps", "taps.txt")  # fmt: skip


def test_a_score_is_kept_once_and_told_by_the_log(
    run: Run, mine: str, beats: dict[int, list[dict[str, Any]]]
) -> None:
    taps = write([each["at"] for each in beats[1]])
    for _ in range(2):
        run("score", mine, "--taps", taps)
    _, line = run("log").stdout.splitlines()
    assert line.endswith("  scored          Scored  Toe Taps 63 of 63, locked")


def test_the_score_file_has_every_tap(
    run: Run, mine: str, refused: Refused, beats: dict[int, list[dict[str, Any]]]
) -> None:
    at = [each["at"] for each in beats[1]]
    arguments = ("score", mine, "--taps", write([0.5, *at]), "--score-file", "x.json")
    run(*arguments)
    data = json.loads(Path("x.json").read_text())
    assert data["steps"][0] == {"at": 0.5, "phase": None, "beat": None, "side": ""}
    assert data["steps"][5] == {
        "at": pytest.approx(at[4], abs=1e-5),
        "phase": 1,
        "beat": 4,
        "side": "",
    }
    assert len(data["steps"]) == len(at) + 1
    assert "exists already; add --force" in refused(*arguments)
    run(*arguments, "--force")


JUNK = [
    ("1.5\n\n# no\n2,5\n", '(line 4): "2,5" has a comma; write 2.5'),
    ("1.5\r\n2.5\r\n3.5s\r\n", '(line 3): "3.5s" is not a number of seconds'),
    ("1 2\n", '(line 1): "1 2" is not'),
    ("nan\n", '(line 1): "nan" is not'),
    ("1e999\n", '(line 1): "1e999" is not'),
    ("1764472824.3\n", "(line 1): "),
    ("\x1b[2J\n", "(line 1): "),
]


@pytest.mark.parametrize(("text", "told"), JUNK)
def test_a_line_that_is_no_tap_is_named(mine: str, refused: Refused, text: str, told: str) -> None:
    Path("taps.txt").write_bytes(text.encode())
    error = refused("score", mine, "--taps", "taps.txt")
    assert error.startswith("taps.txt ")
    assert told in error
    assert error.isprintable()


def test_comments_and_line_ends_of_any_kind_are_read(
    run: Run, mine: str, beats: dict[int, list[dict[str, Any]]]
) -> None:
    lines = [f"{each['at']}  # tap" for each in beats[1]]
    Path("taps.txt").write_bytes(b"\xef\xbb\xbf# mine\r\n\r\n" + "\r\n".join(lines).encode())
    assert scored(run, mine, "--taps", "taps.txt")["phases"][1]["matched"] == len(beats[1]) - 4


def test_a_missing_empty_or_binary_file_is_named(mine: str, refused: Refused) -> None:
    empty = "taps.txt: holds no taps; write one tap a line, such as 12.345"
    assert refused("score", mine, "--taps", write([])) == empty
    Path("taps.txt").write_bytes(b"\xff\xfe1")
    assert "taps.txt: is not text in UTF-8" in refused("score", mine, "--taps", "taps.txt")
    assert "none.txt: No such file" in refused("score", mine, "--taps", "none.txt")
    assert "--taps" in refused("score", mine)


def test_what_was_performed_is_scored_with_its_tempo_changes(
    run: Run, mine: str, refused: Refused
) -> None:
    library = load_library()
    session = session_store.find(mine, library)
    live = prepare(session, library, Settings(), PerformanceOptions(speaks=False), live=True)
    faster = live.performance.tempi.nudged(live.performance.parts[3], Fraction(9))
    plan = live.performance.plan
    at = at_beat(plan.layout, plan.clock, plan.timeline.marks[3].start)
    performed = as_performed(live, live.performance.edited(Edit(at, faster)))
    history.append(
        Practice(
            "2026-11-23T07:00:00+01:00", mine, "Scored", 1.0, 165.0, performed=kept(performed)
        ),
        user_folder(),
    )
    run("export", "--performed", "-o", "x.wav", "--sidecars")
    told = json.loads(Path("x.timeline.json").read_text())
    taps = [
        each["frame"] / told["sample_rate"]
        for each in told["events"]
        if each["kind"] == "beat" and each["phase"] == 3
    ]
    assert len(taps) == 40 * 189 // 60
    easy = scored(run, "--performed", "--taps", write(taps))["phases"][3]
    assert easy["matched"] == easy["beats"] == len(taps) - 8
    assert easy["asynchrony_ms"] == pytest.approx(0, abs=1)
    assert "--performed for what you played last" in refused("score", "--taps", "taps.txt")


@pytest.mark.parametrize(
    "command",
    [
        ("drill", "toe-taps", "--sets", "2", "--time", "20s", "--own-rhythm"),
        ("beat", "172", "--time", "60s", "--accent", "3", "--cues", "relaxed"),
        ("export", "mine", "--from", "2", "--cadence", "160", "--no-safety-line", "--no-voice"),
    ],
)
def test_a_track_is_scored_by_its_name_as_it_was_made(
    run: Run, mine: str, refused: Refused, command: tuple[str, ...]
) -> None:
    run(*command, "--seed", "5", "--explain", "-o", "x.wav", "--sidecars")
    told = json.loads(Path("x.timeline.json").read_text())
    taps = write(
        [each["frame"] / told["sample_rate"] for each in told["events"] if each["kind"] == "beat"]
    )
    run("cadence", "175")
    Path("x.wav").unlink()
    phases = [each for each in scored(run, "x.wav", "--taps", taps)["phases"] if each["judged"]]
    assert phases
    for phase in phases:
        assert phase["matched"] == phase["beats"]
        assert phase["asynchrony_ms"] == pytest.approx(0, abs=0.1)
        assert phase["sd_ms"] in (None, pytest.approx(0, abs=0.1))
    for more in (("--seed", "5"), ("--performed",)):
        assert "how x.wav was made is known" in refused("score", "x.wav", "--taps", taps, *more)


def test_a_track_that_is_not_known_is_named(mine: str, refused: Refused) -> None:
    taps = write([1.0])
    error = refused("score", "y.mp3", "--taps", taps)
    assert error.startswith("y.mp3 is not in the list of your tracks (see: cadence-cue exports)")
    exported.keep([(Path("y.mp3"), "Old", {})])
    assert "was not kept by the version that wrote it" in refused("score", "y.mp3", "--taps", taps)
