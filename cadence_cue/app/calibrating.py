"""Plays the sounds of a calibration, and measures what a microphone hears of them."""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass
from fractions import Fraction
from time import monotonic

from cadence_cue import studio
from cadence_cue.coaching.drill import Library
from cadence_cue.coaching.rehearsal import plain_beat
from cadence_cue.errors import UserError
from cadence_cue.live.calibrating import (
    CLICKS,
    PER_MINUTE,
    PERIOD,
    SWEEPS,
    RoundTrip,
    round_trip,
    sweep,
)
from cadence_cue.live.control import State
from cadence_cue.live.microphone import ZEROS, Microphone
from cadence_cue.live.player import Player
from cadence_cue.live.room import Room
from cadence_cue.sound.clips import Clip
from cadence_cue.timing.drafting import Draft, Names, to_rows
from cadence_cue.timing.timeline import Bus, EventKind, Timeline

_QUIET = 20  # seconds before the first click: the clocks of both streams are known by then
_LAST = 1.0  # seconds after the last one until all is known
_LEARNING = 5.0  # seconds after the last sweep until it is known what was learnt
_CLICKED = 0.8  # of all that is done, when the clicks are over
_SWEEPING = 0.8  # share of the sweeps before which no lesson of them is over, however late they are
_SOUNDING = 4.0  # seconds of our sound in which zeros are told: an idle server is 2 s ahead
_SWEEP = "sweep"  # no click has this name

_BE_QUIET = (
    "Be quiet for half a minute: the microphone listens to six clicks and three rising tones."
)


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown meanwhile: what to do, and the share of it that is done.

    `lit` says whether the lamp is, and `change` after how many seconds it changes; None without a
    lamp.
    """

    doing: str
    share: float = 0.0
    lit: bool = False
    change: float | None = None


@dataclass(frozen=True, slots=True)
class HeardBack:
    """How a microphone hears what a player plays; without a room if that could not be learnt."""

    round_trip: RoundTrip
    room: Room | None


@dataclass(frozen=True, slots=True)
class Clicks:
    """Clicks that play: the frames at which all begins, of the first one, and after the last."""

    player: Player
    generation: int
    start: int
    first: int
    end: int

    @property
    def played(self) -> float:
        """The seconds that have been heard, with the silence before them."""
        position = self.player.position
        heard = position.frame if position.generation == self.generation else self.start
        return max(heard - self.start, 0) / self.player.rate

    @property
    def share(self) -> float:
        """The share of them that has been heard."""
        return min(self.played * self.player.rate / (self.end - self.start), 1.0)

    @property
    def over(self) -> bool:
        """Whether all have been heard."""
        position = self.player.position
        return position.generation == self.generation and position.state is State.FINISHED

    def seconds(self, instant: float) -> float | None:
        """Seconds from the first click to an instant of time.monotonic(); None outside.

        They are told by the device's own clock, without what is known of its delay.
        """
        at = self.player.position_at(instant)
        if at.generation != self.generation or at.state is not State.PLAYING:
            return None
        return (at.frame - self.first) / self.player.rate + self.player.offset


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
    timeline = performance.timeline
    generation, first = player.play(timeline), timeline.marks[0].start
    return Clicks(player, generation, timeline.start, first, timeline.frames)


def measured(
    player: Player, microphone: Microphone, library: Library
) -> Generator[Shown, None, HeardBack]:
    """Return how a microphone, which learns, hears what a player plays.

    Raises UserError, with the reason.
    """
    while not microphone.heard:
        microphone.poll()
        _check(microphone)
        yield Shown(_BE_QUIET)
    heard = yield from _heard(play_clicks(player, library, CLICKS, _QUIET), microphone)
    found = round_trip(heard)
    if found.clear:
        return HeardBack(found, (yield from _learnt(player, microphone)))
    told = f"it heard {found.clicks} of {CLICKS} clicks and {found.others} other sounds"
    raise UserError(
        f"the round trip cannot be measured, {told}",
        way_out="be quiet meanwhile, turn the sound up, or hold the headphones to the microphone",
    )


def _heard(clicks: Clicks, microphone: Microphone) -> Generator[Shown, None, list[float]]:
    """Return the seconds of what is heard after the first click."""
    heard: list[float] = []
    until = math.inf
    while monotonic() < until:
        if until == math.inf and clicks.over:
            until = monotonic() + _LAST
        for step in microphone.poll():
            seconds = clicks.seconds(step.at)
            if seconds is not None and -PERIOD / 2 < seconds < CLICKS * PERIOD:
                heard.append(seconds)
        check_sound(clicks.player)
        _check(microphone, clicks)
        yield Shown(_BE_QUIET, _CLICKED * clicks.share)
    return heard


def _learnt(player: Player, microphone: Microphone) -> Generator[Shown, None, Room | None]:
    """Play sweeps; return the room that they come through, if they are heard."""
    tone, rate = sweep(player.rate), player.rate
    names = Names()
    rows = to_rows(
        (
            Draft(round(1.5 * each * rate), len(tone), EventKind.SIGNAL, Bus.BEAT, _SWEEP, 0)
            for each in range(SWEEPS)
        ),
        names,
    )
    end = round(1.5 * SWEEPS * rate)
    sounds = Timeline(rate, -rate, end, 0, rows, tuple(names), (), ())
    player.load({_SWEEP: Clip(tone, 0)}, {})
    sweeps = Clicks(player, player.play(sounds), sounds.start, 0, end)
    until = math.inf
    microphone.room = None
    while microphone.room is None and monotonic() < until:
        if until == math.inf and sweeps.over:
            until = monotonic() + _LEARNING
        microphone.poll()
        if sweeps.share < _SWEEPING:
            microphone.room = None  # it was learnt from the clicks alone
        check_sound(player)
        _check(microphone, sweeps)
        yield Shown(_BE_QUIET, _CLICKED + (1 - _CLICKED) * sweeps.share)
    return microphone.room


def check_sound(player: Player) -> None:
    """Refuse to go on without sound. Raises UserError."""
    if player.silent:
        raise UserError(
            f"nothing can be measured without sound: {player.trouble or 'it stopped'}",
            way_out="do it again once there is sound",
        )


def _check(microphone: Microphone, clicks: Clicks | None = None) -> None:
    """Refuse to go on with a microphone that hears nothing. Raises UserError.

    Zeros may mean that nothing plays yet, where the microphone is another program's output; once
    our sound plays, with the faint noise that keeps headphones awake, they do not.
    """
    if microphone.trouble:
        raise UserError(f"nothing is heard: {microphone.trouble}")
    if microphone.zeros and microphone.heard and clicks and clicks.played:
        begun = monotonic() - clicks.played
        if microphone.heard[1] > begun + _SOUNDING:  # however late it was told
            raise UserError(ZEROS)
