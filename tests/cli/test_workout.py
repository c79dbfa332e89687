"""The command `workout`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import Run


def test_it_writes_a_workout_and_replaces_nothing_unasked(
    run: Run, refused: Callable[..., str]
) -> None:
    told = run("workout", "fall-to-run", "--cadence", "165", "-o", "fall.txt").stderr
    assert told == "Written: fall.txt, 29 steps\n"
    assert "8x\n- Fall to run 20s\n- Walk back 35s\n" in Path("fall.txt").read_text("utf-8")
    assert "exists already" in refused("workout", "fall-to-run", "-o", "fall.txt")
    assert "use .fit for a watch" in refused("workout", "fall-to-run", "-o", "fall.pdf")
    run("workout", "fall-to-run", "-o", "fall.zwo")
    back = run("import", "fall.zwo", "-o", "back.toml")
    assert "Fall to run: 29 phases in back.toml" in back.stdout
    assert "Not carried over: The effort of each step" in back.stderr
    assert "good, " in run("check", "back.toml").stdout
    assert "exists already" in refused("import", "fall.zwo", "-o", "back.toml")
    run("workout", "daily-ten", "-o", "ten.fit")
    assert "Daily ten: 25 phases in ten.toml" in run("import", "ten.fit").stdout
    assert "25 phases" in run("check", "ten.toml").stdout
    assert "fall-to-run.fit, 29 steps" in run("workout", "fall-to-run").stderr
    assert " phases in fall-to-run.toml" in run("import", "fall-to-run.fit").stdout
    assert "nothere.zwo: No such file" in refused("import", "nothere.zwo")
    assert "fall.txt: this is no workout" in refused("import", "fall.txt", "-o", "other.toml")
    assert "there is no session" in refused("workout", "fall-to-ruin", "-o", "x.fit")
