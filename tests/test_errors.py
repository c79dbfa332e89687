"""Mistakes as values: their sentence, what survives a pipe, and who may word a way out."""

import ast
import errno
import pickle
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from cadence_cue.cli.main import main
from cadence_cue.errors import UserError, WayOut, printable, same_name
from cadence_cue.live.output import NoSoundError

PACKAGE = Path(__file__).resolve().parent.parent / "cadence_cue"
FACES = ("cli", "tui", "app/invocation.py")  # the last knows how each was started
COMMANDS = "|".join(main.list_commands(click.Context(main)))
NAMED = re.compile(
    rf"\bcadence-cue (?:{COMMANDS})\b|\bscripts/|(?<![^\s`'\"])--[a-z][a-z-]*+(?!:)"  # not CSS's
)


def literals(file: Path) -> Iterator[str]:
    """The strings of a module that are no docstrings."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    documentation = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and node not in documentation:
            yield text


def test_below_the_faces_no_string_names_a_command_or_an_option() -> None:
    found = [
        (str(file.relative_to(PACKAGE)), text)
        for file in PACKAGE.rglob("*.py")
        if not str(file.relative_to(PACKAGE)).startswith(FACES)
        for text in literals(file)
        if NAMED.search(text)
    ]
    assert found == []


@pytest.mark.parametrize(
    "text",
    ["see: cadence-cue list", "`cadence-cue export`", "add --force", "use --rate 8000",
     "./scripts/run list", "--report needs ffmpeg"],
)  # fmt: skip
def test_such_strings_would_be_found(text: str, tmp_path: Path) -> None:
    file = tmp_path / "module.py"
    file.write_text(f'"""Of {text}."""\nraise UserError(f"{{x}}: {text}")\n')
    assert [bool(NAMED.search(each)) for each in literals(file)].count(True) == 1


def test_the_name_of_the_product_may_stand_anywhere() -> None:
    assert not NAMED.search("cadence-cue 0.7")
    assert not NAMED.search("install cadence-cue again.")


def test_the_sentence_has_the_place_and_the_way_out() -> None:
    assert str(UserError("is empty")) == "is empty"
    error = UserError("is empty", where=Path("a.wav"), way_out="record it again")
    assert str(error) == "a.wav: is empty; record it again"
    assert (error.where, error.what, error.way_out) == ("a.wav", "is empty", "record it again")


def test_a_way_out_that_only_a_face_can_word_is_left_to_it() -> None:
    assert str(UserError("exists already", way_out=WayOut.REPLACE)) == "exists already"


def test_a_place_is_told_on_one_line() -> None:
    assert str(UserError("is empty", where="a\nb")) == "a\\u000ab: is empty"


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("\x1b]0;t\x07", "\\u001b]0;t\\u0007"),
        ("\x9b1m\n\t\x00", "\\u009b1m\\u000a\\u0009\\u0000"),
        ("a\u202eb\u2066c\u200fd", "a\\u202eb\\u2066c\\u200fd"),
        ("a\u200bb\u2060c\ufeffd\u00ade", "a\\u200bb\\u2060c\\ufeffd\\u00ade"),
        ("\u3164\u2800\u115f", "\\u3164\\u2800\\u115f"),  # letters and a sign that draw nothing
        ("a\u200db", "a\\u200db"),  # what joins nothing hides
        ("\u200d", "\\u200d"),
        ("a\ufe0f", "a\\ufe0f"),
        ("\U000e0041", "\\U000e0041"),
        ("caf\udce9", "caf\\udce9"),
    ],
)
def test_what_cannot_be_seen_is_made_visible(text: str, seen: str) -> None:
    assert printable(text) == seen
    assert printable(seen) == seen
    assert str(UserError(text, where=text, way_out=text)) == f"{seen}: {seen}; {seen}"


@pytest.mark.parametrize(
    "name",
    [
        "Émile",
        "E\u0301mile",
        "می\u200cخواهم",
        "क्\u200dष",
        "👩\u200d👧",
        "❤\ufe0f\u200d🔥",
        "1\ufe0f\u20e3",
        "日本",
    ],
)
def test_how_people_write_their_names_is_left(name: str) -> None:
    assert printable(name) == name


def test_spellings_of_one_name_are_the_same() -> None:
    assert same_name("E\u0301MILE") == same_name("émile")
    assert same_name("Emile") != same_name("Émile")


@pytest.mark.parametrize(
    "error",
    [
        UserError("is a drill", where="x", way_out=WayOut.REHEARSE, name="hops"),
        NoSoundError("no device", lasting=True),
    ],
)
def test_it_can_be_sent_to_another_process(error: UserError) -> None:
    same = pickle.loads(pickle.dumps(error))
    assert (type(same), str(same), vars(same)) == (type(error), str(error), vars(error))


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(errno.ENOSPC, "No space left"), "No space left"),
        (FileNotFoundError(errno.ENOENT, "No such file", "a.toml"), "a.toml: No such file"),
        (FileNotFoundError(errno.ENOENT, "No such file", b"a.toml"), "a.toml: No such file"),
        (OSError("timed out"), "timed out"),
    ],
)
def test_what_the_system_refused_is_told(error: OSError, told: str) -> None:
    assert str(UserError.of(error)) == told


def test_a_bare_value_error_is_none_of_them() -> None:
    assert not issubclass(UserError, (ValueError, LookupError, OSError, RuntimeError))
