"""What the live tests play, and how they wait for it."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt

from cadence_cue.live.player import Player
from cadence_cue.sound.clips import Clip
from cadence_cue.sound.renderer import Renderer
from cadence_cue.timing.timeline import EVENT, NO_BEAT, Bus, EventKind, Foot, Timeline

Gain = float | npt.NDArray[np.float32]

RATE = 48000
RAMP = 240
HANG = 300.0  # a guard against hanging, no measure of anything


def clip(seed: int, frames: int) -> Clip:
    """Noise without a single zero: any gain that differs shows in every sample."""
    samples = np.random.default_rng(seed).integers(1, 8000, frames, np.int16)
    return Clip(samples * np.where(np.arange(frames) % 3, 1, -1).astype(np.int16), 0)


BEATS = {"click": clip(1, 9000), "accent": clip(2, 12000)}
VOICE = {"Relax": clip(3, 30000)}


def timeline(start: int = -3000, frames: int = 48000) -> Timeline:
    """Clicks that touch one another, and speech that ducks them, all the way through."""
    names = ("click", "accent", "Relax")
    rows = [
        (onset, 30000, EventKind.CUE, Bus.VOICE, 2, 0.9, 0.0, 0, NO_BEAT, Foot.NONE, False)
        for onset in range(start + 1000, frames, 30000)
    ]
    for number, onset in enumerate(range(start + 500, frames, 9000)):
        accent = number % 4 == 0
        sound = names.index("accent" if accent else "click")
        length = 12000 if accent else 9000
        row = (onset, length, EventKind.BEAT, Bus.BEAT, sound, 0.7, -6.0, 0, number)
        rows.append((*row, Foot.NONE, accent))
    events = np.array(sorted(rows), EVENT)
    return Timeline(RATE, start, frames, 1, events, names, (), ())


def renderer(of: Timeline) -> Renderer:
    return Renderer(of, BEATS, VOICE)


def mix(of: Timeline, start: int, end: int, *, voice: bool = True) -> npt.NDArray[np.float32]:
    """The export's samples, one channel."""
    out = np.zeros(end - start, np.float32)
    renderer(of).render(start, out, voice=voice)
    return out


def noise(of: Timeline, start: int, frames: int) -> npt.NDArray[np.float32]:
    out = np.zeros(frames, np.float32)
    renderer(of).noise(start, out)
    return out


def line(start: float, end: float) -> npt.NDArray[np.float32]:
    """A ramp of 5 ms; its last value is its target."""
    return (start + (end - start) * np.arange(1, RAMP + 1) / RAMP).astype(np.float32)


def scaled(
    of: Timeline, start: int, beat: Gain, voice: Gain, relief: Gain = 0.0
) -> npt.NDArray[np.float32]:
    """RAMP frames from `start` on, each bus with a gain or a line of gains."""
    beats, speech, freed = (np.zeros(RAMP, np.float32) for _ in range(3))
    renderer(of).buses(start, beats, speech, freed)
    mixed = noise(of, start, RAMP) + (beats + freed * relief) * beat + speech * voice
    return np.asarray(mixed, np.float32)


def wait_for(condition: Callable[[], object], what: str) -> None:
    """Wait until it holds; fail only after so long that it never will."""
    until = time.monotonic() + HANG
    while not condition():
        assert time.monotonic() < until, f"still waiting for {what}"
        time.sleep(0.01)


def engine_of(player: Player) -> int:
    """The process of its engine, as soon as there is one."""
    wait_for(lambda: player._engine, "the engine")
    assert player._engine is not None
    return player._engine.pid


@contextmanager
def standing(player: Player) -> Iterator[None]:
    """Its engine makes nothing meanwhile: however slow we are, it finds all wishes at one frame."""
    engine = engine_of(player)
    os.kill(engine, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(engine, signal.SIGCONT)


def gone(pid: int) -> bool:
    """Whether no such process runs (one that waits to be reaped does not run)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True
