"""Measures how well a device is served, while only the noise floor plays.

For the diagnosis of an output; playing does not use it.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import attrgetter
from typing import Any

import numpy as np

from cadence_cue.live.clock import StreamClock
from cadence_cue.live.control import ControlBlock, Desired, PlayedBlock
from cadence_cue.live.output import LATENCIES, NoSoundError, Opened, Output
from cadence_cue.live.process import EngineProcess
from cadence_cue.live.watchdog import TICK, Watchdog
from cadence_cue.timing import RATE
from cadence_cue.timing.timeline import EVENT, Timeline

_SETTLING = 0.5  # seconds to skip: a device that is waking up is not typical
_OPENING = 10.0  # seconds that a device may take to open, as in live.device_list
_POLL = 0.05  # seconds between two reads of the published blocks
_CHANGE = 0.2  # seconds between two changes of the level, on average


@dataclass(frozen=True, slots=True)
class Callback:
    """One callback: the device asked for sound.

    `made_at` is when it asked (seconds of time.monotonic), `heard_at` when the first frame leaves
    the speaker, `took` how many seconds the previous callback took; `seen` is the number of the
    desired state that it followed.
    """

    made_at: float
    heard_at: float
    took: float
    seen: int
    frames: int
    underruns: int
    realtime: bool


@dataclass(frozen=True, slots=True)
class StoredWish:
    """A change of the level: its number, and when it was stored (seconds of time.monotonic)."""

    number: int
    stored_at: float


@dataclass(frozen=True, slots=True)
class Spread:
    """The median, the 95th and 99th percentiles and the maximum of many values."""

    p50: float
    p95: float
    p99: float
    most: float


@dataclass(frozen=True, slots=True)
class Health:
    """What was measured; times in seconds.

    `jitter` is how far the intervals between callbacks are from the length of a block, `cost` the
    share of that length that rendering took. `control` is the time from storing a change to the
    callback that followed it, `heard` the time from there to the ear. `clock_ppm` is how many
    millionths slow the device's crystal is, `clock_residual` how rough its time stamps are.
    """

    opened: Opened
    seconds: float
    callbacks: int
    frames: int
    """The usual length of a block."""
    jitter: Spread
    cost: Spread
    control: Spread
    heard: Spread
    clock_ppm: float
    clock_residual: float
    underruns: int
    realtime: bool


def measure(output: Output, seconds: float, begins: Callable[[], object] = lambda: None) -> Health:
    """Play the noise floor on `output` for `seconds`, changing its level now and then.

    `begins` is called once the output is open. Raises NoSoundError if nothing can be played.
    """
    latencies = LATENCIES[:1] if output.latency is None else (output.latency,)
    engine = EngineProcess(output, RATE, latencies)
    try:
        opened = _open(engine)
        begins()
        engine.send(1, _silence(opened.rate, seconds))
        callbacks, wishes = _watch(engine.control, seconds)
    finally:
        engine.dismiss()
    return assess(opened, callbacks, wishes)


def assess(opened: Opened, callbacks: Sequence[Callback], wishes: Iterable[StoredWish]) -> Health:
    """Compute the figures from callbacks and changes, each in the order of time.

    Raises NoSoundError for fewer than two callbacks.
    """
    if len(callbacks) < 2:
        raise NoSoundError(f'the device "{opened.device}" asks for no sound')
    pairs = list(pairwise(callbacks))
    blocks = [before.frames / opened.rate for before, _ in pairs]
    gaps = [after.made_at - before.made_at for before, after in pairs]
    costs = [after.took / block for (_, after), block in zip(pairs, blocks, strict=True)]
    followed = list(_followed(callbacks, wishes))
    clock = _clock(callbacks, opened.rate)
    waits = [max(callback.made_at - wish.stored_at, 0.0) for wish, callback in followed]
    return Health(
        opened=opened,
        seconds=callbacks[-1].made_at - callbacks[0].made_at,
        callbacks=len(callbacks),
        frames=round(float(np.median([callback.frames for callback in callbacks]))),
        jitter=_spread([abs(gap - block) for gap, block in zip(gaps, blocks, strict=True)]),
        cost=_spread(costs),
        control=_spread(waits),
        heard=_spread([callback.heard_at - callback.made_at for callback in callbacks]),
        clock_ppm=clock.ppm,
        clock_residual=clock.residual,
        underruns=callbacks[-1].underruns - callbacks[0].underruns,
        realtime=callbacks[-1].realtime,
    )


def callbacks_since(control: ControlBlock, last: float) -> list[Callback]:
    """The callbacks published after the one whose `made_at` is `last`, in the order of time."""
    new: list[PlayedBlock] = []
    for block in control.played_blocks():
        if block.made_at <= last:
            break
        new.append(block)
    return [_callback(list(parts)) for _, parts in groupby(new[::-1], attrgetter("made_at"))]


def _clock(callbacks: Sequence[Callback], rate: int) -> StreamClock:
    """The device's clock since it last ran dry."""
    clock = StreamClock(rate)
    frame = underruns = 0
    for callback in callbacks:
        if callback.underruns != underruns:
            clock.restart()
            underruns = callback.underruns
        clock.note(frame, callback.heard_at)
        frame += callback.frames
    return clock


def _callback(parts: Sequence[PlayedBlock]) -> Callback:
    first = parts[0]
    return Callback(
        made_at=first.made_at,
        heard_at=first.heard_at,
        took=first.took,
        seen=first.seen,
        frames=sum(part.frames for part in parts),
        underruns=first.underruns,
        realtime=first.realtime,
    )


def _followed(
    callbacks: Sequence[Callback], wishes: Iterable[StoredWish]
) -> Iterator[tuple[StoredWish, Callback]]:
    """Each change with the first callback that followed it."""
    for wish in wishes:
        for callback in callbacks:
            if callback.seen >= wish.number:
                yield wish, callback
                break


def _open(engine: EngineProcess) -> Opened:
    until = time.monotonic() + _OPENING
    while engine.control.published == 0:
        told: dict[str, Any] = engine.listen(_POLL)
        if "error" in told:
            raise NoSoundError(told["error"], lasting=told["lasting"])
        if engine.ended:
            raise NoSoundError(f"its program ended ({engine.fate})")
        if time.monotonic() > until:
            raise NoSoundError("the sound system does not answer")
    engine.listen(0)
    if engine.opened is None:
        raise NoSoundError("the sound system does not answer")
    return engine.opened


def _silence(rate: int, seconds: float) -> Timeline:
    """A timeline of nothing but the noise floor, longer than needed."""
    frames = int(rate * (seconds + 60))
    return Timeline(rate, 0, frames, 0, np.zeros(0, EVENT), (), (), ())


def _begin(control: ControlBlock, wanted: Desired) -> None:
    """Start playing, and wait until the device asks steadily."""
    control.want(wanted)
    watchdog = Watchdog(time.monotonic())
    while not watchdog.steady:
        time.sleep(TICK)
        if watchdog.lost(time.monotonic(), control.published):
            raise NoSoundError("the device takes no sound; it may be suspended")
    time.sleep(_SETTLING)


def _watch(control: ControlBlock, seconds: float) -> tuple[list[Callback], list[StoredWish]]:
    wanted = Desired(generation=1, timeline=1, playing=True)
    _begin(control, wanted)
    begun = time.monotonic()
    callbacks: list[Callback] = []
    wishes: list[StoredWish] = []
    last, change = begun, begun
    while (now := time.monotonic()) < begun + seconds:
        if now >= change:
            wanted = wanted._replace(overall=1.5 - wanted.overall)
            stored_at = time.monotonic()
            wishes.append(StoredWish(control.want(wanted), stored_at))
            change = now + random.uniform(0.5, 1.5) * _CHANGE
        new = callbacks_since(control, last)
        if new:
            last = new[-1].made_at
            callbacks += new
        time.sleep(random.uniform(0.5, 1.5) * _POLL)
    return callbacks, wishes


def _spread(values: Sequence[float]) -> Spread:
    if not values:
        return Spread(0.0, 0.0, 0.0, 0.0)
    middle, high, higher = map(float, np.percentile(values, [50, 95, 99]))
    return Spread(middle, high, higher, max(values))
