"""Changes of the beat while playing: key presses and taps add up, one edit at a time is planned.

An edit takes effect at the first beat that the new plan can reach. One that came too late is
planned again for a later beat; nothing waits for it.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from cadence_cue.coaching.part import Part
from cadence_cue.coaching.session import Session
from cadence_cue.coaching.tempi import Tempi
from cadence_cue.coaching.tempo_limits import stop_between
from cadence_cue.coaching.values import FASTEST, SLOWEST
from cadence_cue.errors import UserError
from cadence_cue.studio import Performance
from cadence_cue.timing.editing import Edit, at_beat, between_beats
from cadence_cue.transport import places
from cadence_cue.transport.deck import Deck
from cadence_cue.transport.tapping import Tapping

Messages = list[str]
"""Short sentences for the runner."""

_ON_ITS_WAY = 0.05  # seconds that a timeline takes to reach the engine
_LARGEST_SHIFT = Fraction(1, 20)  # seconds in one edit: a quarter of the shortest beat
_PLANNING = 0.1  # seconds that the first planning may take; later, as long as the last one took
_NO_BEAT = "no beat is coming"


class TempoControl:
    """Collects requested changes of the beat, and applies them to the performance on the deck.

    Each request returns messages for the runner; `poll` plans it.
    """

    def __init__(self, deck: Deck, clock: Callable[[], float]) -> None:
        self.tapping = Tapping()
        self._deck = deck
        self._clock = clock
        self._tempi = self._told = deck.performance.tempi
        self._session = deck.performance.session_now
        self._shift = Fraction(0)
        self._shifted: tuple[Performance, Fraction] | None = None  # sent, not known to be heard
        self._planning = _PLANNING

    def nudge(self, by: Fraction) -> Messages:
        """Change the tempo by so many beats a minute: the cadence, if the phase follows it."""
        beating = places.beating_at(self._deck.performance, self._deck.place)
        if beating is None:
            return [_NO_BEAT]
        return self._move(beating.part, self._tempi.nudged(beating.part, by))

    def to(self, value: Fraction) -> Messages:
        """Set the tempo, in beats a minute, of the current or the next beat."""
        if not SLOWEST <= value <= FASTEST:
            return [f"a tempo is {SLOWEST} to {FASTEST} beats a minute, not {float(value):g}"]

        def reach(tempi: Tempi, part: Part, now: Fraction) -> Tempi:
            halved = dict(tempi.offsets).get(part.key, Fraction(0))  # or doubled, or moved before
            return tempi.moved(part, -halved).reaching(part, now - halved, value)

        return self._from_now(reach)

    def times(self, factor: Fraction) -> Messages:
        """Multiply the tempo by `factor`; the cadence stays as it is."""
        before = self._tempi
        told = self._from_now(lambda tempi, part, now: tempi.moved(part, now * (factor - 1)))
        if told:  # half of the way is no half
            self._tempi = before
        return told

    def back(self, *, plain: bool) -> Messages:
        """Return to the tempos of the start; a plain beat returns to the runner's cadence."""
        self._tempi = Tempi(self._deck.performance.spec.cadence_spm)
        if not plain:
            return []
        return self._from_now(lambda tempi, part, now: tempi.moved(part, tempi.cadence_spm - now))

    def found(self, *, plain: bool) -> Fraction | None:
        """The changed cadence, or a plain beat's changed tempo; None if neither was changed."""
        performance, tempi = self._deck.performance, self._tempi
        cadence_spm = performance.spec.cadence_spm
        (part, *_) = performance.parts
        moved = dict(tempi.offsets).get(part.key, Fraction(0))
        if tempi.cadence_spm != cadence_spm or not (plain and moved and part.tempo):
            return tempi.cadence_spm if tempi.cadence_spm != cadence_spm else None
        before = dict(performance.tempi.offsets).get(part.key, Fraction(0))
        tempo = part.tempo[0] - before + moved
        return tempo if tempo != cadence_spm else None

    def shift(self, seconds: Fraction) -> Messages:
        """Move the beats later by `seconds`, or earlier; the tempo stays as it is."""
        self._shift += seconds
        return []

    def become(self, session: Session) -> Messages:
        """Go on from the next beat as a session of the same phases with other clicks or cues."""
        self._session = session
        return []

    def tap(self) -> Messages:
        """Take a tap in the tempo that the runner wants."""
        self.tapping.tap(self._clock())
        return []

    def poll(self) -> Messages:
        """Plan the requested changes, unless an edit is still on its way."""
        told: Messages = []
        if tapped := self.tapping.over(self._clock()):
            tempo, sentence = tapped
            told = [sentence, *(self.to(tempo) if tempo else [])]
        if self.settle():
            told += self._retempo()
        if self.settle():
            told += self._reshift()
        return told

    def settle(self) -> bool:
        """Whether no edit is on its way; a shift that came too late is requested again."""
        settled = self._deck.settled()
        if settled and self._shifted:
            performance, step = self._shifted
            self._shifted = None
            if performance is not self._deck.performance:
                self._shift += step
        return settled

    def carried(self, frame: int) -> tuple[Performance, int]:
        """The performance to enter at `frame`, and the frame at which to enter it.

        The tempos are kept, and later edits dropped. A frame in a lead-in after a rest becomes
        the start of that lead-in at the new tempo. Raises UserError if a tempo would exceed its
        limits; the requested change is then dropped.
        """
        self.settle()
        base = self._deck.performance
        clock = base.plan.clock
        if self._is(base) and all(clock.frame(edit.at) < frame for edit in base.edits):
            return base, frame
        led_into = places.led_into(base, frame)
        since = frame if led_into is None else places.rest_before(base, led_into)
        performance = self._edited(at_beat(base.plan.layout, clock, since))
        self.settle()
        if base is not self._deck.performance:  # an edit was accepted during the planning
            return self.carried(frame)
        if led_into is not None:
            frame = performance.timeline.marks[led_into].entry
        return performance, frame

    def _from_now(self, change: Callable[[Tempi, Part, Fraction], Tempi]) -> Messages:
        """Change the requested tempos by `change`, given the tempo that they make at this beat."""
        base = self._deck.performance
        beating = places.beating_at(base, self._deck.place)
        if beating is None:
            return [_NO_BEAT]
        at = self._next_beat()
        try:
            wished = base if self._is(base) else self._edited(at)
        except UserError as error:
            return [str(error)]
        now = places.tempo_at(wished, base.plan.clock.frame(at) + 1)
        return self._move(beating.part, change(self._tempi, beating.part, now))

    def _move(self, part: Part, wanted: Tempi) -> Messages:
        """Request these tempos; up to the limit, if a phase would leave it."""
        performance = self._deck.performance
        stop = stop_between(performance.session, performance.library, self._tempi, wanted)
        self._tempi = wanted if stop is None else stop.tempi
        if stop is None:
            return []
        parts = (each for each in performance.parts if each.number == stop.number)
        other = next((each.title for each in parts if each.key != part.key), "")
        return [f"{other}: {stop.words}" if other else stop.words]

    def _retempo(self) -> Messages:
        deck = self._deck
        base, place, standing = deck.performance, deck.place, deck.standing
        if self._is(base):
            return []
        began = self._clock()
        try:
            if standing and places.led_into(base, place) is not None:
                performance, place = self.carried(place)
                since = place
            else:
                at = self._next_beat()
                performance = self._edited(at)
                since = base.plan.clock.frame(at)
                self._shift += sum(edit.shift for edit in base.edits if edit.at >= at)
        except UserError as error:
            return [str(error)]
        if standing:
            deck.park(performance, place)
        else:
            deck.offer(performance, since)
        self._planning = self._clock() - began
        again, self._told = self._told == self._tempi, self._tempi
        return [] if again else [places.tempo_words(performance, since + 1)]

    def _reshift(self) -> Messages:
        deck = self._deck
        base, place, standing = deck.performance, deck.place, deck.standing
        if not self._shift:
            return []
        at = between_beats(base.plan.layout, base.plan.clock, self._reach())
        if at is None:
            self._shift = Fraction(0)
            return ["no beat sounds now that could be moved"]
        step = min(max(self._shift, -_LARGEST_SHIFT), _LARGEST_SHIFT)
        performance = self._edited(at, step)
        if standing:
            deck.park(performance, place)
        else:
            deck.offer(performance, base.plan.clock.frame(at))
        self._shift -= step
        self._shifted = performance, step
        return [f"the beat {abs(float(1000 * step)):g} ms {'later' if step > 0 else 'earlier'}"]

    def _edited(self, at: Fraction, shift: Fraction = Fraction(0)) -> Performance:
        """The performance with the requested changes from `at` (seconds) on.

        Raises UserError if that is not possible; the requested changes are dropped.
        """
        base = self._deck.performance
        session = None if self._session == base.session else self._session
        try:
            return base.edited(Edit(at, self._tempi, shift, session))
        except UserError:
            self._tempi, self._session = base.tempi, base.session_now
            raise

    def _is(self, base: Performance) -> bool:
        """Whether a performance is as it is wished."""
        return self._tempi == base.tempi and self._session == base.session_now

    def _next_beat(self) -> Fraction:
        """The first instant at which the tempo can change; while stopped, that of the next beat."""
        deck, plan = self._deck, self._deck.performance.plan
        return at_beat(plan.layout, plan.clock, deck.place if deck.standing else self._reach())

    def _reach(self) -> int:
        """The first frame that a new edit can reach; never before the last edit."""
        deck = self._deck
        clock = deck.performance.plan.clock
        ahead = _ON_ITS_WAY + 2 * self._planning
        first = deck.place if deck.standing else deck.ahead(ahead)
        return max([first, *(clock.frame(edit.at) for edit in deck.performance.edits[-1:])])
