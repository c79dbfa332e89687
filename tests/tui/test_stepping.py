"""Steps on keys while something plays on the screen: what they do, and what is shown of them."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path
from typing import Self
from unittest.mock import patch

import pytest
from textual.events import Key

from cadence_cue.app.score import hearing
from cadence_cue.app.settings import changed, user_folder
from cadence_cue.coaching import wording
from cadence_cue.coaching.drill import Side
from cadence_cue.coaching.part import Part
from cadence_cue.coaching.session import Kind
from cadence_cue.live.input import HeardStep, Span
from cadence_cue.live.position import Position
from cadence_cue.transport.transport import Transport
from cadence_cue.tui.after.after import AfterScreen
from cadence_cue.tui.key_footer import KeyFooter
from cadence_cue.tui.pages import Card
from cadence_cue.tui.playing.quick_beat import BeatScreen
from cadence_cue.tui.step_lane import StepLane
from cadence_cue.tui.stepping import Stepping, set_number
from tests.tui import scenes
from tests.tui.rig import Stage, played


async def lane(on: Stage) -> tuple[str, str]:
    """The rows of the lane and of its count."""
    rows = scenes.text_of(await on.picture()).splitlines()
    row = next(k for k, each in enumerate(rows) if "early" in each)
    return rows[row], rows[row + 1]


def test_the_keys_of_steps_have_only_this_meaning() -> None:
    async def act(on: Stage) -> None:
        await on.begin("toe-taps", "drill")
        await on.to(Kind.DRILL, 1)
        await on.press("y")
        footer = str(on.screen.query_one(KeyFooter).render())
        assert footer.startswith("f left j right space either p pause")
        await on.press("space", "f", "j")
        assert not on.app.far
        await on.press("question_mark")
        assert "a step with the left foot" in scenes.text_of(await on.picture())
        await on.press("space")
        assert isinstance(on.screen, Card)
        await on.press("escape")
        paused = [on.transport.paused]
        for keys in (["p"], ["p"], ["y", "space"]):
            await on.press(*keys)
            paused.append(on.transport.paused)
        assert paused == [False, True, False, True]

    played(act)


def test_its_keys_are_steps_from_the_moment_on_that_it_listens() -> None:
    steps = Stepping(on=True)  # before anything was looked at: once, space paused then
    assert [steps.takes(key, 0.0) for key in ("f", "j", "space", "p")] == [True, True, True, False]
    steps.toggle()
    assert not steps.takes("space", 0.0)
    assert not Stepping(on=True, by_microphone=True).takes("space", 0.0)


def test_a_step_counts_at_the_instant_its_key_was_read() -> None:
    read = []

    def position(_: Transport, at: float) -> Position:
        read.append(at)
        return Position()

    async def act(on: Stage) -> None:
        await on.begin("toe-taps", "drill")
        await on.press("y")
        event = Key("j", "j")
        event.time -= 0.2  # the app is as busy as that
        with patch.object(Transport, "position_at", position):
            on.app.post_message(event)
            await on.poll()
        assert read == [event.time]

    played(act)


def test_the_lane_shows_the_last_steps_around_the_beat() -> None:
    async def act(on: Stage) -> None:
        await scenes.tapped(on, [0.01] * 4 + [-0.05, 0.02, 0.15])
        road, count = await lane(on)
        beat = road.index("┼")
        assert {k - beat for k, each in enumerate(road) if each == "○"} == {-15, 3, 6}
        assert road.index("▶") - beat == 30
        assert count.strip() == "3 of 3"
        await on.step(scenes.TAP)
        assert (await lane(on))[1].strip() == "3 of 4"
        for phase, shown in ((2, False), (4, True)):
            on.transport.jump(phase)
            await on.step(12)
            assert ("early" in scenes.text_of(await on.picture())) is shown
            assert re.search(r"^ +0 of \d$", scenes.text_of(await on.picture()), re.MULTILINE)

    played(act)


def test_after_a_set_a_line_and_in_the_end_a_summary_that_is_kept() -> None:
    async def act(on: Stage) -> None:
        on.app.steps = Stepping(speaks=True)
        await scenes.tapped(on, [0.01] * 20)
        await on.step(scenes.TAP)
        assert not on.screen.query_one(StepLane).display
        assert "; on tempo (" in on.text("#set")
        await on.step(10)
        assert wording.ON_THE_BEAT in on.transport.performance.spoken
        assert not on.screen.query_one("#set").display
        await on.press("e", "y")
        assert isinstance(on.screen, AfterScreen)
        assert "Toe Taps 16 of 16" in on.text("#steps")
        await on.press("w", "enter")
        assert on.told == f"{file}, 20 steps"

    file = Path("steps.json").absolute()
    played(act)
    data = json.loads(file.read_text())
    assert [each["matched"] for each in data["phases"]] == [16]
    assert [each["side"] for each in data["steps"]] == ["left"] * 20
    lines = (user_folder() / "history.jsonl").read_text().splitlines()
    (result,) = json.loads(lines[-1])["results"]
    assert result["title"] == "Toe Taps"
    assert result["matched"] == result["beats"] == 16


class Ear:
    """A microphone that hears nothing, and says so."""

    opened = heard = noise_db = None
    hidden: tuple[Span, ...] = ()

    def __init__(self) -> None:
        self.open = False
        self.notices = ["Steps are not heard: there is no microphone. All else goes on."]

    def __enter__(self) -> Self:
        self.open = True
        return self

    def __exit__(self, *_: object) -> None:
        self.open = False

    def poll(self) -> list[HeardStep]:
        """No steps."""
        return []


def test_a_microphone_is_open_only_while_it_is_listened_to(monkeypatch: pytest.MonkeyPatch) -> None:
    ear = Ear()
    monkeypatch.setattr(hearing, "microphone", lambda *_: ear)

    async def act(on: Stage) -> None:
        on.app.steps = Stepping(by_microphone=True)
        await on.begin("toe-taps", "drill")
        await on.poll()
        opened = [ear.open]
        for key in ("y", "f", "y", "y"):  # "f" is the far view, as ever
            await on.press(key)
            await on.poll()
            opened.append(ear.open)
        assert opened == [False, True, True, False, True]
        assert on.app.far
        assert ear.notices[0] in on.app.message
        await on.press("e", "y")
        assert not ear.open

    played(act)


def test_no_other_microphone_is_open_while_something_is_measured(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ear = Ear()
    monkeypatch.setattr(hearing, "microphone", lambda *_: ear)

    async def act(on: Stage) -> None:
        on.app.steps = Stepping(on=True, by_microphone=True)
        await on.begin("toe-taps", "drill")
        await on.poll()
        opened = [ear.open]
        for keys in (["C", "enter"], ["escape", "escape", "space"]):
            await on.press(*keys)
            await on.poll()
            opened.append(ear.open)
        assert opened == [True, False, True]

    played(act)


def test_where_steps_come_from_is_a_setting_that_a_score_outlives() -> None:
    def choose(on: Stage, source: str) -> None:
        on.app.change_settings(lambda saved: changed(saved, "listen", source))

    async def act(on: Stage) -> None:
        choose(on, "mic")
        assert on.app.steps.by_microphone
        choose(on, "keys")
        await on.begin("toe-taps", "drill")
        await on.press("y")
        assert "C measures how late your taps" in on.app.message
        choose(on, "mic")
        assert on.app.steps.on_keys
        await on.press("e", "y")
        assert not on.app.steps.on_keys

    played(act)


@pytest.mark.matrix
def test_who_joins_in_a_phase_has_missed_nothing_of_it() -> None:
    async def act(on: Stage) -> None:
        await on.begin("toe-taps", "drill")
        await on.to(Kind.DRILL, 6)
        await on.press("y")
        await on.step(8 * scenes.TAP)
        assert on.app.steps.view(on.transport.performance.parts).count in ("0 of 3", "0 of 4")
        await on.press("l")
        await on.step(4 * scenes.TAP)
        await on.press("l")
        assert on.app.steps.view(on.transport.performance.parts).count == ""
        await on.press("y")
        assert not on.screen.query_one(StepLane).display

    played(act)


def test_a_plain_beat_is_stepped_to_as_well() -> None:
    async def act(on: Stage) -> None:
        await on.press("b", "y", "space")
        assert isinstance(on.screen, BeatScreen)
        await on.to(Kind.RUN, 5)
        await on.tap("f")
        assert not on.app.far
        assert "early" in (await lane(on))[0]
        await on.press("p")
        assert on.transport.paused
        score = on.app.steps.end()
        assert score
        assert score.title == on.transport.title == "Beat 165"

    played(act)


@pytest.mark.parametrize(
    ("drill", "number"), [("toe-taps", [1, 1, 2, 2, 3, 3]), ("", [1, 1, 2, 2, 3, 3])]
)
def test_both_legs_of_a_set_have_its_number(drill: str, number: list[int]) -> None:
    legs = [Side.LEFT, Side.RIGHT] * 3
    parts = [Part(Kind.DRILL, "", Fraction(20), foot=each, drill=drill) for each in legs]
    rests = [Part(Kind.REST, "", Fraction(20))] * 6
    mixed = [each for pair in zip(parts, rests, strict=True) for each in pair]
    assert [set_number(mixed, 2 * k) for k in range(6)] == number
