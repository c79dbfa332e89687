"""calibrate: taps to a lamp and to clicks, and what is kept of them."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from itertools import count

import pytest

from cadence_cue.app import settings
from cadence_cue.live.calibrating import PERIOD
from tests.cli.conftest import Run, Shim
from tests.cli.process import Terminal, terminal
from tests.matrix import matrix

Refused = Callable[..., str]
YES = "\x15\n"
"""Enter, without a last tap."""


def test_without_a_terminal_it_says_what_to_do(refused: Refused) -> None:
    assert refused("calibrate") == (
        "calibrate needs a terminal to tap in; where the delay is known: "
        "cadence-cue calibrate --set MILLISECONDS"
    )
    assert refused("calibrate", "--keys").endswith("cadence-cue settings taps DEVICE=MILLISECONDS")


def test_a_known_offset_is_set_for_the_device(run: Run, refused: Refused, shim: Shim) -> None:
    shim("play")
    told = run("calibrate", "--set", 180)
    assert (told.stdout, told.stderr) == ('"shim": 180 ms later than it says\n', "")
    run("calibrate", "--set", -20, "--device", "two")
    assert settings.load()[0].offsets == (("shim", 180.0), ("shim two", -20.0))
    run("calibrate", "--set", 0)
    assert settings.load()[0].offsets == (("shim two", -20.0),)
    assert "651.0 is not in the range -150<=x<=650" in refused("calibrate", "--set", 651)


def test_where_nothing_sounds_there_is_nothing_to_calibrate(
    run: Run, refused: Refused, shim: Shim
) -> None:
    shim("none")
    told = run("calibrate", "--set", 180, code=2)
    assert told.stdout == ""
    assert told.stderr.startswith("Error: No sound: ")
    assert "silently" not in told.stderr
    assert "silence cannot be" in refused("calibrate", "--set", 180, "--backend", "silent")
    assert settings.load()[0].offsets == ()


def test_too_few_taps_are_refused() -> None:
    with terminal("calibrate", SHIM="play") as screen:
        screen.wait_for("Tap any key with each flash")
        screen.press("x")
        before = screen.wait_for("ended: 2\n")
        assert "Error: lamp: 1 taps" in before
        assert "tap one key with every beat" in before


@pytest.mark.parametrize("key", matrix(["q", "\x03"]))
def test_it_is_given_up_by_a_key(key: str) -> None:
    with terminal("calibrate", SHIM="play") as screen:
        screen.wait_for("●")
        screen.press(key)
        screen.wait_for("Aborted!")
        screen.wait_for("ended: 1\n")


def test_taps_tell_an_offset() -> None:
    for attempt in range(5):
        with terminal("calibrate", SHIM="play") as screen:
            told = tapped(screen, "●", attempt / 5)
            if "Keep that?" not in told:
                continue
            screen.press(YES)
            screen.wait_for("ended: 0\n")
            break
    else:
        pytest.fail(told)
    ((device, offset),) = settings.load()[0].offsets
    way = "earlier" if offset < 0 else "later"  # as this machine let the taps come
    assert told.endswith(f'"{device}": {abs(offset):g} ms {way} than it says. Keep that?')


def tapped(screen: Terminal, begin: str, later: float) -> str:
    """Tap evenly once that is shown, until there is a question or the end; what is told.

    The end comes where this machine stood still, or the taps fell between the clicks: another
    attempt taps `later`, in periods of the clicks.
    """
    screen.wait_for(begin)
    over = threading.Event()
    tapping = threading.Thread(target=tap, args=(screen, over, later))
    tapping.start()
    try:
        return screen.wait_for(" [Y/n]: ", "ended: ")
    finally:
        over.set()
        tapping.join()


def tap(screen: Terminal, over: threading.Event, later: float) -> None:
    """Tap at the pace of the clicks until it is over."""
    begin = time.monotonic()
    for number in count(1):
        if over.wait(max(begin + (number + later) * PERIOD - time.monotonic(), 0)):
            return
        screen.press("x")


@pytest.mark.matrix
def test_taps_to_clicks_tell_how_late_they_usually_are() -> None:
    for attempt in range(5):
        with terminal("calibrate", "--keys", SHIM="play") as screen:
            told = tapped(screen, "Tap any key with each click", attempt / 5)
            if "Keep that?" not in told:
                continue
            screen.press(YES)
            screen.wait_for("ended: 0\n")
            break
    else:
        pytest.fail(told)
    ((device, _),) = settings.load()[0].taps
    assert device == "shim"
    assert settings.load()[0].offsets == ()


@pytest.mark.matrix
def test_a_room_in_which_somebody_taps_is_too_loud(refused: Refused, shim: Shim) -> None:
    shim("play")
    told = refused("calibrate", "--microphone")
    assert "the round trip cannot be measured, it heard" in told
    assert settings.load()[0].round_trips == ()


def test_one_thing_is_calibrated_at_a_time(refused: Refused) -> None:
    assert refused("calibrate", "--set", 20, "--keys") == (
        "choose one of --set, --keys and --microphone"
    )


def test_without_a_microphone_there_is_no_round_trip(
    refused: Refused, shim: Shim, monkeypatch: pytest.MonkeyPatch
) -> None:
    shim("play")
    monkeypatch.setenv("SHIM_MICROPHONE", "absent")
    assert refused("calibrate", "--microphone") == "nothing is heard: no microphone was found"


def test_a_microphone_that_is_switched_off_is_told_before_the_clicks() -> None:
    with terminal("calibrate", "--microphone", SHIM="play", SHIM_MICROPHONE="zeros") as screen:
        before = screen.wait_for("ended: 2\n")
    assert "Error: The microphone gives nothing but zeros: it is switched off" in before
    assert "q gives up." in before
    shares = [int(share) for share in re.findall(r"(\d+)%", before)]
    assert shares == sorted(shares)
    assert max(shares) < 80  # the clicks are not waited for
