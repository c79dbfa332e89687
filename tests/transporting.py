"""A transport with the real engine, which makes frames when the test says so, and what was heard.

Nothing here waits for time: the runner's clock is the frames that were made.
"""

from __future__ import annotations

import atexit
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np

from cadence_cue import studio
from cadence_cue.coaching.catalogue import load_library
from cadence_cue.coaching.session_file import parse
from cadence_cue.live.control import PlayedBlock, State
from cadence_cue.live.output import Output
from cadence_cue.live.packing import Clips
from cadence_cue.live.player import Player
from cadence_cue.sound.clips import Clip
from cadence_cue.sound.spans import LaidMusic
from cadence_cue.studio import Performance, PerformanceSpec
from cadence_cue.timing.editing import at_beat
from cadence_cue.timing.timeline import EVENT, EventKind, Timeline, Utterance
from cadence_cue.transport.transport import Transport

LIBRARY = load_library()
LOOK = 2400  # frames between two looks


def perform(*phases: dict[str, Any], own: int = 165, **keys: Any) -> Performance:
    data = {"title": "A session", "countdown": False, "phase": list(phases), **keys}
    session = parse(data, name="session", library=LIBRARY, rehearsal=True)
    wishes = PerformanceSpec(cadence_spm=Fraction(own), get_ready=Fraction(0), seed=1, safety=False)
    return studio.perform(session, LIBRARY, wishes)


class Recorder(Player):
    """A player that remembers which timelines it was given."""

    def __init__(self) -> None:
        super().__init__(Output(backend="silent", block=LOOK), stepped=True, watchdog=False)
        self.forget()

    def forget(self) -> None:
        """Begin anew to remember."""
        self.begun: dict[int, Timeline] = {}
        self.swapped: dict[int, Timeline] = {}
        self.gains: dict[str, float | None] = {}
        self.offered: list[tuple[int, LaidMusic | None]] = []
        self.clips: dict[str, Clip] = {}
        self.later: list[str] = []
        self.other_rate = 0

    @property
    def rate(self) -> int:
        return self.other_rate or super().rate

    def load(self, beats: Clips, voice: Clips) -> None:
        super().load(beats, voice)
        self.clips |= {**beats, **voice}

    def load_while_playing(
        self, coming: Mapping[str, Utterance], read: Callable[[list[str]], Clips]
    ) -> None:
        super().load_while_playing(coming, read)
        self.later += coming
        self.clips |= read([*coming])

    def level(self, **gains: float | None) -> None:
        super().level(**gains)
        self.gains |= gains

    def play(
        self, timeline: Timeline, frame: int | None = None, music: LaidMusic | None = None
    ) -> int:
        generation = super().play(timeline, frame, music)
        self.begun[generation] = timeline
        return generation

    def offer(self, timeline: Timeline, since: int, music: LaidMusic | None = None) -> int:
        number = super().offer(timeline, since, music)
        self.swapped[number] = timeline
        self.offered.append((since, music))
        return number


@dataclass
class Playing:
    """One playing: what the transport says that it is, and what the engine made of it."""

    performance: Performance
    timeline: Timeline
    entry: int
    stretches: list[PlayedBlock] = field(default_factory=list)


class Stage:
    """A transport, its player, and every playing by its generation."""

    def __init__(self, performance: Performance, player: Recorder, *, plain: bool = False) -> None:
        self.player = player
        self.now = 0.0
        self.transport = Transport(performance, player, plain=plain, clock=lambda: self.now)
        self.playings: dict[int, Playing] = {}
        self._last = player.latest
        self._settled = self.transport._deck.settled
        self.transport._deck.settled = self._noted  # type: ignore[method-assign]

    def make(self, frames: int) -> None:
        """Let the engine make so many frames."""
        self.note()
        self.player.step(frames)
        self.now += frames / self.player.rate
        new: list[PlayedBlock] = []
        assert self.player._engine is not None
        for stretch in self.player._engine.control.played_blocks():
            if stretch == self._last:
                break
            new.append(stretch)
        self._last = new[0]
        for stretch in reversed(new):
            if stretch.generation:
                self.playings[stretch.generation].stretches.append(stretch)

    def poll(self) -> list[str]:
        """Look once; what was told."""
        told = self.transport.poll()
        self.note()
        return told

    def run(self, seconds: float) -> list[str]:
        """Play and look in turns; what was told."""
        told = self.poll()
        for _ in range(round(seconds * self.player.rate / LOOK)):
            self.make(LOOK)
            told += self.poll()
        return told

    def note(self) -> None:
        """Keep what plays; what is laid on a deck that stands has not been heard."""
        deck = self.transport._deck
        if deck._parked_at is None:
            playing = self.playings.setdefault(
                deck._generation, Playing(deck.performance, deck.timeline, deck._entry)
            )
            playing.performance, playing.timeline = deck.performance, deck.timeline

    def _noted(self) -> bool:
        settled = self._settled()
        self.note()
        return settled

    def check(self) -> None:
        """See that every playing was heard as its performance has it."""
        for generation, playing in self.playings.items():
            runs = self._runs(generation, playing)
            if not runs:
                continue
            first, last = runs[0][1], runs[-1][2]
            heard = [event for of, start, end in runs for event in within(of, start, end)]
            assert heard == within(playing.timeline, first, last)
            plan = playing.performance.plan
            start = max(first, playing.entry)
            counted = plan.clock.frame(at_beat(plan.layout, plan.clock, start))
            played, whole = (
                [
                    event
                    for event in within(of, start, last)
                    if event[0] >= counted or event[2] != EventKind.COUNT_IN
                ]
                for of in (playing.timeline, plan.timeline)
            )
            assert played == whole

    def _runs(self, generation: int, playing: Playing) -> list[tuple[Timeline, int, int]]:
        """The frames that were heard, without a gap, and of which timeline each run is."""
        runs: list[tuple[Timeline, int, int]] = []
        for stretch in playing.stretches:
            of = self.player.swapped.get(stretch.timeline, self.player.begun[generation])
            if runs:
                assert stretch.frame == runs[-1][2]
            if stretch.state is not State.PLAYING:
                continue
            end = stretch.frame + stretch.frames
            if runs and runs[-1][0] is of:
                runs[-1] = (of, runs[-1][1], end)
            else:
                runs.append((of, stretch.frame, end))
        return runs


def within(timeline: Timeline, start: int, end: int) -> list[tuple[Any, ...]]:
    """The sounds that begin within these frames, by name."""
    events = timeline.events
    first, last = np.searchsorted(events["frame"], (start, end))
    at = list(EVENT.fields or ()).index("sound")
    rows = (row.item() for row in events[first:last])
    return sorted((*row[:at], timeline.sounds[row[at]], *row[at + 1 :]) for row in rows)


@cache
def _player() -> Recorder:
    """One for all tests of a process: to start an engine takes longer than most of them."""
    player = Recorder()
    player.start()
    atexit.register(player.close)
    return player


@contextmanager
def stage(performance: Performance, *, plain: bool = False) -> Iterator[Stage]:
    """A transport over an engine that is ready."""
    player = _player()
    player.forget()
    assert player.rate == performance.spec.rate
    yield Stage(performance, player, plain=plain)
    player.pause()
    player.step(LOOK)
