"""play: what it tells, its keys, and how it ends; in real processes and real terminals.

Nothing here measures time: the tests wait for lines, and give up only when none will come.
"""

from __future__ import annotations

import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf

from cadence_cue.app import settings
from cadence_cue.app.log import history
from cadence_cue.app.settings import user_folder
from cadence_cue.cli.manual import HINT, KEYS
from cadence_cue.coaching.pages import HEALTH
from tests.cli.conftest import Keep
from tests.cli.process import (
    COMMAND,
    HANG,
    Terminal,
    engines,
    environment,
    outcome,
    shell,
    terminal,
)
from tests.cli.sessions import LONG, OWN, SHORT, SPOKEN
from tests.live.rig import wait_for
from tests.matrix import matrix

PLAY = ("play", "mine", "--cadence", 170)
linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def told(output: str) -> list[str]:
    """The lines of phases and of what is spoken, without their times."""
    return [
        line.split(None, 1)[1].strip()
        for line in output.splitlines()
        if re.match(r"[- ] *\d+:", line)
    ]


def test_over_a_pipe_it_plays_in_plain_lines_to_the_end(keep: Keep) -> None:
    keep("sessions", SHORT)
    code, output, errors = outcome(*PLAY, "--seed", 5)
    assert code == 0
    assert told(output) == [
        "1  One, 1.5 s",
        f'"{SPOKEN[0]}"',
        f"2  {SPOKEN[1]}, 1.5 s",
        f'"{SPOKEN[1]}"',
    ]
    assert "Short (seed 5)\n" in output
    assert output.endswith("\nDone.\n")
    assert output.isascii()
    assert HINT not in output
    assert output.startswith("\n".join(HEALTH) + "\n\n")
    assert len(HEALTH) == 4
    assert errors == (
        "No sound: PortAudio's library is not installed (Debian/Ubuntu: sudo apt install "
        "libportaudio2). Playing silently; an export makes a file instead.\n"
    )


def test_a_device_that_is_lost_is_told_and_it_plays_on(keep: Keep) -> None:
    keep("sessions", SHORT)
    code, output, errors = outcome(*PLAY, "--from", 2, env=environment(SHIM="gone"))
    assert code == 0
    assert "\nThe sound stopped: its program ended (something broke). " in errors
    assert output.endswith("\nDone.\n")


def begun(screen: Terminal) -> None:
    screen.wait_for(HINT)
    screen.wait_for("1  One")


def test_the_keys(keep: Keep) -> None:
    keep("sessions", LONG)
    with terminal(*PLAY) as screen:
        begun(screen)
        assert screen.mode != screen.before
        for key, answer in (
            ("n", "  2  Two"),
            ("np", "  2  Two"),  # at once: later, the one before is the start of this one
            ("\x1b[C\x1b[D", "  2  Two"),
            ("n", "  3  Three"),
            ("n", "this is the last phase"),
            (" ", "paused"),
            (" ", "going on from 20:"),
            ("m", "beat off"),
            ("m", "beat on"),
            ("v", "voice off"),
            ("v", "voice on"),
            ("+", "volume 0 dB"),
            ("\t", "louder and softer change the beat"),
            ("-", "beat -2 dB"),
            ("\t", "louder and softer change the voice"),
            ("\t", "louder and softer change everything"),
            ("-", "volume -2 dB"),
            ("-", "volume -4 dB"),
            ("=", "volume -2 dB"),
            ("ppp", "  1  One"),
            ("nn", "  3  Three"),
            ("q", "End it here? y ends it, any other key goes on."),
            ("v", "voice off"),
            ("qy", "Stopped at 20:"),
        ):
            screen.press(key)
            before = screen.wait_for(answer)
            assert key not in ("nn", "ppp") or "  2  Two" not in before
        screen.wait_for("ended: 0\n")
        assert screen.mode == screen.before


def test_the_keys_of_the_tempo(keep: Keep) -> None:
    keep("sessions", OWN)
    with terminal(*PLAY) as screen:
        begun(screen)
        for key, answer in (
            ("\x1b[A", "171 a minute"),
            ("\x1b[1;2A", "176 a minute"),
            ("\x1b[B\x1b[B", "174 a minute"),
            ("\x1b[1;2B", "169 a minute"),
            ("168.5\r", "168.5 a minute"),
            ("9\x7f82", "tempo 82"),
            ("\x1b17x301\r", "a tempo is 20 to 300 beats a minute, not 301"),
            ("o", "170 a minute"),
            (",", "the beat 5 ms earlier"),
            ("..", "the beat 10 ms later"),
            ("h", "only a plain beat is halved and doubled"),
            ("d", "only a plain beat is halved and doubled"),
            ("t", "tap at least 4 times, evenly"),
            ("w", "will wait before “Three”"),
            ("w", "not waiting"),
            ("n", "  2  Two"),
            ("\x1b[A", "Three: 121 a minute"),
            ("i", "no drill is coming"),
            ("?", KEYS[-1]),
        ):
            screen.press(key)
            screen.wait_for(answer)
        screen.press("qy")
        before = screen.wait_for("ended: 0\n")
        assert "You ran at" not in before  # the own cadence is what it was


def test_a_plain_beat_obeys_the_keys_and_its_tempo_can_be_kept() -> None:
    with terminal("beat", 180) as screen:
        screen.wait_for(HINT)
        for key, answer in (("h", "90 a minute"), ("d", "180 a minute"), ("o", "165 a minute")):
            screen.press(key)
            screen.wait_for(answer)
        screen.press("\x1b[B")
        screen.wait_for("164 a minute")
        screen.press("qy")
        screen.wait_for("You ran at 164 (yours is not set). Keep 164? [y/N] ")
        screen.press("y\n")
        screen.wait_for("ended: 0\n")
    assert settings.load()[0].cadence == 164


@pytest.mark.matrix
def test_ctrl_c_asks_nothing_but_says_how_to_keep_it(keep: Keep) -> None:
    keep("sessions", OWN)
    with terminal(*PLAY) as screen:
        begun(screen)
        screen.press("173\r")
        screen.wait_for("173 a minute")
        screen.press("\x03")
        screen.wait_for("You ran at 173 (yours is not set). To keep it: cadence-cue cadence 173\n")
        screen.wait_for("ended: 130\n")


def test_what_is_to_come_changes_with_the_tempo(keep: Keep) -> None:
    phase = '[[phase]]\nrun = "{}"\ntime = "{} beats"\ntempo = "own"\ncount_in = false\n'
    keep("sessions", f'title = "x"\nget_ready = "0s"\nannounce = false\ncountdown = false\n'
         f'{phase.format("One", 2000)}{phase.format("Two", 200)}')  # fmt: skip
    with terminal("play", "mine", "--cadence", 120) as screen:
        begun(screen)
        screen.press("240\r")
        screen.wait_for("240 a minute")
        screen.press("n")
        assert "Two, 240 a minute, 50 s" in screen.wait_for(" 50 s") + " 50 s"
        screen.press("qy")


def test_what_was_left_away_stays_away(keep: Keep) -> None:
    keep("sessions", LONG)
    with terminal(*PLAY, "--no-voice", "--no-beat") as screen:
        begun(screen)
        screen.press("v")
        screen.wait_for("this was started without a voice")
        screen.press("m")
        screen.wait_for("beat on")
        screen.press("qy")
        screen.wait_for("ended: 0\n")


ENDINGS: dict[str, tuple[Callable[[Terminal], None], int]] = {
    "Ctrl-C": (lambda screen: screen.press("\x03"), 130),
    "SIGHUP": (lambda screen: screen.signal(signal.SIGHUP), 129),
    "SIGINT": (lambda screen: screen.signal(signal.SIGINT), 130),
    "SIGTERM": (lambda screen: screen.signal(signal.SIGTERM), 143),
}


@linux
@pytest.mark.parametrize("how", matrix(ENDINGS, 2))
def test_however_it_ends_the_terminal_is_given_back_and_no_engine_stays(
    keep: Keep, home: Path, how: str
) -> None:
    keep("sessions", LONG)
    end, code = ENDINGS[how]
    with terminal(*PLAY, SHIM="play") as screen:
        begun(screen)
        assert screen.mode != screen.before
        assert len(engines(home)) == 1
        end(screen)
        before = screen.wait_for(f"ended: {code}\n")
        assert screen.mode == screen.before
        assert "Traceback" not in before
        assert "sound" not in before
        assert re.search(r"Stopped at (\d:\d\d); continue with --from \1\.", before)
        assert engines(home) == []


@pytest.mark.parametrize(
    "end",
    [
        pytest.param(Terminal.vanish, id="closed terminal"),
        pytest.param(lambda screen: screen.signal(signal.SIGTERM), id="SIGTERM"),
    ],
)
def test_what_was_practised_is_kept_when_a_signal_ends_it(
    keep: Keep, end: Callable[[Terminal], None]
) -> None:
    keep("sessions", LONG)
    script = (
        "from cadence_cue.app import playing; playing._LEAST = 0.0; "
        "from cadence_cue.cli.main import main; main()"
    )
    screen = Terminal(sys.executable, "-P", "-c", script, *map(str, PLAY), env=environment())
    try:
        begun(screen)
        screen.press("m")
        screen.wait_for("beat off")
        end(screen)
        wait_for(lambda: history.load(user_folder()), "the practice")
        assert screen.process.wait(HANG) in (128 + signal.SIGHUP, 128 + signal.SIGTERM)
    finally:
        screen.close()
    (practice,) = history.load(user_folder())
    assert practice.session == "mine"


@linux
def test_an_exception_gives_the_terminal_back_and_leaves_no_engine(keep: Keep, home: Path) -> None:
    keep("sessions", LONG)
    command = shlex.join(map(str, (*COMMAND, *PLAY)))
    script = f'{command} | head -n 3; echo "ended: $?"; read -r _'
    settings.change(lambda _: settings.Settings(safety_read=True))
    screen = Terminal("sh", "-c", script, env=environment(SHIM="play"))
    try:
        screen.wait_for(HINT)
        wait_for(lambda: screen.mode != screen.before, "the keys")
        screen.press("m")  # one line more than head wants
        before = screen.wait_for("ended: ")
        assert "Traceback" not in before
        wait_for(lambda: screen.mode == screen.before, "the terminal")
        wait_for(lambda: not engines(home), "the engine's end")
    finally:
        screen.close()


@linux
def test_a_killed_player_leaves_no_engine(keep: Keep, home: Path) -> None:
    keep("sessions", LONG)
    with terminal(*PLAY, SHIM="play") as screen:
        begun(screen)
        screen.signal(signal.SIGKILL)
        wait_for(lambda: not engines(home), "the engine's end")


def test_ctrl_z_is_silence_and_fg_goes_on(keep: Keep) -> None:
    keep("sessions", LONG)
    with shell() as screen:
        screen.wait_for("> ")
        screen.press(shlex.join(map(str, (*COMMAND, *PLAY))) + "\n")
        begun(screen)
        ours = screen.mode
        screen.press("\x1a")
        screen.wait_for("paused")
        screen.wait_for("Stopped")
        wait_for(lambda: screen.mode == screen.before, "the terminal")
        screen.press("echo $((20 + 3))\n")
        screen.wait_for("23\n")
        screen.press("fg\n")
        screen.wait_for("going on")
        screen.wait_for("1  One")
        wait_for(lambda: screen.mode == ours, "the keys")
        screen.press(" ")
        screen.wait_for("paused")
        screen.press("\x1a")
        screen.wait_for("Stopped")
        screen.press("fg\n")
        wait_for(lambda: screen.mode == ours, "the keys")
        screen.press("n")  # still paused, and no more
        assert "going on" not in screen.wait_for("  2  Two")
        screen.press("qy")
        screen.wait_for("Stopped at")


def test_in_the_background_it_plays_and_leaves_the_keys_alone(keep: Keep) -> None:
    keep("sessions", LONG)
    with shell() as screen:
        screen.wait_for("> ")
        screen.press(shlex.join(map(str, (*COMMAND, *PLAY))) + " &\n")
        assert HINT not in screen.wait_for("1  One")
        screen.press("jobs\n")
        screen.wait_for("Running")
        screen.press('kill %1; wait %1; echo "code $?"\n')
        screen.wait_for("code 143")


def test_closed_streams_are_no_trouble(keep: Keep) -> None:
    keep("sessions", SHORT)
    script = 'exec "$@" <&- >&- 2>&-'
    code, output, errors = outcome(*PLAY, "--from", 2, limit=("sh", "-c", script, "sh"))
    assert (code, output, errors) == (0, "", "")


@pytest.mark.parametrize("arguments", matrix(["timeline daily-ten", "list", "show toe-taps"]))
def test_a_reader_who_has_seen_enough_ends_it_quietly(arguments: str) -> None:
    if not shutil.which("sh"):
        pytest.skip("no shell")
    result = subprocess.run(
        ["sh", "-c", f"{shlex.join(map(str, COMMAND))} {arguments} | head -n 1"],
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.count("\n") == 1
    assert "Traceback" not in result.stderr
    assert "Exception" not in result.stderr


def test_music_lies_under_what_is_played(keep: Keep, home: Path) -> None:
    keep("sessions", SHORT)
    settings.change(lambda _: settings.Settings(safety_read=True))
    time = np.arange(16000) / 16000
    sf.write("tune.wav", np.sin(900 * time) / 3, 16000)
    code, output, errors = outcome(
        *PLAY, "--no-voice", "--from", 2, "--music", "tune.wav", "--music-level", "-6 dB"
    )
    assert (code, told(output)) == (0, [f"2  {SPOKEN[1]}, 1.5 s"])
    assert not any(line in output for line in HEALTH)
    assert output.endswith("\nDone.\n")
    assert errors.startswith("You are starting partway through: ")
    assert "Music: tune.wav, 0:01; then it ends before the session. To start" in errors
    assert "music" not in errors
    assert sorted(path.suffix for path in home.rglob("beds/*")) == [".json", ".pcm"]


def test_music_that_cannot_be_played_is_told(keep: Keep, refused: Callable[..., str]) -> None:
    keep("sessions", SHORT)
    assert refused(*PLAY, "--music", "gone") == "gone: No such file or directory."
    assert refused(*PLAY, "--music-level", "-6 dB", "--loop") == (
        "there is no music for --music-level, --loop: add --music FILE|FOLDER"
    )


def test_music_is_muted_by_a_key(keep: Keep) -> None:
    keep("sessions", LONG)
    sf.write("tune.wav", np.full(8000, 0.1), 8000)
    with terminal(*PLAY, "--music", "tune.wav") as screen:
        begun(screen)
        screen.press("u")
        screen.wait_for("music off")
        screen.press("\t\t\t-")
        screen.wait_for("music -2 dB")
        screen.press("qy")
