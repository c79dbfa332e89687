"""What the shell completes."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Keep, Run
from tests.cli.process import environment, outcome
from tests.cli.sessions import SHORT


def test_the_script_that_bash_sources() -> None:
    code, output, _ = outcome(env=environment(_CADENCE_CUE_COMPLETE="bash_source"))
    assert code == 0
    assert "_CADENCE_CUE_COMPLETE=bash_complete" in output
    assert "complete -o nosort -F" in output


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("pl",), ["plain,plan", "plain,play"]),
        (("play", "dai"), ["plain,daily-ten"]),
        (("play", "min"), ["plain,mine"]),
        (("play", "./x"), ["file,./x"]),
        (("new", "x", "--from", "tra"), ["plain,track-day"]),
        (("drill", "toe-t"), ["plain,toe-taps", "plain,toe-taps-dynamic"]),
        (("mastered", "high"), ["plain,high-knees"]),
        (("show", "h"), ["plain,hamstring-pull", "plain,high-knees", "plain,hands-together",
                         "plain,heel-pull"]),
        (("list", "--place", "tr"), ["plain,track", "plain,treadmill"]),
        (("play", "x", "--cadence", "85", "--no-v"), ["plain,--no-voice"]),
    ],
)  # fmt: skip
def test_names_are_completed(
    run: Run,
    keep: Keep,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    offered: list[str],
) -> None:
    keep("sessions", SHORT)
    keep("drills", "broken", "hops")
    monkeypatch.setenv("_CADENCE_CUE_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", " ".join(["cadence-cue", *words]))
    monkeypatch.setenv("COMP_CWORD", str(len(words)))
    completed = run()
    assert sorted(completed.stdout.split()) == sorted(offered)
    assert completed.stderr == ""
