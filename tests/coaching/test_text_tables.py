from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest

from cadence_cue.coaching import text_tables
from cadence_cue.coaching.session import Announced, Handling, Say, Take
from cadence_cue.errors import UserError

SOUND = {"text": "Up", "sound": "up.wav"}


@pytest.mark.parametrize(
    ("read", "value", "expected"),
    [
        (text_tables.take, "Up", Take("Up")),
        (text_tables.take, {"text": "Up"}, Take("Up")),
        (text_tables.take, {"text": "A-skips", "spoken": "ay skips"},
         Take("A-skips", spoken="ay skips")),
        (text_tables.take, SOUND, Take("Up", sound="up.wav")),
        (text_tables.take, {"sound": "own/heels-up_now.m4a"},
         Take("Heels up now", sound="own/heels-up_now.m4a")),
        (text_tables.take, SOUND | {"start": "0.5s", "end": "2s", "trim": False},
         Take("Up", sound="up.wav", handling=Handling(Fraction(1, 2), Fraction(2), trim=False))),
        (text_tables.take, SOUND | {"anchor_ms": 120, "gain_db": -2.5},
         Take("Up", sound="up.wav", handling=Handling(anchor_ms=120.0, gain_db=-2.5))),
        (text_tables.announce, True, frozenset(Announced)),
        (text_tables.announce, False, frozenset()),
        (text_tables.announce, [], frozenset()),
        (text_tables.announce, ["next", "set-up"], frozenset({Announced.NEXT, Announced.SETUP})),
        (text_tables.announce, "Now", Take("Now")),
        (text_tables.announce, SOUND, Take("Up", sound="up.wav")),
        (text_tables.say, {"at": "0s", "text": "a"},
         (Say(Fraction(0), from_end=False, text="a"), Take("a"))),
        (text_tables.say, {"at": "-2.5s", "text": "a", "spoken": "b"},
         (Say(Fraction(5, 2), from_end=True, text="a"), Take("a", spoken="b"))),
    ],
)  # fmt: skip
def test_texts_and_tables(
    read: Callable[[object], object], value: object, expected: object
) -> None:
    assert read(value) == expected


@pytest.mark.parametrize(
    ("read", "value", "told"),
    [
        (text_tables.take, "", "must not be empty"),
        (text_tables.take, {}, 'must have "text", or "sound" with a recording'),
        (text_tables.take, {"spoken": "b"}, 'must have "text", or "sound" with a recording'),
        (
            text_tables.take,
            {"text": "a", "spokn": "b"},
            'has no key "spokn"; did you mean "spoken"?',
        ),
        (text_tables.take, {"text": "a", "at": "1s"}, 'has no key "at"; '),
        (text_tables.take, {"text": "a\nb"}, '"text" must be one line'),
        (
            text_tables.take,
            SOUND | {"spoken": "b"},
            'has "spoken" for the voice and "sound" in its place',
        ),
        (
            text_tables.take,
            {"text": "a", "trim": False},
            '"trim" needs "sound", a recording, beside it',
        ),
        (text_tables.take, {"text": "a", "gain_db": 1}, '"gain_db" needs "sound"'),
        (
            text_tables.take,
            SOUND | {"start": "2s", "end": "2s"},
            '"end" must be later than "start"',
        ),
        (text_tables.take, SOUND | {"start": 2}, '"start" must be a time'),
        (text_tables.take, SOUND | {"trim": "no"}, '"trim" must be true or false'),
        (text_tables.take, SOUND | {"gain_db": 13}, '"gain_db" must be a number from -24 to 12'),
        (
            text_tables.take,
            SOUND | {"anchor_ms": -1},
            '"anchor_ms" must be a number from 0 to 60000',
        ),
        (text_tables.take, SOUND | {"anchor_ms": True}, '"anchor_ms" must be a number'),
        (text_tables.announce, 1, "must be true, false, a list or a text"),
        (text_tables.announce, None, "must be true, false, a list or a text"),
        (text_tables.say, "a", "must be a table such as"),
        (text_tables.say, {"text": "a"}, 'must have "at", the time when it is said'),
        (
            text_tables.say,
            {"at": "--1s", "text": "a"},
            '"at" must be a time such as "10s" or "-5s"',
        ),
    ],
)
def test_mistakes_are_named(read: Callable[[object], object], value: object, told: str) -> None:
    with pytest.raises(UserError) as caught:
        read(value)
    assert str(caught.value).startswith(told)
