"""The built-in drills, elements and sessions, and the files of the runner's own drills."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import fields
from fractions import Fraction
from pathlib import Path

import pytest

from cadence_cue.coaching.advice import advice
from cadence_cue.coaching.catalogue import built_in_sessions, load_library
from cadence_cue.coaching.drill import Cue, CueType, Drill, Focus, Pace, Side, Statement, Tempo
from cadence_cue.coaching.program import perform
from cadence_cue.coaching.session import Kind, Phase, Repeat, Session
from cadence_cue.coaching.session_file import load
from cadence_cue.errors import UserError

LIBRARY = load_library()
SESSIONS = {name: load(path, LIBRARY) for name, path in built_in_sessions().items()}

DRILLS = [
    "perception",
    "change-of-support",
    "cycle-standing",
    "cycle-running",
    "fall-to-run",
    "toe-taps",
    "toe-taps-dynamic",
    "butt-kicks",
    "high-knees",
    "hands-together",
]
ELEMENTS = ["lean", "relaxed", "arms", "ground-time", "heel-pull", "bodyweight", "cadence"]
LENGTHS = {
    "first-perception": "5:32",
    "daily-ten": "10:50",
    "hamstring-pull": "13:10",
    "fall-to-run": "15:10",
    "cycle-ladder": "13:30",
    "track-day": "19:16",
    "cadence-plus5": "24:10",
    "cadence-pyramid": "27:30",
    "relax-run": "30:00",
    "pre-race": "12:10",
    "treadmill-ramp": "20:45",
    "faded-run": "32:05",
    "find-your-cadence": "4:00",
}

# What the article says, statement by statement: who carries it, in which field, and words without
# which a text would not say it.
ARTICLE = {
    "I1": ("why", "why", "skill", "piano", "mileage", "move"),
    "E1": ("lean", "why", "lean", "ankles", "gravity", "muscles"),
    "E2": ("relaxed", "why", "hands", "arms", "shoulders", "tension", "legs"),
    "E3": ("arms", "why", "arms", "straight", "midline", "rotation"),
    "E4": ("ground-time", "why", "ground", "speed"),
    "E5": ("heel-pull", "why", "heel", "hamstring", "lever", "cadence"),
    "E6": ("bodyweight", "why", "bodyweight", "balls", "fluid", "relaxed"),
    "P1": ("perception", "prerequisites", "always", "first"),
    "P2": ("perception", "purpose", "benefit", "mastered"),
    "P3": ("perception", "movement", "rock", "slow", "heels", "toes", "balls"),
    "P4": ("perception", "hints", "eyes", "closed", "perception"),
    "C1": ("change-of-support", "movement", "left", "right", "little", "back and forth"),
    "C2": ("change-of-support", "movement", "start", "hamstring", "pull"),
    "C3": ("change-of-support", "movement", "arms", "legs", "same time"),
    "S1": ("cycle-standing", "setup", "hands", "hips"),
    "S2": ("cycle-standing", "setup", "slight", "bend", "knees"),
    "S3": ("cycle-standing", "movement", "scrape", "ground", "behind"),
    "S4": ("cycle-standing", "movement", "heel", "straight", "butt", "hamstring"),
    "S5": ("cycle-standing", "movement", "scrape", "faster"),
    "R1": ("cycle-running", "movement", "standing", "slow"),
    "R2": ("cycle-running", "movement", "same leg", "alternate"),
    "R3": ("cycle-running", "prerequisites", "not before", "cycle drill standing", "perfected"),
    "F1": ("fall-to-run", "movement", "lean", "ankles"),
    "F2": ("fall-to-run", "setup", "core"),
    "F3": ("fall-to-run", "movement", "fall", "until", "run"),
    "F4": ("fall-to-run", "mistakes", "far", "first stride", "brake"),
    "F5": ("fall-to-run", "movement", "as far as", "gravity"),
    "T1": ("toe-taps", "movement", "hamstring", "heel", "straight up", "butt"),
    "T2": ("toe-taps", "mistakes", "heel", "behind", "common"),
    "T3": ("toe-taps", "mistakes", "knee", "up", "common"),
    "T4": ("toe-taps", "setup", "wall", "behind"),
    "D1": ("toe-taps-dynamic", "prerequisites", "not before", "toe taps", "perfected"),
    "D2": ("toe-taps-dynamic", "movement", "bounc", "slight", "ball", "hamstring", "pull"),
    "D3": ("toe-taps-dynamic", "hints", "think", "pull", "before", "ground"),
    "D4": ("toe-taps-dynamic", "hints", "landing", "soft", "hamstrings"),
    "B1": ("butt-kicks", "setup", "slight", "lean", "balls"),
    "B2": ("butt-kicks", "movement", "snap", "heels", "butt", "hamstrings"),
    "B3": ("butt-kicks", "movement", "keep the lean", "run"),
    "H1": ("high-knees", "movement", "light", "bouncy", "springy", "balls"),
    "H2": ("high-knees", "movement", "fast", "hamstring", "pull", "knee", "high"),
    "H3": ("high-knees", "movement", "pump", "arms", "legs"),
    "X1": ("hands-together", "setup", "arms", "hands", "straight out"),
    "X2": ("hands-together", "movement", "up and down", "too much bounce"),
    "X3": ("hands-together", "movement", "moderate", "side to side", "effective", "support"),
}


def carried(holder: str, field: str) -> tuple[Statement, ...]:
    owner = {"why": LIBRARY, **LIBRARY.drills, **LIBRARY.elements}[holder]
    found: tuple[Statement, ...] = getattr(owner, field)
    return found


def statements(drill: Drill) -> Iterator[Statement]:
    for field in ("purpose", "setup", "movement", "prerequisites", "mistakes", "hints"):
        yield from getattr(drill, field)
    yield drill.beat


def phases(session: Session) -> Iterator[Phase]:
    for item in session.phases:
        if isinstance(item, Repeat):
            yield from item.parts * item.times
        else:
            yield item


# --- the article ---


@pytest.mark.parametrize("number", ARTICLE)
def test_each_statement_of_the_article_is_carried_where_it_belongs(number: str) -> None:
    holder, field, *words = ARTICLE[number]
    texts = [each.text for each in carried(holder, field) if number in each.article]
    said = " ".join(texts).lower()
    assert [word for word in words if word not in said] == []


def test_no_statement_names_an_id_that_the_article_has_not_or_another_carries() -> None:
    everyone = [("why", each) for each in LIBRARY.why]
    everyone += [(d.id, each) for d in LIBRARY.drills.values() for each in statements(d)]
    everyone += [(e.id, each) for e in LIBRARY.elements.values() for each in e.why]
    named = [(number, holder) for holder, each in everyone for number in each.article]
    assert {number for number, _ in named} == set(ARTICLE)
    assert all(ARTICLE[number][0] == holder for number, holder in named)


def test_nothing_promises_a_cure_or_speed() -> None:
    texts = [each.text for d in LIBRARY.drills.values() for each in statements(d)]
    texts += [each.text for e in LIBRARY.elements.values() for each in e.why]
    texts += [session.summary for session in SESSIONS.values()]
    promise = re.compile(r"\b(cures?|heals?|prevents?|guarantees?|will make you)\b", re.IGNORECASE)
    assert [text for text in texts if promise.search(text)] == []


# --- drills and elements ---


def test_the_ten_drills_and_seven_elements_stand_in_the_order_of_the_article() -> None:
    assert list(LIBRARY.drills) == DRILLS
    assert list(LIBRARY.elements) == ELEMENTS
    assert [drill.order for drill in LIBRARY.drills.values()] == list(range(1, 11))


@pytest.mark.parametrize("drill", LIBRARY.drills.values(), ids=lambda drill: str(drill.id))
class TestDrill:
    def test_says_everything(self, drill: Drill) -> None:
        for field in ("purpose", "setup", "movement", "mistakes", "hints", "prerequisites"):
            assert getattr(drill, field), field
        for field in ("trains", "also_trains", "place", "equipment", "stop", "mastery"):
            assert getattr(drill, field), field
        assert all((drill.dose.time, drill.dose.sets, drill.dose.rest))
        assert drill.tempo.progression

    def test_has_cues_of_all_types_and_an_external_one(self, drill: Drill) -> None:
        assert {cue.type for cue in drill.cues} == set(CueType)
        assert Focus.EXTERNAL in {cue.focus for cue in drill.cues}
        assert len(drill.cues) >= 10

    def test_is_explained_in_two_short_sentences(self, drill: Drill) -> None:
        assert len(re.findall(r"[.!?](?:\s|$)", drill.explanation)) == 2
        assert 15 <= len(drill.explanation.split()) <= 30
        assert re.search(r"\bclick\b", drill.explanation)

    def test_names_its_movement_asks_about_it_and_says_what_to_feel(self, drill: Drill) -> None:
        assert {cue.type for cue in drill.cues if cue.verb} == {CueType.MOVEMENT}
        questions = [*(check.text for check in drill.checks), drill.mastered.text]
        assert len(questions) >= 2
        assert all(text.endswith("?") for text in questions)
        assert any(check.article for check in drill.checks)
        assert drill.feel.startswith("This time, feel ")

    def test_warns_of_what_it_may_cost(self, drill: Drill) -> None:
        bounces = drill.id in ("toe-taps-dynamic", "high-knees")
        assert drill.care == ("Tender calf or Achilles? March instead" if bounces else "")
        wobbly = drill.id in ("cycle-standing", "toe-taps")
        setup = [cue.text for cue in drill.cues if cue.type is CueType.SETUP]
        assert ("One hand on the wall if you wobble" in setup[1:]) is wobbly  # help, so not first

    def test_its_tempos_are_in_order(self, drill: Drill) -> None:
        assert drill.tempo.lowest < drill.tempo.highest
        pace = drill.tempo.default.start
        assert pace.relative or drill.tempo.lowest <= pace.value <= drill.tempo.highest


def test_every_cue_is_short_and_spelled_in_one_way() -> None:
    cues = [cue for name in DRILLS + ELEMENTS for cue in LIBRARY.cues(name)]
    spelled: dict[str, str] = {}
    for cue in cues:
        text = cue.text
        told_before = cue.type is CueType.SETUP  # there is time for a sentence
        assert len(text.split()) <= (11 if told_before else 8 if cue.verb else 6), text
        assert text[0].isupper(), text
        assert text[-1] not in ".!,;", text
        assert spelled.setdefault(re.sub(r"\W", "", text).lower(), text) == text
    for name in DRILLS + ELEMENTS:
        own = [cue.text for cue in LIBRARY.cues(name)]
        assert len(own) == len(set(own)), name


def test_what_only_the_planner_may_say_is_in_no_rotation() -> None:
    texts = {cue.text.lower() for name in DRILLS + ELEMENTS for cue in LIBRARY.cues(name)}
    assert not [text for text in texts if "your eyes" in text or "switch" in text]
    assert not texts & {"click is back", "quicker steps now", "slower steps now"}


def test_most_element_cues_leave_the_body_alone() -> None:
    for element in LIBRARY.elements.values():
        calm = [
            cue
            for cue in element.cues
            if cue.focus is not Focus.INTERNAL or cue.type is CueType.RELAX
        ]
        assert len(calm) * 8 >= len(element.cues) * 3, element.id


def test_no_run_is_told_which_part_of_the_foot_to_land_on() -> None:
    texts = [cue.text for element in LIBRARY.elements.values() for cue in element.cues]
    assert not [text for text in texts if re.search(r"(off|on|onto) (your|the) (heel|toe)", text)]


def test_shorter_steps_are_asked_for_only_while_the_tempo_changes() -> None:
    steady = [cue.text for element in LIBRARY.elements.values() for cue in element.cues]
    for session in SESSIONS.values():
        for phase in phases(session):
            if phase.kind is Kind.RUN and (not phase.tempo or phase.tempo.start == phase.tempo.end):
                steady += [*phase.words, *(say.text for say in phase.say)]
    assert not [text for text in steady if "shorte" in text.casefold()]


def test_every_element_has_three_outward_cues_or_more() -> None:
    for element in LIBRARY.elements.values():
        assert sum(cue.outward for cue in element.cues) >= 3, element.id


SPOKEN = [
    *("C1", "C2", "C3", "S1", "S2", "S3", "S4", "S5", "R1", "R2"),
    *("F1", "F2", "F3", "F4", "F5", "T1", "T2", "T3", "T4", "D2", "D3"),
    *("B1", "B2", "B3", "H1", "H2", "H3", "X1", "X2", "X3", "P3"),
]


@pytest.mark.parametrize("number", SPOKEN)
def test_each_statement_about_a_movement_has_words_that_are_heard_in_its_drill(number: str) -> None:
    drill = LIBRARY.drills[ARTICLE[number][0]]
    heard = [*(cue.article for cue in drill.cues), *(each.article for each in drill.checks)]
    assert any(number in article for article in heard)


def test_the_coach_has_twenty_encouragements_or_more_and_asks_nothing_by_them() -> None:
    talk = LIBRARY.talk
    kinds = (talk.encouragement, talk.learning, talk.late, talk.half, talk.last, talk.running)
    lines = {text for kind in (*kinds, talk.best) for text in kind}
    questions = [*talk.questions, *talk.legs, *talk.race]
    assert len(lines) >= 20
    assert all(len({*kind}) == len(kind) for kind in kinds)
    assert not any("?" in line for line in lines)
    assert all(line.endswith("?") for line in questions)
    assert {*lines, *questions, *(each.text for each in talk.reasons)} == {*talk.texts()}


def test_each_reason_is_an_idea_and_what_it_claims_of_speed_is_the_article_s() -> None:
    drills, elements = LIBRARY.drills.values(), LIBRARY.elements.values()
    told = [each for page in drills for each in page.reasons]
    told += [each for page in elements for each in page.reasons]
    reasons = [each.text for each in (*told, *LIBRARY.talk.reasons)]
    assert len(reasons) >= 10
    assert all(re.search("article|The idea:", text) for text in reasons)
    bold = [text for text in reasons if re.search("speed|slow|energy|gravity", text)]
    assert len(bold) == 4
    assert all("article" in text for text in bold)


def test_the_two_locked_drills_name_their_forerunner() -> None:
    after = {drill.id: drill.after for drill in LIBRARY.drills.values() if drill.after}
    assert after == {"cycle-running": "cycle-standing", "toe-taps-dynamic": "toe-taps"}


def test_tempo_accent_and_feet_follow_the_movement() -> None:
    own = Tempo(Pace(Fraction(1), relative=True), Pace(Fraction(1), relative=True))
    drills = LIBRARY.drills
    assert [d.id for d in drills.values() if d.tempo.default == own] == [
        "fall-to-run",
        "hands-together",
    ]
    assert drills["perception"].tempo.default.start == Pace(Fraction(40))
    assert drills["perception"].accent == drills["cycle-standing"].accent == 2
    assert drills["cycle-running"].accent == 3
    assert drills["hands-together"].accent == drills["fall-to-run"].accent == 0
    assert not drills["hands-together"].distinct_feet
    assert drills["change-of-support"].distinct_feet
    assert drills["toe-taps"].sides == (Side.BOTH, Side.LEFT, Side.RIGHT, Side.ALTERNATING)
    assert drills["perception"].sides == (Side.NONE,)
    assert [v.name for d in drills.values() for v in d.variants if v.eyes_closed] == ["eyes closed"]
    assert all(drills[name].moving for name in ("cycle-running", "fall-to-run", "hands-together"))
    assert drills["toe-taps"].speaking.quiet_last == 4


# --- sessions ---


def test_there_are_thirteen_sessions() -> None:
    assert set(SESSIONS) == set(LENGTHS)


@pytest.mark.parametrize("name", LENGTHS)
class TestSession:
    def test_lasts_exactly_as_long_as_it_is_meant_to(self, name: str) -> None:
        times = [phase.length.seconds for phase in phases(SESSIONS[name])]
        minutes, seconds = map(int, LENGTHS[name].split(":"))
        assert sum(time for time in times if time is not None) == minutes * 60 + seconds
        assert None not in times

    def test_ends_with_words_of_its_own(self, name: str) -> None:
        *_, last = phases(SESSIONS[name])
        ends = [SESSIONS[name].goodbye, last.text, *(say.text for say in last.say if say.from_end)]
        assert any(ends)

    def test_leaves_ten_seconds_before_each_new_drill(self, name: str) -> None:
        quiet, last = Fraction(1000), None
        for phase in phases(SESSIONS[name]):
            seconds = phase.length.seconds or Fraction(0)
            what = (phase.drill, phase.side, phase.tempo)
            if phase.kind is Kind.DRILL and what != last:
                assert quiet >= 10, f"phase {phase.number}"
            last = what
            beats = phase.kind is Kind.DRILL or phase.tempo
            quiet = Fraction(0) if beats else quiet + seconds

    def test_is_performed_without_a_warning(self, name: str) -> None:
        explain = SESSIONS[name].level == "first"
        parts = perform(SESSIONS[name], LIBRARY, Fraction(165), 1, explain=explain, speech={})
        assert list(advice(parts, LIBRARY, Fraction(165))) == []

    def test_gives_every_talk_time_to_be_spoken(self, name: str) -> None:
        for phase in phases(SESSIONS[name]):
            if phase.kind is Kind.TALK:
                assert phase.length.seconds is not None
                assert len(phase.text.split()) / 2.3 < phase.length.seconds

    def test_tells_what_it_is(self, name: str) -> None:
        session = SESSIONS[name]
        assert session.title
        assert session.summary
        assert session.place


def test_all_ten_drills_and_six_elements_are_practised() -> None:
    written = [phase for session in SESSIONS.values() for phase in phases(session)]
    assert {phase.drill for phase in written if phase.drill} == set(DRILLS)
    assert set(ELEMENTS) <= {name for phase in written for name in phase.cues or ()}


def test_the_counted_half_minutes_are_exact() -> None:
    """Between the two one-word texts lie 30 s, the first of them two minutes into the run."""
    start, said = Fraction(0), []
    for phase in phases(SESSIONS["find-your-cadence"]):
        said += [(start + say.at, say.text) for say in phase.say if not say.from_end]
        start += phase.length.seconds or 0
        assert phase.tempo is None
    counts = [at for at, text in said if text in ("Go", "Stop")]
    assert counts == [120, 150, 175, 205]


# --- the runner's own drills ---

HOPS = """
name = "Hops"
explanation = "Hop on one leg. Each click is one hop."
movement = ["Hop on the spot."]
beat = "One hop."
tempo = { lowest = 60, highest = 120, default = 90 }
cues = [{ text = "Hop lightly", type = "movement" }]
"""

DOSE = 'dose = { time = "", sets = "", rest = ""'
SPEAKING = 'speaking = { every = 8, quiet_first = 4, quiet_last = "5s"'


@pytest.fixture
def own(tmp_path: Path) -> Callable[[str, str], Path]:
    def write(name: str, text: str) -> Path:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path

    return write


def test_an_own_drill_needs_only_a_few_keys(own: Callable[[str, str], Path]) -> None:
    library = load_library(own("hops.toml", HOPS))
    assert list(library.drills) == [*DRILLS, "hops"]
    hops = library.drills["hops"]
    assert hops.name == "Hops"
    assert hops.movement == (Statement("Hop on the spot."),)
    assert hops.tempo.default.start == Pace(Fraction(90))
    assert hops.sides == (Side.NONE,)
    assert hops.cues[0].focus is Focus.NEUTRAL


def test_an_own_drill_may_have_ideas_chants_and_limits(own: Callable[[str, str], Path]) -> None:
    cues = 'type = "movement", idea = "up", chant = "hop - up" }'
    text = HOPS.replace('type = "movement" }', cues)
    text += f"{DOSE}, longest = '20.5s' }}\n{SPEAKING}, one_from = 140 }}\n"
    hops = load_library(own("hops.toml", text)).drills["hops"]
    assert hops.cues == (
        Cue("Hop lightly", CueType.MOVEMENT, Focus.NEUTRAL, idea="up", chant=("hop", "up")),
    )
    assert hops.dose.longest == Fraction(41, 2)
    assert [hops.speaking.one_from, hops.speaking.in_ramps] == [140, True]


def test_an_own_drill_that_says_nothing_of_them_has_none(own: Callable[[str, str], Path]) -> None:
    hops = load_library(own("hops.toml", HOPS)).drills["hops"]
    assert [hops.cues[0].idea, hops.cues[0].chant, hops.dose.longest] == ["", (), None]
    assert [hops.speaking.one_from, hops.speaking.in_ramps] == [0, True]
    dosed = load_library(own("hops.toml", f"{HOPS}{DOSE} }}\n")).drills["hops"]
    assert dosed.dose.longest is None


def test_a_folder_that_is_not_there_has_no_drills(tmp_path: Path) -> None:
    assert load_library(tmp_path / "none") == LIBRARY


def test_what_is_not_a_file_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "folder.toml").mkdir()
    assert load_library(tmp_path) == LIBRARY


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("toe-taps.toml", "", "", ["toe-taps.toml", "built-in"]),
        ("lean.toml", "", "", ["lean.toml", "built-in"]),
        ("My Hops.toml", "", "", ["My Hops.toml", "small letters"]),
        ("hops.toml", "movement", "movment", ['"movment"', 'did you mean "movement"']),
        ("hops.toml", "beat =", "zzz =", ['"zzz"', "there are name"]),
        ("hops.toml", 'beat = "One hop."', "", ['"beat" is missing']),
        ("hops.toml", '"movement" }', '"movment" }', ["cues", "item 1", 'did you mean "movement"']),
        ("hops.toml", "type =", "typ =", ["cues", "item 1", 'did you mean "type"']),
        ("hops.toml", "lowest = 60", 'lowest = "own"', ["tempo", "lowest", "number of beats"]),
        ("hops.toml", "default = 90", "default = 130", ["tempo", "default", "highest"]),
        ("hops.toml", "default = 90", "default = nan", ["tempo", "default", "nan"]),
        ("hops.toml", "Hop on one leg.", "Hop. Hop. Hop.", ["explanation", "two sentences"]),
        ("hops.toml", 'beat = "One hop."', "beat = 3", ["beat", "table", "3"]),
        ("hops.toml", "beat =", 'after = "hops"\nbeat =', ["after"]),
        ("hops.toml", "beat =", 'after = "toe-tap"\nbeat =', ["after", '"toe-taps"']),
        ("hops.toml", "beat =", 'trains = ["lena"]\nbeat =', ["trains", "item 1", '"lean"']),
        ("hops.toml", "beat =", 'sides = ["lfet"]\nbeat =', ["sides", '"left"']),
        ("hops.toml", "beat =", "accent = 1\nbeat =", ["accent", "2, 3, 4"]),
        ("hops.toml", "beat =", 'place = ["moon"]\nbeat =', ["place", "treadmill"]),
        ("hops.toml", "beat =", 'lamps = ["up"]\nbeat =', ["lamps", "two words"]),
        ("hops.toml", "beat =", 'lamps = ["upwards!!", "on"]\nbeat =', ["lamps", "8 letters"]),
        ("hops.toml", "beat =", "feet = 1\nbeat =", ["feet", "true or false"]),
        ("hops.toml", '"movement" }', '"movement", chant = "hop" }', ["item 1", "chant", "2 to 4"]),
        ("hops.toml", '"movement" }', '"movement", idea = 3 }', ["item 1", "idea", "a text"]),
        ("hops.toml", "beat =", f"{DOSE}, longest = 20 }}\nbeat =", ["dose", "longest", "time"]),
        ("hops.toml", "beat =", f"{DOSE}, longst = '20s' }}\nbeat =", ["dose", '"longest"']),
        ("hops.toml", "beat =", f"{SPEAKING}, one_from = 0 }}\nbeat =", ["one_from", "20 to 300"]),
        ("hops.toml", "beat =", f"{SPEAKING}, in_ramps = 0 }}\nbeat =", ["in_ramps", "true or"]),
        ("hops.toml", 'name = "Hops"', 'name = "', ["hops.toml", "line 2", "a quote without"]),
        ("hops.toml", 'name = "Hops"', f'name = "{"x" * 201}"', ["name", "200"]),
        ("hops.toml", 'name = "Hops"', "name = " + "[" * 5000, ["nested too deeply"]),
        ("hops.toml", 'name = "Hops"', "#" * (1 << 20), ["1 MiB"]),
        ("hops.toml", 'name = "Hops"', f"name = {'1' * 10_000}", ["too many digits"]),
        ("hops.toml", 'name = "Hops"', "a.b.c.d.e.f.g.h.i = 1", ["line 2", "too many parts"]),
    ],
)
def test_a_mistake_names_the_file_and_the_key(
    own: Callable[[str, str], Path], name: str, old: str, new: str, told: list[str]
) -> None:
    assert old in HOPS
    with pytest.raises(UserError) as caught:
        load_library(own(name, HOPS.replace(old, new, 1) if old else HOPS))
    message = str(caught.value)
    assert re.match(rf"{re.escape(name)}( \(line \d+\))?: ", message)
    assert "\n" not in message
    assert [part for part in told if part not in message] == []


def test_text_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "hops.toml").write_bytes(b'name = "H\xf6ps"')
    with pytest.raises(UserError, match="UTF-8"):
        load_library(tmp_path)


# --- docs/drills.md ---

DOCS = (Path(__file__).parents[2] / "docs" / "drills.md").read_text(encoding="utf-8")


def test_the_drill_in_the_docs_is_a_whole_drill(own: Callable[[str, str], Path]) -> None:
    example = DOCS.partition("```toml\n")[2].partition("```")[0]
    assert "one-leg-hops" in load_library(own("one-leg-hops.toml", example)).drills


def test_the_docs_name_every_key_and_every_built_in_id() -> None:
    names = {field.name for field in fields(Drill)} - {"id", "distinct_feet"}
    keys = [*sorted(names), "feet"]
    assert [name for name in (*keys, *DRILLS, *ELEMENTS) if f"`{name}`" not in DOCS] == []


def test_the_docs_tell_the_tempos_of_the_library() -> None:
    for drill in LIBRARY.drills.values():
        pace = drill.tempo.default.start
        default = "own" if pace.relative else pace.value
        told = f"{drill.tempo.lowest} to {drill.tempo.highest} ({default})"
        row = next(line for line in DOCS.splitlines() if line.startswith(f"| `{drill.id}`"))
        assert told in row
        assert ", ".join(drill.trains) in row
