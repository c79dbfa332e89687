"""The runner's music under a performance, prepared in the background at the device's rate."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

from cadence_cue.errors import UserError
from cadence_cue.music.grids import LEAD
from cadence_cue.music.ready import Progress
from cadence_cue.sound.spans import LaidMusic
from cadence_cue.studio import Performance
from cadence_cue.timing.editing import Edit, at_beat
from cadence_cue.timing.timeline import Timeline
from cadence_cue.transport.deck import Deck
from cadence_cue.transport.following import Following, MatchedMusic, Ready, heard_under
from cadence_cue.transport.tempo_control import Messages

Make = Callable[[Performance, Progress], Ready]
"""Prepares music for a performance, or lays it; may take seconds. Raises UserError."""

FIRST, NEXT = 60, 20
"""Seconds of music on the beat that are prepared before it is heard, and before it joins again."""

_AHEAD = 0.3  # seconds that music which joins takes to be read
_KEPT_UP = 600  # seconds that are prepared ahead, again when half of them are left
_MATCHING = "matching your music to the new tempo"
_JOINED = "the music is on your beat again"
_UNFIT = "no piece of your music fits the new tempo"


class _Over(Exception):  # noqa: N818 - no error
    """The music is no longer wanted."""


class BackgroundMusic:
    """The music of a performance, prepared or being prepared.

    Thread: one; preparing runs in a thread of its own, which waits for other processes.
    """

    def __init__(self, deck: Deck) -> None:
        self.muted = False
        """Whether it is not to be heard."""
        self._deck = deck
        self._make: Make | None = None
        self._making: _Making | None = None
        self._ready: Ready | None = None
        self._missing = False  # some of it
        self._leads: Following | None = None  # what the clicks are to fade over
        self._outdated: Timeline | None = None  # one whose clicks do not
        self._laid: tuple[Edit, ...] | None = None  # the edits that it is laid for, to join
        self._slips = False  # whether it is heard off the beat until then
        self._until = 0  # the frame up to which it is prepared, or being prepared
        self._begun = 0  # where playing had begun then

    @property
    def there(self) -> bool:
        """Whether there is music, prepared or being prepared."""
        return self._make is not None

    @property
    def share(self) -> float | None:
        """How much of the music is prepared, 0 to 1; None while none is being prepared."""
        return self._making.share if self._making else None

    @property
    def status(self) -> str:
        """What is being done to it, and how far that is; "" if nothing is."""
        if self.share is None:
            return ""
        return f"{'matching your' if self._following else 'preparing the'} music, {self.share:.0%}"

    def set_music(
        self,
        make: Make | None,
        performance: Performance,
        ready: Ready | None = None,
        *,
        place: int | None = None,
    ) -> None:
        """Prepare and play other music, or none; play what is `ready` at once if it is given.

        What is heard first is heard from `place` on, by default where playing is.
        """
        self.close()
        self._make = make
        if ready:
            self._set(ready)
            return
        self._follow(None)
        self._deck.set_music(None)
        if make:
            frame = self._deck.place if place is None else place
            self._making = _Making(partial(first_of, make, performance, frame))

    def again(self, performance: Performance, place: int) -> None:
        """Prepare the same music again, for `performance` at another rate, to be at `place`."""
        self.set_music(self._make, performance, place=place)

    def poll(self) -> Messages:
        """Play music that has been prepared; return what is to be known about it, or why not.

        To be called while no edit is on its way.
        """
        if self._lead():
            return []
        making, following = self._making, self._following
        if making and making.alive:
            if following and (self._lags(following) or self._jumped):
                making.over = True  # what is far ahead waits
            return []
        self._making = None
        if making and making.wrong and self._until:
            self._missing = True
            return [f"some of the music is missing: {making.wrong}"]
        if making and making.wrong:
            self.set_music(None, self._deck.performance)
            return [f"no music: {making.wrong}"]
        if making and making.ready:
            self._set(making.ready)
            return [" ".join(making.ready.told)]
        return self._keep_up(following) if following else []

    def close(self) -> None:
        """Stop preparing."""
        if self._making:
            self._making.over = True
        self._making = None

    def end(self) -> None:
        """Stop preparing. If it is turned down, the performance keeps that it was up to here."""
        self.close()
        deck, following = self._deck, self._following
        if following and not following.joined(deck.performance):
            performance = deck.performance
            here = performance.plan.clock.instant(deck.position.frame)
            at = max(here, performance.edits[-1].at)
            deck.performance = performance.joined(at, following.followed)

    @property
    def _following(self) -> Following | None:
        return self._ready.following if isinstance(self._ready, MatchedMusic) else None

    def _set(self, ready: Ready) -> None:
        self._follow(ready)
        self._deck.set_music(self._under(self._deck.performance))

    def _follow(self, ready: Ready | None) -> None:
        self._ready, self._laid, self._until, self._missing = ready, None, 0, False
        self._slips = False
        self._deck.with_music = self._with if ready else None
        if self._deck.stopped:  # what is begun then has the right clicks
            self._leads, self._outdated = self._heard, None

    def _with(
        self, performance: Performance, timeline: Timeline, since: int
    ) -> tuple[Timeline, LaidMusic | None]:
        if following := self._heard:
            timeline = following.led(performance, timeline, since)
        return timeline, self._under(performance)

    def _under(self, performance: Performance) -> LaidMusic | None:
        try:
            return heard_under(self._ready, performance) if self._ready else None
        except OSError:  # the engine tells why it cannot be read
            return self._deck.music

    @property
    def _heard(self) -> Following | None:
        """What the clicks fade over: without it nothing would lead the runner."""
        following = self._following
        fades = following and following.fades and not (self.muted or self._missing)
        return following if fades else None

    def _lead(self) -> bool:
        """Offer what plays with other clicks, if those no longer fit what is heard."""
        deck = self._deck
        if self._leads is not self._heard:
            self._leads, self._outdated = self._heard, deck.timeline
        if deck.timeline is not self._outdated or deck.standing:
            return False
        deck.offer(deck.performance, deck.ahead(_AHEAD))
        return True

    def _lags(self, following: Following) -> bool:
        """Whether it is not on the beat, and nothing is done about that yet."""
        performance = self._deck.performance
        return not following.joined(performance) and self._laid != performance.edits

    @property
    def _jumped(self) -> bool:
        """Whether something else is prepared than what is heard next."""
        return bool(self._until) and self._begun != self._deck.begun

    @property
    def _ends(self) -> bool:
        """Whether what is prepared goes on to the end."""
        return self._until >= self._deck.timeline.frames

    def _keep_up(self, following: Following) -> Messages:
        """Lay it anew where the beats have moved, join, and then prepare what comes."""
        deck, performance = self._deck, self._deck.performance
        if self._lags(following):
            self._slips |= following.on_beat(deck.place)
            self._laid, self._until = performance.edits, 0
            self._making = _Making(partial(_lay, following, performance, deck.made))
            return [_MATCHING] if self._slips else []
        if following.joined(performance):
            told = []
            if self._laid is not None and following.fits is not None:
                told = [_JOINED] * self._slips if following.fits else [_UNFIT]
            self._laid, self._slips = None, False
            ahead = _KEPT_UP * performance.timeline.rate
            left = self._until - deck.place
            if self._jumped or (left < ahead // 2 and not self._ends):
                self._until, self._begun = deck.place + ahead, deck.begun
                made = partial(following.prepare, performance, deck.place, self._until)
                self._making = _Making(made)
            return told
        if not deck.standing:
            clock = performance.plan.clock
            edited = clock.frame(performance.edits[-1].at)  # which may be still to come
            ahead = max(deck.ahead(_AHEAD), edited)
            beat = clock.frame(at_beat(performance.plan.layout, clock, ahead))
            since = beat - clock.frames(LEAD)
            deck.offer(performance.joined(clock.instant(since), following.followed), since)
        return []


def first_of(make: Make, performance: Performance, frame: int, progress: Progress) -> Ready:
    """Prepare music, of music on the beat what is heard first if it is heard from a frame on."""
    ready = make(performance, progress)
    if isinstance(ready, MatchedMusic):
        until = frame + FIRST * performance.timeline.rate
        ready.following.prepare(performance, frame, until, progress)
    return ready


def _lay(following: Following, performance: Performance, frame: int, progress: Progress) -> None:
    """Lay music for a performance, and prepare what is heard first if it joins at a frame."""
    following.lay(performance, progress)
    clock = performance.plan.clock
    joined = performance.joined(clock.instant(frame), following.followed)
    following.prepare(joined, frame, frame + NEXT * clock.rate, progress)


class _Making:
    """A thread that prepares music."""

    def __init__(self, make: Callable[[Progress], Ready | None]) -> None:
        self.share = 0.0
        self.ready: Ready | None = None
        self.wrong = ""
        self.over = False
        self._thread = threading.Thread(target=self._run, args=(make,), daemon=True)
        self._thread.start()

    @property
    def alive(self) -> bool:
        """Whether the thread is still running."""
        return self._thread.is_alive()

    def _run(self, make: Callable[[Progress], Ready | None]) -> None:
        try:
            self.ready = make(self._progress)
        except _Over:
            pass
        except UserError as error:
            self.wrong = str(error)
        except OSError as error:
            self.wrong = str(UserError.of(error))

    def _progress(self, share: float) -> None:
        if self.over:
            raise _Over
        self.share = share
