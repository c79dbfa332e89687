"""How the commands tell mistakes: one sentence, exit code 2, in the words that start the app."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cadence_cue.app.sessions import session_store
from cadence_cue.errors import UserError, WayOut
from tests.cli.conftest import Keep, Run

Refused = Callable[..., str]
RUN = "./scripts/run"


@pytest.fixture
def by_script(monkeypatch: pytest.MonkeyPatch) -> None:
    """The app was started with scripts/run."""
    monkeypatch.setenv("CADENCE_CUE_STARTED_AS", RUN)


@pytest.fixture
def raising(monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception], None]:
    """Let a lower layer raise something, whichever session is asked for."""

    def raising(error: Exception) -> None:
        def find(*_: object) -> None:
            raise error

        monkeypatch.setattr(session_store, "find", find)

    return raising


WAYS = [
    (UserError("x", way_out=WayOut.REPLACE), "x; add --force to replace it."),
    (UserError("x", way_out=WayOut.LIST_SESSIONS), "x; see: {} list"),
    (UserError("x", way_out=WayOut.REHEARSE, name="hops"), "x: {} drill hops"),
    (
        UserError("x", way_out=WayOut.OTHER_KEY, name="play.tap"),
        "x; choose another, or first give that action another: {} settings keys play.tap=KEY",
    ),
    (UserError("x", way_out=WayOut.REHEARSE, name="a b"), "x: {} drill 'a b'"),
    (
        UserError("x", way_out=WayOut.RECORD),
        "x; record it (see: {} lines), or play with --no-voice",
    ),
    (UserError("x", where="a.toml", way_out="write y"), "a.toml: x; write y"),
]


@pytest.mark.parametrize(("error", "told"), WAYS)
def test_each_way_out_is_told_in_words_to_type(
    refused: Refused, raising: Callable[[Exception], None], error: UserError, told: str
) -> None:
    raising(error)
    assert refused("show", "mine") == told.format("cadence-cue")


@pytest.mark.parametrize(("error", "told"), WAYS)
def test_started_by_the_script_they_are_those_of_the_script(
    refused: Refused,
    raising: Callable[[Exception], None],
    error: UserError,
    told: str,
    by_script: None,
) -> None:
    raising(error)
    assert refused("show", "mine") == told.format(RUN)


def test_the_extra_is_installed_the_way_the_app_was(
    refused: Refused,
    raising: Callable[[Exception], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    raising(UserError("nobody can speak it", way_out=WayOut.INSTALL_VOICE))
    assert "-m pip install 'cadence-cue[voice]'. Or record it" in refused("show", "mine")
    monkeypatch.setenv("CADENCE_CUE_STARTED_AS", RUN)
    assert f"installed by: {RUN} --extra voice list voices. Or" in refused("show", "mine")
    monkeypatch.setenv("CADENCE_CUE_STARTED_AS", "a checkout/scripts/run")
    assert "'a checkout/scripts/run' --extra voice" in refused("show", "mine")


def test_other_hints_are_those_of_the_script_too(run: Run, by_script: None) -> None:
    assert f"Begin with: {RUN} play first-perception" in run("log").stdout
    assert f"then: {RUN} cadence --count NUMBER" in run("cadence").stdout


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("play", "name a session (see: {} list)"),
        ("check", "name a session (see: {} list)"),
        ("drill", "name a drill (see: {} list drills)"),
        ("beat", 'give a tempo, such as 172, own or "+5%"'),
        ("show", "name a session, a drill or an element (see: {} list)"),
        ("new", "give a name"),
        ("say", "give a text"),
        ("share", "give a file"),
        ("voice", "say which: cache"),
    ],
)
def test_what_is_missing_is_asked_for(refused: Refused, command: str, told: str) -> None:
    assert refused(command) == told.format("cadence-cue")


@pytest.mark.parametrize("kind", [ValueError, KeyError, RuntimeError])
def test_a_defect_is_not_swallowed(
    run: Run, raising: Callable[[Exception], None], kind: type[Exception]
) -> None:
    raising(kind("odd"))
    for command in ("show", "play", "timeline", "check", "lines"):
        with pytest.raises(kind, match="odd"):
            run(command, "mine")
    with pytest.raises(kind, match="odd"):
        run("export", "mine", "-o", "x.wav")


def test_an_error_of_the_system_is_told_with_its_file(
    refused: Refused, raising: Callable[[Exception], None]
) -> None:
    raising(PermissionError(13, "Permission denied", "a\nb.toml"))
    assert refused("show", "mine") == "a\\u000ab.toml: Permission denied"


def test_music_that_vanishes_while_many_are_written_is_told(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cadence_cue.cli import export

    def vanished(*_: object) -> None:
        raise FileNotFoundError(2, "No such file or directory", "song.mp3")

    monkeypatch.setattr(export, "plan_track", vanished)
    command = ("export", "relax-run", "--cadence", "158,164", "-o", str(Path()))
    told = run(*command, code=2).stderr
    assert told.count("Relaxation run: song.mp3: No such file or directory\n") == 2
    assert "memory" not in told


EVIL = "x\x1b]0;t\x07\u202ey\u200b"


@pytest.mark.parametrize(
    "arguments",
    [
        [EVIL],
        [f"--{EVIL}"],
        ["list", f"--{EVIL}"],
        ["list", EVIL],
        ["show", EVIL],
        ["show", f"{EVIL}.toml"],
        ["check", f"{EVIL}.toml"],
        ["play", "daily-ten", EVIL],
        ["play", "daily-ten", "--backend", EVIL],
        ["play", "daily-ten", "--from", EVIL],
        ["export", "daily-ten", "-o", f"{EVIL}.xyz"],
        ["export", "daily-ten", "-o", f"{EVIL}/"],
        ["export", "daily-ten", "--runners", EVIL],
        ["share", f"{EVIL}.mp3"],
        ["share", EVIL],
        ["settings", EVIL],
        ["settings", "volume", EVIL],
        ["settings", "sounds", EVIL],
        ["lines", "daily-ten", "--sounds", EVIL],
        ["new", EVIL],
        ["new", "mine", "--from", EVIL],
        ["add", EVIL],
        ["mastered", EVIL],
        ["cadence", EVIL],
    ],
)
def test_nothing_typed_reaches_the_terminal_unseen(run: Run, arguments: list[str]) -> None:
    hidden = {"\x1b", "\x07", "\u202e", "\u200b"}
    result = run(*arguments, code=2)
    assert not hidden & set(result.output)
    assert "\\u202e" in result.output


def test_nor_does_a_file_of_that_name(run: Run, keep: Keep) -> None:
    text = """title = "T"
[[phase]]
run = "E"
time = "1s"
tempo = 170
announce = false
"""
    path = keep("sessions", text, EVIL)
    broken = keep("sessions", "title = 5", f"{EVIL}2")
    exported = ["export", path, "-o", f"{EVIL}.wav", "--no-voice"]
    for arguments in (["list"], ["show", EVIL], ["check", path], exported):
        output = run(*arguments).output
        assert not {"\x1b", "\x07", "\u202e", "\u200b"} & set(output)
    assert "\\u202e" in run("check", broken, code=2).output


def test_a_session_is_found_by_its_name_however_its_file_spells_it(run: Run, keep: Keep) -> None:
    text = 'title = "T"\n[[phase]]\nrun = "E"\ntime = "5s"\ntempo = 170\n'
    keep("sessions", text, "e\u0301te\u0301")
    assert "T" in run("show", "été").output
    assert "already" in run("new", "été", code=2).output


@pytest.mark.parametrize("target", ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
@pytest.mark.parametrize(
    "command",
    [
        ["export", "daily-ten"],
        ["export", "daily-ten", "--format", "wav"],
        ["drill", "toe-taps", "--format", "wav"],
        ["beat", "--time", "5s"],
        ["say", "Relax"],
        ["lines", "daily-ten", "--force"],
    ],
)
def test_a_pipe_is_refused_by_name(
    refused: Callable[..., str], target: str, command: list[str]
) -> None:
    assert refused(*command, "-o", target).startswith(f"{target}: nothing is written to a pipe")
    assert list(Path().iterdir()) == []
