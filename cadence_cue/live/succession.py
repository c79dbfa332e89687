"""Which timeline plays: the one that was started, or one that was offered to continue with.

Pure bookkeeping, apart from the player's locks and engines.
"""

from __future__ import annotations

from typing import NamedTuple

from cadence_cue.live.control import PlayedBlock, State
from cadence_cue.timing.timeline import Timeline


class Numbered(NamedTuple):
    """A timeline and the id by which engines refer to it."""

    number: int
    timeline: Timeline


class Succession:
    """The timeline that plays, and those that may follow it within its generation."""

    def __init__(self) -> None:
        self.playing: Numbered | None = None
        self._offered: list[Numbered] = []  # the last is requested; an earlier one may still play
        self._count = 0

    def begin(self, timeline: Timeline) -> Numbered:
        """Play `timeline` from now on; it gets a new number unless it is playing already."""
        if self.playing is None or self._offered or timeline is not self.playing.timeline:
            self.playing = self._numbered(timeline)
        self._offered.clear()
        return self.playing

    def offer(self, timeline: Timeline) -> Numbered:
        """Offer another timeline to continue with."""
        self._offered.append(self._numbered(timeline))
        return self._offered[-1]

    def took(self, number: int) -> bool | None:
        """Whether this offer was accepted and plays; None if not known yet."""
        if any(offer.number == number for offer in self._offered):
            return None
        return self.playing is not None and self.playing.number == number

    def poll(self, latest: PlayedBlock, since: int) -> bool:
        """Settle offers by the last block of this generation; True if the last offer is refused.

        `since` is the frame up to which the last offer can be accepted.
        """
        for offer in self._offered:
            if offer.number == latest.timeline:
                self.playing = offer
        self._offered = [offer for offer in self._offered if offer.number > latest.timeline]
        made = latest.frame + (latest.frames if latest.state is State.PLAYING else 0)
        refused = bool(self._offered) and made > since
        if refused:
            self._offered.clear()
        return refused

    def decide(self, frame: int, since: int) -> None:
        """Accept or refuse the last offer while no engine plays, by the frame to continue from."""
        if self._offered and frame <= since:
            self.playing = self._offered[-1]
        self._offered.clear()

    def _numbered(self, timeline: Timeline) -> Numbered:
        self._count += 1
        return Numbered(self._count, timeline)
