"""The command `log`."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from cadence_cue.app import history
from cadence_cue.app.history import Practice
from cadence_cue.app.settings import user_folder
from tests.cli.conftest import Keep, Run

DONE = Practice("2026-11-23T07:00:00+01:00", "daily-ten", "Daily ten", 0.5, 170.5,
                drills=("toe-taps",))  # fmt: skip


def test_without_a_history_it_tells_how_to_begin(run: Run) -> None:
    assert "play first-perception" in run("log").stdout
    assert "play first-perception" in run("log", "--mark", "3").stdout


def test_it_tells_every_session_and_the_last_ones(run: Run) -> None:
    for cadence in (170.5, 171, 172):
        history.append(replace(DONE, cadence=cadence), user_folder())
    lines = run("log").stdout.splitlines()
    assert lines == [
        f"2026-11-23 07:00   50%  {cadence:>5}  Daily ten" for cadence in ("170.5", "171", "172")
    ]
    assert run("log", "-n", "2").stdout.splitlines() == lines[1:]
    assert (
        run("log", "--mark", "4").stdout.splitlines()[-1]
        == f"{lines[-1]}  felt 4 (1 hard … 5 easy)"
    )


def test_a_drill_that_feels_easy_is_told_until_it_is_mastered(run: Run) -> None:
    for _ in range(3):
        history.append(replace(DONE, mark=4), user_folder())
    told = run("log").stdout
    assert "Toe Taps felt easy 3 times. You have it when: " in told
    assert "cadence-cue mastered toe-taps" in told
    assert "Next: " in told
    run("mastered", "toe-taps")
    assert "felt easy" not in run("log").stdout


HOPS = """
name = "Hops"
explanation = "Hop."
movement = ["Hop."]
beat = "One hop."
tempo = { lowest = 60, highest = 120, default = 80 }
cues = [{ text = "Hop lightly", type = "movement" }]
"""


def test_a_drill_of_ones_own_need_not_say_when_it_is_mastered(run: Run, keep: Keep) -> None:
    keep("drills", HOPS, "hops")
    for _ in range(3):
        history.append(replace(DONE, mark=5, drills=("gone", "hops")), user_folder())
    assert run("log").stdout.splitlines()[3:] == [
        "",
        "Hops felt easy 3 times.",
        "If so: cadence-cue mastered hops",
    ]


@pytest.mark.parametrize(
    "typed", [("--mark", "0"), ("--mark", "6"), ("--mark", "well"), ("-n", "0")]
)
def test_a_mark_or_a_number_that_is_none_is_refused(
    run: Run, refused: Callable[..., str], typed: tuple[str, str]
) -> None:
    history.append(DONE, user_folder())
    before = run("log").stdout
    assert typed[1] in refused("log", *typed)
    assert run("log").stdout == before


# A bell: click itself takes colours away where nobody sees them.
@pytest.mark.parametrize(("date", "told"), [("", ""), ("yester\x07day", "yester\\u0007day")])
def test_any_date_is_printable(run: Run, date: str, told: str) -> None:
    history.append(replace(DONE, date=date), user_folder())
    assert run("log").stdout == f"{told}   50%  170.5  Daily ten\n"


def test_what_is_in_the_way_is_told(refused: Callable[..., str]) -> None:
    folder = user_folder()
    folder.parent.mkdir(parents=True, exist_ok=True)
    Path(folder).write_text("")
    assert str(folder) in refused("log")
