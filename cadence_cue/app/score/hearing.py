"""Scores the steps that a microphone hears while a performance plays, for both faces."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import replace
from functools import partial
from pathlib import Path

from cadence_cue.app.score.live import LiveScore, Sound
from cadence_cue.app.score.scoring import BY_KEYS, BY_MICROPHONE, Source
from cadence_cue.app.settings import Settings, delays_of, pair, state_folder
from cadence_cue.errors import UserError
from cadence_cue.live import room as room_file
from cadence_cue.live.input import Input
from cadence_cue.live.microphone import Microphone
from cadence_cue.live.player import Player
from cadence_cue.live.position import Position
from cadence_cue.live.room import Room
from cadence_cue.transport.transport import Transport

_LATE = 1.2  # seconds by which the score follows what is heard, as steps are known late
_LAST = 0.8  # seconds in which the last ones arrive


def microphone(
    player: Player,
    settings: Settings,
    name: str | None = None,
    record: str | None = None,
    *,
    learns: bool = False,
) -> Microphone:
    """Return the microphone to listen to beside a player: one by name, or as the settings say.

    With `learns` it learns how it hears what is played.
    """
    rate = player.rate  # waits until the device is known
    device = name or settings.microphone or None
    wish = Input(device, rate, record, str(_rooms()), learns=learns)
    return Microphone(wish, player)


def keep_room(output: str, microphone: str, room: Room | None) -> None:
    """Keep how a microphone hears what an output plays, for later; None forgets what was kept.

    Raises UserError.
    """
    try:
        room_file.keep_room(_rooms(), output, microphone, room)
    except OSError as error:
        raise UserError(
            f"what a loudspeaker adds cannot be kept: {error.strerror}", where=_rooms()
        ) from None


def _rooms() -> Path:
    return state_folder() / "rooms.json"


def key_source(player: Player, settings: Settings) -> Source:
    """Return what is known of taps on keys to the clicks of a player's device."""
    usual = dict(settings.taps).get(player.device)
    late = None if usual is None else usual - 1000 * player.offset
    return replace(BY_KEYS, latency_ms=late)


def unmeasured(player: Player, settings: Settings, *, by_microphone: bool) -> str:
    """Return whose delay beside a player's device was never measured, in words; "" if it was."""
    if delays_of(settings, "round_trips" if by_microphone else "taps", player.device):
        return ""
    return "the microphone hears them" if by_microphone else "your taps usually are"


class Hearing:
    """Lays the steps from a microphone on what was heard at their instants. Thread: one."""

    def __init__(
        self,
        score: LiveScore,
        transport: Transport,
        player: Player,
        microphone: Microphone,
        settings: Settings,
    ) -> None:
        """Add to `score` what `microphone` hears, while `transport` plays through `player`."""
        self._score = score
        self._transport = transport
        self._player = player
        self._microphone = microphone
        self._round_trips = dict(settings.round_trips)
        self._until: tuple[float, Position] | None = None
        self._looks: deque[tuple[float, partial[None]]] = deque()

    def poll(self) -> None:
        """Take in the steps that have come, and let the score follow; call it as often as it."""
        round_trip = self._round_trip
        late = 0.0 if round_trip is None else round_trip - self._player.offset
        for step in self._microphone.poll():
            if step.given is None:
                at = self._transport.position_at(step.at - late)
            else:  # by our own sound, to the sample
                at = self._transport.position_of(step.given)
            sound = Sound(
                step.contrast,
                step.loudness,
                self._microphone.opened_times,
                apart=step.given is not None,
            )
            self._score.step(at, sound=sound)
        for span in self._microphone.hidden:
            self._score.hide(*(self._transport.position_at(at - late) for at in span))
        if self._microphone.heard:
            self._listened(*self._microphone.heard, late)
        self._follow()

    @property
    def notices(self) -> list[str]:
        """Messages about the microphone so far, one sentence each."""
        return self._microphone.notices

    def finish(self) -> None:
        """Wait for the last steps; the score is complete then."""
        until = time.monotonic() + _LAST
        while self._microphone.opened and time.monotonic() < until:
            self.poll()
            time.sleep(0.05)
        while self._looks:
            self._looks.popleft()[1]()

    def _listened(self, since: float, until: float, late: float) -> None:
        begun = self._until
        if begun is None or begun[0] < since:
            begun = since, self._transport.position_at(since - late)
        if until > begun[0]:
            self._until = until, self._transport.position_at(until - late)
            if not self._microphone.zeros:  # else no step could be heard
                self._score.listened(begun[1], self._until[1])

    def _follow(self) -> None:
        """Let the score see what was heard a moment ago, when all of its steps have come."""
        self._score.source = self._source
        now, on = time.monotonic(), self._transport
        self._score.title = on.title
        look = partial(
            self._score.follow, on.position, on.performance, on.entry, clicks=on.levels.beat
        )
        self._looks.append((now, look))
        while self._looks[0][0] <= now - _LATE:
            self._looks.popleft()[1]()

    @property
    def _round_trip(self) -> float | None:
        """Seconds from making a sound to hearing it, of the two devices; None if not measured."""
        opened = self._microphone.opened
        device = opened.device if opened else ""
        known = self._round_trips.get(pair(self._player.device, device))
        return None if known is None else known / 1000

    @property
    def _source(self) -> Source:
        round_trip = self._round_trip
        return replace(
            BY_MICROPHONE,
            calibrated=round_trip is not None,
            latency_ms=None if round_trip is None else 1000 * round_trip,
            noise_db=self._microphone.noise_db,
        )
