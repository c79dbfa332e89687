"""Reads one phase of a session file.

Separate from the session's reader because a phase has most of the keys and all their conditions.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from cadence_cue.coaching import text_tables, values
from cadence_cue.coaching.drill import Drill, Library, Side
from cadence_cue.coaching.rules import FALL
from cadence_cue.coaching.session import Beat, BeatMode, Kind, Length, Phase, Take
from cadence_cue.coaching.table import Table
from cadence_cue.errors import UserError

KINDS = ("drill", "run", "walk", "rest", "talk")
DRILL_KEYS = ("variant", "side", "chant")
TEMPO_KEYS = ("beat", "glide", "stride", "accent", "beat_level", "count_in")
"""What has no meaning in a phase without a beat."""
PHASE_KEYS = (
    *KINDS,
    *DRILL_KEYS,
    "time",
    "tempo",
    "beat",
    "glide",
    "stride",
    "accent",
    "beat_level",
    "voice_level",
    "cues",
    "words",
    "cue_every",
    "say",
    "announce",
    "count_in",
    "count_in_voice",
    "countdown",
    "title",
    "note",
)


def read_phase(table: Table, library: Library) -> Phase:
    """Return the phase of a table whose keys have been checked.

    Raises UserError for the first mistake in it.
    """
    kind = _kind(table)
    drill = None
    if kind is Kind.DRILL:
        drill = library.drills[table.require("drill", values.one_of(library.drills), '"toe-taps"')]
    elif misplaced := [key for key in DRILL_KEYS if key in table.values]:
        raise table.error(f'"{misplaced[0]}" belongs only in a drill', misplaced[0])
    talk = table.require("talk", text_tables.take, '"Well done"') if kind is Kind.TALK else None
    name = "" if drill or talk else table.require(kind.value, values.label, '""')
    words = table.read("words", values.list_of(text_tables.take), ())
    says = table.read("say", values.list_of(text_tables.say), ())
    announced = table.read("announce", text_tables.announce, None)
    texts = (talk, announced, *words, *(each for _, each in says))
    cue_ids = (*library.elements, *library.drills)
    phase = Phase(
        kind=kind,
        length=table.require("time", values.length, '"45s"'),
        title=table.read("title", values.label, name),
        drill=drill.id if drill else "",
        variant=table.read("variant", _variant(drill), "") if drill else "",
        side=_side(table, drill) if drill else Side.NONE,
        text=talk.text if talk else "",
        tempo=table.read("tempo", values.tempo, None),
        beat=table.read("beat", values.beat, Beat()),
        glide=table.read("glide", values.glide, 0),
        clicked_foot=table.read("stride", values.stride, Side.NONE),
        accent=table.read("accent", values.accent, None),
        beat_level=table.read("beat_level", values.level, 0.0),
        voice_level=table.read("voice_level", values.level, 0.0),
        cues=table.read("cues", values.each_once(values.list_of(values.one_of(cue_ids))), None),
        words=tuple(each.text for each in words),
        cue_every=table.read("cue_every", values.length, None),
        say=tuple(say for say, _ in says),
        chant=table.read("chant", values.chant, None),
        announce=announced.text if isinstance(announced, Take) else announced,
        count_in=table.read("count_in", values.count_in, None),
        count_in_voice=table.read("count_in_voice", values.yes_no, None),
        countdown=table.read("countdown", values.countdown, None),
        note=table.read("note", values.label, ""),
        takes=tuple(each for each in texts if isinstance(each, Take) and each != Take(each.text)),
        number=table.number,
        line=table.line,
    )
    if phase.tempo is None and drill is None:
        _check_without_beat(table, phase)
    if phase.length.seconds is not None:
        _check_within(table, phase)
    _check_fall(table, phase)
    _check_stride(table, phase, drill)
    if phase.glide and phase.tempo and phase.tempo.start != phase.tempo.end:
        raise table.error('"glide" leads to one tempo, and this phase has a ramp', "glide")
    if phase.glide and phase.beat.mode not in (BeatMode.ON, BeatMode.OFF):
        text = '"glide" needs a "beat" that is on or off; let another phase lead to this one'
        raise table.error(text, "glide")
    return phase


def _kind(table: Table) -> Kind:
    found = [kind for kind in KINDS if kind in table.values]
    if not found:
        raise table.error(f"a phase must have one of {', '.join(KINDS)}, repeat")
    if len(found) > 1:
        raise table.error(f'a phase is one thing, not "{found[0]}" and "{found[1]}"', found[1])
    return Kind(found[0])


def _variant(drill: Drill) -> Callable[[object], str]:
    if not drill.variants:
        return _refuse(f"is not for {drill.name}, which has no variants")
    return values.one_of([variant.name for variant in drill.variants])


def _side(table: Table, drill: Drill) -> Side:
    sides = [side.value for side in drill.sides if side is not Side.NONE]
    if {Side.LEFT, Side.RIGHT} <= set(drill.sides) and Side.BOTH not in drill.sides:
        sides.append(Side.BOTH.value)
    reader = (
        values.one_of(sides) if sides else _refuse(f"is not for {drill.name}, which has no sides")
    )
    return Side(table.read("side", reader, drill.sides[0].value))


def _refuse(reason: str) -> Callable[[object], str]:
    def read(_: object) -> str:
        raise UserError(reason)

    return read


def _check_without_beat(table: Table, phase: Phase) -> None:
    """Refuse keys about beats in a phase without a tempo, which has no beat."""
    for key in TEMPO_KEYS:
        if key in table.values and (key != "count_in" or phase.count_in):
            raise table.error(f'"{key}" needs a "tempo" in the same phase', key)
    for key, length in (("time", phase.length), ("cue_every", phase.cue_every or Length())):
        if length.beats is not None:
            raise table.error(f'"{key}" in beats needs a "tempo" in the same phase', key)


def _check_fall(table: Table, phase: Phase) -> None:
    """Refuse a count-in for a fall, which has its own ticks."""
    if phase.drill == FALL and phase.count_in:
        raise table.error(f'"count_in" is not for {FALL}: its set is counted by ticks', "count_in")


def _check_stride(table: Table, phase: Phase, drill: Drill | None) -> None:
    """Refuse clicks for one foot where the feet do not alternate."""
    steps = phase.side is Side.ALTERNATING or (drill.moving if drill else True)
    if phase.clicked_foot is not Side.NONE and not steps:
        raise table.error('"stride" is only for steps of both feet in turn', "stride")


def _check_within(table: Table, phase: Phase) -> None:
    """Refuse texts and countdowns at times outside the phase."""
    end = phase.length.seconds or 0
    for number, say in enumerate(phase.say, 1):
        if say.at > end or say.at == (0 if say.from_end else end):
            raise _outside(table, "say", f'"say" item {number} is not within the phase', end)
    if phase.countdown and phase.countdown[0] > end:
        begins = f'"countdown" begins {phase.countdown[0]}s before the end'
        raise _outside(table, "countdown", begins, end)


def _outside(table: Table, key: str, what: str, end: Fraction | int) -> UserError:
    return table.error(f"{what}; the phase lasts {values.clock(end)}", key)
