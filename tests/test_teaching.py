"""The article is heard: what the built-in sessions teach over days, by an oracle that only hears.

Days are seeds: a date as a seed is one session further than the day before, and so is the next
session of a runner's log, whatever day it is on.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache, partial
from itertools import pairwise
from pathlib import Path

import pytest

from cadence_cue.app.log.history import Practice, next_seed
from cadence_cue.coaching.catalogue import built_in_sessions, load_library
from cadence_cue.coaching.ladder import Rung, climbed, reach
from cadence_cue.coaching.session_file import load
from scripts.check_coaching import CADENCE, FIRST_DAY, Day, days, listening, pace, spoken, table
from scripts.check_coaching import day as heard_of
from tests.matrix import matrix
from tests.teaching import (
    ANSWERED,
    CUES,
    LIBRARY,
    SAME_AGAIN,
    article,
    blanked,
    chanted,
    cues_of_first_sets,
    drills_of,
    elements_of,
    kinds,
    legs,
    lessons,
    names,
    owed,
    own_texts,
    pages,
    phases_of,
    plain,
    sentences,
    sets_of,
    sign_of_mastery,
    soon_again,
    spoken_words,
    statements,
)

ROOT = Path(__file__).parents[1]
SESSIONS = sorted(path.stem for path in (LIBRARY / "sessions").glob("*.toml"))
OFTEN = "daily-ten"
SESSIONS.sort(key=[OFTEN, "fall-to-run"].count, reverse=True)  # those that the quick run takes
DRILLS = ("first-perception", "daily-ten", "cycle-ladder", "fall-to-run", "hamstring-pull",
          "track-day", "pre-race")  # fmt: skip
NAMED = {
    "toe-taps": {"T2", "T3"},
    "toe-taps-dynamic": {"D3"},
    "fall-to-run": {"F4"},
    "hands-together": {"X2"},
    "butt-kicks": {"B3"},
    "high-knees": {"H3"},
}
"""What is owed within any two sessions: named mistakes, the hint, and what to be sure of."""
STRESSED = {
    *("change-of-support", "cycle-standing", "toe-taps", "toe-taps-dynamic"),
    *("butt-kicks", "high-knees"),
}
"""Drills whose work the article gives to the hamstring."""
ARTICLE = {
    "I1": "skill|piano", "E1": "lean.*gravity", "E2": "loose.*tension", "E3": "crossing over",
    "E4": "ground time", "E5": "heel.*shorter leg", "E6": "forefoot.*fluid",
    "P1": "perception first", "P2": "other drills build on",
    "P3": "heel.*toe|balls of your feet", "P4": "close your eyes",
    "C1": "left.*right", "C2": "hamstring|begin with a pull", "C3": "arms.*(legs|time)",
    "S1": "hands on hips", "S2": "knees slightly bent", "S3": "scrape", "S5": "quicker",
    "S4": "heel.*(straight up|to your seat)|pulls straight up",
    "R1": "very.*slow|same movement as standing", "R2": "cycle.*(left|right)",
    "F1": "ankles", "F2": "tighten your middle", "F3": "fall|run when you must",
    "F4": "lean less|brake", "F5": "gravity|no further",
    "T1": "hamstring|heel (straight )?up|heel · up", "T2": "heel.*(under you|wall|in line)",
    "T3": "knee.*(down|in line)", "T4": "wall just behind",
    "D2": "bounce", "D3": "pull before you land", "D4": "soften.* the landing",
    "B1": "lean slightly, on your forefoot", "B2": "snap.*heels", "B3": "lean",
    "H1": "spring|bounce", "H2": "pull|knee", "H3": "arms", "X1": "hands",
    "X2": "bounce|up and down", "X3": "sway",
}  # fmt: skip
"""Words of the article, or ours for them, of which each text that says a statement has some."""
ASKED = 7
"""Times that a session asks for an answer, at most."""
NEAR_ITS_SET = 15.0
"""Seconds from what to feel to the set that it is about, at most."""
IMAGES = ("log", "ceiling", "branch", "hole", "stone")
"""What a runner would look out for: it is only pictured."""
OPENING = 0.015
"""How much of a session its opening may take besides: the safety line, and what it needs."""
SLOTS = 3
"""From so many cues of an element in a session, all of its cues are heard within a week."""
TO_THE_WALL = 8.0
"""Seconds without a beat, after the runner is told to go there."""
WHY = {"P1", "P2"}
"""What only a reason can say, and before a race no reasons are given."""
Seen = Callable[[str], list[Day]]
FIXED = ("switch legs", "close your eyes", "open your eyes")
"""What is the same every time on purpose, besides verbs, chants, checks and safety."""


@cache
def month(first: date, session: str) -> list[Day]:
    """A session on 28 days."""
    return days(session, 28, first)


@pytest.fixture(params=matrix([FIRST_DAY, FIRST_DAY + timedelta(200)]), ids=str)
def seen(request: pytest.FixtureRequest) -> Seen:
    """Any session on 28 days, at one place of its rotation or far from that."""
    return partial(month, request.param)


@pytest.mark.parametrize("session", matrix(SESSIONS, 2))
def test_each_drill_s_verb_is_heard_in_its_first_two_sets(session: str, seen: Seen) -> None:
    for day in seen(session):
        for drill in drills_of(session):
            cues = cues_of_first_sets(day.heard, drill)
            assert any(taught.verb for _, taught in cues), drill
            if drill in STRESSED:
                assert any("hamstring" in text.casefold() for text, _ in cues), drill


@pytest.mark.parametrize("session", matrix(sorted({*SESSIONS} - {"find-your-cadence"}), 2))
def test_the_rock_soon_leads_to_the_balls_of_the_feet(session: str, seen: Seen) -> None:
    for day in seen(session):
        _, (second, _), *_ = cues_of_first_sets(day.heard, "perception")
        assert second == "Find the balls of your feet"


@pytest.mark.parametrize("session", matrix(SESSIONS, 2))
def test_both_legs_hear_the_same(session: str, seen: Seen) -> None:
    for day in seen(session):
        for one, other in legs(day.heard):
            assert one == other


@pytest.mark.parametrize("days_between", [1, 2, 3, 7, 16])
def test_a_runner_hears_one_session_after_another_however_many_days_are_between(
    days_between: int,
) -> None:
    log: list[Practice] = []
    seeds = []
    for k in range(28):
        today = FIRST_DAY + timedelta(k * days_between)
        found = next_seed(log, OFTEN)
        seeds.append(int(today.strftime("%Y%m%d")) if found is None else found)
        log.append(Practice(f"{today}T07:00:00+01:00", OFTEN, OFTEN, 1.0, CADENCE))
        log.append(Practice(f"{today}T19:00:00+01:00", "relax-run", "Relax run", 1.0, CADENCE))
    assert seeds == [int((FIRST_DAY + timedelta(k)).strftime("%Y%m%d")) for k in range(28)]


@pytest.mark.parametrize("session", matrix(SESSIONS, 2))
def test_what_the_article_warns_of_is_heard_within_two_sessions(session: str, seen: Seen) -> None:
    for one, other in pairwise(seen(session)):
        found = statements(one.heard) + statements(other.heard)
        for drill in drills_of(session):
            assert NAMED.get(drill, set()) <= set(found), drill


def test_the_session_named_after_a_drill_has_all_its_warnings_every_time(seen: Seen) -> None:
    assert all("F4" in statements(day.heard) for day in seen("fall-to-run"))


@pytest.mark.parametrize("session", matrix(SESSIONS, 2))
def test_every_statement_of_a_drill_is_heard_within_fourteen_sessions(
    session: str, seen: Seen
) -> None:
    wanted = {each for drill in drills_of(session) for each in owed()[drill]}
    if session == "pre-race":
        wanted -= WHY
    for first in (0, 7, 14):
        found: Counter[str] = Counter()
        for day in seen(session)[first : first + 14]:
            found += statements(day.heard)
        assert wanted <= set(found)


@pytest.mark.parametrize("session", matrix(SESSIONS, 2))
def test_no_cue_is_heard_again_within_ninety_seconds(session: str, seen: Seen) -> None:
    assert [soon_again(day.heard) for day in seen(session)] == [[]] * 28


@pytest.mark.parametrize("session", matrix(sorted(SESSIONS, key=["faded-run"].count, reverse=True)))
def test_a_cue_does_not_repeat_what_was_just_announced(session: str, seen: Seen) -> None:
    for day in seen(session):
        for said, after in pairwise(chanted(day.heard)):
            assert plain(after.text) not in map(plain, said.sentences)


@pytest.mark.parametrize("session", matrix(SESSIONS, 2))
def test_after_what_is_asked_there_is_time_to_answer(session: str, seen: Seen) -> None:
    for day in seen(session):
        asked = [
            each for kind in ("check", "question", "mastered") for each in kinds(day.heard, kind)
        ]
        for each in asked:
            after = [other.start for other in day.heard if other.start > each.start]
            assert not after or min(after) - each.end >= ANSWERED, each


@pytest.mark.parametrize("session", matrix(sorted(DRILLS, key="track-day".__ne__)))
def test_no_session_asks_more_than_a_runner_bears(session: str, seen: Seen) -> None:
    for day in seen(session):
        asked = {each for kind in ("check", "question", "mastered")
                 for each in kinds(day.heard, kind)}  # fmt: skip
        assert len(asked) <= ASKED


@pytest.mark.parametrize("session", matrix(sorted(DRILLS, key="track-day".__ne__)))
def test_what_to_feel_is_heard_just_before_its_set(session: str, seen: Seen) -> None:
    for day in seen(session):
        for each in kinds(day.heard, "feel"):
            assert min(beat for beat in day.beats if beat > each.end) - each.end <= NEAR_ITS_SET


@pytest.mark.parametrize("session", matrix(sorted(SESSIONS, key="pre-race".__ne__)))
def test_each_run_ends_in_words(session: str, seen: Seen) -> None:
    names = {"rest": "Rest", "walk": "Walk"}
    wanted = Counter(
        after[kind] or names[kind]
        for run, after in pairwise(phases_of(session))
        for kind in names
        if "run" in run and kind in after and "announce" not in after
    )
    for day in seen(session):
        assert wanted <= Counter(each.text for each in day.heard if each.text == each.where)


def test_what_is_pictured_is_no_hazard_and_no_order() -> None:
    cues = {cue["text"].casefold() for page in pages().values() for cue in page.get("cues", ())}
    pictured = [text for text in cues if re.search(rf"\b({'|'.join(IMAGES)})s?\b", text)]
    assert pictured
    assert all(re.search(r"\bas if\b|^imagine ", text) for text in pictured)


@pytest.mark.parametrize("session", ["relax-run", "faded-run", "cadence-plus5", "treadmill-ramp"])
def test_what_is_heard_without_the_click_differs_from_day_to_day(session: str, seen: Seen) -> None:
    heard = [
        [each.text for kind in CUES for each in kinds(day.heard, kind) if each.where == "No click"]
        for day in seen(session)[:7]
    ]
    assert all(heard)
    assert all(one != other for one, other in pairwise(heard))


@pytest.mark.parametrize("session", matrix(SESSIONS, 2))
def test_a_pause_has_one_thing_to_think_of(session: str, seen: Seen) -> None:
    for day in seen(session):
        found = Counter(
            each.phase
            for kind in ("check", "question", "mastered", "reason", "feel", "encouragement")
            for each in kinds(day.heard, kind)
        )
        assert not [phase for phase, count in found.items() if count > 1]


@pytest.mark.parametrize("session", matrix(DRILLS[:-1], 2))
def test_the_sign_of_mastery_and_what_to_feel_are_heard_within_fourteen_sessions(
    session: str,
    seen: Seen,
) -> None:
    sets = sets_of(session)
    wanted = {sign_of_mastery(drill) for drill in sets}
    wanted |= {pages()[drill]["feel"] for drill, count in sets.items() if count > 1}
    said = [{each.text for each in day.heard} for day in seen(session)]
    for first in range(len(said) - 13):
        assert wanted <= set().union(*said[first : first + 14]), first


def test_each_text_that_says_a_statement_has_words_of_the_article() -> None:
    for number in article():
        for text in spoken_words(number):
            assert re.search(ARTICLE[number], text.casefold()), (number, text)


def test_hands_that_cross_over_are_heard_of_in_more_than_one_session(seen: Seen) -> None:
    for session in ("relax-run", "cadence-pyramid"):
        for one, other in pairwise(seen(session)):
            texts = {each.text for each in (*one.heard, *other.heard)}
            assert "Keep your hands from crossing over" in texts


def test_a_plank_is_heard_three_times_at_most_and_not_soon_again(seen: Seen) -> None:
    for day in seen("fall-to-run"):
        planks = [each for each in day.heard if "plank" in each.text]
        assert len(planks) <= 3
        assert all(b.start - a.end >= SAME_AGAIN for a, b in pairwise(planks))


@pytest.mark.parametrize("session", matrix(SESSIONS, 2))
def test_all_cues_of_an_element_are_heard_in_five_sessions_or_in_ten_with_fewer_slots(
    session: str,
    seen: Seen,
) -> None:
    own = own_texts(session)
    for element, runs in elements_of(session).items():
        cues = {cue["text"] for cue in pages()[element]["cues"] if cue["type"] != "setup"}
        heard = [
            [each.text for each in day.heard if each.where in runs and each.text in cues]
            for day in seen(session)
        ]
        turns = [len([text for text in day if text not in own]) for day in heard]
        window = 5 if min(turns) >= SLOTS else 10
        for first in range(len(heard) - window + 1):
            found = {text for each in heard[first : first + window] for text in each}
            assert found == cues, (element, first)


@pytest.mark.parametrize("session", ["daily-ten", "first-perception"])
def test_there_is_time_to_get_to_the_wall_before_eyes_are_closed(session: str, seen: Seen) -> None:
    for day in seen(session):
        told = [each.end for each in day.heard if "Fingertips on the wall" in each.text]
        closed = [each.start for each in day.heard if each.text == "Close your eyes"]
        assert len(told) == len(closed) == 1
        assert min(beat for beat in day.beats if beat > told[0]) - told[0] >= TO_THE_WALL
        assert closed[0] - told[0] >= TO_THE_WALL


@pytest.mark.parametrize("session", matrix(SESSIONS, 2))
def test_a_session_tells_one_reason_and_none_before_a_race_or_over_a_count(
    session: str, seen: Seen
) -> None:
    most = 0 if session in ("pre-race", "find-your-cadence") else 1
    counts = [len(kinds(day.heard, "reason")) for day in seen(session)]
    assert counts == [most] * 28


@pytest.mark.parametrize("session", matrix(SESSIONS, 2))
def test_the_coach_encourages_but_not_too_often(session: str, seen: Seen) -> None:
    few = {"find-your-cadence": (0, 0), "first-perception": (1, 2)}
    race = {"relax-run": (2, 2), "pre-race": (2, 2)}
    least, most = {**few, **race}.get(session, (2, 5))
    for day in seen(session):
        lines = kinds(day.heard, "encouragement")
        assert least <= len(lines) <= most
        assert all(each.start >= 60 for each in lines)


@pytest.mark.parametrize("session", matrix(DRILLS, 2))
def test_a_practice_of_drills_asks_one_question(session: str, seen: Seen) -> None:
    assert [len(kinds(day.heard, "question")) for day in seen(session)] == [1] * 28


@pytest.mark.parametrize("session", matrix(SESSIONS, 2))
def test_there_is_at_most_one_don_t(session: str, seen: Seen) -> None:
    for day in seen(session):
        assert sum("don't" in each.text.casefold() for each in chanted(day.heard)) <= 1


@pytest.mark.parametrize("session", matrix(SESSIONS, 2))
def test_silence_is_most_of_a_session(session: str, seen: Seen) -> None:
    if session == "first-perception":
        pytest.skip("it explains its drill")
    share = {"find-your-cadence": 0.07, "relax-run": 0.03, "pre-race": 0.09}.get(
        session, 0.16 if session in DRILLS else 0.05
    )
    for day in seen(session):
        assert spoken([*day.opening, *day.heard]) <= (share + OPENING) * day.seconds
        assert spoken(day.heard) <= share * day.seconds
        if session != "pre-race":
            assert spoken(day.announcements) <= spoken([*day.opening, *day.heard]) / 2


def test_who_has_climbed_is_not_told_much_more() -> None:
    library = load_library()
    session = load(built_in_sessions()[OFTEN], library)
    top = {drill: Rung(up, 1) for drill, (_, up) in reach(session, library).items()}
    climbing = climbed(session, library, top)
    for seed in range(20261123, 20261130):
        made = heard_of(climbing, seed)
        assert spoken(made.heard) <= 0.16 * made.seconds


def test_a_week_of_daily_practice_varies(seen: Seen) -> None:
    said = [sentences(day.heard) for day in seen(OFTEN)]
    plainly = {sentence: blanked(sentence, names()) for day in said for sentence in day}
    fixed = {
        text
        for text, rows in lessons().items()
        if any(row.verb or row.kind in ("chant", "check", "care") for row in rows)
    }
    for first in range(len(said) - 6):
        week = said[first : first + 7]
        assert len(set().union(*week)) >= 120, first
        texts = Counter[str]()
        for day in week:
            for sentence, times in day.items():
                texts[plainly[sentence]] += times
        often = {text for text, times in texts.items() if times > 7}
        assert often <= {*FIXED, *(blanked(each, names()) for each in fixed)}, first


def test_announcements_in_one_breath_are_spoken_calmly(seen: Seen) -> None:
    told = [each for day in seen(OFTEN) for each in day.announcements]
    assert 150 <= pace([each for each in told if len(each.text.split()) > 6]) <= 175


def test_an_element_has_outward_cues_and_no_road() -> None:
    elements = [
        page for stem, page in pages().items() if (LIBRARY / "elements" / f"{stem}.toml").exists()
    ]
    for page in elements:
        assert sum(cue.get("focus") == "external" for cue in page["cues"]) >= 3
        assert not [cue for cue in page["cues"] if "road" in cue["text"]]


@pytest.mark.parametrize("session", SESSIONS)
def test_each_session_ends_with_a_sentence_of_its_own(session: str) -> None:
    files = {name: tomllib.loads((LIBRARY / "sessions" / f"{name}.toml").read_text("utf-8"))
             for name in SESSIONS}  # fmt: skip
    ends = {name: data.get("goodbye") or data["phase"][-1]["talk"] for name, data in files.items()}
    assert list(ends.values()).count(ends[session]) == 1


@pytest.mark.matrix
def test_the_manual_tells_what_carries_each_statement_and_how_often_it_is_heard() -> None:
    assert table() in (ROOT / "docs" / "drills.md").read_text(encoding="utf-8")


def test_the_manual_tells_what_is_listened_for() -> None:
    assert listening() in (ROOT / "docs" / "drills.md").read_text(encoding="utf-8")
