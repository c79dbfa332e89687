"""From a session to its parts: what this runner does, phase by phase.

Here the session's words get their meaning: repeats are written out, sides split, explanations
inserted, and what the file leaves open is chosen by the drill library and the rules.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from cadence_cue.coaching import wording
from cadence_cue.coaching.announcing import announcement
from cadence_cue.coaching.errors import SessionError
from cadence_cue.coaching.model import (
    Cue,
    Drill,
    Kind,
    Library,
    Phase,
    Repeat,
    Session,
    Side,
    Tempo,
)
from cadence_cue.coaching.part import Cueing, Part
from cadence_cue.coaching.rotation import rotation
from cadence_cue.coaching.rules import FALL, SWITCH_SECONDS
from cadence_cue.coaching.values import LONGEST

LOWEST_TEMPO, HIGHEST_TEMPO = 20, 300

FAST = 140
"""Beats per minute from which a count-in has 8 beats and cues wait for 8."""

_FALL_SET = Fraction(7)  # seconds to set up, told by four soft ticks at 60 ...
_FALL_TICKS = tuple(_FALL_SET - n for n in (4, 3, 2, 1))
_FALL_LEAN = Fraction(3)  # ... and to lean, in silence
_RUN_CUES = Fraction(60)  # seconds between cues where a run names none
_QUIET_LAST = Fraction(4)
_EYES_CLOSED_QUIET = Fraction(10)  # the runner is to feel, not to listen
_CUES_IN_A_SET = 2  # beside the set-up; the next set goes on from there
_LONG_RUN = 120  # seconds from which a run's last ten are told


def count_in_beats(tempo: Fraction) -> int:
    """The usual count-in at a tempo in beats per minute."""
    return 8 if tempo >= FAST else 4


def written_out(session: Session) -> Iterator[Phase]:
    """Every phase in the order of playing: repeats written out, `both` as two sides."""
    for item in session.phases:
        for _ in range(item.times if isinstance(item, Repeat) else 1):
            for phase in item.parts if isinstance(item, Repeat) else (item,):
                if phase.side is Side.BOTH and phase.length.seconds is not None:
                    half = replace(
                        phase.length, seconds=(phase.length.seconds - SWITCH_SECONDS) / 2
                    )
                    switch = replace(phase.length, seconds=Fraction(SWITCH_SECONDS))
                    yield replace(phase, side=Side.LEFT, length=half)
                    yield Phase(Kind.SWITCH, switch, wording.SWITCH_LEGS, number=phase.number)
                    yield replace(phase, side=Side.RIGHT, length=half)
                else:
                    yield phase


def perform(
    session: Session,
    library: Library,
    own: Fraction,
    seed: int,
    *,
    explain: bool,
    speech: Mapping[str, Fraction],
) -> tuple[Part, ...]:
    """The parts of a session for a runner whose own cadence is `own` steps per minute.

    `speech` maps each text that has a voice to the seconds it lasts. Raises SessionError where a
    tempo or the whole length leaves the limits for this runner.
    """
    parts: list[Part] = []
    sets: Counter[tuple[str, Side]] = Counter()
    explained: set[str] = set()
    heard: Counter[tuple[str, ...]] = Counter()
    for phase in written_out(session):
        drill = library.drills[phase.drill] if phase.kind is Kind.DRILL else None
        if drill:
            sets[drill.id, phase.side] += 1
            if explain and drill.id not in explained:
                parts.append(_explanation(drill, phase))
                explained.add(drill.id)
        pools = phase.cues if phase.cues is not None else (drill.id,) if drill else ()
        cueing = _cueing(
            phase,
            drill,
            [cue for name in pools for cue in library.cues(name)],
            set_number=sets[drill.id, phase.side] if drill else 1,
            heard=heard[pools],
            seed=f"{seed} {pools}",
        )
        heard[pools] += cueing.limit or _CUES_IN_A_SET
        part = _part(phase, drill, own, cueing)
        part = replace(part, countdown=_countdown(session, phase, part))
        if session.announce and phase.announce is not False:
            part = replace(part, announcement=announcement(phase, part, drill, parts, speech))
        if parts and parts[-1].kind is Kind.EXPLAIN:
            parts[-1] = _lasting(parts[-1], part, speech)
        parts.append(part)
    if sum(part.seconds for part in parts) > LONGEST:
        raise SessionError(f"{session.name}: the session is longer than 6 hours for this cadence")
    return tuple(parts)


def _part(phase: Phase, drill: Drill | None, own: Fraction, cueing: Cueing) -> Part:
    tempo = _tempo(phase, drill, own)
    falling = phase.drill == FALL
    moving = drill.moving if drill else phase.kind is Kind.RUN
    eyes_closed = _eyes_closed(phase, drill)
    alternates = tempo is not None and (
        moving or phase.kind is Kind.WALK or phase.side is Side.ALTERNATING
    )
    one_leg = phase.side in (Side.LEFT, Side.RIGHT)
    accent = phase.accent if phase.accent is not None else (drill.accent if drill else 0)
    count_in = phase.count_in
    if count_in is None:
        count_in = count_in_beats(tempo[0]) if tempo else 0
    return Part(
        kind=phase.kind,
        title=_title(phase, drill),
        seconds=_seconds(phase, tempo),
        tempo=tempo,
        grid_delay=_FALL_SET + _FALL_LEAN if falling else Fraction(0),
        ticks=_FALL_TICKS if falling else (),
        beat=phase.beat,
        accent=accent,
        accent_side=phase.side if moving and one_leg else Side.NONE,
        foot=Side.ALTERNATING if alternates else phase.side if one_leg else Side.NONE,
        feet=drill.feet if drill else False,
        beat_level=phase.beat_level,
        voice_level=phase.voice_level,
        count_in=0 if falling else count_in,
        opening=wording.CLOSE_EYES if eyes_closed else phase.text,
        closing=wording.OPEN_EYES if eyes_closed else "",
        say=phase.say,
        cueing=cueing if drill or not tempo else _waiting(cueing, tempo[0]),
        drill=phase.drill,
        moving=moving,
        number=phase.number,
        note=phase.note,
    )


def _tempo(phase: Phase, drill: Drill | None, own: Fraction) -> tuple[Fraction, Fraction] | None:
    tempo: Tempo | None = phase.tempo or (drill.tempo.default if drill else None)
    if tempo is None:
        return None
    ends = tempo.start.at(own), tempo.end.at(own)
    for end in ends:
        if not LOWEST_TEMPO <= end <= HIGHEST_TEMPO:
            raise SessionError(
                f"phase {phase.number}: a tempo of {float(end):g} for an own cadence of "
                f"{float(own):g} is outside {LOWEST_TEMPO} to {HIGHEST_TEMPO} beats a minute"
            )
    return ends


def _seconds(phase: Phase, tempo: tuple[Fraction, Fraction] | None) -> Fraction:
    if phase.length.seconds is not None:
        return phase.length.seconds
    if phase.length.beats is None or tempo is None:
        raise SessionError(f'phase {phase.number}: a time in beats needs a "tempo"')
    return phase.length.beats * 120 / (tempo[0] + tempo[1])


def _title(phase: Phase, drill: Drill | None) -> str:
    if phase.title or not drill:
        return phase.title or (phase.kind.value.capitalize() if not phase.text else phase.text)
    name = wording.drill_phrase(drill, phase.side)
    return f"{name}, {phase.variant}" if phase.variant else name


def _countdown(session: Session, phase: Phase, part: Part) -> tuple[int, ...]:
    for choice in (phase.countdown, session.countdown):
        if choice is not None:
            return choice
    return (10,) if part.kind is Kind.RUN and part.seconds >= _LONG_RUN else ()


def _cueing(
    phase: Phase,
    drill: Drill | None,
    cues: Sequence[Cue],
    *,
    set_number: int,
    heard: int,
    seed: str,
) -> Cueing:
    first, cycle = rotation(
        cues, phase.words, phase.side, seed, heard=heard, learning=set_number == 1
    )
    if not cycle:
        return Cueing()
    every = phase.cue_every
    cueing = Cueing(
        first,
        cycle,
        beats=every.beats if every else None,
        seconds=every.seconds if every else None,
        explicit=every is not None,
        quiet_last=_QUIET_LAST,
    )
    if not drill:
        return cueing if every else replace(cueing, seconds=_RUN_CUES)
    quiet_last = drill.speaking.quiet_last
    if _eyes_closed(phase, drill):
        quiet_last = max(quiet_last, _EYES_CLOSED_QUIET)
    cueing = replace(cueing, quiet_first=drill.speaking.quiet_first, quiet_last=quiet_last)
    if phase.drill == FALL:
        return replace(cueing, limit=1)
    if every:
        return cueing
    return replace(
        cueing,
        beats=drill.speaking.every * min(set_number, 2),
        limit=1 if set_number > 2 else None,
    )


def _waiting(cueing: Cueing, tempo: Fraction) -> Cueing:
    """Find the rhythm first, then be spoken to."""
    return replace(cueing, quiet_first=count_in_beats(tempo))


def _eyes_closed(phase: Phase, drill: Drill | None) -> bool:
    return drill is not None and any(
        variant.eyes_closed for variant in drill.variants if variant.name == phase.variant
    )


def _explanation(drill: Drill, phase: Phase) -> Part:
    return Part(
        Kind.EXPLAIN,
        f"How to: {drill.name}",
        Fraction(0),
        opening=drill.explanation,
        drill=drill.id,
        number=phase.number,
    )


def _lasting(explanation: Part, part: Part, speech: Mapping[str, Fraction]) -> Part:
    """The explanation with the time for itself, the announcement and the count-in after it."""
    texts = (explanation.opening, *part.announcement.full)
    spoken = sum((speech.get(text, Fraction(0)) for text in texts), Fraction(0))
    counted = part.count_in * 60 / part.tempo[0] if part.tempo else Fraction(0)
    pauses = Fraction(len(texts) + 1, 2)
    whole = spoken + counted + pauses
    return replace(explanation, seconds=Fraction(-(-whole.numerator // whole.denominator)))


def safety_needed(parts: tuple[Part, ...]) -> bool:
    """Whether a track of these parts opens with the safety line: somebody will be moving."""
    return any(part.moving for part in parts)
