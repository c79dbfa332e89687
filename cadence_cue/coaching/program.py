"""Turns a session into parts: what this runner does, phase by phase.

This is where a session file gets its meaning: explanations and glides are inserted, and what the
file leaves open is filled in from the drill library and the rules.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from types import MappingProxyType

from cadence_cue.coaching import wording
from cadence_cue.coaching.announcing import Announcing, announced, drill_named, told_of
from cadence_cue.coaching.cueing import Choice, Chosen, closes_eyes, count_in_beats, cueing_of
from cadence_cue.coaching.drill import Drill, Library, Side
from cadence_cue.coaching.encouraging import starts_of
from cadence_cue.coaching.explaining import explanation, lasting
from cadence_cue.coaching.gliding import gliding
from cadence_cue.coaching.part import Cueing, Part
from cadence_cue.coaching.phase_tempos import is_relative, key_of, seconds_of, tempo_of
from cadence_cue.coaching.remarks import done, tired
from cadence_cue.coaching.rotation import turn_of
from cadence_cue.coaching.rules import FALL, broken
from cadence_cue.coaching.session import Announced, Kind, Phase, Session
from cadence_cue.coaching.teaching import taught
from cadence_cue.coaching.values import LONGEST, clock
from cadence_cue.coaching.writing_out import Counting, Numbered, written_out

_FALL_SET = Fraction(7)  # seconds to set up, ending in four soft ticks a second apart ...
_FALL_TICKS = tuple(_FALL_SET - n for n in (4, 3, 2, 1))
_FALL_LEAN = Fraction(3)  # ... and to lean, in silence
_AROUND_A_SWITCH = 8  # beats without a cue before and after a change of legs
INDOORS = {"home", "wall", "treadmill"}
"""Places without traffic."""
_LONG_RUN = 120  # seconds from which a run's last ten are announced
_TOLD_BEFORE = 10  # seconds before the end of a long run that are told
_NEAR = 3  # seconds: a text of the file at that time says it already


Outline = tuple[tuple[Phase, Numbered, Chosen], ...]
"""Every phase in playing order with its number and its cues: what does not follow from tempos."""


def outlined(session: Session, library: Library, seed: int) -> Outline:
    """Return the outline of a session, in which `seed` decides the order of cues.

    Raises UserError for words of a phase that only a variant of a drill may have.
    """
    written = written_out(session)
    for phase, _ in written:
        _check_words(session, phase)
    runs = [phase for phase, _ in written if phase.kind is not Kind.DRILL and phase.cues]
    choice = Choice(library, turn_of(seed, session.name), runs)
    return tuple(
        (phase, number, choice.for_phase(phase, _drill(phase, library)))
        for phase, number in written
    )


def perform(
    session: Session,
    library: Library,
    cadence_spm: Fraction,
    seed: int,
    *,
    explain: bool,
    speech: Mapping[str, Fraction],
    offsets: Mapping[str, Fraction] = MappingProxyType({}),
    outline: Outline = (),
) -> tuple[Part, ...]:
    """Return the parts of a session for a runner whose own cadence is `cadence_spm`.

    `seed` decides the order of cues. With `explain`, drills are explained before their first set.
    `speech` maps each text that can be spoken to its seconds, `offsets` a part's `key` to the beats
    per minute by which its tempo was changed by hand. The `outline`, if there is one already, is
    that of the same session, library and seed. Raises UserError if a tempo or the whole length is
    outside the limits for this runner.
    """
    parts: list[Part] = []
    explained: set[str] = set()
    long_runs: set[int] = set()
    counting = Counting()
    told = session.announce
    indoors = _only(session, INDOORS)
    for phase, number, chosen in outline or outlined(session, library, seed):
        drill = _drill(phase, library)
        if drill and explain and drill.id not in explained and drill.explanation in speech:
            named = drill_named(drill, Side.NONE, parts, speech)
            parts.append(explanation(drill, phase, named))
            explained.add(drill.id)
        tempo = tempo_of(session, phase, drill, cadence_spm, offsets)
        part = _part(session, phase, drill, tempo, cueing_of(chosen, phase, drill, tempo))
        told = told_of(session, phase)
        counted = counting.told(phase, number, told)
        part = announced(
            part,
            Announcing(
                part,
                phase,
                drill,
                parts,
                speech,
                told,
                counted,
                chosen.setup,
                indoors,
            ),
        )
        _join(parts, part, session, phase, speech)
        if phase.cues != ():
            long_runs.add(len(parts) - 1)
    for index, say in tired(parts, long_runs, speech):
        parts[index] = replace(parts[index], say=(*parts[index].say, say))
    if parts and Announced.END in told:
        said = done(parts[-1], session.goodbye, speech)
        parts[-1] = replace(parts[-1], say=(*parts[-1].say, *said))
    starts = starts_of(parts)
    if (total := starts[-1]) > LONGEST:
        text = f"at an own cadence of {float(cadence_spm):g} and with explanations it lasts "
        raise broken(session, None, f"{text}{clock(total)}; at most {clock(LONGEST)} is allowed")
    return taught(parts, starts, session, library, turn_of(seed, session.name), speech)


def _drill(phase: Phase, library: Library) -> Drill | None:
    return library.drills[phase.drill] if phase.kind is Kind.DRILL else None


def _part(
    session: Session,
    phase: Phase,
    drill: Drill | None,
    tempo: tuple[Fraction, Fraction] | None,
    cueing: Cueing,
) -> Part:
    falling = phase.drill == FALL
    moving = drill.moving if drill else phase.kind is Kind.RUN
    eyes_closed = closes_eyes(phase, drill)
    alternates = tempo is not None and (
        moving or phase.kind is Kind.WALK or phase.side is Side.ALTERNATING
    )
    one_leg = phase.side in (Side.LEFT, Side.RIGHT)
    accent = phase.accent if phase.accent is not None else (drill.accent if drill else 0)
    count_in = phase.count_in
    if count_in is None:
        count_in = count_in_beats(tempo[0]) if tempo else 0
    seconds = seconds_of(phase, tempo)
    return Part(
        kind=phase.kind,
        title=_title(phase, drill),
        seconds=seconds,
        tempo=tempo,
        grid_delay=_FALL_SET + _FALL_LEAN if falling else Fraction(0),
        ticks=_FALL_TICKS if falling else (),
        beat=phase.beat,
        accent=accent,
        accent_side=phase.side if moving and one_leg else Side.NONE,
        foot=Side.ALTERNATING if alternates else phase.side if one_leg else Side.NONE,
        clicked_foot=phase.clicked_foot,
        distinct_feet=drill.distinct_feet if drill else False,
        beat_level=phase.beat_level,
        voice_level=phase.voice_level,
        count_in=0 if falling else count_in,
        count_in_voice=(
            session.count_in_voice if phase.count_in_voice is None else phase.count_in_voice
        ),
        opening=tuple(filter(None, (wording.CLOSE_EYES if eyes_closed else phase.text,))),
        closing=wording.OPEN_EYES if eyes_closed else "",
        say=phase.say,
        cueing=cueing,
        countdown=_countdown(session, phase, seconds),
        drill=phase.drill,
        contrast=phase.contrast,
        key=key_of(phase) if tempo else "",
        follows_cadence=is_relative(phase, drill),
        beats=phase.length.beats,
        moving=moving,
        number=phase.number,
        note=phase.note,
    )


def _join(
    parts: list[Part], part: Part, session: Session, phase: Phase, speech: Mapping[str, Fraction]
) -> None:
    """Append a part, and adjust what depends on both it and the part before."""
    last = parts[-1] if parts else None
    if last and last.kind is Kind.EXPLAIN:
        parts[-1] = lasting(parts, part, speech)
    if last and part.kind is Kind.SWITCH:
        parts[-1] = _one_of_two_legs(last)
    if last and last.kind is Kind.SWITCH:
        part = _one_of_two_legs(part)
    if phase.glide and last and last.tempo and part.tempo and not part.grid_delay:
        glide, part = gliding(session, phase, last.tempo[1], part, part.tempo[0])
        parts.append(glide)
    parts.append(part)


def _one_of_two_legs(part: Part) -> Part:
    """Return the set of one leg, with its beats around the change of legs free of cues.

    Both ends are free in both sets: so each leg has room for the same cues.
    """
    quiet = max(part.cueing.quiet_first, _AROUND_A_SWITCH)
    cueing = replace(part.cueing, quiet_first=quiet, quiet_last_beats=_AROUND_A_SWITCH)
    return replace(part, cueing=cueing)


def _check_words(session: Session, phase: Phase) -> None:
    """Refuse texts that tell the runner to close the eyes: only a variant may do that."""
    if wrong := next(filter(wording.is_for_eyes, phase.words), None):
        text = f'"words" cannot have "{wrong}", which is only said where a variant asks for it'
        raise broken(session, phase, text)
    told = (phase.text, phase.announce, *(say.text for say in phase.say))
    if wrong := next((t for t in told if isinstance(t, str) and wording.closes_eyes(t)), None):
        text = (
            f'"{wrong}" is only said by a variant of a drill done standing, such as "eyes closed"'
        )
        raise broken(session, phase, text)


def _title(phase: Phase, drill: Drill | None) -> str:
    if phase.title or not drill:
        return phase.title or (phase.kind.value.capitalize() if not phase.text else phase.text)
    name = wording.drill_phrase(drill, phase.side)
    return f"{name}, {phase.variant}" if phase.variant else name


def _countdown(session: Session, phase: Phase, seconds: Fraction) -> tuple[int, ...]:
    if phase.kind is Kind.SWITCH:
        return ()
    for choice in (phase.countdown, session.countdown):
        if choice is not None:
            return choice
    told = any(say.from_end and abs(say.at - _TOLD_BEFORE) < _NEAR for say in phase.say)
    long = phase.kind is Kind.RUN and seconds >= _LONG_RUN
    return (_TOLD_BEFORE,) if long and not told else ()


def safety_line(session: Session, parts: Sequence[Part]) -> str:
    """Return what a track of these parts opens with: the runner moves, and may leave the house."""
    if _only(session, INDOORS):
        return wording.SAFETY_AT_HOME
    moves = any(part.moving or part.kind is Kind.WALK for part in parts)
    return wording.SAFETY if moves else ""


def _only(session: Session, places: Collection[str]) -> bool:
    """Return whether a session stays in these places."""
    return bool(session.place) and set(session.place) <= set(places)
