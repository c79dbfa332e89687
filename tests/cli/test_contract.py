"""What docs/export.md promises to other programs: keys, kinds, columns and options."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from cadence_cue.coaching.catalogue import built_in_sessions
from tests.cli.conftest import Keep, Run

DOCS = Path(__file__).resolve().parents[2] / "docs" / "export.md"

EVENT_KINDS = {
    "announcement", "cue", "chant", "say", "talk", "explanation", "countdown", "beat", "count-in",
    "signal", "safety", "reason", "question",
}  # fmt: skip
PHASE_KINDS = {"drill", "run", "walk", "rest", "switch", "talk", "explain", "glide"}
EVENT_KEYS = ["frame", "frames", "kind", "text", "phase", "beat", "side", "accent"]
PHASE_KEYS = ["index", "kind", "title", "start", "entry", "frames", "tempo"]

EVERYTHING = """\
title = "Everything"
explain = "always"

[[phase]]
drill = "perception"
time = "40s"

[[phase]]
rest = ""
time = "20s"

[[phase]]
drill = "toe-taps"
side = "both"
time = "80s"
chant = "pull - heel - up"
countdown = "3 2 1"

[[phase]]
walk = ""
time = "20s"
say = [{ at = "8s", text = "Switch legs" }]

[[phase]]
run = ""
tempo = 160
time = "30s"

[[phase]]
run = ""
tempo = 170
glide = "8 beats"
time = "60s"

[[phase]]
talk = "Open your eyes"
time = "10s"
"""


@pytest.fixture
def data(run: Run, keep: Keep) -> dict[str, Any]:
    keep("sessions", EVERYTHING)
    told = run("timeline", "mine", "--seed", 7, "--json").stdout
    parsed: dict[str, Any] = json.loads(told)
    return parsed


def test_the_timeline_has_exactly_the_promised_keys_and_kinds(data: dict[str, Any]) -> None:
    assert list(data) == ["sample_rate", "frames", "seed", "phases", "events", "dropped"]
    assert {tuple(phase) for phase in data["phases"]} == {tuple(PHASE_KEYS)}
    assert {tuple(event) for event in data["events"]} == {tuple(EVENT_KEYS)}
    assert {phase["kind"] for phase in data["phases"]} == PHASE_KINDS
    assert {event["kind"] for event in data["events"]} == EVENT_KINDS


def test_the_sidecar_is_the_same_timeline(run: Run, data: dict[str, Any]) -> None:
    run("export", "mine", "--seed", 7, "-o", "a.wav", "--mono", "--sidecars")
    assert json.loads(Path("a.timeline.json").read_text(encoding="utf-8")) == data


def test_the_manual_names_every_key_and_kind() -> None:
    text = DOCS.read_text(encoding="utf-8")
    section = text[text.index("## What other programs may rely on") :]
    named = set(re.findall(r"`([^`]+)`", section))
    assert {"sample_rate", "seed", "phases", "events", "dropped"} <= named
    assert named >= {
        "text",
        "reason",
        *EVENT_KEYS,
        *PHASE_KEYS,
        *EVENT_KINDS,
        *PHASE_KINDS,
        "check",
    }


def test_a_session_is_listed_by_its_name_and_length(run: Run) -> None:
    rows = [line.split()[:2] for line in run("list", "sessions").stdout.splitlines()]
    assert sorted(name for name, _ in rows) == sorted(built_in_sessions())
    assert rows[0][0] == "first-perception"  # where a beginner begins
    assert all(re.fullmatch(r"\d+:[0-5]\d", length) for _, length in rows)
    assert ["daily-ten", "10:50"] in rows


@pytest.mark.parametrize(
    ("option", "silenced"),
    [
        ("--no-beat", {"beat", "count-in", "signal"}),
        ("--no-voice", EVENT_KINDS - {"beat", "count-in", "signal"}),
        ("--no-safety-line", {"safety"}),
    ],
)
def test_an_option_silences_its_kinds_and_moves_nothing_else(
    run: Run, data: dict[str, Any], option: str, silenced: set[str]
) -> None:
    quiet = json.loads(run("timeline", "mine", "--seed", 7, "--json", option).stdout)
    kept = {event["kind"] for event in quiet["events"]}
    assert kept == EVENT_KINDS - silenced

    def beats(told: dict[str, Any]) -> list[int]:
        start = told["phases"][0]["start"]
        return [each["frame"] - start for each in told["events"] if each["kind"] == "beat"]

    assert beats(quiet) in ([], beats(data))


def test_the_seed_alone_chooses_the_cues(run: Run, data: dict[str, Any]) -> None:
    same, other = (
        json.loads(run("timeline", "mine", "--seed", seed, "--json").stdout) for seed in (7, 8)
    )
    assert same == data
    assert other["seed"] == 8
    assert other["events"] != data["events"]
