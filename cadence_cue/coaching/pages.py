"""Drills, elements, sessions and the reasons for practising, as plain text.

Shared by commands and screens, which only print the lines.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from cadence_cue.coaching import wording
from cadence_cue.coaching.drill import Cue, CueType, Drill, Element, Library, Side, Statement, Tempo
from cadence_cue.coaching.part import Part
from cadence_cue.coaching.session import Beat, BeatMode, Kind, Music, Session
from cadence_cue.errors import printable

HEALTH = (
    "Stop if anything hurts: calves and Achilles tendons work harder in these drills.",
    "Practise on flat, dry ground. Close your eyes only standing, with support in reach.",
    "Keep the volume low enough to hear the traffic.",
    "Change one thing at a time. This is practice advice, not medical advice.",
)
"""The safety advice, shown before the first session is played and with sessions and drills."""


def clock(seconds: Fraction | float) -> str:
    """Return a time as minutes and seconds: "3:05"."""
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02d}"


def lasting(seconds: Fraction | float) -> str:
    """Return how long something takes: "24.5 s", or "3:05" from a minute on."""
    return f"{float(seconds):.3g} s" if seconds < 60 else clock(seconds)


def _wrapped(lines: Iterable[str], width: int | None) -> list[str]:
    """Return the lines, wrapped to `width` columns, if it is given, with their indent."""
    if width is None:
        return list(lines)
    broken = []
    for line in lines:
        indent = line[: len(line) - len(line.lstrip())]
        broken += textwrap.wrap(line.lstrip(), width, initial_indent=indent,
                                subsequent_indent=indent) or [""]  # fmt: skip
    return broken


def _block(heading: str, statements: Iterable[str | Statement]) -> Iterator[str]:
    texts = [s.text if isinstance(s, Statement) else s for s in statements]
    texts = [text for text in texts if text]
    if texts:
        yield ""
        yield heading
        for text in texts:
            yield f"  {text}"


def signed(value: float, form: str = "+g") -> str:
    """Return a number in a format with a sign, written as in print: "+5", "−0.1"."""
    return format(value, form).replace("-", "−")


def tempo_words(tempo: Tempo) -> str:
    """Return a tempo in words: "80", "own cadence", "own cadence +5 %"."""

    def end(value: Fraction, *, relative: bool) -> str:
        if not relative:
            return f"{float(value):g}"
        percent = float((value - 1) * 100)
        return f"own cadence {signed(percent)} %" if percent else "own cadence"

    first = end(tempo.start.value, relative=tempo.start.relative)
    last = end(tempo.end.value, relative=tempo.end.relative)
    return first if first == last else f"{first} to {last}"


def drill(drill: Drill, library: Library) -> list[str]:
    """Return a drill's name and everything about it, in lines."""
    return [f"{drill.name} ({drill.id})", *about_drill(drill, library)]


def about_drill(drill: Drill, library: Library, width: int | None = None) -> list[str]:
    """Return all about a drill but its name, in lines of at most `width` columns, if given."""
    trains = [library.elements[e].name for e in (*drill.trains, *drill.also_trains)]
    advice = drill.tempo
    after = [f"Only after {library.drills[drill.after].name} is mastered."] if drill.after else []
    motion = "moving" if drill.moving else "on the spot"
    sides = ", ".join(side.value for side in drill.sides if side is not Side.NONE)
    lines = [*_block("What it is for", drill.purpose)]
    lines += _block("It trains", trains)
    lines += _block("Before it", [*after, *drill.prerequisites])
    lines += _block("Set-up", drill.setup)
    lines += _block("Movement", drill.movement)
    where = "; ".join(filter(None, (", ".join(drill.place), motion)))
    needs = drill.equipment if drill.equipment not in ("", "none") else "nothing"
    lines += _block("Where", [where, f"You need {needs}."])
    lines += _block("Sides", [sides])
    lines += _block("Variants", [f"{v.name}: {v.how}" for v in drill.variants])
    lines += _block("One beat", [drill.beat])
    lines += _block(
        "Tempo",
        [
            (
                f"{float(advice.lowest):g} to {float(advice.highest):g} beats a minute, "
                f"usually {tempo_words(advice.default)}."
            ),
            *advice.progression,
        ],
    )
    dose = drill.dose
    if dose.time:
        lines += _block("Dose", [f"{dose.time}; sets: {dose.sets}; rest: {dose.rest}"])
    lines += _block("Mistakes", drill.mistakes)
    lines += _block("Hints", drill.hints)
    lines += _block("You have it when", [drill.mastery])
    lines += _block("Stop", [*drill.stop, HEALTH[0]])
    lines += _cues(drill.cues)
    return _wrapped(lines, width)


def element(element: Element, library: Library) -> list[str]:
    """Return everything about an element of the stride, in lines."""
    drills = library.drills.values()
    trained_by = [d.name for d in drills if element.id in (*d.trains, *d.also_trains)]
    lines = [f"{element.name} ({element.id})"]
    lines += _block("Why", element.why)
    lines += _block("Trained by", [", ".join(trained_by)])
    lines += _cues(element.cues)
    return lines


def why(library: Library, width: int | None = None) -> list[str]:
    """Return the reasons for practising running, in lines of at most `width` columns, if given."""
    lines = [line for statement in library.why for line in ("", statement.text)]
    return _wrapped(["Why drills", *lines], width)


def session(session: Session, parts: Sequence[Part]) -> list[str]:
    """Return what a session is for, what it needs and its phases, in lines."""
    total = sum((part.seconds for part in parts), Fraction(0))
    lines = [f"{session.title} ({session.name}), {clock(total)}"]
    lines += [session.summary] if session.summary else []
    lines += _block(
        "For", ["; ".join(filter(None, (f"level {session.level}", ", ".join(session.place))))]
    )
    lines += _block("Needs", [session.needs])
    lines += _block("Your music", [_music(session.music)] if session.music else [])
    lines += ["", "Phases"]
    start = Fraction(0)
    number = 0
    for part in parts:
        inserted = part.kind in (Kind.EXPLAIN, Kind.GLIDE)
        number += not inserted
        shown = "" if inserted else number
        lines.append(f"  {shown:3}  {clock(start):>6}  {_phase(part)}")
        start += part.seconds
    lines += _block("Take care", HEALTH if any(part.moving for part in parts) else HEALTH[:1])
    return lines


def _music(music: Music) -> str:
    level = f", {music.level:g} dB" if music.level else ""
    how = "".join([
        ", shuffled" * music.shuffle,
        ", over and over" * music.loop,
        ", on the beat" * music.match,
        ", where the click fades" * (music.match and music.fade_click),
        ", also without a click" * (music.match and music.off_beat),
    ])  # fmt: skip
    return f"{printable(music.file)}{level}{how}"


def _phase(part: Part) -> str:
    words = [part.title, lasting(part.seconds)]
    if part.tempo:
        first, last = (f"{float(tempo):g}" for tempo in part.tempo)
        if part.clicked_foot is not Side.NONE:
            words.append(wording.stride_phrase(part.tempo[1], part.clicked_foot))
        else:
            words.append(f"{first if first == last else f'{first} to {last}'} a minute")
        words += [f"beat {_heard(part.beat)}"] if part.beat.mode is not BeatMode.ON else []
    return ", ".join(words) + (f". {part.note}" if part.note else "")


def _heard(beat: Beat) -> str:
    """Return a beat pattern as a session file writes it."""
    match beat.mode:
        case BeatMode.GAPS:
            return f"{beat.on} on, {beat.off} off"
        case BeatMode.THEN_OFF:
            return f"{beat.on} then off"
        case mode:
            return mode.value


def _cues(cues: Sequence[Cue]) -> Iterator[str]:
    texts = {kind: "; ".join(cue.text for cue in cues if cue.type is kind) for kind in CueType}
    yield from _block("Cues", [f"{kind.value}: {text}" for kind, text in texts.items() if text])
