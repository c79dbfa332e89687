"""Our own sound, as the listener takes it out of a microphone's: by what an engine shares with it.

The engine is played by this test: it writes into a control block what it gave to a device.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager

import numpy as np
import pytest

from cadence_cue.live.control import PlayedBlock, State
from cadence_cue.live.ear import Ear
from cadence_cue.live.echo import Echo, Lesson
from cadence_cue.live.input import HeardStep, Span
from cadence_cue.live.played_sound import PlayedSound
from cadence_cue.live.room import Room
from cadence_cue.live.sounding import Samples, SoundingBlock
from cadence_cue.scoring.onsets import within
from tests.live.rig import RATE

BLOCK, MICROPHONE = 480, 2048  # frames
LATENCY, DELAY = 0.1, 0.037  # seconds from giving to playing, and on to the microphone's stamps
AHEAD = 9600  # frames that are given before they are heard; through JACK there are none
SLIP = 4000  # frames of silence, when the device runs dry
BEGIN = 500.0  # the time at which frame 0 is played


def words(seconds: float, seed: int) -> Samples:
    """Bursts of noise, as of a voice, with pauses."""
    rng = np.random.default_rng(seed)
    at = np.arange(int(seconds * RATE)) / RATE
    loud = np.interp(at % 0.9, [0, 0.05, 0.3, 0.5, 0.9], [0, 1, 0.6, 0, 0])
    return (0.1 * loud * rng.normal(size=len(at))).astype(np.float32)


class Device:
    """Plays `sound`, and hears it back at a third with `others`; it may run dry once."""

    def __init__(
        self, sound: Samples, others: Samples, dry: int | None = None, ahead: int = AHEAD
    ) -> None:
        self.control = SoundingBlock()
        self._ahead = ahead
        self._sound, self._dry = sound, dry
        before, after = np.split(sound, [dry or len(sound)])
        room = np.concatenate([before, np.zeros(SLIP if dry else 0, np.float32), after])
        rng = np.random.default_rng(2)
        self.heard = (room[: len(sound)] / 3 + others + rng.normal(0, 1e-4, len(sound))).astype(
            np.float32
        )
        self._given = 0

    def give(self, end: int) -> None:
        """Make the device ask for all that it plays until a frame of its own."""
        while self._given < min(end + self._ahead, len(self._sound)):
            sound = self._sound[self._given : self._given + BLOCK, np.newaxis]
            self.control.keep(self._given, np.repeat(sound, 2, axis=1))
            dry = int(self._dry is not None and self._given >= self._dry)
            at = BEGIN + (self._given + dry * SLIP) / RATE
            self.control.publish(
                PlayedBlock(at, at, 0.0, 0, 1, 1, self._given, len(sound), State.PLAYING, 1, dry,
                            self._given, realtime=False)
            )  # fmt: skip
            self._given += len(sound)

    def blocks(self) -> Iterator[tuple[Samples, float]]:
        """Yield what the microphone hears, and when by its stamps, as the device plays."""
        for first in range(0, len(self.heard) - MICROPHONE + 1, MICROPHONE):
            self.give(first + MICROPHONE)
            block = self.heard[first : first + MICROPHONE, np.newaxis]
            yield block, BEGIN + DELAY + first / RATE


@contextmanager
def followed(device: Device) -> Iterator[PlayedSound]:
    """What the listener reads of a device, which is closed in the end."""
    played = PlayedSound(os.dup(device.control.descriptor), RATE)
    yield played
    played.close()
    device.control.close()
    os.close(device.control.descriptor)


def room_learnt(ahead: int = AHEAD, seconds: int = 2) -> Room:
    silence = np.zeros(2 * RATE, np.float32)
    nobody = np.zeros((4 + seconds) * RATE, np.float32)
    taught = Device(np.concatenate([silence, words(seconds, 1), silence]), nobody, ahead=ahead)
    with followed(taught) as played:
        lesson = Lesson(played)
        ear = Ear(RATE, lesson)
        for block, at in taught.blocks():
            ear.hear(block, at)
    assert lesson.room
    return lesson.room


@pytest.mark.parametrize("rate", [8000, 16000])
def test_an_engine_that_is_long_ahead_is_caught_up_with(rate: int) -> None:
    device = Device(words(10, 1), np.zeros(10 * RATE, np.float32), ahead=0)
    played = PlayedSound(os.dup(device.control.descriptor), rate)
    ends = [BLOCK * each for each in (1, 200, 473, 746, 900)]  # up to 131,040 frames apart
    with closing(played):
        for end in ends:
            device.give(end)
            played.poll()
    device.control.close()
    os.close(device.control.descriptor)


@pytest.fixture
def room() -> Room:
    return room_learnt()


def test_what_was_played_some_time_ago_is_learnt_from_too() -> None:
    room = room_learnt(seconds=18)
    assert room.delay == pytest.approx(DELAY, abs=1e-4)
    assert room.left < 0.01


@pytest.mark.parametrize("ahead", [AHEAD, 0])
def test_a_room_is_learnt_and_steps_are_told_by_the_frames_that_are_heard_with_them(
    ahead: int,
) -> None:
    room = room_learnt(ahead)
    assert room.delay == pytest.approx(DELAY, abs=1e-4)
    assert abs(room.response).max() == pytest.approx(1 / 3, rel=0.1)
    assert room.left < 0.01

    sound = words(16, 3)
    tap = np.exp(-np.arange(960) / 240) * np.random.default_rng(4).normal(size=960)
    frames = np.arange(4 * RATE, 15 * RATE, RATE // 2) + 1234
    others = np.zeros(len(sound), np.float32)
    for frame in frames:
        others[frame : frame + 960] += 0.2 * tap
    dry = 9 * RATE
    device = Device(sound, others, dry, ahead)
    steps: list[HeardStep] = []
    hidden: list[Span] = []
    with followed(device) as played:
        ear = Ear(RATE, Echo(played, room))
        for block, at in device.blocks():
            found = ear.hear(block, at)
            steps += found.steps
            hidden += found.hidden
    true = np.where(frames < dry, frames, frames - SLIP)  # of the frames heard with them
    told = [step.given for step in steps if step.given is not None]
    assert len(told) >= 0.6 * len(frames)
    assert max(told) > dry + RATE
    assert all(abs(true - given).min() < RATE / 1000 for given in told)
    instants = np.array([step.at for step in steps])
    by_clock = BEGIN + DELAY + frames / RATE
    # Until the lag of our words is known, and again after the slip, they are not taken for steps.
    assert all(abs(by_clock - each).min() < 0.001 for each in instants)
    told_of = np.array([abs(instants - each).min() < 0.001 for each in by_clock])
    assert (told_of | within(hidden, by_clock)).all()
    assert within(hidden, np.array([BEGIN + 1.0])).all()  # words, and no step yet


def test_in_headphones_steps_in_time_with_the_clicks_are_soon_told(room: Room) -> None:
    rng, count = np.random.default_rng(4), 12 * RATE
    tap = np.exp(-np.arange(960) / 240) * rng.normal(size=960)
    clicks, steps = np.zeros(count, np.float32), np.zeros(count, np.float32)
    frames = np.arange(RATE, count - RATE, RATE // 3)
    for frame in frames:
        clicks[frame : frame + 960] += 0.1 * tap
        late = frame + round(rng.normal(0, 0.015) * RATE)
        steps[late : late + 960] += 0.2 * tap
    device = Device(clicks, steps - clicks / np.float32(3))
    with followed(device) as played:
        ear = Ear(RATE, Echo(played, room))
        told = [step.at for block, at in device.blocks() for step in ear.hear(block, at).steps]
    expected = np.count_nonzero(frames > 7 * RATE)
    assert sum(at > BEGIN + DELAY + 7 for at in told) >= 0.9 * expected
