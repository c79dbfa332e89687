"""Plans sessions written as data, with a voice whose lengths are made by hand."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

from cadence_cue.coaching.catalogue import load_library
from cadence_cue.coaching.drill import Library
from cadence_cue.coaching.part import Part
from cadence_cue.coaching.program import perform
from cadence_cue.coaching.session import Session
from cadence_cue.coaching.session_file import parse
from cadence_cue.coaching.wording import vocabulary
from cadence_cue.timing import planner, sounds
from cadence_cue.timing.planner import Plan
from cadence_cue.timing.timeline import Dropped, Event, EventKind, Mark, Timeline, Utterance

RATE = 48000
SIGNALS = (sounds.READY, sounds.PHASE_END, sounds.FINISHED)


@cache
def library() -> Library:
    return load_library()


@cache
def texts() -> tuple[str, ...]:
    return tuple(vocabulary(library(), []))


def speech(session: Session, rate: int, silent: Collection[str] = ()) -> dict[str, Utterance]:
    """Every text that a session may need, but the silent ones."""
    known = dict.fromkeys((*texts(), *vocabulary(library(), [session])))
    return {text: utterance(text, rate) for text in known if text not in silent}


def utterance(text: str, rate: int) -> Utterance:
    """0.4 s and 40 ms a letter; the vowel somewhere in the first third."""
    frames = rate * (40 + 4 * len(text)) // 100
    return Utterance(text, frames, frames * (len(text) % 4) // 10)


def sound_lengths(rate: int) -> dict[str, int]:
    return {
        name: rate * (6 if name in SIGNALS else 1) // 10 - (name not in SIGNALS)
        for name in sounds.BEAT_SOUNDS
    }


@dataclass(frozen=True, slots=True)
class Planned:
    """A session all the way to its timeline."""

    session: Session
    parts: tuple[Part, ...]
    plan: Plan
    speech: dict[str, Utterance]

    @property
    def timeline(self) -> Timeline:
        return self.plan.timeline

    @property
    def marks(self) -> tuple[Mark, ...]:
        return self.timeline.marks

    @property
    def zero(self) -> int:
        """The frame where the first phase starts."""
        return self.marks[0].start

    def events(self, *kinds: EventKind) -> list[Event]:
        return [event for event in self.timeline if not kinds or event.kind in kinds]

    def in_phase(self, phase: int, *kinds: EventKind) -> list[Event]:
        return [event for event in self.events(*kinds) if event.phase == phase]

    def said(self, text: str) -> list[Event]:
        return [event for event in self.timeline if event.sound == text]

    def vowel(self, event: Event) -> int:
        return event.frame + self.speech[event.sound].anchor

    def at(self, seconds: Fraction | float) -> int:
        """The frame of an instant after the lead-in, rounded as every onset is."""
        return self.zero + nearest(Fraction(seconds) * self.timeline.rate)

    @property
    def dropped(self) -> list[Dropped]:
        return list(self.timeline.dropped)


def nearest(number: Fraction) -> int:
    return (number + Fraction(1, 2)).__floor__()


def plan(
    *phases: dict[str, Any],
    own: Fraction | int = 173,
    seed: int = 1,
    rate: int = RATE,
    explain: bool = False,
    get_ready: Fraction = Fraction(2),
    opening: Mapping[str, EventKind] | None = None,
    duck_db: float = 6.0,
    silent: Collection[str] = (),
    spoken: Collection[str] = (),
    lasting: Callable[[str, int], Utterance] = utterance,
    **keys: Any,
) -> Planned:
    """Plan these phases; `silent` texts have no recording, `spoken` ones have one too."""
    session = parse(
        {"title": "A session", "phase": list(phases), **keys},
        name="",
        library=library(),
        rehearsal=True,
    )
    known = dict.fromkeys((*speech(session, rate, silent), *spoken))
    voice = {text: lasting(text, rate) for text in known}
    parts = perform(
        session,
        library(),
        Fraction(own),
        seed,
        explain=explain,
        speech={text: Fraction(spoken.frames, rate) for text, spoken in voice.items()},
    )
    made = planner.plan(
        parts,
        rate,
        seed,
        lengths=sound_lengths(rate),
        utterances=voice,
        get_ready=get_ready,
        opening=opening or {},
        duck_db=duck_db,
    )
    return Planned(session, parts, made, voice)


def run(time: str = "60s", tempo: Any = 150, **keys: Any) -> dict[str, Any]:
    """A run that says nothing of its time, to be planned."""
    return {"run": "", "time": time, "tempo": tempo, "countdown": False, **keys}


def overlaps(events: Iterable[Event]) -> list[tuple[str, str]]:
    """Pairs of sounds of which one begins before the other is over."""
    ordered = sorted(events)
    return [
        (one.sound, other.sound)
        for k, one in enumerate(ordered)
        for other in ordered[k + 1 :]
        if other.frame < one.frame + one.frames
    ]
