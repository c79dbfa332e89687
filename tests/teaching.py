"""What a session teaches, and how much it talks: an oracle that knows only what is heard.

It takes texts with their times as somebody heard them, and the library's files as plain data.
Nothing of the product is imported.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

LIBRARY = Path(__file__).parents[1] / "cadence_cue" / "coaching" / "library"
ORDER = "IEPCSRFTDBHX"
"""The letters of the article's statements, in its order: running, its elements, its drills."""
CUES = ("movement", "correction", "relax", "chant")
SPOKEN = ("cues", "checks", "reasons")
SAME_AGAIN = 90.0
"""Seconds within which no cue is heard twice."""
ANSWERED = 4.0
"""Seconds of silence behind what is asked."""
_NUMBERS = "two|three|four|five|six|seven|eight|nine|ten"
_ORDINALS = "First|Second|Third|Fourth|Fifth|Sixth|Seventh|Eighth|Ninth|Tenth"
_SIDES = r"\b(left|right)( leg| foot)?\b"


@dataclass(frozen=True, slots=True)
class Heard:
    """A text, the seconds of its start and end, the number and the name of its phase."""

    text: str
    start: float
    end: float
    phase: int = 0
    where: str = ""

    @property
    def sentences(self) -> list[str]:
        """The sentences of the text, without what ends them."""
        return [part.strip() for part in re.split(r"[.?!](?:\s|$)", self.text) if part.strip()]


@dataclass(frozen=True, slots=True)
class Taught:
    """What a text of the library is for: its kind, the drill or element, and its statements."""

    kind: str
    owner: str
    article: frozenset[str] = frozenset()
    verb: bool = False


@cache
def pages() -> dict[str, dict[str, Any]]:
    """The drills, elements and the coach's talk by the names of their files."""
    files = [*LIBRARY.glob("drills/*.toml"), *LIBRARY.glob("elements/*.toml")]
    files += [LIBRARY / "talk.toml", LIBRARY / "why.toml"]
    return {path.stem: tomllib.loads(path.read_text("utf-8")) for path in files}


@cache
def lessons() -> Mapping[str, list[Taught]]:
    """What each sentence of the library teaches, wherever it is said."""
    found: dict[str, list[Taught]] = {}
    for owner, page in pages().items():
        for text, taught in _texts(owner, page):
            for sentence in Heard(text, 0, 0).sentences:
                found.setdefault(plain(sentence), []).append(taught)
    return found


KINDS = {
    "checks": "check",
    "reasons": "reason",
    **dict.fromkeys(("questions", "legs", "race"), "question"),
    **dict.fromkeys(
        ("encouragement", "learning", "late", "half", "last", "running"), "encouragement"
    ),
}
"""What the lists of a page are for."""


def _texts(owner: str, page: dict[str, Any]) -> Iterator[tuple[str, Taught]]:
    if any(variant.get("eyes_closed") for variant in page.get("variants", ())):
        yield "Close your eyes", Taught("eyes", f"{owner} with closed eyes", frozenset({"P4"}))
    for cue in page.get("cues", ()):
        article, verb = frozenset(cue.get("article", ())), bool(cue.get("verb"))
        yield cue["text"], Taught(cue["type"], owner, article, verb)
        if "chant" in cue:
            yield cue["chant"], Taught("chant", owner, article, verb)
    for key, kind in KINDS.items():
        for entry in page.get(key, ()):
            row = {"text": entry} if isinstance(entry, str) else entry
            yield row["text"], Taught(kind, owner, frozenset(row.get("article", ())))
    for key in ("feel", "mastered", "care", "explanation"):
        entry = page.get(key, "")
        row = {"text": entry} if isinstance(entry, str) else entry
        yield row["text"], Taught(key, owner, frozenset(row.get("article", ())))


def plain(text: str) -> str:
    """A sentence as it is compared: no case, no ending, no doubled spaces."""
    return " ".join(text.casefold().split()).rstrip(".?!")


def chanted(heard: Sequence[Heard]) -> Iterator[Heard]:
    """The words with those of each chant put together, as they are written."""
    chants = {text.split(" · ")[0]: text for text in lessons() if " · " in text}
    k = 0
    while k < len(heard):
        text = chants.get(plain(heard[k].text), "")
        words = text.split(" · ") if text else []
        said = [plain(each.text) for each in heard[k : k + len(words)]]
        if words and said == words:
            last = heard[k + len(words) - 1]
            yield replace(heard[k], text=text, end=last.end)
            k += len(words)
        else:
            yield heard[k]
            k += 1


def statements(heard: Sequence[Heard]) -> Counter[str]:
    """How often each statement of the article is heard."""
    found: Counter[str] = Counter()
    for each in chanted(heard):
        taught = (row for each in each.sentences for row in lessons().get(plain(each), ()))
        found.update({statement for row in taught for statement in row.article})
    return found


def owed() -> dict[str, set[str]]:
    """The statements that each drill or element has words for."""
    found: dict[str, set[str]] = {}
    for rows in lessons().values():
        for row in rows:
            found.setdefault(row.owner, set()).update(row.article)
    return found


def blanked(sentence: str, names: Iterable[str]) -> str:
    """A sentence with names, sides and numbers left out: what is the same every time."""
    for name in sorted(names, key=len, reverse=True):
        sentence = re.sub(re.escape(name), "_", sentence, flags=re.IGNORECASE)
    sentence = re.sub(_SIDES, "_", sentence, flags=re.IGNORECASE)
    return plain(re.sub(rf"\d+|\b({_NUMBERS}|{_ORDINALS})\b", "#", sentence))


def names() -> list[str]:
    """The names of the drills."""
    return [str(page["name"]) for page in pages().values() if "name" in page]


def sentences(heard: Sequence[Heard]) -> Counter[str]:
    """How often each sentence is heard; a chant is one."""
    return Counter(sentence for each in chanted(heard) for sentence in each.sentences)


def kinds(heard: Sequence[Heard], kind: str) -> list[Heard]:
    """What is heard of one kind of lesson."""
    return [
        each
        for each in chanted(heard)
        if any(
            taught.kind == kind
            for sentence in each.sentences
            for taught in lessons().get(plain(sentence), ())
        )
    ]


def soon_again(heard: Sequence[Heard]) -> list[str]:
    """The cues that are heard twice within SAME_AGAIN seconds, in one set or in two drills.

    Both legs hear the same, and so may the next set of the same drill.
    """
    faults: list[str] = []
    last: dict[str, Heard] = {}
    for each in chanted(heard):
        rows = lessons().get(plain(each.text), ())
        if not any(row.kind in CUES for row in rows):
            continue
        before = last.get(each.text)
        again = before and (
            before.phase == each.phase or _no_side(before.where) != _no_side(each.where)
        )
        if before and again and each.start - before.end < SAME_AGAIN:
            faults.append(f'"{each.text}" at {before.start:.0f} and {each.start:.0f} s')
        last[each.text] = each
    return faults


def legs(heard: Sequence[Heard]) -> Iterator[tuple[list[str], list[str]]]:
    """The cues of each set of one leg, and those of the other leg's set that follows it.

    A leg that is named is left out.
    """
    for each in heard:
        if plain(each.text) == "switch legs":
            yield _cues(heard, each.phase - 1), _cues(heard, each.phase + 1)


def cues_of_first_sets(heard: Sequence[Heard], drill: str) -> list[tuple[str, Taught]]:
    """The cues of a drill in the first two of its sets that have any, and what they teach.

    Both legs are one set.
    """
    switches = {each.phase for each in heard if plain(each.text) == "switch legs"}
    sets: list[list[tuple[str, Taught]]] = []
    last = None
    for each in chanted(heard):
        rows = lessons().get(plain(each.text), ())
        cues = [(each.text, row) for row in rows if row.owner == drill and row.kind in CUES]
        if not cues:
            continue
        if last is None or not (each.phase == last or {last + 1, each.phase - 1} & switches):
            sets.append([])
        last = each.phase
        sets[-1] += cues
    return [cue for each in sets[:2] for cue in each]


def _cues(heard: Sequence[Heard], phase: int) -> list[str]:
    return [
        _no_side(each.text)
        for each in chanted([each for each in heard if each.phase == phase])
        if any(row.kind in CUES for row in lessons().get(plain(each.text), ()))
    ]


def _no_side(text: str) -> str:
    return re.sub(_SIDES, "", text)


def drills_of(session: str) -> set[str]:
    """The drills of a built-in session, as its file has them."""
    return {phase["drill"] for phase in phases_of(session) if "drill" in phase}


@cache
def _items_of(session: str) -> list[dict[str, Any]]:
    """The phases and repeats of a built-in session, as its file has them."""
    data = tomllib.loads((LIBRARY / "sessions" / f"{session}.toml").read_text("utf-8"))
    return list(data["phase"])


def phases_of(session: str) -> list[dict[str, Any]]:
    """The phases of a built-in session, those of a repeat once."""
    return [phase for item in _items_of(session) for phase in item.get("part", [item])]


def sets_of(session: str) -> Counter[str]:
    """How many sets each drill of a built-in session has; a contrast is none."""
    found: Counter[str] = Counter()
    for item in _items_of(session):
        for phase in item.get("part", [item]):
            if "drill" in phase and not (phase.get("title") and phase.get("cues") == []):
                found[phase["drill"]] += item.get("repeat", 1)
    return found


def sign_of_mastery(drill: str) -> str:
    """The question about the mastery of a drill."""
    entry = pages()[drill]["mastered"]
    return str(entry if isinstance(entry, str) else entry["text"])


def elements_of(session: str) -> dict[str, set[str]]:
    """The titles of the runs of a built-in session that have cues of each element."""
    found: dict[str, set[str]] = {}
    for phase in phases_of(session):
        for element in phase.get("cues", ()) if "run" in phase else ():
            found.setdefault(element, set()).add(phase["run"])
    return found


def own_texts(session: str) -> set[str]:
    """What the file of a built-in session has said in its phases each time."""
    phases = phases_of(session)
    said = {each["text"] for phase in phases for each in phase.get("say", ())}
    return said.union(*(phase.get("words", ()) for phase in phases))


def article() -> dict[str, str]:
    """The article's statements by their numbers, as the library first tells them."""
    found: dict[str, str] = {}
    ordered = sorted(pages().values(), key=lambda page: ("trains" in page, page.get("order", 0)))
    for page in ordered:
        for number, text in _statements(page):
            found.setdefault(number, text)
    return dict(sorted(found.items(), key=lambda row: (ORDER.index(row[0][0]), row[0])))


def _statements(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        yield from ((number, value["text"]) for number in value.get("article", ()))
        for key, below in value.items():
            if key not in SPOKEN:
                yield from _statements(below)
    elif isinstance(value, list):
        for below in value:
            yield from _statements(below)


def spoken_words(number: str) -> list[str]:
    """The texts that say a statement."""
    rows = (
        (taught, text) for owner, page in pages().items() for text, taught in _texts(owner, page)
    )
    return list(dict.fromkeys(text for taught, text in rows if number in taught.article))
