"""Clips that are read while others play."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager

import numpy as np
import numpy.typing as npt
import pytest

from cadence_cue.errors import UserError
from cadence_cue.live.output import Output
from cadence_cue.live.packing import Clips
from cadence_cue.live.player import Player
from cadence_cue.live.process import EngineProcess
from cadence_cue.live.sounding import SoundingBlock
from cadence_cue.sound.clips import Clip
from cadence_cue.sound.renderer import Renderer
from cadence_cue.timing.timeline import Utterance
from tests.live.rig import BEATS, HANG, VOICE, mix, timeline, wait_for

COMING = {name: Utterance(name, len(clip.samples), clip.anchor) for name, clip in VOICE.items()}
PLANNED = timeline(0)
STEP = 8192


def stepped() -> Player:
    return Player(Output(backend="silent", block=STEP), stepped=True, watchdog=False)


@contextmanager
def loading(read: Callable[[list[str]], Clips]) -> Iterator[Player]:
    """A player that reads its voice while it plays."""
    with stepped() as player:
        assert player.rate
        player.load(BEATS, {})
        player.load_while_playing(COMING, read)
        yield player


def played(player: Player) -> npt.NDArray[np.float32]:
    """The frames of two steps, the first two that it plays."""
    latest = player.latest
    assert latest
    assert player._engine
    block = SoundingBlock(player._engine.control.descriptor, watches=True)
    with closing(block):
        return block.kept(latest.given + latest.frames - 2 * STEP, 2 * STEP)


def test_a_clip_is_heard_from_when_it_has_been_read() -> None:
    may = threading.Event()

    def read(names: list[str]) -> Clips:
        assert may.wait(HANG)
        return {name: VOICE[name] for name in names}

    with loading(read) as player:
        player.play(PLANNED)
        player.step(STEP)
        may.set()
        wait_for(lambda: not player.unread, "its reading")
        player.step(STEP)
        heard = played(player)
    quiet = np.zeros(STEP, np.float32)
    silent = {name: Clip(np.zeros_like(clip.samples), 0) for name, clip in VOICE.items()}
    Renderer(PLANNED, BEATS, silent).render(0, quiet)
    assert np.array_equal(heard[:STEP], quiet)
    assert np.array_equal(heard[STEP:], mix(PLANNED, STEP, 2 * STEP))


class Entered(Player):
    """A player that says when an engine is about to enter, which it may when it is told so."""

    def __init__(self) -> None:
        super().__init__(Output(backend="silent", block=STEP), stepped=True, watchdog=False)
        self.entering, self.may = threading.Event(), threading.Event()

    def enter(self, engine: EngineProcess) -> None:
        self.entering.set()
        assert self.may.wait(HANG)
        super().enter(engine)


@pytest.mark.parametrize("enters", ["while they are read", "as their reading begins"])
def test_an_engine_that_starts_with_clips_still_to_be_read_has_them_all(enters: str) -> None:
    begun, may = threading.Event(), threading.Event()

    def read(names: list[str]) -> Clips:
        begun.set()
        assert may.wait(HANG)
        return {name: VOICE[name] for name in names}

    player = Entered()
    player.load(BEATS, {})
    with ExitStack() as playing:
        if enters == "while they are read":
            player.load_while_playing(COMING, read)
            assert begun.wait(HANG)
            player.may.set()
            playing.enter_context(player)
        else:
            playing.enter_context(player)
            assert player.entering.wait(HANG)
            with player._lock:
                player.may.set()
                time.sleep(0.05)  # until it waits for the lock
                player.load_while_playing(COMING, read)
        player.play(PLANNED)
        threading.Timer(0.5, may.set).start()
        player.step(STEP)
        player.step(STEP)
        heard = played(player)
    assert np.array_equal(heard, mix(PLANNED, 0, 2 * STEP))


def test_a_clip_that_cannot_be_read_is_told_and_the_next_is_read() -> None:
    def read(names: list[str]) -> Clips:
        if names == ["Lost"]:
            raise UserError("It cannot be read.")
        return {name: VOICE[name] for name in names}

    with stepped() as player:
        assert player.rate
        player.load(BEATS, {})
        player.load_while_playing({"Lost": Utterance("Lost", 99, 0), **COMING}, read)
        wait_for(lambda: not player.unread, "the reading")
        assert player.notices == ["It cannot be read."]
        player.play(PLANNED)
        player.step(STEP)
        player.step(STEP)
        heard = played(player)
    assert np.array_equal(heard, mix(PLANNED, 0, 2 * STEP))


def test_a_clip_that_is_needed_at_once_is_not_waited_for() -> None:
    begun, may = threading.Event(), threading.Event()

    def read(names: list[str]) -> Clips:
        begun.set()
        assert may.wait(HANG)
        return {name: VOICE[name] for name in names}

    with loading(read) as player:
        assert begun.wait(HANG)
        assert player.unread == VOICE.keys()
        player.load({}, VOICE)
        assert not player.unread
        player.play(PLANNED)
        player.step(STEP)
        player.step(STEP)
        heard = played(player)
        may.set()
    assert np.array_equal(heard, mix(PLANNED, 0, 2 * STEP))
