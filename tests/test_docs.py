"""The documents: every command in them exists, with its options and the names that it is given."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator
from fractions import Fraction
from itertools import count
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from cadence_cue.app.sessions.session_store import find
from cadence_cue.cli.main import main
from cadence_cue.cli.rehearse import DrillName, find_drill
from cadence_cue.cli.shared import SessionName
from cadence_cue.coaching.catalogue import load_library
from cadence_cue.coaching.session_file import parse
from cadence_cue.export.formats import ENDINGS
from cadence_cue.studio import GET_READY_EXPORT, PerformanceSpec, perform
from tests.homes import move_into

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
DOCUMENTS = [README, ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
RUN = {"list", "show", "check", "timeline", "new", "add", "cadence", "mastered", "settings", "log"}
"""What is run here; the others play, or write long files: of them only the words are checked."""


def commands(document: Path) -> Iterator[list[str]]:
    """The arguments of each command in the document's shell blocks, in order."""
    text = document.read_text(encoding="utf-8")
    for block in re.findall(r"^ *```sh\n(.*?)```", text, flags=re.DOTALL | re.MULTILINE):
        for line in block.replace("\\\n", " ").splitlines():
            words = shlex.split(line, comments=True)
            if words[:1] in (["./scripts/run"], ["cadence-cue"]):
                yield words[1:]


def command_of(name: str) -> click.Command:
    command = main.get_command(click.Context(main), name)
    assert command is not None, f"there is no command {name}"
    return command


def check_words(arguments: list[str]) -> None:
    """Let click read a command, and look up the sessions and drills that it names."""
    command = command_of(arguments[0])
    context = command.make_context(arguments[0], arguments[1:])
    library = load_library()
    for parameter in command.params:
        value = context.params.get(parameter.name or "")
        if isinstance(parameter.type, SessionName) and value is not None:
            for name in [value] if isinstance(value, str) else value:
                if not name.endswith(ENDINGS):  # a track to be scored
                    find(name, library)
        elif isinstance(parameter.type, DrillName) and value is not None:
            find_drill(value, library)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_line_works(
    document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    move_into(tmp_path, monkeypatch)
    for arguments in commands(document):
        if not arguments or arguments[0] in RUN:
            result = CliRunner().invoke(main, arguments)
            assert result.exit_code == 0, f"{arguments}: {result.output}"
        elif not arguments[0].startswith("-"):
            check_words(arguments)


def test_the_readme_begins_with_commands_and_names_every_one() -> None:
    assert len(list(commands(README))) > 5
    text = README.read_text(encoding="utf-8")
    for name in main.list_commands(click.Context(main)):
        assert re.search(rf"`[^`]*\b{name}\b[^`]*`", text), name


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_in_the_text_exists(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    for name, rest in re.findall(r"`cadence-cue ([a-z]+)([^`]*)`", text):
        known = {option for each in command_of(name).params for option in each.opts}
        known |= {option for each in command_of(name).params for option in each.secondary_opts}
        for option in re.findall(r"--[a-z-]+", rest):
            assert option in known | {"--help"}, f"{name} {option}"


def examples() -> list[str]:
    text = (ROOT / "docs" / "sessions.md").read_text(encoding="utf-8")
    found = re.findall(r"^```toml\n(.*?)```", text, flags=re.DOTALL | re.MULTILINE)
    assert len(found) > 3
    return found


@pytest.mark.parametrize("example", examples(), ids=count())
def test_the_voice_can_speak_every_session_in_the_manual(example: str, speaker: None) -> None:
    library = load_library()
    whole = example if example.startswith("title") else f'title = "Example"\n{example}'
    session = parse(tomllib.loads(whole), name="example", library=library, rehearsal=True)
    spec = PerformanceSpec(cadence_spm=Fraction(165), get_ready=GET_READY_EXPORT)
    assert perform(session, library, spec).timeline.frames > 0
