"""Drills, elements and sessions as pages to read."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from cadence_cue.coaching import pages
from cadence_cue.coaching.drill import Pace, Tempo
from tests.coaching.rig import parts, real, session


def words(lines: list[str]) -> str:
    return " ".join(" ".join(lines).split())


@pytest.mark.parametrize("name", real().drills)
def test_a_drills_page_has_everything_that_is_known_of_it(name: str) -> None:
    drill = real().drills[name]
    page = words(pages.drill(drill, real()))
    statements = (
        *drill.purpose, *drill.setup, *drill.movement, *drill.prerequisites, *drill.mistakes,
        *drill.hints, drill.beat,
    )  # fmt: skip
    texts = [
        *(statement.text for statement in statements),
        *(cue.text for cue in drill.cues),
        *(variant.how for variant in drill.variants),
        *(real().elements[element].name for element in (*drill.trains, *drill.also_trains)),
        *drill.stop,
        *drill.tempo.progression,
        drill.name,
        *({drill.equipment} - {"none"}),
        drill.mastery,
        drill.dose.time,
        "moving" if drill.moving else "on the spot",
        pages.HEALTH[0],
    ]
    if drill.after:
        texts.append(f"Only after {real().drills[drill.after].name} is mastered.")
    assert [text for text in texts if words([text]) not in page] == []


@pytest.mark.parametrize("name", real().elements)
def test_an_elements_page_tells_why_and_what_trains_it(name: str) -> None:
    element = real().elements[name]
    page = words(pages.element(element, real()))
    trained_by = [drill.name for drill in real().drills.values() if name in drill.trains]
    texts = [*(why.text for why in element.why), *trained_by, *(cue.text for cue in element.cues)]
    assert [text for text in texts if text not in page] == []


def test_why_tells_every_reason() -> None:
    page = words(pages.why(real()))
    assert all(statement.text in page for statement in real().why)


def test_lines_fit_a_terminal() -> None:
    for drill in real().drills.values():
        page = [pages.drill(drill, real())[0], *pages.about_drill(drill, real(), 60)]
        assert max(map(len, page)) <= 60
    assert max(map(len, pages.why(real(), 60))) <= 60


def test_a_sessions_page_lists_its_phases_with_their_times() -> None:
    phases = (
        {"drill": "toe-taps", "side": "both", "time": "56s", "note": "Heels up"},
        {"run": "Settle", "time": "75s", "tempo": "own -> +5%", "beat": "fade"},
        {"rest": "", "time": "10s"},
    )
    music = {
        "file": "Music/slow",
        "level": "-6 dB",
        "shuffle": True,
        "loop": True,
        "match": True,
        "click": "fade",
        "off_beat": "play",
    }
    keys: dict[str, Any] = {
        "summary": "For a test.",
        "needs": "a wall",
        "place": ["wall"],
        "level": "moderate",
    }
    page = pages.session(session(*phases, music=music, **keys), parts(*phases, own=160))
    assert page[0] == "A session (session), 2:21"
    assert {"For a test.", "  level moderate; wall", "  a wall"} <= set(page)
    assert page[page.index("Your music") + 1] == (
        "  Music/slow, -6 dB, shuffled, over and over, on the beat, "
        "where the click fades, also without a click"
    )
    assert page[page.index("Phases") + 1 : page.index("Phases") + 6] == [
        "    1    0:00  Toe taps, left leg, 25 s, 80 a minute. Heels up",
        "    2    0:25  Switch legs, 6 s",
        "    3    0:31  Toe taps, right leg, 25 s, 80 a minute. Heels up",
        "    4    0:56  Settle, 1:15, 160 to 168 a minute, beat fade",
        "    5    2:11  Rest, 10 s",
    ]


@pytest.mark.parametrize(("kind", "lines"), [("run", 4), ("rest", 1)])
def test_who_moves_is_told_to_take_care(kind: str, lines: int) -> None:
    phase = {kind: "", "time": "60s"}
    page = words(pages.session(session(phase), parts(phase)))
    assert sum(line in page for line in pages.HEALTH) == lines


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        (Pace(Fraction(80)), Pace(Fraction(80)), "80"),
        (Pace(Fraction(160)), Pace(Fraction(345, 2)), "160 to 172.5"),
        (Pace(Fraction(1), relative=True), Pace(Fraction(1), relative=True), "own cadence"),
        (
            Pace(Fraction(1), relative=True),
            Pace(Fraction(21, 20), relative=True),
            "own cadence to own cadence +5 %",
        ),
    ],
)
def test_tempos_in_words(start: Pace, end: Pace, text: str) -> None:
    assert pages.tempo_words(Tempo(start, end)) == text
