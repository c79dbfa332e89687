"""Sessions without a file: one drill rehearsed, a plain beat, or a single text.

They are built as the data of a session file, so that the same reader and rules apply.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import cast

from cadence_cue.coaching import values
from cadence_cue.coaching.drill import Drill, Library, Side
from cadence_cue.coaching.rules import SWITCH_SECONDS
from cadence_cue.coaching.session import Session
from cadence_cue.coaching.session_file import parse
from cadence_cue.coaching.values import seconds
from cadence_cue.errors import UserError

PLAIN_BEAT = "beat"
"""The name of every plain beat's session."""

_COUNTED = 8  # beats before a text that is heard over them
_BETWEEN_SETS = "15s"
_DEFAULT_TIME = {False: "30s", True: "20s"}  # by whether the drill moves


def rehearse(
    drill: Drill,
    library: Library,
    *,
    side: str | None = None,
    sets: int = 1,
    tempo: str | None = None,
    time: str | None = None,
    own_rhythm: bool = False,
) -> Session:
    """Return a session of sets of one drill with rests between them.

    Without a `side`, a drill with sides trains both legs in turn. `time` is that of one leg; it and
    `tempo` are written as in a session file. With `own_rhythm` the last set has a count-in, but no
    click. Raises UserError if a value is wrong.
    """
    time = time or _DEFAULT_TIME[drill.moving]
    if side is None and {Side.LEFT, Side.RIGHT} <= set(drill.sides):
        side = Side.BOTH.value
    if side == Side.BOTH.value:
        try:
            time = f"{float(2 * seconds(time) + SWITCH_SECONDS):.9f}s"
        except UserError as error:
            raise UserError(f'"time" {error}') from None
    phase: dict[str, object] = {"drill": drill.id, "time": time}
    phase |= {"side": side} if side else {}
    phase |= {"tempo": tempo} if tempo else {}
    rest: dict[str, object] = {"rest": "", "time": _BETWEEN_SETS}
    phases = [phase, *(each for _ in range(sets - 1) for each in (rest, phase))]
    if own_rhythm:
        phases += [rest, phase | {"beat": "off"}]
    data: dict[str, object] = {"title": f"Rehearse: {drill.name}", "phase": phases}
    return parse(data, name=drill.id, library=library, rehearsal=True)


def plain_beat(
    library: Library,
    *,
    tempo: str,
    time: str,
    cues: Sequence[str],
    cue_every: str,
    stride: str | None = None,
    accent: int = 0,
) -> Session:
    """Return a session of a beat alone, with the cues of the drills and elements in `cues`.

    The other values are written as in a session file. Raises UserError if one of them is wrong.
    """
    phase: dict[str, object] = {"run": "", "tempo": tempo, "time": time, "announce": False}
    phase |= {"countdown": False, "cues": list(cues)}
    phase |= {"cue_every": cue_every} if cues else {}
    phase |= {"stride": stride} if stride else {}
    phase |= {"accent": accent} if accent else {}
    title = f"Beat {tempo}"
    return parse({"title": title, "phase": [phase]}, name=PLAIN_BEAT, library=library)


def with_other_clicks(
    beat: Session,
    library: Library,
    *,
    cues: Sequence[str],
    cue_every: str,
    stride: str | None,
    accent: int,
) -> Session:
    """Return a plain beat at the tempo and of the length of another. Raises UserError."""
    (phase,) = cast("list[dict[str, str]]", beat.data["phase"])
    return plain_beat(
        library,
        tempo=phase["tempo"],
        time=phase["time"],
        cues=cues,
        cue_every=cue_every,
        stride=stride,
        accent=accent,
    )


def audition(
    library: Library, text: str, *, spoken: str, tempo: str | None, cadence_spm: Fraction
) -> Session:
    """Return a session that says one text, or says it over a beat after eight clicks.

    `spoken` is a respelling for the voice, or ""; with a `tempo` there is a beat. Raises UserError.
    """
    words = {"text": text, "spoken": spoken} if spoken else text
    phase: dict[str, object] = {"talk": words, "time": "60s"}
    if tempo:
        beats = values.pace(tempo).at(cadence_spm)
        say = [{"at": f"{float(_COUNTED * 60 / beats):.6f}s", "text": text}]
        phase = {"run": "", "tempo": tempo, "time": "60s", "announce": False, "countdown": False}
        phase |= {"cues": [], "say": [say[0] | {"spoken": spoken} if spoken else say[0]]}
    data: dict[str, object] = {"title": text, "explain": "never", "phase": [phase]}
    return parse(data, name="say", library=library, rehearsal=True)
