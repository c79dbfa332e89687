"""The table of actions, as both faces use it and the manuals tell it."""

from __future__ import annotations

import pkgutil
import re
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from textual.binding import Binding

from cadence_cue import tui
from cadence_cue.cli.keys import named
from cadence_cue.cli.manual import HINT, KEYS, LINE_ROWS, line_keys
from cadence_cue.transport.actions import ACTIONS, ROWS
from cadence_cue.tui.keymap import all_bindings, is_key, keymap, taken
from cadence_cue.tui.page import Page
from cadence_cue.tui.playing.playing import PlayScreen
from cadence_cue.tui.rows import RowsPage, TextPage
from cadence_cue.tui.screens import all_screens

DOCS = Path(__file__).resolve().parent.parent / "docs"
SENT = {"space": " ", "tab": "\t", "up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C",
        "left": "\x1b[D", "shift+up": "\x1b[1;2A", "shift+down": "\x1b[1;2B"}  # fmt: skip
"""What a terminal sends for keys that have names."""


def told(manual: str) -> list[tuple[str, str]]:
    """The rows of the manual's first table of keys."""
    text = (DOCS / manual).read_text(encoding="utf-8")
    table = text.partition("| key | |\n|---|---|\n")[2].partition("\n\n")[0]
    return re.findall(r"^\| (.*?) \| (.*?) \|$", table, flags=re.MULTILINE)


def cell(keys: Iterator[tuple[str, ...]]) -> str:
    """The keys of a row, as the manuals write them."""
    return ", ".join(
        " or ".join(f"`{key}`" if len(key) == 1 else key for key in each) for each in keys
    )


def test_the_manual_of_listening_has_the_table() -> None:
    table = [(cell(keys for _, keys in line_keys(row)), row.help) for row in LINE_ROWS]
    rows = told("listening.md")
    assert rows[: len(table)] == table
    assert [keys for keys, _ in rows[len(table) :]] == ["digits, then Enter", "`?`"]


def test_the_manual_of_the_screen_has_the_table_and_the_app_s_keys() -> None:
    table = [(cell(action.keys for action in row.actions), row.help) for row in ROWS]
    rows = told("screen.md")
    assert rows[: len(table)] == table
    rest = " ".join(keys for keys, _ in rows[len(table) :])
    assert re.findall("`(.)`", rest) == [*"lbsxXVODCTWHM?q"]


def test_plain_lines_tell_every_row_within_eighty_columns() -> None:
    assert all(any(row.help in line for line in KEYS) for row in LINE_ROWS)
    assert all(len(line) < 80 for line in (HINT, *KEYS))


def test_no_key_of_plain_lines_is_taken_twice_and_each_can_be_sent() -> None:
    keys = [key for row in LINE_ROWS for _, each in line_keys(row) for key in each] + ["?"]
    assert max(Counter(keys).values()) == 1
    assert not any(key.isdigit() for key in keys)
    assert [named(SENT.get(key, key)) for key in keys] == [[key] for key in keys]


@pytest.mark.parametrize("name", all_bindings())
def test_no_key_of_a_screen_is_taken_twice(name: str) -> None:
    assert taken(name, ()) is None


def test_the_play_screen_has_every_action_of_the_table() -> None:
    named_ones = {each.id: each for each in PlayScreen.BINDINGS if isinstance(each, Binding)}
    assert [*named_ones] == [*ACTIONS]
    for name, binding in named_ones.items():
        method = binding.action.partition("(")[0]
        assert hasattr(PlayScreen, f"action_{method}"), name


def test_names_that_are_in_runners_settings_stay() -> None:
    old = """pause faster slower faster5 slower5 previous next tap wait card own voice beat music
        choose louder softer knob earlier later half double end"""
    names = {f"play.{name}" for name in old.split()}
    names |= {"app.library", "app.beat", "app.settings", "app.export", "app.keys", "app.quit"}
    names |= {"app.back", "app.suspend", "library.search", "library.new", "library.pause"}
    names |= {"beat.play", "beat.cues", "settings.tap", "welcome.next"}
    assert names <= set(all_bindings())


def test_the_table_of_screens_has_every_screen() -> None:
    for module in pkgutil.walk_packages(tui.__path__, "cadence_cue.tui."):
        import_module(module.name)
    found, bases = [Page], {Page, RowsPage, TextPage}
    for each in found:
        found += [
            kind for kind in each.__subclasses__() if kind.__module__.startswith(tui.__name__)
        ]
    listed = [*all_screens()]
    assert len(listed) == len(set(listed))
    assert set(listed) == set(found) - bases


@pytest.mark.parametrize(
    ("action", "chosen", "clash"),
    [
        ("play.pause", {"play.pause": "t"}, ("t", "play.tap")),
        ("play.pause", {"play.pause": "f5,+"}, ("+", "play.louder")),
        ("play.pause", {"play.pause": "l"}, ("l", "app.library")),
        ("app.export", {"app.export": "space"}, ("space", "library.pause")),
        ("play.pause", {"play.pause": "p"}, None),
        ("play.pause", {"play.pause": "space,f5"}, None),
        ("play.pause", {"play.pause": "n"}, None),  # another screen's
        ("play.tap", {"play.pause": "p", "play.tap": "space"}, None),  # it is free now
        ("play.pause", {"play.tap": "space"}, ("space", "play.tap")),  # its usual one is gone
        ("welcome.skip", {"welcome.skip": "l"}, None),  # the app's keys are not heard there
        ("play.wait", {"play.pause": "t"}, None),  # not its own clash
    ],
)
def test_a_key_that_is_taken(
    action: str, chosen: dict[str, str], clash: tuple[str, str] | None
) -> None:
    found = taken(action, chosen.items())
    if clash == ("space", "library.pause"):
        assert found is not None
        assert (found[0], found[1].partition(".")[2]) == ("space", "pause")  # of either screen
    else:
        assert found == clash


def test_keys_are_known_by_textual_s_names() -> None:
    assert all(map(is_key, ("p", "?", "comma", "full_stop", "space", "f5", "ctrl+p", "shift+up")))
    assert not any(map(is_key, ("", "nokey", "ctrl+nokey", "ctrl+q")))
    assert keymap([("play.pause", "p,+"), ("play.tap", ",")]) == {
        "play.pause": "p,plus",
        "play.tap": "",
    }
