"""Every text that the product itself speaks.

In one place, so that planning and the script that builds the voice agree on each letter. A text is
the key of its clip; its pronunciation ("at one seventy-three") is left to the voice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache

from cadence_cue.coaching.drill import Drill, Library, Side
from cadence_cue.coaching.session import Announced, Kind, Phase, Session

SAFETY = "Outdoors, keep an ear out for traffic. Stop if anything hurts"
SAFETY_AT_HOME = "Stop if anything hurts"
CLOSE_EYES = "Close your eyes"
OPEN_EYES = "Open your eyes"
SWITCH_LEGS = "Switch legs"
ONE_STEP_PER_CLICK = "One step per click. Keep one easy speed"
STEP_INDOORS = "One step per click"
QUICKER = "Quicker steps now"
SLOWER = "Slower steps now"
SINCE_LAST_TIME = {1: "A little quicker than last time", -1: "A little slower than last time"}
STEPS_SINCE_LAST_TIME = {
    1: "Steps a little quicker than last time",
    -1: "Steps a little slower than last time",
}
"""In a drill that moves: the runner is to go no quicker, nor to fall so."""
A_LITTLE_QUICKER = "A little quicker"
A_LITTLE_SLOWER = "A little slower"
GETTING_QUICKER = "Getting quicker"
GETTING_SLOWER = "Getting slower"
STRIDES = {
    Side.LEFT: "Each click is a left step. Keep one easy speed",
    Side.RIGHT: "Each click is a right step. Keep one easy speed",
}
NEXT_RUN = "Next: run"
NEXT_WALK = "Next: walk"
REST = "Rest"
WALK = "Walk"

CLICK_STOPS = "Click stops, keep the rhythm"
CLICK_BACK = "The click is back"
CLICK_BACK_FADING = "The click is back, and fades"
CLICK_BACK_IN_TURNS = "The click is back, and comes and goes"
CLICK_FADES = "Click fades, keep the rhythm"
CLICK_COMES_AND_GOES = "Click comes and goes, keep the rhythm"
OWN_RHYTHM = "Back to your own rhythm"
TIRED = "Tired? Let the click go"
ON_THE_BEAT = "On the beat"
AHEAD = "Quicker than the beat"
BEHIND = "Slower than the beat"
STEADIER = "Steadier than before"
HALFWAY = "Halfway through this part"
DONE = "Session done"

SIDES = {
    Side.LEFT: "left leg",
    Side.RIGHT: "right leg",
    Side.ALTERNATING: "alternating",
}

COUNTDOWN = (60, 30, 20, 10, 5, 4, 3, 2, 1)
TEMPOS = range(40, 211)
STEPS = range(140, 211)
"""Cadences that are announced with their unit."""
COUNTED = range(1, 9)
"""The numbers that may be spoken in a count-in."""
ORDINALS = ("First", "Second", "Third", "Fourth")
_CARDINALS = (
    "one", "two", "three", "four", "five", "six",
    "seven", "eight", "nine", "ten",
)  # fmt: skip
_SECONDS = (*range(5, 60, 5), 90)
_MINUTES = (*range(1, 11), 15, 20, 25, 30, 45, 60)

NAMED_VARIANTS = ("on the spot",)
"""The variants of drills that are told with the name: who only listens would move off."""

_LEADS = ("Next:", "Now", "On to", "Time for")
"""How drills are announced, each in its own words, so that a session has no refrain."""


def drill_phrase(drill: Drill, side: Side, variant: str = "") -> str:
    """Return a drill's name, with the side if it has several: "Toe taps, left leg"."""
    name = drill.name[0].upper() + drill.name[1:].lower()
    if variant in NAMED_VARIANTS:
        name = f"{name} {variant}"
    if len(drill.sides) > 1 and side in SIDES:
        return f"{name}, {SIDES[side]}"
    return name


def next_drill(drill: Drill, side: Side, variant: str = "") -> str:
    """Return the announcement of a drill, in words of its own: "On to toe taps, left leg"."""
    phrase = drill_phrase(drill, side, variant)
    return f"{_LEADS[drill.order % len(_LEADS)]} {phrase[0].lower()}{phrase[1:]}"


def first_drill(drill: Drill, side: Side, variant: str = "") -> str:
    """Return the announcement of a session's first drill: "First: perception"."""
    phrase = drill_phrase(drill, side, variant)
    return f"First: {phrase[0].lower()}{phrase[1:]}"


def side_phrase(side: Side) -> str:
    """Return a side on its own: "Left leg"."""
    return SIDES[side].capitalize()


def title_phrase(phase: Phase) -> str:
    """Return what announces a titled run ("Next: settle"), walk or rest ("Shake out your legs")."""
    if phase.kind is Kind.RUN and phase.title:
        return f"Next: {phase.title[0].lower()}{phase.title[1:]}"
    return phase.title


def tempo_phrase(beats_per_minute: int) -> str:
    """Return the announcement of a tempo in whole beats per minute: "At 173"."""
    return f"At {beats_per_minute}"


def steps_phrase(steps_per_minute: int) -> str:
    """Return the first tempo of a run with its unit: "At 173 steps a minute"."""
    return f"At {steps_per_minute} steps a minute"


def whole(texts: Sequence[str], setup: Sequence[str] = ()) -> str:
    """Return an announcement as one text in one breath: what, how long; then the set-up.

    "Next: toe taps, left leg, 28 seconds. Stand tall, soft knees".
    """
    first = ", ".join([*texts[:1], *(text[0].lower() + text[1:] for text in texts[1:])])
    return ". ".join(filter(None, (first, *setup)))


def needs_phrase(session: Session) -> str:
    """Return what a session needs, as it is said before it: "You need a wall"; "" for nothing."""
    return f"You need {session.needs}" if session.needs else ""


def stride_phrase(tempo: Fraction | float, stride: Side) -> str:
    """Return a tempo with one clicked foot: "172 spm, 86 per foot, clicks for the left foot"."""
    both, one = (f"{round(float(number), 1):g}" for number in (tempo, tempo / 2))
    return f"{both} spm, {one} per foot, clicks for the {stride.value} foot"


def chant_phrase(words: Iterable[str]) -> str:
    """Return a chant as people read it: "pull · heel · up"."""
    return " · ".join(words)


def number_phrase(number: int, of: int) -> str:
    """Return a number and its total: "Second of three"; "" if the total is 1 or above ten.

    Of five and more "Number two of eight": a voice's "fifth" is easily heard as "five", and the
    form does not change in the middle.
    """
    if not 2 <= of <= len(_CARDINALS):
        return ""
    if of <= len(ORDINALS):
        return f"{ORDINALS[number - 1]} of {_CARDINALS[of - 1]}"
    return f"Number {_CARDINALS[number - 1]} of {_CARDINALS[of - 1]}"


def time_phrase(seconds: Fraction) -> str:
    """Return how long something lasts: "45 seconds", "3 minutes"; "" if it is no common time."""
    if seconds.denominator != 1:
        return ""
    whole = int(seconds)
    if whole in _SECONDS:
        return f"{whole} seconds"
    if whole % 60 == 0 and whole // 60 in _MINUTES:
        return "1 minute" if whole == 60 else f"{whole // 60} minutes"
    return ""


def countdown_phrase(seconds: int) -> str:
    """Return how the remaining seconds are counted down: "10 seconds", or "3"."""
    return f"{seconds} seconds" if seconds >= 10 else str(seconds)


@lru_cache(1024)
def is_for_eyes(text: str) -> bool:
    """Return whether a text tells to close or open the eyes, in any case, spacing or ending."""
    return _plain(text) in (_plain(CLOSE_EYES), _plain(OPEN_EYES))


def closes_eyes(text: str) -> bool:
    """Return whether a text tells to close the eyes, in any case, spacing or ending."""
    return _plain(text) == _plain(CLOSE_EYES)


@lru_cache(1024)  # each phase asks for all cues that it may have
def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".!")


def session_texts(session: Session) -> Iterator[tuple[Phase, str]]:
    """Yield the session's own texts, which must have a clip, each with its phase."""
    for phase in session.written():
        announced = (phase.announce,) if isinstance(phase.announce, str) else ()
        says = (say.text for say in phase.say)
        texts = (phase.text, *announced, *(phase.chant or ()), *phase.words, *says)
        for text in filter(None, texts):
            yield phase, text
    if session.goodbye:
        yield phase, session.goodbye


def own_words(session: Session, library: Library) -> list[str]:
    """Return the vocabulary of a session and the drills it uses, each text once."""
    named = {phase.drill for phase in session.written()}
    named.update(name for phase in session.written() for name in phase.cues or ())
    drills = {name: drill for name, drill in library.drills.items() if name in named}
    return vocabulary(replace(library, drills=drills), [session])


def beat_words(library: Library) -> list[str]:
    """Return every word that may be spoken on a beat of its own, in a count-in or a chant."""
    chants = (cue.chant for drill in library.drills.values() for cue in drill.cues)
    return list(dict.fromkeys([*map(str, COUNTED), *(word for words in chants for word in words)]))


def vocabulary(library: Library, sessions: Iterable[Session]) -> list[str]:
    """Return every text that a voice has to speak for these sessions, once, in a stable order."""
    texts: dict[str, None] = {}

    def add(*more: str) -> None:
        texts.update(dict.fromkeys(more))

    add(SAFETY, SAFETY_AT_HOME, CLOSE_EYES, OPEN_EYES, SWITCH_LEGS)
    add(ONE_STEP_PER_CLICK, STEP_INDOORS)
    add(
        *SINCE_LAST_TIME.values(),
        *STEPS_SINCE_LAST_TIME.values(),
        QUICKER,
        SLOWER,
        A_LITTLE_QUICKER,
        A_LITTLE_SLOWER,
        GETTING_QUICKER,
        GETTING_SLOWER,
    )
    add(*STRIDES.values(), NEXT_RUN, NEXT_WALK, REST, WALK)
    add(CLICK_STOPS, CLICK_BACK, CLICK_FADES, CLICK_COMES_AND_GOES, OWN_RHYTHM)
    add(CLICK_BACK_FADING, CLICK_BACK_IN_TURNS, *library.talk.texts())
    add(TIRED, HALFWAY, DONE, ON_THE_BEAT, AHEAD, BEHIND, STEADIER)
    add(*(side_phrase(side) for side in SIDES))
    for drill in library.drills.values():
        add(*_drill_texts(drill))
    for element in library.elements.values():
        add(*(cue.text for cue in element.cues), *(reason.text for reason in element.reasons))
    for session in sessions:
        add(*(text for _, text in session_texts(session)), *_announced_texts(session))
        add(*filter(None, [needs_phrase(session)]))
    add(*(countdown_phrase(n) for n in COUNTDOWN))
    add(*(time_phrase(Fraction(n)) for n in _SECONDS))
    add(*(time_phrase(Fraction(60 * n)) for n in _MINUTES))
    add(*(tempo_phrase(n) for n in TEMPOS), *(steps_phrase(n) for n in STEPS))
    add(*beat_words(library))
    last = len(_CARDINALS) + 1
    add(*(number_phrase(n, of) for of in range(2, last) for n in range(1, of + 1)))
    return list(texts)


def _drill_texts(drill: Drill) -> Iterator[str]:
    """Yield the texts of a drill, those of each side that can be chosen first."""
    for side in drill.sides:
        if side is not Side.BOTH:
            yield from (next_drill(drill, side), drill_phrase(drill, side))
    yield from (next_drill(drill, Side.NONE), first_drill(drill, Side.NONE), drill.explanation)
    for variant in drill.variants:
        if variant.name in NAMED_VARIANTS:
            for phrase in (next_drill, first_drill, drill_phrase):
                yield phrase(drill, Side.NONE, variant.name)
    yield from (cue.text for cue in drill.cues)
    yield from (statement.text for statement in (*drill.checks, *drill.reasons))
    yield from filter(None, (drill.feel, drill.mastered.text, drill.care))


def _announced_texts(session: Session) -> Iterator[str]:
    """Yield what announces the phases of one session and no other: its titles."""
    for phase in session.written():
        told = session.announce if phase.announce is None else phase.announce
        named = not isinstance(told, str) and Announced.NEXT in told
        if named and phase.title and phase.kind in (Kind.RUN, Kind.WALK, Kind.REST):
            yield from (title_phrase(phase), phase.title)
