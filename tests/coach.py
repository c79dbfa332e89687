"""Whether a session is spoken as a good coach would speak: an oracle that knows only what is heard.

It takes a session's TOML, the library's files as plain data, and the words with their times as
somebody heard them in the sound. Nothing of the product is imported, no plan is read.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.oracle import Span
from tests.reading import read
from tests.speech import Spoken

LIBRARY = Path(__file__).parents[1] / "cadence_cue" / "coaching" / "library"
NEAR = Fraction(1, 1000)
"""Seconds between a vowel and its beat, at most."""
TIRED = "Tired? Let the click go"
NUMBERS = [
    "First",
    "Second",
    "Third",
    "Fourth",
    "Fifth",
    "Sixth",
    "Seventh",
    "Eighth",
    "Ninth",
    "Tenth",
]
OF = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
_NUMBER = re.compile(
    rf"(?:({'|'.join(NUMBERS)})|number ({'|'.join(OF)})) of ({'|'.join(OF)})", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Word:
    """Something heard: its text, and the seconds of its start, end and first stressed vowel."""

    text: str
    start: Fraction
    end: Fraction
    vowel: Fraction

    @property
    def pieces(self) -> list[Word]:
        """What an announcement in one breath tells, piece by piece."""
        return [replace(self, text=text) for text in re.split(r"[.?]\s+|,\s+", self.text)]


@dataclass(slots=True)
class Set:
    """One phase as it is performed, with the words that are heard in it."""

    data: dict[str, Any]
    side: str
    spans: list[Span]
    number: int = 0
    """Which set of its drill it is, both legs together; 0 for what is no drill."""
    repetition: tuple[int, int] = (1, 1)
    switch: bool = False
    words: list[Word] = field(default_factory=list)

    @property
    def start(self) -> Fraction:
        return self.spans[0].start

    @property
    def end(self) -> Fraction:
        return self.spans[-1].end

    @property
    def drill(self) -> str:
        return str(self.data.get("drill", ""))

    @property
    def tempo(self) -> tuple[Fraction, Fraction] | None:
        """Beats a minute at its start and its end."""
        ends = self.spans[-1].tempo
        return (ends[0] * 60, ends[1] * 60) if ends else None


def library() -> dict[str, dict[str, Any]]:
    """The drills and elements by their ids, as their files have them."""
    files = [*(LIBRARY / "drills").glob("*.toml"), *(LIBRARY / "elements").glob("*.toml")]
    return {path.stem: tomllib.loads(path.read_text("utf-8")) for path in files}


def heard(said: Sequence[Spoken], zero: int, rate: int) -> list[Word]:
    """What was recognised in a recording, in seconds from the first phase's start."""
    return [
        Word(s.text, *(Fraction(frame - zero, rate) for frame in (s.start, s.end, s.vowel)))
        for s in said
    ]


class Coach:
    """Judges what is heard of a session without explanations, for one own cadence."""

    def __init__(self, text: str, own: int) -> None:
        self.own = Fraction(own)
        self.data = tomllib.loads(text)
        self.library = library()
        self.score = read(text, own, LIBRARY / "drills")
        self.sets = self._sets()
        self.cues = {
            cue["text"]: cue for page in self.library.values() for cue in page.get("cues", ())
        }
        self.chants = {
            word
            for page in self.library.values()
            for cue in page.get("cues", ())
            for word in re.split(r"\s*·\s*", cue.get("chant", ""))
            if word
        }

    def _sets(self) -> list[Set]:
        spans = iter(self.score.spans)
        counts: dict[str, int] = {}
        last = "", ""
        sets: list[Set] = []
        for phase in self.data["phase"]:
            times = phase.get("repeat", 1)
            for n in range(1, times + 1):
                for k, part in enumerate(phase["part"] if "repeat" in phase else [phase]):
                    repetition = (n, times) if k == 0 else (1, 1)
                    for side in self._sides(part):
                        count = 3 if part.get("drill") == "fall-to-run" else 1
                        made = Set(part, side, [next(spans) for _ in range(count)])
                        if "glide" in part and sets and sets[-1].tempo:
                            made.spans.append(next(spans))
                        made.switch = side == "switch"
                        if made.drill and not made.switch:
                            other_leg = (last, side) == ((made.drill, "left"), "right")
                            counts[made.drill] = counts.get(made.drill, 0) + (not other_leg)
                            made.number = counts[made.drill]
                            last = made.drill, side
                        made.repetition = repetition
                        sets.append(made)
        return sets

    def _sides(self, part: dict[str, Any]) -> list[str]:
        if "drill" not in part:
            return [""]
        side = part.get("side", self.library[part["drill"]].get("sides", [""])[0])
        return ["left", "switch", "right"] if side == "both" else [side]

    def faults(self, words: Sequence[Word]) -> list[str]:
        """Every broken rule, in a sentence."""
        for each in self.sets:
            each.words = [w for w in words if each.start <= w.vowel < each.end]
        return [
            *self._overlaps(words),
            *self._untrue(words),
            *(fault for k in range(len(self.sets)) for fault in self._set(k)),
            *self._inward(),
            *self._tired(words),
        ]

    # -- what is said one after the other, and whether it is so

    def _overlaps(self, words: Sequence[Word]) -> Iterator[str]:
        for one, other in pairwise(sorted(words, key=lambda w: w.start)):
            if other.start < one.end:
                yield f'"{one.text}" and "{other.text}" overlap at {float(other.start):.2f} s'

    def _untrue(self, words: Sequence[Word]) -> Iterator[str]:
        """Times, tempos and numbers that are not so."""
        told = (self._tempo, self._change, self._time, self._count, self._halfway, self._number)
        for word in words:
            coming = [s for s in self.sets if s.start >= word.start and not s.switch]
            for piece in word.pieces:
                if any(so(piece, coming) is False for so in told):
                    yield f'"{piece.text}" at {float(word.start):.2f} s is not so'

    def _tempo(self, word: Word, coming: list[Set]) -> bool | None:
        if told := re.fullmatch(r"to (\d+)", word.text):
            ends = coming[0].tempo if coming else None
            return ends is not None and ends[1] == int(told[1])
        if not (told := re.fullmatch(r"At (\d+)(?: steps a minute)?", word.text)):
            return None
        first = next((s.tempo[0] for s in coming if s.tempo), Fraction(0))
        return abs(first - int(told[1])) <= Fraction(1, 2)

    def _change(self, word: Word, coming: list[Set]) -> bool | None:
        """Whether a set is quicker or slower than the one of its drill before."""
        if not (told := re.fullmatch(r"a little (quicker|slower)", word.text, re.IGNORECASE)):
            return None
        before = [s for s in self.sets if coming and s.start < coming[0].start]
        same = [s.tempo for s in before if coming[0].drill == s.drill and s.tempo and not s.switch]
        now = coming[0].tempo if coming else None
        if not same or not now or not same[-1]:
            return False
        return now[0] > same[-1][1] if told[1] == "quicker" else now[0] < same[-1][1]

    def _time(self, word: Word, coming: list[Set]) -> bool | None:
        if not (told := re.fullmatch(r"(\d+) (seconds?|minutes?)", word.text)):
            return None
        seconds = int(told[1]) * (60 if told[2].startswith("m") else 1)
        if self._left(word, seconds):
            return True
        return bool(coming) and coming[0].end - coming[0].start == seconds

    def _count(self, word: Word, coming: list[Set]) -> bool | None:
        if not re.fullmatch(r"\d", word.text):
            return None
        return self._left(word, int(word.text)) or any(self._counted(s, word) for s in coming)

    def _left(self, word: Word, seconds: int) -> bool:
        """Whether exactly so many seconds of something are left at a vowel."""
        return any(abs(s.end - word.vowel - seconds) <= NEAR for s in self.sets)

    def _halfway(self, word: Word, _: list[Set]) -> bool | None:
        if word.text != "Halfway through this part":
            return None
        middles = [(s.start + s.end) / 2 for s in self.sets if s.end - s.start >= 300]
        return any(abs(word.vowel - middle) <= 2 for middle in middles)

    def _number(self, word: Word, coming: list[Set]) -> bool | None:
        if not (told := _NUMBER.fullmatch(word.text)):
            return None
        first, number, total = (each and each.capitalize() for each in told.groups())
        at = NUMBERS.index(first) if first else OF.index(number.casefold())
        which = at + 1, OF.index(total.casefold()) + 1
        return bool(coming) and which in (coming[0].repetition, self._alike(coming[0]))

    def _counted(self, part: Set, word: Word) -> bool:
        """Whether a number counts a beat before a grid, or every second one."""
        tempo = part.spans[0].tempo
        if tempo is None or not part.data.get("count_in_voice", self.data.get("count_in_voice")):
            return False
        beat = (part.start - word.vowel) * tempo[0]
        steps = 8 if tempo[0] * 60 >= 140 else 4
        every = 1 if tempo[0] * 60 <= 140 else 2
        counts = {n for n in (part.data.get("count_in", steps), 4, 2) if n <= steps}
        past = (int(word.text) - 1) * every
        return any(abs(beat - count + past) / tempo[0] <= NEAR for count in counts)

    def _alike(self, one: Set) -> tuple[int, int]:
        """Which of the sets or runs done alike in a row this is."""
        row: list[Set] = []
        for each in self.sets:
            if each.switch or not {"drill", "run"} & each.data.keys():
                continue
            name = each.drill or each.data["run"] or id(each)
            if row and name != (row[-1].drill or row[-1].data["run"] or id(row[-1])):
                if any(s is one for s in row):
                    break
                row = []
            row.append(each)
        usual = {"beat": "on"}
        keys = ("variant", "tempo", "time", "beat")

        def how(each: Set) -> list[object]:
            return [each.side, *(each.data.get(key, usual.get(key)) for key in keys)]

        same = [each for each in row if how(each) == how(one)]
        return next(k for k, s in enumerate(same, 1) if s is one), len(same)

    def _tired(self, words: Sequence[Word]) -> Iterator[str]:
        """Every run of five minutes or more with a click says it once."""
        stretch: list[Set] = []
        for each in [*self.sets, None]:
            if each and "run" in each.data and each.tempo:
                stretch.append(each)
                continue
            if stretch:
                start, end = stretch[0].start, stretch[-1].end
                clicks = any(s.data.get("beat", "on") != "off" for s in stretch)
                silenced = all(
                    s.data.get("cues") == [] for s in stretch if s.data.get("beat", "on") != "off"
                )
                told = [w for w in words if w.text == TIRED and start <= w.vowel < end]
                wanted = end - start >= 300 and clicks and not silenced
                if len(told) != wanted:
                    yield f"{len(told)} times told to the tired from {float(start):g} s on"
            stretch = []

    # -- one set or run

    def _set(self, k: int) -> Iterator[str]:
        part = self.sets[k]
        where = f"{part.drill or 'run'} at {float(part.start):g} s"
        pools = part.data.get("cues", [part.drill] if part.drill else [])
        own = part.data.get("words", [])
        texts = {c["text"]: c for name in pools for c in self.library[name]["cues"]}
        cues = [w for w in part.words if w.text in texts or w.text in own]
        chanted = [w for w in part.words if w.text in self.chants]
        if not (pools or own) or part.switch:
            return
        yield from (f"{where}: {fault}" for fault in self._on_beats(part, cues + chanted))
        yield from (f"{where}: {fault}" for fault in self._chant(part, chanted))
        yield from (f"{where}: {fault}" for fault in self._silences(k, cues, chanted))
        types = [texts[w.text]["type"] for w in cues if w.text in texts]
        if part.drill:
            yield from (
                f"{where}: {fault}" for fault in self._drill(part, cues, texts, own, chanted)
            )
        if part.drill and part.number == 1 and "correction" in types:
            yield f"{where}: a correction in the first set"

    def _inward(self) -> Iterator[str]:
        """Whether over all runs together most cues look into the body."""
        found = [
            self._outward(self.cues[word.text])
            for part in self.sets
            for word in part.words
            if "run" in part.data and word.text in self.cues
        ]
        if len(found) > 1 and 2 * sum(found) < len(found):
            yield f"only {sum(found)} of {len(found)} cues in runs relax or look outside"

    def _outward(self, cue: dict[str, Any]) -> bool:
        return cue["type"] == "relax" or cue.get("focus") == "external"

    def _drill(
        self,
        part: Set,
        cues: list[Word],
        texts: dict[str, Any],
        own: list[str],
        chanted: list[Word],
    ) -> Iterator[str]:
        known = [texts[w.text] for w in cues if w.text in texts]
        ideas = {cue["idea"] for cue in known if cue["type"] in ("movement", "correction")}
        if len(ideas) > 1 and "cues" not in part.data:
            yield f"more than one idea: {ideas}"
        if part.drill == "fall-to-run":
            start = part.start
            late = [w for w in part.words if w.end > start + 6 and w.start < start + 10]
            if late:
                yield f'"{late[0].text}" is said while falling'
            return
        words = " · ".join(word.text for word in chanted)
        last = next((text for text, cue in texts.items() if cue.get("chant") == words), "")
        if cues and (not chanted or chanted[-1].end < cues[-1].end):
            last = cues[-1].text
        several = len(cues) + bool(chanted) > 1
        if several and last in texts and not self._outward(texts[last]) and last not in own:
            yield f'it ends with "{last}"'
        if len(cues) == 1 and not chanted and texts.get(last, {}).get("type") == "relax":
            yield f'its only cue is "{last}"'
        if part.number > 2 and "cue_every" not in part.data and len(cues) > 1:
            yield f"{len(cues)} cues in set {part.number}"
        told: set[str] = set()
        for word in cues:
            rest = {
                text
                for text, cue in texts.items()
                if cue["type"] == "relax" or (cue["type"], cue.get("idea")) == ("movement", *ideas)
            }
            if word.text in told and rest - told and "cues" not in part.data:
                yield f'"{word.text}" again before {rest - told}'
            told.add(word.text)

    def _silences(self, k: int, cues: list[Word], chanted: list[Word]) -> Iterator[str]:
        part = self.sets[k]
        every = sorted([*cues, *chanted[:1]], key=lambda w: w.start)
        if part.drill == "fall-to-run" or not every or part.tempo is None:
            return
        page = self.library.get(part.drill, {})
        fast = part.tempo[0] >= 140
        first = page.get("speaking", {}).get("quiet_first", 8 if fast else 4)
        if k and self.sets[k - 1].switch:
            first = max(first, 8)
        beats = [self._at(part, w.vowel) - self._first(part) for w in every]
        if beats[0] < first - Fraction(1, 100):
            yield f"a cue on beat {float(beats[0]):.2f}, before beat {first}"
        last = max([*cues, *chanted], key=lambda w: w.end)
        if last.end > part.end - 4:
            yield f'"{last.text}" ends {float(part.end - last.end):.2f} s before the end'
        if k + 1 < len(self.sets) and self.sets[k + 1].switch:
            left = self._at(part, part.end) - self._at(part, last.end)
            if left < 8 - Fraction(1, 10):
                yield f"a cue {float(left):.2f} beats before the legs are changed"
        ramp = part.tempo[0] != part.tempo[1]
        if ramp and part.end - part.start < 20:
            yield "a cue in a short ramp"
        yield from self._distances(part, every, chanted)

    def _distances(self, part: Set, every: list[Word], chanted: list[Word]) -> Iterator[str]:
        chant_end = {id(chanted[0]): chanted[-1].end} if chanted else {}
        for one, other in pairwise(every):
            end = chant_end.get(id(one), one.end)
            if other.start - one.start < 4 * (end - one.start) - NEAR:
                yield f'too soon after "{one.text}" comes "{other.text}"'
            if "cue_every" not in part.data and other.start - end < 6 - NEAR:
                yield f'{float(other.start - end):.2f} s between "{one.text}" and "{other.text}"'

    def _on_beats(self, part: Set, words: list[Word]) -> Iterator[str]:
        span = part.spans[-1]
        if span.tempo is None or part.drill == "fall-to-run":
            return
        for word in words:
            at = self._at(part, word.vowel)
            off = abs(at - round(at)) / (span.tempo[0])
            if off > NEAR:
                yield f'"{word.text}" is {float(off) * 1000:.1f} ms off its beat'

    def _chant(self, part: Set, words: list[Word]) -> Iterator[str]:
        if not words:
            return
        if not part.drill:
            yield "a chant in a run"
            return
        beats = [round(self._at(part, word.vowel)) for word in words]
        steps = {other - one for one, other in pairwise(beats)}
        if len(words) > 4 or len(words) < 2 or len(steps) != 1:
            yield f"a chant of {len(words)} words on the beats {beats}"
            return
        tempo = part.spans[-1].tempo
        step = steps.pop()
        if tempo is None or step not in (1, 2):
            yield f"a chant on every {step}th beat"
        elif not any(70 <= end * 60 / step <= 140 for end in tempo):
            yield f"a chant of {float(tempo[0] * 60 / step):.0f} words a minute"

    def _at(self, part: Set, instant: Fraction) -> Fraction:
        return part.spans[-1].at(instant)

    def _first(self, part: Set) -> Fraction:
        position = part.spans[-1].position
        return Fraction(-(-position.numerator // position.denominator))
