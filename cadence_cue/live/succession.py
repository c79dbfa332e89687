"""What plays, and what was offered to go on with: one vocabulary for handing something over."""

from __future__ import annotations

from enum import Enum
from typing import Generic, NamedTuple, TypeVar

from cadence_cue.live.control import PlayedBlock, State

T = TypeVar("T")


class Answer(Enum):
    """What became of an offer."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class Numbered(NamedTuple, Generic[T]):
    """Something that can play, and the id that engines know it by."""

    number: int
    item: T


class Succession(Generic[T]):
    """What plays, and what may follow it within its generation.

    An offer is the same as what plays before a frame, `since`. It is

    | answer   | when                                                                          |
    |----------|-------------------------------------------------------------------------------|
    | OPEN     | at first: nobody knows yet                                                    |
    | ACCEPTED | once something was made of it; without an engine, if `since` is yet to come   |
    | REFUSED  | once `since` was made without it, a later one was accepted, or another begins |

    What was accepted last plays.
    """

    def __init__(self) -> None:
        self.playing: Numbered[T] | None = None
        self._open: list[Numbered[T]] = []  # the last is wanted; one before may be accepted yet
        self._count = 0

    def begin(self, item: T) -> Numbered[T]:
        """Play this from now on. Its number is a new one unless it is what plays already."""
        if self.playing is None or self._open or item is not self.playing.item:
            self.playing = self._numbered(item)
        self._open.clear()
        return self.playing

    def offer(self, item: T) -> Numbered[T]:
        """Another one to go on with."""
        self._open.append(self._numbered(item))
        return self._open[-1]

    def answer(self, number: int) -> Answer:
        """What became of the offer with this number."""
        if any(offer.number == number for offer in self._open):
            return Answer.OPEN
        plays = self.playing is not None and self.playing.number == number
        return Answer.ACCEPTED if plays else Answer.REFUSED

    def poll(self, latest: PlayedBlock, since: int) -> bool:
        """Learn from what was made last in this generation; True where the last offer is refused.

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
        """Accept the last offer, or refuse it, by the frame to go on from: no engine plays."""
        if self._open and frame <= since:
            self.playing = self._open[-1]
        self._open.clear()

    def _numbered(self, item: T) -> Numbered[T]:
        self._count += 1
        return Numbered(self._count, item)
