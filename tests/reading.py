"""A session's TOML written out as the oracle's score, by the words of the session format.

Apart from the oracle's arithmetic: here is what a session means, there when its beats are.
Nothing of the product is imported; the drill library, where it is needed, is read as plain data.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from tests.oracle import Score, Span

SWITCH = Fraction(6)
FALL_TICKS = (3, 4, 5, 6)
FALL_SET, FALL_LEAN = Fraction(7), Fraction(3)
RUNNING = ("cycle-running",)
"""The running drills that are done on one side."""
ONE_SIDE = {"left": 0, "right": 1}
UNITS = {"h": 3600, "min": 60, "m": 60, "s": 1}


@dataclass(slots=True)
class _Writer:
    """Puts spans one after the other, and keeps what is to be said at which instant."""

    spans: list[Span] = field(default_factory=list)
    wishes: list[tuple[str, Fraction]] = field(default_factory=list)
    countdown: list[tuple[str, Fraction]] = field(default_factory=list)

    @property
    def end(self) -> Fraction:
        """Where the next span begins."""
        return self.spans[-1].end if self.spans else Fraction(0)

    def add(self, seconds: Fraction, tempo: tuple[Fraction, Fraction] | None, **more: Any) -> None:
        """Append a span; it continues the grid of the one before if both have a tempo."""
        last = self.spans[-1] if self.spans else None
        joined = last is not None and last.tempo is not None and tempo is not None
        position = last.at(last.end) if last is not None and joined else Fraction(0)
        grid = last.grid if last is not None and joined else len(self.spans)
        self.spans.append(
            Span(start=self.end, seconds=seconds, tempo=tempo, position=position, grid=grid, **more)
        )


def read(
    source: str | Path,
    own: Fraction | int = 165,
    drills: Path | None = None,
    *,
    explained: bool | None = None,
) -> Score:
    """Write out a session: TOML text or a file, and the runner's own cadence.

    Every drill needs its `tempo` and `accent` in the session, unless `drills` is the folder of
    the library's TOML files, read as plain data.
    """
    text = source.read_text("utf-8") if isinstance(source, Path) else source
    data = tomllib.loads(text, parse_float=Fraction)
    if explained is None:
        usual = "always" if data.get("level") == "first" else "never"
        explained = data.get("explain", usual) == "always"
    assert not explained, "the length of an explanation depends on the voice"
    writer = _Writer()
    for phase in data["phase"]:
        times = phase.get("repeat", 1)
        for _ in range(times):
            for part in phase["part"] if "repeat" in phase else [phase]:
                _write(writer, part, Fraction(own), drills)
    announced = data.get("announce", True) is not False
    return Score(tuple(writer.spans), announced, tuple(writer.wishes), tuple(writer.countdown))


def _write(writer: _Writer, phase: dict[str, Any], own: Fraction, drills: Path | None) -> None:
    drill = phase.get("drill")
    data = _drill_data(drill, drills) if drill and drills else {}
    tempo = _tempo(phase.get("tempo", data.get("tempo", {}).get("default")), own)
    assert tempo is not None or not drill, f"{drill} needs a tempo here"
    seconds = _length(phase["time"], tempo)
    side = phase.get("side", data.get("sides", [""])[0])
    count_in = phase.get("count_in")
    start, end = writer.end, writer.end + seconds
    for say in phase.get("say", ()):
        back = say["at"].startswith("-")
        at = end - _seconds(say["at"][1:]) if back else start + _seconds(say["at"])
        writer.wishes.append((say["text"], at))
    for told in str(phase.get("countdown") or "").split():
        text = f"{told} seconds" if int(told) >= 10 else told
        writer.countdown.append((text, end - int(told)))
    more: dict[str, Any] = {
        "beat": phase.get("beat", "on"),
        "accent": _accent(phase.get("accent", data.get("accent", 0))),
        "foot": ONE_SIDE.get(side) if drill in RUNNING else None,
        "gain_db": _decibels(phase.get("beat_level", "0 dB")),
        "count_in": None if count_in is None else int(count_in),
        "stride": ONE_SIDE.get(phase.get("stride", "")),
    }
    before = writer.spans[-1].tempo if writer.spans else None
    if "glide" in phase and before and tempo:
        glide = int(phase["glide"].split()[0]) / ((before[1] + tempo[0]) / 2)
        writer.add(glide, (before[1], tempo[0]), **more)
        more["accents_from"] = writer.spans[-1].position
        seconds = _rest(phase["time"], tempo, seconds, glide, int(phase["glide"].split()[0]))
    if drill == "fall-to-run":
        writer.add(FALL_SET, None, ticks=FALL_TICKS, **more)
        writer.add(FALL_LEAN, None, may_count=False, **more)
        writer.add(seconds - FALL_SET - FALL_LEAN, tempo, **more)
    elif side == "both":
        each = (seconds - SWITCH) / 2
        writer.add(each, tempo, **more)
        writer.add(SWITCH, None, **more)
        writer.add(each, tempo, **more)
    else:
        writer.add(seconds, tempo, **more)


def _rest(
    time: str, tempo: tuple[Fraction, Fraction], seconds: Fraction, glide: Fraction, beats: int
) -> Fraction:
    """What a glide leaves: of a time in seconds the rest, of one in beats the other beats."""
    return seconds - beats / tempo[0] if "beat" in time else seconds - glide


@cache
def _drill_data(drill: str, folder: Path) -> dict[str, Any]:
    for path in folder.glob("*.toml"):
        data = tomllib.loads(path.read_text("utf-8"), parse_float=Fraction)
        if data.get("id", path.stem) == drill:
            return data
    raise KeyError(drill)


def _accent(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _decibels(text: str) -> Fraction:
    return Fraction(text.removesuffix("dB").strip())


def _tempo(value: Any, own: Fraction) -> tuple[Fraction, Fraction] | None:
    if value is None:
        return None
    ends = [_pace(part.strip(), own) / 60 for part in str(value).split("->")]
    return ends[0], ends[-1]


def _pace(text: str, own: Fraction) -> Fraction:
    if text == "own":
        return own
    if text.endswith("%"):
        return own * (1 + Fraction(text[:-1]) / 100)
    return Fraction(text)


def _length(text: str, tempo: tuple[Fraction, Fraction] | None) -> Fraction:
    if beats := re.fullmatch(r"(\d+) beats?", text):
        assert tempo is not None
        return int(beats[1]) / ((tempo[0] + tempo[1]) / 2)
    return _seconds(text)


def _seconds(text: str) -> Fraction:
    assert re.fullmatch(r"([\d.]+(h|min|m|s))+", text), text
    parts = re.findall(r"([\d.]+)(h|min|m|s)", text)
    return sum((Fraction(number) * UNITS[unit] for number, unit in parts), Fraction(0))
