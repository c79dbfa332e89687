"""Plain lines break between words where the terminal ends."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from cadence_cue.cli.lines import cut, fitted
from cadence_cue.cli.manual import LINE_ROWS
from tests.cli.process import outcome, terminal

words = st.text("abcdefgh-,.%", min_size=1, max_size=18)
lines = st.tuples(st.integers(0, 8), st.lists(words, min_size=1, max_size=30))


@given(st.lists(lines, min_size=1, max_size=4), st.integers(30, 100))
def test_no_word_is_broken_none_is_lost_and_no_line_is_too_long(
    texts: list[tuple[int, list[str]]], width: int
) -> None:
    text = "\n".join(" " * lead + " ".join(found) for lead, found in texts)
    pieces = fitted(text, width)
    assert pieces.split() == text.split()
    assert max(map(len, pieces.split("\n"))) <= width


@given(st.text("abc 朝走りé🏃", min_size=1), st.integers(10, 40))
def test_a_wide_letter_takes_two_columns(text: str, width: int) -> None:
    pieces = fitted(text, width)
    assert "".join(pieces.split()) == "".join(text.split())
    assert max(map(cell_len, pieces.split("\n"))) <= width


@given(st.text("abc 朝走りé🏃"), st.integers(10, 40))
def test_what_is_cut_ends_with_an_ellipsis(text: str, width: int) -> None:
    shown = cut(text, width)
    if cell_len(text) <= width:
        assert shown == text
    else:
        assert shown.endswith("…")
        assert text.startswith(shown[:-1])
        assert width - 2 <= cell_len(shown) <= width


def test_a_table_goes_on_below_its_last_column() -> None:
    row = f"{'daily-ten':20}  10:45  easy      Ten minutes of drill practice on two square metres."
    assert fitted(row, 78).split("\n") == [
        "daily-ten             10:45  easy      Ten minutes of drill practice on two",
        "                                       square metres.",
    ]
    assert fitted(row, 100) == row


def test_a_column_without_room_beside_the_first_goes_below_it() -> None:
    row = f"  {'a-long-name-of-a-recording.wav':32}  What is spoken in it, once or twice"
    assert fitted(row, 50).split("\n") == [
        "  a-long-name-of-a-recording.wav",
        "      What is spoken in it, once or twice",
    ]


def test_a_word_longer_than_the_terminal_is_broken() -> None:
    assert fitted("a" * 25, 10).split("\n") == ["a" * 10, "a" * 10, "a" * 5]


@pytest.mark.parametrize("command", [("list",), ("show", "daily-ten"), ("list", "drills")])
def test_commands_break_between_words_on_a_terminal_and_not_in_a_pipe(
    command: tuple[str, ...],
) -> None:
    _, piped, _ = outcome(*command)
    with terminal(*command, COLUMNS="60") as screen:
        shown = screen.wait_for("ended: 0").replace("\r", "")
    assert shown.split() == piped.split()
    assert max(map(len, shown.split("\n"))) <= 60


def test_the_keys_break_between_words_at_the_end_of_the_help() -> None:
    with terminal("play", "--help", COLUMNS="60") as screen:
        shown = screen.wait_for("ended: 0").replace("\r", "")
    told = " ".join(shown.split())
    assert [row.help for row in LINE_ROWS if row.help not in told] == []
    assert max(map(len, shown.split("\n"))) <= 60


def test_a_question_breaks_between_words() -> None:
    Path(f"{'long-' * 12}.wav").touch()
    command = ("export", "pre-race", "-o", f"{'long-' * 12}.wav")
    with terminal(*command, COLUMNS="60") as screen:
        shown = screen.wait_for("[y/N]:").replace("\r", "")
        screen.press("n\n")
        screen.wait_for("ended: ")
    assert "exists already. Replace it?" in " ".join(shown.split())
    assert max(map(len, shown.split("\n"))) <= 60


def test_an_error_breaks_between_words_too() -> None:
    told = outcome("play", "x" * 30)[2]
    with terminal("play", "x" * 30, COLUMNS="60") as screen:
        shown = screen.wait_for("ended: 2").replace("\r", "")
    assert shown.split() == told.split()
    assert max(map(len, shown.split("\n"))) <= 60


@pytest.mark.parametrize("name", ["toe-taps", "daily-ten", "relaxed", "why"])
def test_a_page_fits_the_terminal_and_is_never_too_wide_to_read(name: str) -> None:
    told = outcome("show", name)[1]
    assert 80 < max(map(len, told.splitlines())) <= 88
    with terminal("show", name, COLUMNS="60") as screen:
        shown = screen.wait_for("ended: 0").replace("\r", "")
    assert shown.split() == told.split()
    assert max(map(len, shown.split("\n"))) <= 60


def test_a_page_is_broken_once() -> None:
    paragraphs = outcome("show", "why")[1].split("\n\n")
    with terminal("show", "why", COLUMNS="60") as screen:
        shown = screen.wait_for("ended: 0").replace("\r", "").split("\n\n")
    for paragraph, broken in zip(paragraphs[1:-1], shown[1:], strict=False):
        assert broken.split("\n") == textwrap.wrap(" ".join(paragraph.split()), 60)


@pytest.mark.parametrize(
    "typed", [["export", "daily-ten", "--cadence", "1000"], ["voice"], ["list", "z" * 30]]
)
def test_an_error_in_what_was_typed_breaks_between_words_too(typed: list[str]) -> None:
    told = outcome(*typed)[2]
    with terminal(*typed, COLUMNS="60") as screen:
        shown = screen.wait_for("ended: 2").replace("\r", "")
    assert shown.split() == told.split()
    assert max(map(len, shown.split("\n"))) <= 60


def test_a_per_cent_sign_stays_with_its_number() -> None:
    for width in range(20, 40):
        lines = fitted("Toe taps  19 of 36; on tempo (+0.2 %); scatter 77 ms", width).split("\n")
        assert not any(line.lstrip().startswith("%") for line in lines)
