"""What is typed for a value of a session file, and what that means."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from cadence_cue.app.sessions.session_fields import (
    HINTS,
    LISTS,
    SESSION,
    brief,
    lines,
    listed,
    more_keys,
    typed,
    valued,
)
from cadence_cue.coaching.catalogue import built_in_sessions
from cadence_cue.coaching.phases import KINDS, PHASE_KEYS
from cadence_cue.coaching.session_file import SESSION_KEYS
from cadence_cue.errors import UserError


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("time", " 45s ", "45s"),
        ("time", "45", "45"),  # a mistake that `check` words
        ("tempo", "172", 172),
        ("tempo", "172.5", 172.5),
        ("tempo", "own -> +5%", "own -> +5%"),
        ("tempo", "", None),
        ("run", "", ""),
        ("run", "172", "172"),
        ("run", "true", "true"),
        ("talk", "{ text = 'A', spoken = 'ay' }", {"text": "A", "spoken": "ay"}),
        ("cues", "lean, arms", ["lean", "arms"]),
        ("cues", "none", []),
        ("accent", "4", 4),
        ("accent", "none", "none"),
        ("glide", "false", False),
        ("countdown", "10", "10"),
        ("count_in", "8", 8),
        ("count_in_voice", "true", True),
        ("announce", "next, tempo", ["next", "tempo"]),
        ("announce", "On, and tall", "On, and tall"),
        ("announce", "false", False),
        ("seed", "20261122", 20261122),
        ("note", "{ no table", "{ no table"),
    ],
)
def test_a_typed_value_is_what_a_person_would_write(key: str, text: str, value: object) -> None:
    found = valued(key, text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("path", built_in_sessions().values(), ids=lambda path: path.stem)
def test_every_value_of_the_built_in_sessions_can_be_typed(path: Path) -> None:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    phases = [part for phase in data.pop("phase") for part in (phase, *phase.pop("part", []))]
    for key, value in (pair for table in (data, *phases) for pair in table.items()):
        if key in LISTS:
            assert listed(key, lines(value), None) == value
        else:
            assert valued(key, typed(value)) == value


def test_texts_are_read_with_strokes_between_them() -> None:
    assert brief("words", ["Tall, and loose", "Quick"]) == "Tall, and loose / Quick"
    assert (
        brief("say", [{"at": "5s", "text": "Up"}, {"at": "-1s", "text": "On"}]) == "5s Up / -1s On"
    )
    assert brief("cues", ["lean", "arms"]) == "lean, arms"
    assert brief("words", None) == ""


def test_lines_that_stay_are_the_items_that_they_were() -> None:
    before = [{"at": "5s", "text": "Up", "sound": "up.wav"}, {"at": "-1s", "text": "Down"}]
    written = lines(before)
    assert written == ['{ at = "5s", text = "Up", sound = "up.wav" }', "-1s Down"]
    after = listed("say", [*written, "", " 9s  Over there "], before)
    assert after == [*before, {"at": "9s", "text": "Over there"}]
    assert listed("words", ["", " "], ["Up"]) is None


def test_characters_that_a_terminal_would_obey_are_shown_and_stay() -> None:
    assert typed("a\x1b[2J") == "a\\u001b[2J"
    assert listed("words", lines(["a\x1b[2J"]), ["a\x1b[2J"]) == ["a\x1b[2J"]


def test_half_a_table_is_refused_before_it_is_taken() -> None:
    for half in ('{ text = "A"', "{"):
        with pytest.raises(UserError, match="must be a text, or a table"):
            valued("talk", half)
        with pytest.raises(UserError, match="must be a text, or a table"):
            listed("words", [half], None)


def test_every_key_has_a_hint_and_a_place_on_the_screen() -> None:
    columns = {"time", "tempo", "cues", "words"}
    assert {*more_keys("drill"), *columns, *KINDS} == {*PHASE_KEYS}
    assert {*more_keys(SESSION), "title", "phase", "music"} == {*SESSION_KEYS}
    assert {*more_keys("drill")} - {*more_keys("run")} == {"variant", "side", "chant"}
    assert {*PHASE_KEYS, *SESSION_KEYS, "repeat"} - {"phase"} == {*HINTS}


def test_what_does_not_belong_to_a_phase_can_be_reached_to_be_removed() -> None:
    assert more_keys("run", {"run": "", "time": "5s", "side": "left", "tempoo": 1})[-2:] == [
        "side",
        "tempoo",
    ]
    assert more_keys("repeat", {"repeat": 2, "time": "5s"}) == ["time"]
    assert more_keys(SESSION, {"title": "x", "phase": [], "tempo": 1, "music": {}})[-2:] == [
        "tempo",
        "music",
    ]
