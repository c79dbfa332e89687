"""Chooses what is announced before each part, and in which words.

A drill is announced by name, side, time and tempo; a run, walk or rest by its title if the voice
can speak it, else by its kind. What the runner has just heard is not repeated, and nothing untrue
is said: a time only if it is exact, the click only where it stops or returns.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from cadence_cue.coaching import wording
from cadence_cue.coaching.clicks import clicks, clicks_at_end, runs
from cadence_cue.coaching.drill import Drill, Side
from cadence_cue.coaching.part import Announcement, Part
from cadence_cue.coaching.remarks import remarks
from cadence_cue.coaching.session import Announced, BeatMode, Kind, Phase, Session

_NOTICED = Fraction(2, 100)  # the smallest tempo change that is announced


@dataclass(frozen=True, slots=True)
class Announcing:
    """Announces one part, given all parts before it and the texts that can be spoken.

    `number` is the number of the repetition or set, and their total.
    """

    part: Part
    phase: Phase
    drill: Drill | None
    before: Sequence[Part]
    speech: Collection[str]
    kinds: Collection[Announced]
    number: tuple[int, int] = (1, 1)
    setup: tuple[str, ...] = ()
    indoors: bool = False
    """Whether a run stays where it is or on a belt, so that there is no speed to keep."""

    @property
    def _last(self) -> Part | None:
        return self.before[-1] if self.before else None

    def announcement(self) -> Announcement:
        """Return what is said before the part."""
        if self._last and self._last.kind is Kind.SWITCH:
            texts = self._if(Announced.NEXT, wording.SWITCH_LEGS)
            return Announcement(texts, texts, minor=True)
        if isinstance(self.phase.announce, str):
            return Announcement((self.phase.announce,), (self.phase.announce,), self._setup())
        if self.drill:
            return self._drill(self.drill)
        if self.part.kind is Kind.RUN:
            return self._run()
        if self.part.kind in (Kind.WALK, Kind.REST):
            return self._pause()
        return Announcement()

    def _if(self, kind: Announced, *texts: str) -> tuple[str, ...]:
        """Return those of the texts that can be spoken, if their kind is announced."""
        if kind not in self.kinds:
            return ()
        return tuple(text for text in texts if text in self.speech)

    def _named(self, name: str) -> tuple[str, ...]:
        """Return a drill's name; planning lists it if it cannot be spoken."""
        return (name,) if Announced.NEXT in self.kinds else ()

    def _setup(self) -> tuple[str, ...]:
        return self._if(Announced.SETUP, *self.setup)

    def _number(self) -> tuple[str, ...]:
        return self._if(Announced.NUMBER, wording.number_phrase(*self.number))

    def _time(self) -> tuple[str, ...]:
        if self.part.grid_delay:  # only the run of a fall has a beat, and nobody counts its seconds
            return ()
        return self._if(Announced.TIME, wording.time_phrase(self.part.seconds))

    def _tempo(self) -> tuple[str, ...]:
        if self.part.tempo is None or self.part.grid_delay:
            return ()
        return self._if(Announced.TEMPO, wording.tempo_phrase(round(self.part.tempo[0])))

    def _titled(self, plain: str) -> tuple[str, ...]:
        title = wording.title_phrase(self.phase)
        return self._if(Announced.NEXT, title if title and title in self.speech else plain)

    def _pause(self) -> Announcement:
        part, last = self.part, self._last
        if last and last.kind is part.kind and not self.phase.title:
            return Announcement()
        tail = (*self._number(), *self._tempo())
        known = any((p.kind, p.title) == (part.kind, part.title) for p in self.before)
        after_a_set = last is not None and last.kind is not Kind.RUN
        signed = last is not None and last.tempo is not None and clicks_at_end(last)
        led = part.kind is Kind.WALK and self.phase.title in self.speech  # somewhere: "Walk back"
        if known and not tail and after_a_set and signed and not led:
            return Announcement()  # the sign that a set is over says it by now
        plain = wording.REST
        if part.kind is Kind.WALK:
            plain = wording.NEXT_WALK if part.tempo else wording.WALK
        head = self._titled(plain)
        return Announcement((*head, *tail), head)

    def _drill(self, drill: Drill) -> Announcement:
        phase, last = self.phase, self._last
        same = next((p for p in reversed(self.before) if p.drill == drill.id), None)
        silent = self.part.beat.mode is BeatMode.OFF
        alone = self._if(Announced.CLICK, wording.CLICK_STOPS) if silent else ()
        tail = (*self._number(), *self._time(), *self._drill_tempo(same), *alone)
        if last and last.kind is Kind.EXPLAIN:
            sided = len(drill.sides) > 1 and phase.side in wording.SIDES
            side = self._if(Announced.NEXT, wording.side_phrase(phase.side)) if sided else ()
            return Announcement((*side, *tail), side, self._setup())
        last_set = next((p for p in reversed(self.before) if p.kind is Kind.DRILL), None)
        short = self._named(wording.drill_phrase(drill, phase.side, phase.variant))
        if last_set and _alike(last_set, self.part):
            if last is last_set:
                return Announcement(alone, alone)
            return Announcement((*short, *self._number(), *alone), (*short, *alone))
        named = short
        if last_set is None or last_set.drill != drill.id:
            name = drill_named(drill, phase.side, self.before, self.speech, phase.variant)
            named = self._named(name)
        return Announcement((*named, *tail), short, self._setup())

    def _drill_tempo(self, same: Part | None) -> tuple[str, ...]:
        """Return what is said of a drill's tempo: how it differs, and whether it changes."""
        tempo = self.part.tempo
        if tempo is None:
            return ()
        if same is None and self.phase.moved and tempo[0] == tempo[1]:
            moves = self.part.moving
            texts = wording.STEPS_SINCE_LAST_TIME if moves else wording.SINCE_LAST_TIME
            return self._if(Announced.TEMPO, texts[self.phase.moved])
        if self.part.grid_delay:  # nobody counts the beats of a short run
            return ()
        if tempo[0] != tempo[1]:
            rises = tempo[1] > tempo[0]
            text = wording.GETTING_QUICKER if rises else wording.GETTING_SLOWER
            return self._if(Announced.TEMPO, text)
        if same is None or same.tempo is None or abs(tempo[0] / same.tempo[1] - 1) < _NOTICED:
            return ()
        quicker = tempo[0] > same.tempo[1]
        text = wording.A_LITTLE_QUICKER if quicker else wording.A_LITTLE_SLOWER
        return self._if(Announced.TEMPO, text)

    def _first_tempo(self) -> tuple[str, ...]:
        """Return the tempo of a run, with its unit the first time."""
        tempo = self.part.tempo
        if tempo is None:
            return ()
        told = any(p.kind is Kind.RUN and p.tempo for p in self.before)
        text = wording.steps_phrase(round(tempo[0]))
        if told or text not in self.speech:
            return self._tempo()
        return self._if(Announced.TEMPO, text)

    def _run(self) -> Announcement:
        last = self._last
        if not self.part.tempo:
            return self._free_run()
        how = self._how_to_step()
        if last and last.tempo and last.kind in (Kind.RUN, Kind.GLIDE):
            click = self._click()
            alone = self._time() if click == (wording.CLICK_STOPS,) else ()
            texts = (*self._number(), *click, *alone, *self._change(), *how)
            return Announcement(texts, texts[:1], minor=not how)
        if self._again():
            head = self._if(Announced.NEXT, self.phase.title)
            return Announcement((*head, *self._number()), head)
        head = self._titled(wording.NEXT_RUN)
        tail = (*self._number(), *self._time(), *self._first_tempo(), *self._click(), *how)
        return Announcement((*head, *tail), head)

    def _free_run(self) -> Announcement:
        """Announce a run without a beat: once it has begun what it is, or before that what is next.

        After a run with a beat it is the runner's own rhythm; nobody is talked to over its end.
        """
        title, last = self.phase.title, self._last
        after_beat = last is not None and runs(last) and not title
        if after_beat or title in self.speech:
            head = self._if(Announced.NEXT, title or wording.OWN_RHYTHM)
            return Announcement((*head, *self._number(), *self._time()), head)
        head = self._titled(wording.NEXT_RUN)
        return Announcement((*head, *self._number(), *self._time()), head, early=True)

    def _again(self) -> bool:
        """Return whether a titled run was done before, just like this time."""
        part = self.part
        same = (part.title, part.seconds, part.tempo, part.beat, part.clicked_foot)
        return bool(self.phase.title) and any(
            (p.title, p.seconds, p.tempo, p.beat, p.clicked_foot) == same
            for p in self.before
            if p.kind is Kind.RUN
        )

    def _click(self) -> tuple[str, ...]:
        """Return what is said if the click stops, returns, fades, or comes and goes."""
        last = self._last
        was = bool(last and last.tempo and clicks_at_end(last))
        mode = self.part.beat.mode
        returns = () if was or not self._clicked() else (wording.CLICK_BACK,)
        texts: tuple[str, ...] = returns
        if mode is BeatMode.OFF:
            texts = (wording.CLICK_STOPS,) if was else ()
        elif mode is BeatMode.FADE:
            texts = (wording.CLICK_BACK_FADING if returns else wording.CLICK_FADES,)
        elif mode is BeatMode.GAPS:
            on_and_off = last and last.beat.mode is BeatMode.GAPS
            again = wording.CLICK_BACK_IN_TURNS if returns else wording.CLICK_COMES_AND_GOES
            texts = () if on_and_off else (again,)
        return self._if(Announced.CLICK, *texts)

    def _clicked(self) -> bool:
        """Return whether the run that continues here has had a click before."""
        for part in reversed(self.before):
            if part.tempo is None or part.kind not in (Kind.RUN, Kind.GLIDE):
                return False
            if part.beat.mode is not BeatMode.OFF:
                return True
        return False

    def _change(self) -> tuple[str, ...]:
        """Return what is said about the tempo after another run: only what a runner notices."""
        last, part = self._last, self.part
        if last is None or last.tempo is None or part.tempo is None:
            return ()
        came, goes = last.tempo[1], part.tempo[1]
        if abs(goes / came - 1) >= _NOTICED:
            change = wording.QUICKER if goes > came else wording.SLOWER
            ramp = part.tempo[0] != part.tempo[1]
            return (*self._if(Announced.TEMPO, change), *(() if ramp else self._tempo()))
        arrived = last.tempo[0] != came  # at the end of a ramp: where
        return self._tempo() if arrived else ()

    def _how_to_step(self) -> tuple[str, ...]:
        """Return how to follow the click, in the first run with one and when the foot changes."""
        clicked = next(filter(clicks, reversed(self.before)), None)
        if not clicks(self.part) or (clicked and clicked.clicked_foot is self.part.clicked_foot):
            return ()
        if self.indoors:
            return self._if(Announced.CLICK, wording.STEP_INDOORS)
        how = wording.STRIDES.get(self.part.clicked_foot, wording.ONE_STEP_PER_CLICK)
        return self._if(Announced.CLICK, how)


def drill_named(
    drill: Drill, side: Side, before: Sequence[Part], speech: Collection[str], variant: str = ""
) -> str:
    """Return how a drill is named after these parts: as the first, if nobody has moved yet."""
    first = wording.first_drill(drill, side, variant)
    moved = any(part.kind in (Kind.DRILL, Kind.RUN, Kind.WALK) for part in before)
    return wording.next_drill(drill, side, variant) if moved or first not in speech else first


def told_of(session: Session, phase: Phase) -> frozenset[Announced]:
    """Return what is announced of a phase: its own choice, else the session's."""
    if phase.announce is None or isinstance(phase.announce, str):
        return session.announce
    return phase.announce


def announced(part: Part, announcing: Announcing) -> Part:
    """Return the part with its announcement and what is announced inside it."""
    says = (*part.say, *remarks(part, announcing.kinds, announcing.speech))
    return replace(part, announcement=_in_one(announcing), say=says)


def _in_one(announcing: Announcing) -> Announcement:
    """Return the announcement, in one breath where a voice can speak it so."""
    told, speech = announcing.announcement(), announcing.speech
    if len(told.full) + len(told.setup) < 2:
        return told
    whole = wording.whole(told.full, told.setup)
    for n in range(len(told.full), 1, -1):
        if (joined := wording.whole(told.full[:n])) in speech:
            told = replace(told, full=(joined, *told.full[n:]))
            break
    return replace(told, whole=whole) if whole in speech else told


def _alike(one: Part, other: Part) -> bool:
    """Return whether two sets of a drill are done in the same way."""
    first, second = ((p.drill, p.foot, p.accent_side, p.tempo) for p in (one, other))
    return first == second
