"""Reads the table of one drill or element file.

The keys are the fields of the dataclasses in `model`. Separate from the catalogue, which knows
where the files are. Every function raises a UserError whose text begins with the key.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import fields
from enum import StrEnum
from fractions import Fraction
from functools import partial
from typing import Any, TypeVar

from cadence_cue.coaching import values
from cadence_cue.coaching.drill import (
    Check,
    Cue,
    CueType,
    Dose,
    Drill,
    Element,
    Focus,
    Listen,
    Side,
    Speaking,
    Statement,
    Talk,
    TempoAdvice,
    Variant,
)
from cadence_cue.coaching.session_file import PLACES
from cadence_cue.errors import UserError, hint, shown

T = TypeVar("T")
W = TypeVar("W", bound=StrEnum)
Reader = Callable[[object], T]

_MOST_SENTENCES = 2
_LIST_END = 100  # the default `order` of a drill, after the built-in ones
_LAMPS, _LAMP = 2, 8  # words, and their letters
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)")


def _record(
    make: Callable[..., T], readers: Mapping[str, Reader[object]], **defaults: object
) -> Reader[T]:
    """Return a reader of tables with these keys; keys without a default are required."""

    def read(value: object) -> T:
        if not isinstance(value, dict):
            raise values.wrong("a table", value)
        for key in value:
            if key not in readers:
                raise UserError(f"key {shown(key)} is not known here; {hint(key, readers)}")
        found = dict(defaults)
        for key, reader in readers.items():
            if key in value:
                try:
                    found[key] = reader(value[key])
                except UserError as error:
                    raise UserError(f'"{key}" {error}') from None
            elif key not in defaults:
                raise UserError(f'"{key}" is missing')
        return make(**found)

    return read


def _word(kind: type[W]) -> Reader[W]:
    """Return a reader of the words of an enumeration."""
    known = values.one_of([word.value for word in kind if word.value])
    return lambda value: kind(known(value))


def _statement(value: object) -> Statement:
    """Read a text, or a table of a text and the ids of the article's statements it conveys."""
    if isinstance(value, str):
        return Statement(values.text(value))
    return _NAMED_STATEMENT(value)


def _check(value: object) -> Check:
    """Read a check: a text, or a table that also tells whether it is owed."""
    return Check(values.text(value)) if isinstance(value, str) else _NAMED_CHECK(value)


def _beats_a_minute(value: object) -> Fraction:
    pace = values.pace(value)
    if pace.relative:
        raise values.wrong("a number of beats a minute", value)
    return pace.value


def _accent(value: object) -> int:
    return 0 if value == 0 else values.accent(value)


def _lamps(value: object) -> tuple[str, ...]:
    words = values.list_of(values.label)(value)
    if len(words) != _LAMPS or any(len(word) > _LAMP for word in words):
        raise values.wrong(
            f'two words of at most {_LAMP} letters, such as ["pull", "under"]', value
        )
    return words


def _sides(value: object) -> tuple[Side, ...]:
    return values.list_of(_word(Side))(value) or (Side.NONE,)


def _explanation(value: object) -> str:
    text = values.text(value)
    if len(_SENTENCE_END.findall(text)) > _MOST_SENTENCES:
        raise UserError("must have at most two sentences: the runner is waiting")
    return text


_TEXTS = values.list_of(values.text)
_NAMED_STATEMENT = _record(Statement, {"text": values.text, "article": _TEXTS}, article=())
_NAMED_CHECK = _record(
    Check,
    {"text": values.text, "article": _TEXTS, "owed": values.yes_no},
    article=(),
    owed=False,
)
_STATEMENTS = values.list_of(_statement)
_CUES = values.list_of(
    _record(
        Cue,
        {
            "text": values.text,
            "type": _word(CueType),
            "focus": _word(Focus),
            "idea": values.label,
            "chant": values.chant,
            "article": _TEXTS,
            "verb": values.yes_no,
        },
        focus=Focus.NEUTRAL,
        idea="",
        chant=(),
        article=(),
        verb=False,
    )
)
_VARIANT = _record(
    Variant,
    {"name": values.text, "how": values.text, "eyes_closed": values.yes_no},
    eyes_closed=False,
)
_TEMPO = _record(
    TempoAdvice,
    {
        "lowest": _beats_a_minute,
        "highest": _beats_a_minute,
        "default": values.tempo,
        "ladder": values.list_of(values.pace),
        "progression": _TEXTS,
    },
    ladder=(),
    progression=(),
)
_DOSE = _record(
    Dose,
    {**dict.fromkeys(("time", "sets", "rest"), values.label), "longest": values.seconds},
    longest=None,
)
_SPEAKING = _record(
    Speaking,
    {
        "every": values.whole(1, 1000),
        "quiet_first": values.whole(0, 1000),
        "quiet_last": values.seconds,
        "one_from": values.whole(20, 300),
        "in_ramps": values.yes_no,
    },
    one_from=0,
    in_ramps=True,
)


def read_drill(
    value: object, drill_id: str, *, drills: Collection[str], elements: Collection[str]
) -> Drill:
    """Return the drill of a file's table; `drills` and `elements` are the ids it may refer to."""
    readers: dict[str, Reader[object]] = {
        "name": values.text,
        "order": values.whole(1, 1000),
        "explanation": _explanation,
        **dict.fromkeys(("purpose", "setup", "movement"), _STATEMENTS),
        **dict.fromkeys(("trains", "also_trains"), values.list_of(values.one_of(elements))),
        **dict.fromkeys(("prerequisites", "mistakes", "hints"), _STATEMENTS),
        "after": values.one_of([each for each in drills if each != drill_id]),
        "place": values.list_of(values.one_of(PLACES)),
        "equipment": values.label,
        **dict.fromkeys(("moving", "feet"), values.yes_no),
        "sides": _sides,
        "variants": values.list_of(_VARIANT),
        "beat": _statement,
        "listen": _word(Listen),
        "accent": _accent,
        "lamps": _lamps,
        "counted": values.label,
        "tempo": _TEMPO,
        "dose": _DOSE,
        "speaking": _SPEAKING,
        "stop": _TEXTS,
        "mastery": values.label,
        "cues": _CUES,
        "checks": values.list_of(_check),
        "reasons": _STATEMENTS,
        "mastered": _statement,
        **dict.fromkeys(("feel", "care"), values.text),
    }
    optional = ("purpose", "setup", "trains", "also_trains", "prerequisites", "mistakes", "hints")

    def made(*, feet: bool, **others: Any) -> Drill:  # noqa: ANN401 - as read above
        return Drill(id=drill_id, distinct_feet=feet, **others)

    drill = _record(
        made,
        readers,
        **dict.fromkeys((*optional, "place", "variants", "stop", "checks", "reasons", "lamps"), ()),
        **dict.fromkeys(("equipment", "mastery", "feel", "care", "counted"), ""),
        mastered=Statement(""),
        **dict.fromkeys(("moving", "feet"), False),
        order=_LIST_END,
        after=None,
        sides=(Side.NONE,),
        accent=0,
        listen=Listen.CONTACTS,
        dose=Dose("", "", ""),
        speaking=Speaking(every=16, quiet_first=8, quiet_last=Fraction(4)),
    )(value)
    advice = drill.tempo
    for pace in (advice.default.start, advice.default.end):
        if not pace.relative and not advice.lowest <= pace.value <= advice.highest:
            raise UserError('"tempo" must have its "default" from its "lowest" to its "highest"')
    return drill


def read_element(value: object, element_id: str) -> Element:
    """Return the element of a file's table."""
    order = values.whole(1, 1000)
    keys = {"name": values.text, "order": order, "why": _STATEMENTS, "cues": _CUES}
    read = _record(partial(Element, id=element_id), {**keys, "reasons": _STATEMENTS}, reasons=())
    return read(value)


def read_why(value: object) -> tuple[Statement, ...]:
    """Return the statements in the table of why.toml."""

    def statements(why: tuple[Statement, ...]) -> tuple[Statement, ...]:
        return why

    return _record(statements, {"why": _STATEMENTS})(value)


def read_talk(value: object) -> Talk:
    """Return the texts in the table of talk.toml."""
    kinds = [field.name for field in fields(Talk) if field.name != "reasons"]
    return _record(Talk, {"reasons": _STATEMENTS, **dict.fromkeys(kinds, _TEXTS)})(value)
