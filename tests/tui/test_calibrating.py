"""Calibrating on the screen: what is shown, taken and kept, and why nothing is."""

from __future__ import annotations

from typing import Self

import pytest
from textual.events import Key

from cadence_cue.app import calibration
from cadence_cue.app import settings as settings_file
from cadence_cue.app.calibration import BEATS
from cadence_cue.app.settings import Settings
from cadence_cue.coaching.session import Kind
from cadence_cue.live.calibrating import PERIOD
from cadence_cue.live.player import Player
from cadence_cue.scoring.onsets import Onset
from cadence_cue.tui.calibrating import CalibrateScreen
from cadence_cue.tui.pages import Confirm
from cadence_cue.tui.playing.lamps import Lamp
from tests.tui.rig import RATE, Stage, played

HAND = 0.05
"""Seconds by which the hand is late to whatever it sees."""
LATE = 0.18
"""Seconds by which the headphones are."""
FIRST = 5.15
"""Seconds before the first click: one, those of the count-in, and what leads to it."""


class Clock:
    """The computer's clock, set by hand."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(calibration, "monotonic", clock)
    return clock


async def tap(on: Stage, at: float) -> None:
    event = Key("x", "x")
    event.time = at
    on.app.post_message(event)
    await on.pilot.pause()
    await on.poll()


async def to_the_lamp(on: Stage, clock: Clock) -> list[bool]:
    """Tap to each flash, a little late; gives whether the lamp was lit then, and between."""
    lamp, lit, begin = on.screen.query_one(Lamp), [], clock.now
    for beat in range(BEATS):
        for late in (0.01, PERIOD / 2):
            clock.now = begin + 1 + beat * PERIOD + late
            await on.poll()
            lit.append(lamp.state.lit)
        await tap(on, begin + 1 + beat * PERIOD + HAND)
    clock.now += PERIOD
    await on.poll()
    return lit


async def to_the_clicks(
    on: Stage, monkeypatch: pytest.MonkeyPatch, late: float = HAND + LATE, count: int = BEATS
) -> None:
    """Tap to each click as it is heard in headphones that are late; the device does not say so."""
    await on.step(0.5)
    for beat in range(count):
        seconds = FIRST + beat * PERIOD + late - on.player.offset
        at = on.player.position._replace(frame=round(seconds * RATE))
        with monkeypatch.context() as patch:
            patch.setattr(Player, "position_at", lambda *_, at=at: at)
            await tap(on, 0.0)
        await on.step(PERIOD)
    await on.step(6)


def test_taps_to_the_lamp_and_the_clicks_tell_how_late_headphones_are(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def act(on: Stage) -> None:
        device = on.player.device
        on.app.change_settings(lambda saved: saved.with_delay("offsets", device, 30))
        await on.press("C", "enter")
        assert "each flash" in on.text("#doing")
        assert await to_the_lamp(on, clock) == [True, False] * BEATS
        assert "each click" in on.text("#doing")
        await to_the_clicks(on, monkeypatch)
        assert isinstance(on.screen, Confirm), on.text("#wrong")
        await on.press("y")
        assert isinstance(on.screen, CalibrateScreen)
        told = f'"{device}": 180 ms later than it says'
        assert told in on.told
        assert on.player.offset == pytest.approx(0.18)
        shown = on.screen.query_one("#rows").get_option("offsets").prompt  # type: ignore[attr-defined]
        assert told in shown

    played(act)
    assert settings_file.load()[0].offsets == (("silence", 180),)


def test_unsteady_taps_are_refused_and_can_be_done_again(clock: Clock) -> None:
    async def act(on: Stage) -> None:
        await on.press("C", "enter", "x")
        clock.now += 1 + BEATS * PERIOD + 0.01
        await on.poll()
        assert "lamp: 1 taps" in on.text("#wrong")
        assert on.app.settings.offsets == ()
        await on.press("enter")
        assert on.text("#wrong") == ""
        assert "each flash" in on.text("#doing")
        await on.press("escape")
        assert isinstance(on.screen, CalibrateScreen)

    played(act)


def test_taps_between_the_clicks_are_no_habit(monkeypatch: pytest.MonkeyPatch) -> None:
    async def act(on: Stage) -> None:
        await on.press("C", "down", "enter")
        await to_the_clicks(on, monkeypatch, -0.151, 28)
        assert on.text("#wrong").startswith("your taps come 151 ms before the clicks")

    played(act)


def test_what_began_on_one_device_tells_nothing_of_another(monkeypatch: pytest.MonkeyPatch) -> None:
    async def act(on: Stage) -> None:
        await on.press("C", "down", "enter")
        assert "each click" in on.text("#doing")
        with monkeypatch.context() as patch:
            patch.setattr(Player, "device", "other")
            await on.poll()
        assert on.text("#wrong").startswith('the sound moved from "silence" to "other" meanwhile')

    played(act)


def test_where_the_sound_stops_nothing_can_be_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    async def act(on: Stage) -> None:
        await on.press("C", "down", "enter")
        with monkeypatch.context() as patch:
            patch.setattr(Player, "silent", True)
            on.player.news({"trouble": "the device does not answer"})
            await on.poll()
        told = "nothing can be measured without sound: the device does not answer; do it again"
        assert on.text("#wrong") == f"{told} once there is sound"

    played(act)


class Ear:
    """A microphone that may not be used."""

    opened = heard = None
    trouble = "the microphone is in use"

    def __init__(self) -> None:
        self.open: list[bool] = []

    def __enter__(self) -> Self:
        self.open.append(True)
        return self

    def __exit__(self, *_: object) -> None:
        self.open.append(False)

    def poll(self) -> list[Onset]:
        return []


def test_why_a_microphone_cannot_be_measured_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    ear = Ear()
    monkeypatch.setattr(calibration, "microphone", lambda *_, **__: ear)

    async def act(on: Stage) -> None:
        await on.press("C", "down", "down", "enter")
        assert on.text("#wrong") == "nothing is heard: the microphone is in use"
        assert ear.open == [True, False]

    played(act)


def test_a_session_waits_while_something_is_measured() -> None:
    async def act(on: Stage) -> None:
        await on.begin("toe-taps", "drill")
        await on.to(Kind.DRILL, 5)
        place = on.transport.position.frame
        await on.press("C", "down", "enter")
        await on.step(30)
        paused = [on.transport.paused]
        await on.press("escape", "escape", "space")
        paused.append(on.transport.paused)
        assert paused == [True, False]
        assert on.transport.entry == place

    played(act)


def test_the_welcome_offers_it() -> None:
    async def act(on: Stage) -> None:
        await on.press("enter", "C")
        assert on.screen.name == "Late headphones"
        await on.press("escape")
        assert on.screen.name == "Welcome"
        await on.press("enter")
        assert "own cadence" in on.text("#heading")

    played(act, Settings())
