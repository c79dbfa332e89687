"""Waiting at the end of a rest: the clock is held before the next phase's first sound."""

from __future__ import annotations

from cadence_cue.transport import places
from cadence_cue.transport.deck import Deck
from cadence_cue.transport.tempo_control import Messages


class Waiting:
    """The phase to wait before, if any, and the hold in front of it."""

    def __init__(self, deck: Deck) -> None:
        self._deck = deck
        self._phase: int | None = None
        self._hold: int | None = None
        self._told = False

    @property
    def stands(self) -> bool:
        """Whether the clock stands before that phase now, so that the runner has to continue."""
        deck = self._deck
        if self._phase is None or not deck.standing:
            return False
        return deck.place == deck.timeline.marks[self._phase].entry

    def ask(self) -> Messages:
        """Wait at the end of the current or next rest; a second call cancels."""
        if self._phase is not None:
            self.forget()
            return ["not waiting"]
        self._phase = places.after_rest(self._deck.performance, self._deck.place)
        if self._phase is None:
            return ["nothing to wait for: no rest comes before another phase"]
        title = self._deck.timeline.marks[self._phase].title
        return self.poll() or [f"will wait before “{title}”"]

    def forget(self) -> None:
        """Cancel; a held clock continues."""
        self._phase = None
        self._hold_at(None)

    def entering(self, frame: int) -> None:
        """Prepare for playing from `frame`: cancel a wait that lies before it."""
        if self._phase is None or self._deck.performance.timeline.marks[self._phase].entry <= frame:
            self._phase = None
        self._hold_at(None)

    def poll(self) -> Messages:
        """Keep the hold at the start of the phase's lead-in; if that has passed, stop there."""
        if self._phase is None:
            self._told = False
            return []
        deck = self._deck
        mark = deck.timeline.marks[self._phase]
        begun = deck.place if deck.stopped else deck.made
        if mark.entry < begun:
            deck.park(deck.performance, mark.entry)
        elif not deck.stopped:
            self._hold_at(mark.entry)
        told, self._told = self._told, self.stands
        return [f"waiting before “{mark.title}”"] if self._told and not told else []

    def _hold_at(self, frame: int | None) -> None:
        if frame != self._hold:
            self._hold = frame
            self._deck.player.hold(frame)
