"""Plays the clicks of a calibration, and measures what a microphone hears of them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from cadence_cue import studio
from cadence_cue.coaching.model import Library
from cadence_cue.coaching.rehearsal import plain_beat
from cadence_cue.errors import UserError
from cadence_cue.live.calibrating import CLICKS, PER_MINUTE, PERIOD, RoundTrip, round_trip
from cadence_cue.live.control import State
from cadence_cue.live.microphone import Microphone
from cadence_cue.live.player import Player

_QUIET = 20  # seconds before the first click: the clocks of both streams are known by then
_LAST = 1.0  # seconds after the last one until all is known
_POLL = 0.05


@dataclass(frozen=True, slots=True)
class Clicks:
    """Clicks that play: their generation, and the frame of the first."""

    player: Player
    generation: int
    first: int

    @property
    def over(self) -> bool:
        """Whether all have been heard."""
        position = self.player.position
        return position.generation == self.generation and position.state is State.FINISHED

    def seconds(self, instant: float) -> float | None:
        """Seconds from the first click to an instant of time.monotonic(); None outside."""
        at = self.player.position_at(instant)
        if at.generation != self.generation or at.state is not State.PLAYING:
            return None
        return (at.frame - self.first) / self.player.rate


def play_clicks(player: Player, library: Library, count: int, ready: int = 1) -> Clicks:
    """Play so many clicks, the first after `ready` seconds."""
    session = plain_beat(
        library, tempo=str(PER_MINUTE), time=f"{count} beats", cues=(), cue_every="60s"
    )
    spec = studio.PerformanceSpec(
        cadence_spm=Fraction(PER_MINUTE),
        get_ready=Fraction(ready),
        rate=player.rate,
        safety=False,
        speaks=False,
    )
    performance = studio.perform(session, library, spec)
    player.load(performance.beats, {})
    generation = player.play(performance.timeline)
    return Clicks(player, generation, performance.timeline.marks[0].start)


def measured(player: Player, microphone: Microphone, library: Library) -> RoundTrip:
    """Return how late a microphone hears what a player plays. Raises UserError, with the reason."""
    while not microphone.heard:
        microphone.poll()
        _check(microphone)
        time.sleep(_POLL)
    found = round_trip(list(_heard(play_clicks(player, library, CLICKS, _QUIET), microphone)))
    if found.clear:
        return found
    if not found.clicks:
        _check(microphone)
    heard = f"it heard {found.clicks} of {CLICKS} clicks and {found.others} other sounds"
    raise UserError(
        f"the round trip cannot be measured, {heard}",
        way_out="be quiet meanwhile, turn the sound up, or hold the headphones to the microphone",
    )


def _check(microphone: Microphone) -> None:
    if microphone.notices:
        raise UserError(microphone.notices[-1])


def _heard(clicks: Clicks, microphone: Microphone) -> Iterator[float]:
    """Yield the seconds of what is heard after the first click."""
    until = float("inf")
    while time.monotonic() < until:
        if until == float("inf") and clicks.over:
            until = time.monotonic() + _LAST
        for step in microphone.poll():
            seconds = clicks.seconds(step.at)
            if seconds is not None and -PERIOD / 2 < seconds < CLICKS * PERIOD:
                yield seconds
        time.sleep(_POLL)
