"""Session files as text in rows: what a change changes, and that all else stays, byte by byte."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from copy import deepcopy
from difflib import ndiff
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence_cue.coaching import session_text
from cadence_cue.coaching.catalogue import built_in_sessions
from cadence_cue.coaching.session_text import HEAD, SessionText
from cadence_cue.errors import UserError

WRITTEN = '''\
# Hills, as on Tuesdays.
title   = "Hills"   # "#1"
place   = [
    "road",  # or
    # the path
    "track",
]
summary = """
[[phase]]
# no comment"""

# ------- Warming up -------

# Easy does it.
[[phase]]
run    = 'Easy'          # slow
time   = "3min"  # or four
tempo  = "own"
words  = [ "Tall", { text = "A-skips", spoken = "ay skips" }, ] # two
# The end of the first.

[["phase"]]
"rest" = ""
time = '15s'
say = [
    { at = "5s", text = "Shake [[phase]] out" },
]

# Six times up.
[[ phase ]] # the hill
repeat = 6
# Up.
[[phase.part]]
  run = "Up"
  time = "30s"
  tempo = 180.50
  [[phase.part.say]]
  at = "10s"
  text = "Lean"

[[phase.part]]
walk = "Down"
time = "1m30s"
[[phase]]
talk = "Done"
time = "10s"

# Under all of it:
[music]
file = "Music"
'''
TEXTS = {
    "commented": WRITTEN,
    "crlf": WRITTEN.replace("\n", "\r\n"),
    "without an end": WRITTEN[: WRITTEN.index("\n\n# Under")],
    "track-day": built_in_sessions()["track-day"].read_text(encoding="utf-8"),
    "one phase": 'title = "One"\n[[phase]]\nrest = ""\ntime = "5s"',
    "no phase": 'title = "None"',
}


def read(text: str) -> SessionText:
    return session_text.read(text, "x.toml")


def changed(before: object, after: object) -> list[str]:
    """The lines that a change took away and brought, with their ends."""
    steps = ndiff(str(before).splitlines(keepends=True), str(after).splitlines(keepends=True))
    return [line for line in steps if line[0] in "-+"]


@pytest.mark.parametrize("name", TEXTS)
def test_rows_joined_are_the_text(name: str) -> None:
    text = read(TEXTS[name])
    assert str(text) == TEXTS[name]
    phases = tomllib.loads(TEXTS[name]).get("phase", [])
    flat = [item for phase in phases for item in (phase, *phase.get("part", []))]
    assert [row.values.get("time") for row in text.rows] == [item.get("time") for item in flat]


def test_a_comment_belongs_to_what_is_below_it_or_directly_above() -> None:
    rows = read(WRITTEN).rows
    assert rows[0].text.startswith("# ------- Warming up -------\n\n# Easy does it.\n[[phase]]\n")
    assert rows[0].text.endswith("# The end of the first.\n\n")
    assert rows[2].text == "# Six times up.\n[[ phase ]] # the hill\nrepeat = 6\n"
    assert rows[3].text.startswith("# Up.\n")
    assert read(WRITTEN).tail.startswith("# Under all of it:\n[music]\n")


@pytest.mark.parametrize(
    ("at", "key", "value", "lines"),
    [
        (0, "time", "4min", ['- time   = "3min"  # or four\n', '+ time   = "4min"  # or four\n']),
        (0, "cues", ["lean"], ['+ cues   = ["lean"]\n']),
        (0, "beat", "off", ['+ beat   = "off"\n']),
        (0, "run", "Slow", ["- run    = 'Easy'          # slow\n",
                            '+ run    = "Slow"          # slow\n']),
        (1, "rest", "Wait", ['- "rest" = ""\n', '+ "rest" = "Wait"\n']),
        (1, "tempo", 172, ["+ tempo = 172\n"]),
        (1, "say", None, ["- say = [\n", '-     { at = "5s", text = "Shake [[phase]] out" },\n',
                          "- ]\n"]),
        (2, "repeat", 8, ["- repeat = 6\n", "+ repeat = 8\n"]),
        (3, "tempo", "own", ["-   tempo = 180.50\n", '+   tempo = "own"\n']),
        (3, "cues", [], ["+   cues = []\n"]),
        (5, "note", 'A "b" \\ c', ['+ note = "A \\"b\\" \\\\ c"\n']),
        (HEAD, "title", "Hill", ['- title   = "Hills"   # "#1"\n',
                                 '+ title   = "Hill"   # "#1"\n']),
        (HEAD, "level", "race", ['+ level   = "race"\n']),
        (HEAD, "place", ["road", "home"], ['-     "track",\n', '+     "home",\n']),
    ],
)  # fmt: skip
def test_a_value_changes_its_own_lines_only(
    at: int, key: str, value: object, lines: list[str]
) -> None:
    text = read(WRITTEN)
    assert changed(text, text.valued(at, key, value)) == lines
    windows = read(TEXTS["crlf"])
    ends = [line.replace("\n", "\r\n") for line in lines]
    assert changed(windows, windows.valued(at, key, value)) == ends


def test_items_that_stay_in_a_list_are_left_as_they_are() -> None:
    text = read(WRITTEN)
    words = [*text.rows[0].values["words"], "Quick"]  # type: ignore[misc]
    longer = text.valued(0, "words", words)
    assert '"Tall", { text = "A-skips", spoken = "ay skips" }' in str(longer)
    assert "# two\n" in str(longer)
    assert longer.rows[0].values["words"] == words


def test_a_list_that_ends_with_a_comment_keeps_at_least_its_values() -> None:
    text = read('[[phase]]\nrest = ""\ntime = "5s"\nwords = [ # some\n "A", "B"\n # no more\n ]\n')
    words = ["C", "B", "D", "E"]
    assert text.valued(0, "words", words).rows[0].values["words"] == words
    assert "# no more" in str(text.valued(0, "words", ["A", "C"]))


def test_a_new_key_stands_where_the_manual_has_it() -> None:
    text = read('[[phase]]\nrun = ""\ntime = "5s" # short\nnote = "x"\nodd = 1\n')
    assert str(text.valued(0, "tempo", 170)) == str(text).replace("note", "tempo = 170\nnote")
    assert str(text.valued(0, "title", "T")) == str(text).replace("note", 'title = "T"\nnote')
    assert str(read("[[phase]]\n").valued(0, "time", "5s")) == '[[phase]]\ntime = "5s"\n'


def test_a_list_too_long_for_a_line_is_written_in_several() -> None:
    words = [f"Count the steps from lamp {k} to lamp {k + 1}" for k in range(3)]
    text = read(WRITTEN).valued(4, "words", words)
    assert f'words = [\n    "{words[0]}",\n    "{words[1]}",\n' in str(text)
    assert text.rows[4].values["words"] == words


def test_a_new_kind_keeps_its_line_and_drops_what_cannot_belong_to_it() -> None:
    text = read('[[phase]]\ndrill = "toe-taps"  # taps\nside = "both"\ntime = "56s"\naccent = 4\n')
    new = text.of_kind(0, "rest", "Wait")
    assert str(new) == '[[phase]]\nrest  = "Wait"  # taps\ntime = "56s"\n'
    text = read('[[phase]]\nrun   = "Up"\ntime  = "1min"\ntempo = 170\nstride = "left"\n')
    assert str(text.of_kind(0, "walk", "Up")) == str(text).replace("run   =", "walk  =")


@pytest.mark.parametrize(
    "text",
    [
        'title = "x"\nphase = [{ rest = "", time = "5s" }]\n',
        '[[phase]]\nrest = ""\ntime = "5s"\n[music]\nfile = "x"\n[[phase]]\nrest = ""\n',
        '[[phase]]\nrepeat = 2\npart = [{ rest = "", time = "5s" }]\n[[phase.part]]\n',
        "title = \n",
    ],
)
def test_what_is_written_in_another_way_is_refused(text: str) -> None:
    with pytest.raises(UserError, match=r"x\.toml"):
        read(text)


def test_a_key_written_in_another_way_is_refused() -> None:
    with pytest.raises(UserError, match="change it there"):
        read('[[phase]]\n"ti\\u006de" = "5s"\n').valued(0, "time", "6s")
    with pytest.raises(UserError, match="change it there"):
        read(WRITTEN).valued(3, "say", [])
    with pytest.raises(UserError, match="change it there"):
        read(WRITTEN).valued(HEAD, "music", None)


def test_a_copy_leaves_the_comment_above_and_a_new_phase_is_spaced_like_the_others() -> None:
    text = read('title = "x"\n\n# Why.\n[[phase]]\nrest = ""\ntime = "5s"')
    two, at = text.doubled(0)
    assert at == 1
    assert str(two) == f'{text}\n\n[[phase]]\nrest = ""\ntime = "5s"'
    three, at = two.added(0, [{"walk": "", "time": "60s"}])
    assert at == 1
    assert [row.kind for row in three.rows] == ["rest", "walk", "rest"]
    start, end = str(two).split("\n\n[[phase]]\n")
    assert str(three) == f'{start}\n\n[[phase]]\nwalk = ""\ntime = "60s"\n\n[[phase]]\n{end}'


# Rows, against the same done to plain lists.

Phases = list[dict[str, Any]]


def rows_of(phases: Phases) -> list[tuple[int, int | None]]:
    """The place of each row: the phase, and the part in it."""
    return [
        place
        for k, phase in enumerate(phases)
        for place in [(k, None), *((k, part) for part in range(len(phase.get("part", []))))]
    ]


def double(items: Phases, at: int) -> None:
    items.insert(at, deepcopy(items[at]))


def swap(items: Phases, at: int, other: int) -> None:
    if 0 <= other < len(items):
        items[at], items[other] = items[other], items[at]


def nest(phases: Phases, at: int) -> None:
    if "repeat" not in phases[at] and at and "repeat" in phases[at - 1]:
        phases[at - 1].setdefault("part", []).append(phases.pop(at))


def repeat(phases: Phases, at: int) -> None:
    if "repeat" not in phases[at]:
        phases[at] = {"repeat": 2, "part": [phases[at]]}


def unrepeat(phases: Phases, at: int) -> None:
    if "repeat" in phases[at]:
        phases[at : at + 1] = phases[at].get("part", [])


NEW = {"rest": "", "time": "7s"}
ANYWHERE: dict[str, Callable[[Phases, int], None]] = {
    "doubled": double,
    "without": lambda items, at: items.__delitem__(at),
    "up": lambda items, at: swap(items, at, at - 1),
    "down": lambda items, at: swap(items, at, at + 1),
    "added": lambda items, at: items.insert(at + 1, dict(NEW)),
}
OUTSIDE = {"nested": nest, "repeated": repeat, "unrepeated": unrepeat}
ACTS = [*ANYWHERE, *OUTSIDE, "lifted"]


def as_lists(phases: Phases, act: str, at: int) -> Phases:
    """What becomes of the phases."""
    new = deepcopy(phases)
    k, part = rows_of(phases)[at]
    if act == "added" and "repeat" in new[k] and part is None:
        part = -1
    items, place = (new, k) if part is None else (new[k].setdefault("part", []), part)
    if act in ANYWHERE:
        ANYWHERE[act](items, place)
    elif act in OUTSIDE and part is None:
        OUTSIDE[act](items, place)
    elif act == "lifted" and part is not None:
        new.insert(k + 1, items.pop(part))
    return [each for each in new if "repeat" not in each or each.get("part") != []]


def as_text(text: SessionText, act: str, at: int) -> tuple[SessionText, int]:
    match act:
        case "up" | "down":
            return text.moved(at, 1 if act == "down" else -1)
        case "repeated":
            return text.repeated(at, 2)
        case "added":
            return text.added(at, [NEW])
        case "unrepeated" if not text.rows[at].is_repeat:
            return text, at
    done: tuple[SessionText, int] = getattr(text, act)(at)
    return done


@given(
    st.sampled_from(sorted({*TEXTS} - {"no phase"})),
    st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 40)), min_size=1, max_size=8),
)
def test_rows_change_as_lists_do_and_every_other_line_stays(
    name: str, acts: list[tuple[str, int]]
) -> None:
    text = read(TEXTS[name])
    for act, number in acts:
        if not text.rows:
            break
        at = number % len(text.rows)
        data = tomllib.loads(str(text))
        expected = as_lists(data["phase"], act, at)
        before = [row.text.rstrip() for row in text.rows]
        text, _ = as_text(text, act, at)
        again = tomllib.loads(str(text))
        assert again.pop("phase", []) == expected, act
        assert again == {key: data[key] for key in data if key != "phase"}
        assert str(read(str(text))) == str(text)
        if act in ("up", "down"):  # nothing but the order and the blank lines between
            assert sorted(row.text.rstrip() for row in text.rows) == sorted(before)
        if act == "doubled":
            assert {*before} <= {row.text.rstrip() for row in text.rows}
    assert ("\r\n" in str(text)) == (name == "crlf")
    assert name != "crlf" or "\n" not in str(text).replace("\r\n", "")


VALUES = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12),
    st.integers(-5, 400),
    st.booleans(),
    st.floats(0.5, 400, allow_nan=False),
    st.lists(
        st.one_of(
            st.text("ab\"'#[]{}, ", max_size=6),
            st.fixed_dictionaries({"at": st.just("5s"), "text": st.text('x"#', max_size=4)}),
        ),
        max_size=4,
    ),
)


@given(
    st.sampled_from(["commented", "crlf", "without an end"]),
    st.integers(-1, 5),
    st.sampled_from(["time", "tempo", "words", "cues", "note", "say", "title", "place"]),
    st.one_of(st.none(), VALUES),
)
def test_any_value_can_be_written_and_no_other_line_changes(
    name: str, at: int, key: str, value: object
) -> None:
    text = read(TEXTS[name])
    if at == 3 and key == "say":
        return  # a table of its own
    old = text.values if at == HEAD else text.rows[at].values
    new = text.valued(at, key, value)
    got = new.values if at == HEAD else new.rows[at].values
    assert got.get(key) == value
    assert {k: v for k, v in got.items() if k != key} == {k: v for k, v in old.items() if k != key}
    assert str(read(str(new))) == str(new)
    assert new.rows[:at] == text.rows[:at] if at != HEAD else new.rows == text.rows
    lost = [line[2:] for line in changed(text, new) if line[0] == "-"]
    assert len(lost) <= 5  # the most lines that one value has
    kept = [line for line in str(text).splitlines() if line.lstrip().startswith("#")]
    gone = [line for line in kept if line not in str(new).splitlines()]
    assert gone == [] or key == "place"
