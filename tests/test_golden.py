"""The script of every built-in session, word for word, as `show --script` prints it.

After a change that is meant: CADENCE_CUE_GOLDEN=new pytest tests/test_golden.py, then read what git
shows as a runner would.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from cadence_cue.cli.main import main
from cadence_cue.coaching.catalogue import built_in_sessions

FOLDER = Path(__file__).parent / "golden"


def script(name: str) -> str:
    options = ["--seed", "20261123", "--cadence", "165"]
    done = CliRunner().invoke(main, ["show", name, "--script", *options])
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.mark.parametrize("name", built_in_sessions())
def test_a_built_in_session_is_spoken_as_it_was_read(name: str) -> None:
    golden = FOLDER / f"{name}.txt"
    if os.environ.get("CADENCE_CUE_GOLDEN") == "new":
        golden.write_text(script(name), "utf-8")
    assert script(name) == golden.read_text("utf-8")


@pytest.mark.parametrize("name", built_in_sessions())
def test_nothing_of_it_is_left_out(name: str) -> None:
    assert "left out" not in (FOLDER / f"{name}.txt").read_text("utf-8")


def test_every_golden_script_is_of_a_session() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(built_in_sessions())
