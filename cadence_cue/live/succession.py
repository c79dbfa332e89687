"""Handing over from what plays to an offer to continue with: open, accepted or refused.

Pure bookkeeping, apart from the player's locks and engines, and for anything that can be offered.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Generic, NamedTuple, TypeVar

from cadence_cue.live.control import PlayedBlock, State

T = TypeVar("T")


class Answer(Enum):
    """The state of an offer."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class Numbered(NamedTuple, Generic[T]):
    """Something that can play, and the id by which engines refer to it."""

    number: int
    item: T


class Succession(Generic[T]):
    """What plays, and the offers that may follow it within its generation.

    An offer is equal to what plays before a frame, `since`.

    | answer   | when                                                                          |
    |----------|-------------------------------------------------------------------------------|
    | OPEN     | at first: the engine has not answered yet                                     |
    | ACCEPTED | some of it has been rendered; without an engine, if `since` is still ahead    |
    | REFUSED  | `since` was rendered without it, a later offer was accepted, or `begin`       |

    The offer that was accepted last plays.
    """

    def __init__(self) -> None:
        self.playing: Numbered[T] | None = None
        self._open: list[Numbered[T]] = []  # the last is requested; an earlier one may still play
        self._count = 0

    def begin(self, item: T) -> Numbered[T]:
        """Play `item` from now on; it gets a new number unless it is playing already."""
        if self.playing is None or self._open or item is not self.playing.item:
            self.playing = self._numbered(item)
        self._open.clear()
        return self.playing

    def update(self, change: Callable[[T], T]) -> None:
        """Change what plays and what is offered; each keeps its number."""
        if self.playing:
            self.playing = Numbered(self.playing.number, change(self.playing.item))
        self._open = [Numbered(each.number, change(each.item)) for each in self._open]

    def offer(self, item: T) -> Numbered[T]:
        """Offer `item` to continue with."""
        self._open.append(self._numbered(item))
        return self._open[-1]

    def answer(self, number: int) -> Answer:
        """The state of the offer with this number."""
        if any(offer.number == number for offer in self._open):
            return Answer.OPEN
        plays = self.playing is not None and self.playing.number == number
        return Answer.ACCEPTED if plays else Answer.REFUSED

    def poll(self, latest: PlayedBlock, since: int) -> bool:
        """Settle offers by the last block of this generation; True if the last offer is refused.

        `since` is the frame up to which the last offer can be accepted.
        """
        for offer in self._open:
            if offer.number == latest.timeline:
                self.playing = offer
        self._open = [offer for offer in self._open if offer.number > latest.timeline]
        made = latest.frame + (latest.frames if latest.state is State.PLAYING else 0)
        refused = bool(self._open) and made > since
        if refused:
            self._open.clear()
        return refused

    def decide(self, frame: int, since: int) -> None:
        """Accept or refuse the last offer while no engine plays, by the frame to continue from."""
        if self._open and frame <= since:
            self.playing = self._open[-1]
        self._open.clear()

    def _numbered(self, item: T) -> Numbered[T]:
        self._count += 1
        return Numbered(self._count, item)
