"""The keys and figures of the play screen, on the real player."""

from __future__ import annotations

import asyncio
import signal
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
import soundfile as sf
from textual.binding import Binding
from textual.command import Command, CommandList
from textual.widgets import Input, Static

from cadence_cue.app.settings import user_folder
from cadence_cue.coaching.session import Kind
from cadence_cue.live.player import Player
from cadence_cue.sound.spans import LaidMusic
from cadence_cue.transport.actions import ACTIONS
from cadence_cue.tui.choosing_music import ChooseMusic
from cadence_cue.tui.key_footer import KeyFooter
from cadence_cue.tui.library.library import LibraryScreen
from cadence_cue.tui.pages import Card, Confirm, KeysScreen
from cadence_cue.tui.playing.figure import Figure, drawn
from cadence_cue.tui.playing.lamps import Lamp
from cadence_cue.tui.playing.playing import PlayScreen
from cadence_cue.tui.playing.session_bar import SessionBar
from cadence_cue.tui.short import Short
from tests.matrix import matrix
from tests.tui import scenes
from tests.tui.legibility import off_centre
from tests.tui.rig import HANG, RATE, READ, Stage, played


def test_space_pauses_and_goes_on() -> None:
    async def act(on: Stage) -> None:
        await on.begin()
        await on.step(5)
        await on.press("space")
        assert on.text("#status").startswith("PAUSED: space goes on · sound")
        assert "space go on" in on.footer
        await on.press("w")  # something else is told
        assert on.text("#status").startswith("PAUSED: space goes on · will wait before")
        await on.press("1")
        assert on.text("#status") == "PAUSED: space goes on · tempo 1_   Enter takes it"
        await on.press("q")
        assert "is not over yet. Quit?" in str(on.screen.query(Static).first().content)
        await on.press("n", "space")
        assert not on.transport.paused
        assert "space pause" in on.footer

    played(act)


def test_what_is_told_goes_when_it_is_no_longer_true() -> None:
    async def act(on: Stage) -> None:
        await on.begin()
        await on.press("5", "enter")
        assert on.text("#status").startswith("a tempo is 20 to")
        await on.press("7", "escape")
        assert "a tempo is" not in on.text("#status")
        await on.press("f")
        assert on.text("#status") == "f shows everything again"
        await on.press("f")
        assert "f shows" not in on.text("#status")

    played(act)


def test_the_arrows_move_the_tempo_and_the_phase() -> None:
    async def act(on: Stage) -> None:
        await on.begin("cadence-plus5")
        run = await on.to(Kind.RUN, 8)
        before = on.transport.tempo
        assert before is not None
        await on.press("up")
        await on.press("shift+up")
        await on.press("down")
        await on.step(3)
        await on.step(3)
        assert on.transport.tempo == before + 5
        assert run.title in on.text("#title")
        await on.press("left")
        assert on.transport.phase == run.index
        await on.press("left")
        assert on.transport.phase == run.index - 1
        await on.press("right", "right")
        assert on.transport.phase == run.index + 1

    played(act)


def test_a_session_that_plays_is_ended_and_replaced_only_after_a_question() -> None:
    async def act(on: Stage) -> None:
        await on.begin()
        before = on.transport
        await on.press("e")
        assert isinstance(on.screen, Confirm)
        await on.press("n")
        assert on.app.transport is before
        await on.press("l")
        await on.choose("daily-ten")
        await on.press("enter")
        assert isinstance(on.screen, Confirm)
        assert on.screen._question.endswith("End it and play Daily ten?")
        await on.press("n")
        assert on.app.transport is before
        await on.settled()
        await on.press("enter", "y")
        assert on.transport is not before
        await on.press("e", "y")
        assert on.app.transport is None

    played(act)


def test_digits_type_a_tempo() -> None:
    async def act(on: Stage) -> None:
        await on.begin("cadence-plus5")
        await on.to(Kind.RUN, 8)
        await on.press("1", "7", "9")
        assert on.text("#status").startswith("tempo 179_")
        await on.press("backspace", "7", "full_stop", "5", "enter")
        await on.step(3)
        await on.step(3)
        assert float(on.transport.tempo or 0) == 177.5
        await on.press("1", "escape")
        assert isinstance(on.screen, PlayScreen)
        await on.press("9", "9", "9", "enter")
        assert "a tempo is" in on.text("#status")

    played(act)


def test_music_is_chosen_muted_and_turned_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    sf.write(tmp_path / "tune.wav", np.full(RATE, 0.1), RATE)
    beds: list[LaidMusic | None] = []
    monkeypatch.setattr(Player, "set_music", lambda _, bed: beds.append(bed))

    async def act(on: Stage) -> None:
        await on.begin()
        await on.press("u")
        assert isinstance(on.screen, ChooseMusic)
        on.screen.query_one(Input).value = str(tmp_path / "gone.wav")
        await on.press("enter")
        assert beds == [None]
        await on.press("u")
        on.screen.query_one(Input).value = str(tmp_path)
        await on.press("enter")
        await on.until(lambda: on.transport.music.share is None, "the music")
        await on.poll()
        assert beds[-1] is not None
        await on.press("u")
        assert on.text("#status") == "music off"
        await on.press("u")
        assert on.text("#status") == "music on"
        await on.press("tab", "tab", "tab", "minus")
        assert on.transport.levels.music_db == -2
        assert on.app.settings.music_level == -2
        await on.press("U")
        assert isinstance(on.screen, ChooseMusic)
        await on.press("escape")
        assert on.transport.music.there
        await on.begin("pre-race")
        assert beds[-1] is None  # it was the other one's

    played(act)


def test_music_is_matched_with_a_tick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    sf.write(tmp_path / "tune.wav", np.full(RATE, 0.1), RATE)

    async def act(on: Stage) -> None:
        await on.begin("cadence-plus5")
        await on.press("u")
        on.screen.query_one(Input).value = str(tmp_path)
        await on.press("tab", "space", "enter")
        await on.until(lambda: on.transport.music.share is None, "the verdict")
        await on.poll()
        assert "none of them keeps a beat that can be followed" in on.text("#status")

    played(act)


def test_a_session_with_music_plays_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = user_folder() / "sessions"
    folder.mkdir(parents=True)
    sf.write(folder / "tune.wav", np.full(RATE, 0.1), RATE)
    session = (
        'title = "With music"\n[music]\nfile = "tune.wav"\n[[phase]]\nwalk = ""\ntime = "9s"\n'
    )
    (folder / "with-music.toml").write_text(session)

    async def act(on: Stage) -> None:
        await on.begin("with-music")
        await on.until(lambda: on.transport.music.share is None, "the music")
        await on.poll()
        assert on.player._music is not None

    played(act)


def test_voice_and_beat_are_muted() -> None:
    async def act(on: Stage) -> None:
        await on.begin()
        for key, bus, other in (("v", "voice", "beat"), ("m", "beat", "voice")):
            await on.press(key)
            assert not getattr(on.transport.levels, bus)
            assert getattr(on.transport.levels, other)
            await on.press(key)
            assert getattr(on.transport.levels, bus)

    played(act)


def test_what_is_muted_stays_muted_in_the_next_session() -> None:
    async def act(on: Stage) -> None:
        await on.begin()
        await on.press("m")
        await on.begin("cadence-plus5")
        assert not on.transport.levels.beat
        assert on.transport.levels.voice

    played(act)


def test_plus_and_minus_change_what_tab_selects() -> None:
    async def act(on: Stage) -> None:
        await on.begin()
        await on.press("minus")
        assert on.transport.levels.volume_db == -2
        await on.press("tab", "minus", "minus")
        assert on.transport.levels.beat_db == -4
        await on.press("tab", "minus", "plus", "minus")
        assert on.transport.levels.voice_db == -2
        await on.press("tab", "plus", "plus")
        assert on.transport.levels.volume_db == 0
        assert on.app.settings.beat_level == -4
        assert on.app.settings.voice_level == -2

    played(act)


def test_w_holds_the_end_of_a_rest() -> None:
    async def act(on: Stage) -> None:
        await on.begin("daily-ten")
        await on.press("w")
        rest = next(m for m in on.transport.timeline.marks if m.kind in (Kind.REST, Kind.WALK))
        await on.step((rest.start + rest.frames - on.transport.timeline.start) / RATE + 2)
        await on.step(1)
        assert on.transport.waiting
        assert on.text("#status").startswith("WAITING: w goes on")
        await on.press("w")
        await on.step(1)
        assert not on.transport.waiting

    played(act)


def test_the_beat_moves_and_comes_back() -> None:
    async def act(on: Stage) -> None:
        await on.begin("cadence-plus5")
        await on.to(Kind.RUN, 8)
        await on.press("full_stop")
        assert "5 ms later" in on.text("#status")
        await on.step(2)
        await on.press("comma")
        assert "5 ms earlier" in on.text("#status")
        await on.press("up")
        await on.step(2)
        await on.press("o")
        await on.step(2)
        assert (
            on.transport.performance.tempi.cadence_spm == on.transport.performance.spec.cadence_spm
        )

    played(act)


def test_half_and_double_are_for_a_plain_beat() -> None:
    async def act(on: Stage) -> None:
        await on.begin()
        await on.press("h")
        assert "only a plain beat" in on.text("#status")
        await on.press("b")
        await on.press("enter", "y")
        await on.step(8)
        assert float(on.transport.tempo or 0) == 165
        await on.press("h")
        await on.step(3)
        assert float(on.transport.tempo or 0) == 82.5
        await on.press("d")
        await on.step(3)
        assert float(on.transport.tempo or 0) == 165

    played(act)


def test_taps_are_counted_where_the_runner_sees_it() -> None:
    async def act(on: Stage) -> None:
        await on.begin("cadence-plus5")
        now = [0.0]  # the runner taps evenly, however this machine stalls
        on.transport.tempo_control._clock = lambda: now[0]
        for _ in range(6):
            now[0] += 0.35
            await on.press("t")
        assert on.text("#status").startswith("tapped ")

    played(act)


def test_a_drill_shows_the_time_left_and_a_run_its_cadence() -> None:
    async def act(on: Stage) -> None:
        await on.begin("cadence-plus5")
        await on.to(Kind.RUN, 4)
        assert on.screen.query_one(Figure).value == f"{round(on.transport.tempo or 0)}"
        assert "per foot" in on.text("#unit")
        await on.begin()
        drill = await on.to(Kind.DRILL, 4.5)
        left = drill.frames // RATE - 4
        assert on.screen.query_one(Figure).value == f"{left // 60}:{left % 60:02d}"
        assert on.text("#unit").startswith("to go")
        assert on.app.library.drills["perception"].beat.text in on.text("#beat")

    played(act)


def test_a_lamp_is_lit_while_its_beat_is_heard() -> None:
    async def act(on: Stage) -> None:
        await on.begin("daily-ten")
        timeline = on.transport.timeline
        beat = next(e for e in timeline if e.kind.label == "beat" and e.foot.label == "left")
        left, right = on.screen.query_one("#left", Lamp), on.screen.query_one("#right", Lamp)
        await on.step((beat.frame - timeline.start) / RATE - 0.2)
        while on.transport.position.frame < beat.frame:
            early = beat.frame - on.transport.position.frame
            assert not left.state.lit or early > RATE // 10 or early < RATE // 100
            on.player.step(256)
            await on.poll()
        assert left.state.lit
        assert left.state.label == "LEFT"
        assert not right.state.lit
        await on.step(0.2)
        assert not left.state.lit

    played(act)


def test_a_lamp_that_nobody_looked_at_in_time_lights_late() -> None:
    async def act(on: Stage) -> None:
        await on.begin("daily-ten")
        mark = await on.to(Kind.DRILL, 4)
        beats = (each.frame for each in on.transport.timeline if each.kind.label == "beat")
        frame = next(each for each in beats if each > mark.start + 5 * RATE)
        on.player.step(frame - on.transport.position.frame + RATE * 15 // 100)
        await on.poll()
        assert any(lamp.state.lit for lamp in on.screen.query(Lamp))

    played(act)


def test_the_bar_is_there_although_a_poll_came_before_it() -> None:
    async def act(on: Stage) -> None:
        await on.begin("daily-ten")
        await on.press("l")
        on.app.action_library()  # pushes the play screen, which has composed nothing yet
        on.app.poll()
        await on.pilot.pause()
        await on.poll()
        assert isinstance(on.screen, PlayScreen)
        assert on.screen.query_one(SessionBar)._pieces

    played(act)


@pytest.mark.parametrize(
    ("size", "far"),
    matrix([((80, 24), False), ((100, 30), True), ((60, 20), True), ((60, 20), False),
            ((100, 30), False), ((120, 40), False), ((121, 41), True), ((200, 60), False)], few=2),
)  # fmt: skip
def test_what_plays_is_centred_at_every_size(size: tuple[int, int], far: bool) -> None:
    async def act(on: Stage) -> None:
        await on.begin("cadence-plus5")
        await on.to(Kind.RUN, 8)
        if far:
            await on.press("f")
        await on.poll()
        assert off_centre(on) == []
        for name in ("#title", "#caption"):
            assert not on.screen.query_one(name, Short).is_cut

    played(act, size=size)


@pytest.mark.parametrize(("columns", "rows"), matrix([(60, 20), (200, 60), (80, 24)], few=1))
def test_a_plain_beat_fills_the_screen_and_nothing_is_cut(columns: int, rows: int) -> None:
    async def act(on: Stage) -> None:
        await on.press("b", "1", "0", "0", "a", "k", "space")
        await on.step(8)
        shown = scenes.text_of(await on.picture())
        for name in ("#name", "#unit", "#place", "#status"):
            assert on.text(name) in shown
        if rows < 30:
            assert on.text("#title") in shown
        figure = on.screen.query_one(Figure)
        width, height = figure.size
        digits = drawn(figure.value, width, height)
        smallest = "███ ███ ███"
        assert len(digits[0]) > width - len(smallest) or len(digits) > height - 5

    played(act, size=(columns, rows))


def test_a_plain_beat_is_called_by_its_tempo_and_shows_what_was_played() -> None:
    async def act(on: Stage) -> None:
        await on.press("b", "space")
        await on.step(6)
        await on.press("up")
        await on.step(2)
        assert on.text("#name") == "Beat 166"
        for words in ("to go", " of 1", "Next", "179"):
            assert words not in scenes.text_of(await on.picture())

    played(act)


def test_the_last_phase_says_so() -> None:
    async def act(on: Stage) -> None:
        await on.begin()
        timeline = on.transport.timeline
        await on.step((timeline.marks[-1].start - timeline.start) / RATE + 1)
        assert on.text("#coming") == "The last phase"

    played(act)


def test_a_device_that_ran_dry_is_told_for_some_seconds() -> None:
    async def act(on: Stage) -> None:
        await on.begin()
        now = [1000.0]
        with patch("cadence_cue.tui.status.monotonic", lambda: now[0]):
            await on.poll()
            assert "stutters" not in on.text("#status")
            on.player._underruns += 3
            await on.poll()
            assert "the sound stutters" in on.text("#status")
            now[0] += 11
            await on.poll()
            assert "stutters" not in on.text("#status")
        on.player._underruns = 0

    played(act)


def test_without_flashes_the_lamps_stay_dark() -> None:
    async def act(on: Stage) -> None:
        await on.begin("daily-ten")
        timeline = on.transport.timeline
        beat = next(e for e in timeline if e.kind.label == "beat")
        await on.step((beat.frame - timeline.start) / RATE + 0.02)
        assert not any(lamp.state.lit for lamp in on.screen.query(Lamp))

    played(act, replace(READ, still=True))


def test_cards_and_keys_are_read_while_it_plays() -> None:
    async def act(on: Stage) -> None:
        await on.begin()
        await on.press("i")
        assert isinstance(on.screen, Card)
        assert "Perception" in on.text(".card Static")
        await on.press("escape")
        await on.press("question_mark")
        assert isinstance(on.screen, KeysScreen)
        keys = on.text(".card Static")
        for words in (
            "pause; resume",
            "tap the tempo",
            "beat, your music: off, on",
            "write it to a file",
            "type a tempo",
            "quit, from any screen",
        ):
            assert words in keys
        for action in ACTIONS.values():  # as the table of actions has them
            assert any(on.app.get_key_display(Binding(k, "")) in keys for k in action.keys)
        before = on.transport.position.frame
        await on.step(1)
        assert on.transport.position.frame == before + RATE
        await on.press("escape")
        assert isinstance(on.screen, PlayScreen)

    played(act)


def keys(on: Stage) -> list[str]:
    """The keys at the bottom."""
    footer = on.screen.query_one(KeyFooter)
    return [key for _, words in footer._keys() for key, _, _ in words]


def words(on: Stage) -> list[tuple[str, str, str]]:
    """The keys at the bottom, each with its name and its word."""
    return [word for _, words in on.screen.query_one(KeyFooter)._keys() for word in words]


def test_the_library_and_back_while_it_plays() -> None:
    async def act(on: Stage) -> None:
        await on.choose("first-perception")
        assert "l" not in keys(on)
        await on.begin()
        assert "space" in keys(on)
        await on.press("l")
        assert isinstance(on.screen, LibraryScreen)
        assert ("l", "l", "player") in words(on)
        await on.step(2)
        assert "First time" in on.text("#time")
        await on.press("l")
        assert isinstance(on.screen, PlayScreen)
        await on.press("escape")
        assert isinstance(on.screen, LibraryScreen)
        assert not on.transport.paused

    played(act)


def test_a_dialog_leaves_its_keys_to_what_plays_and_shows_only_its_own() -> None:
    async def act(on: Stage) -> None:
        await on.begin("daily-ten")
        await on.press("question_mark", "space")
        assert on.transport.paused
        await on.press("minus", "v")
        assert on.transport.levels.volume_db == -2
        assert not on.transport.levels.voice
        assert on.app.settings.volume == -2
        tempo = on.transport.tempo
        await on.press("escape", "x")
        target = on.screen.query_one("#target", Input)
        await on.press("tab", "v")  # a letter of the file's name
        assert "v" in target.value
        assert not on.transport.levels.voice
        assert on.transport.tempo == tempo
        footer = on.app.screen_stack[-2].query_one(KeyFooter)
        assert str(footer.render()) == ""
        await on.press("escape")
        assert str(footer.render()).startswith("+ - volume v voice space go on")

    played(act)


def test_the_keys_at_the_bottom_are_whole_words_at_any_width() -> None:
    async def act(on: Stage) -> None:
        await on.begin("daily-ten")
        whole = str(on.screen.query_one(KeyFooter).render())
        for columns in (20, 33, 47, 60):
            await on.pilot.resize_terminal(columns, 20)
            footer = on.screen.query_one(KeyFooter)
            await on.until(lambda: footer.size.width < columns, "the new width")  # noqa: B023 (awaited)
            shown = str(footer.render())
            assert len(shown) <= columns - 2
            assert shown.endswith("? keys")
            assert whole.startswith(shown.removesuffix("? keys"))

    played(act)


def test_the_palette_finds_sessions_settings_and_keys() -> None:
    async def act(on: Stage) -> None:
        async def find(typed: str, first: str = "") -> None:
            await on.press("ctrl+p", *["space" if key == " " else key for key in typed])
            palette = on.screen
            results = palette.query_one(CommandList)

            def found() -> bool:
                best = results.options[0] if results.option_count else None
                wanted = first or typed
                return isinstance(best, Command) and wanted in (best.hit.text or "").casefold()

            await on.until(found, "what was looked for")
            await on.press("enter")
            if on.screen is palette:  # the first Enter chose among what was found
                await on.press("enter")
            await on.poll()

        await find("pyramid")
        library = on.app.screen_stack[0]
        assert isinstance(library, LibraryScreen)
        assert library.selected
        assert library.selected.name == "cadence-pyramid"
        assert on.app.transport is None  # it is shown, not played
        await find("voices")
        assert on.screen.name == "Voices"
        await on.press("escape")
        await find("theme", first="setting: colours")  # as the command calls it
        assert on.screen.focused
        assert on.screen.focused.id == "theme"
        await on.press("escape")
        await on.begin()
        await find("hold the end")
        assert "will wait" in on.app.message

    played(act)


def test_quitting_while_it_plays_is_asked_once() -> None:
    async def act(on: Stage) -> None:
        await on.begin()
        await on.press("q")
        assert isinstance(on.screen, Confirm)
        await on.press("n")
        assert isinstance(on.screen, PlayScreen)
        await on.press("q")
        await on.press("y")
        assert not on.app.is_running or on.app._exit

    played(act)


def test_a_click_on_the_bar_jumps_to_the_phase() -> None:
    async def act(on: Stage) -> None:
        await on.begin()
        bar = on.screen.query_one("#bar")
        await on.pilot.click("#bar", offset=(bar.gutter.left + bar.size.width - 1, 0))
        await on.poll()
        assert on.transport.phase == len(on.transport.timeline.marks) - 1

    played(act)


def test_the_runner_s_own_keys_are_used() -> None:
    async def act(on: Stage) -> None:
        await on.begin()
        await on.press("p")
        assert on.transport.paused
        await on.until(lambda: "PAUSED: p goes on" in on.text("#status"), "the key")

    played(act, replace(READ, keys=(("play.pause", "p, f5"),)))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_in_the_middle_of_a_message_ends_the_app(number: signal.Signals) -> None:
    async def act(on: Stage) -> None:
        on.screen.call_later(signal.raise_signal, number)
        async with asyncio.timeout(HANG):
            while on.app.return_code is None:  # noqa: ASYNC110 (no event tells)
                await asyncio.sleep(0)
        assert on.app.return_code == 128 + number

    played(act)
