"""What a terminal sends, read as keys."""

from __future__ import annotations

import os
import pty
import sys
from collections.abc import Iterator

import pytest

from cadence_cue.cli.keys import Keys, named


@pytest.mark.parametrize(
    ("sent", "keys"),
    [
        ("n+ \t", ["n", "+", "space", "tab"]),
        ("\x1b[A\x1bOB\x1b[C\x1b[D", ["up", "down", "right", "left"]),
        ("\x1b[1;2A\x1b[1;2B\x1b[a\x1b[b", ["shift+up", "shift+down"] * 2),
        ("168.5\r\n\x7f\b\x1b", [*"168.5", "enter", "enter", "backspace", "backspace", "escape"]),
        ("\x1b[5~\x1b[15~\x1bOPx\x1b[1;5C", ["x"]),
        ("\x1bn", ["escape", "n"]),
        ("é", ["é"]),
    ],
)
def test_keys_have_names(sent: str, keys: list[str]) -> None:
    assert named(sent) == keys


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Keys, int]]:
    """Keys that read a terminal, and its other side."""
    ours, theirs = pty.openpty()
    monkeypatch.setattr(Keys, "listening", property(lambda _: True))
    with os.fdopen(theirs) as terminal, os.fdopen(ours, "wb"):
        monkeypatch.setattr(sys, "stdin", terminal)
        keys = Keys()
        keys.take()
        yield keys, ours


def test_a_key_that_comes_in_pieces_is_one(sent: tuple[Keys, int]) -> None:
    keys, terminal = sent
    for piece, told in (("x\x1b", ["x"]), ("[", []), ("1;2", []), ("Ay", ["shift+up", "y"])):
        os.write(terminal, piece.encode())
        assert keys.next(60) == told


def test_escape_alone_is_a_key(sent: tuple[Keys, int]) -> None:
    keys, terminal = sent
    os.write(terminal, b"\x1b")
    assert keys.next(60) == []
    assert keys.next(0) == ["escape"]
    assert keys.next(0) == []
