"""How a glide leads from one tempo into the next: a part cut in two, the first of them a ramp."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from cadence_cue.coaching.part import Announcement, Cueing, Part
from cadence_cue.coaching.rules import broken
from cadence_cue.coaching.session import Kind, Phase, Say, Session


def gliding(
    session: Session, phase: Phase, came: Fraction, part: Part, goes: Fraction
) -> tuple[Part, Part]:
    """Return the ramp from the tempo before a part to its own, and the rest of the part.

    Raises UserError if nothing of the part is left.
    """
    seconds = phase.glide * 120 / (came + goes)
    beats = None if part.beats is None else part.beats - phase.glide
    rest = part.seconds - seconds if beats is None else beats * 60 / goes
    if rest <= 0:
        raise broken(session, phase, f"a glide of {phase.glide} beats leaves nothing of its time")
    glide = replace(
        part,
        kind=Kind.GLIDE,
        seconds=seconds,
        tempo=(came, goes),
        say=(),
        cueing=Cueing(),
        countdown=(),
        closing="",
        beats=None if beats is None else phase.glide,
    )
    says = tuple(say if say.from_end else _later(say, -seconds) for say in part.say)
    rest_of_part = replace(
        part, seconds=rest, beats=beats, say=says, opening=(), announcement=Announcement()
    )
    return glide, rest_of_part


def _later(say: Say, seconds: Fraction) -> Say:
    return replace(say, at=max(say.at + seconds, Fraction(0)))
