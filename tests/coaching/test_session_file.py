"""Reading session files: what they mean, and that every mistake is told once, with its place."""

from __future__ import annotations

import random
import re
import tomllib
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence_cue.coaching.drill import Library, Pace, Side, Tempo
from cadence_cue.coaching.lines import find_lines
from cadence_cue.coaching.phases import PHASE_KEYS
from cadence_cue.coaching.session import (
    Beat,
    BeatMode,
    Kind,
    Length,
    Music,
    Phase,
    Repeat,
    Say,
    Session,
)
from cadence_cue.coaching.session_file import REPEAT_KEYS, SESSION_KEYS, load, parse
from cadence_cue.errors import UserError, printable
from tests.coaching.malformed import MALFORMED, START, write_special

DOCS = Path(__file__).parents[2] / "docs" / "sessions.md"

WHOLE = """\
title     = "Whole"
summary   = "Every key"
level     = "moderate"
place     = ["road", "home"]
needs     = "a wall"
announce  = false
countdown = "10 3"
explain   = "never"
get_ready = "2.5s"
seed      = 7
music     = { file = "music", level = "-6 dB", shuffle = true, loop = true, click = "fade" }

[[phase]]
drill     = "perception"
variant   = "eyes closed"
time      = "45s"
announce  = "Now perception"

[[phase]]  # a comment with "quotes" and [brackets
drill     = "toe-taps"
side      = "left"
time      = "64 beats"
tempo     = 80
accent    = 4
chant     = "tap · up"
count_in_voice = true

[[phase]]
run       = "Build # no comment"
title     = "Longer title"
time      = "1m30s"
tempo     = "own -> +5%"
beat      = "4 on, 4 off"
stride    = "right"
accent    = "none"
beat_level = "-6 dB"
voice_level = "-3 dB"
cues      = [
  "cadence",
  "toe-taps",
]
words     = ["Easy and tall"]
cue_every = "64 beats"
say       = [
  { at = "10s", text = "Listen" },
  { at = "-5s", text = "Back" },
]
count_in  = 8
countdown = false
note      = "For the screen"

[[phase]]
talk      = "Well done."
time      = "10s"

[[phase]]
repeat    = 4
[[phase.part]]
drill     = "fall-to-run"
time      = "20s"
count_in  = false
[[phase.part]]
walk      = ""
time      = "35s"
"""


def read(text: str, library: Library) -> Session:
    return parse(
        tomllib.loads(text),
        name="whole",
        library=library,
        source=Path("whole.toml"),
        lines=find_lines(text),
    )


def test_every_key_means_what_it_says(library: Library) -> None:
    own, plus5 = Pace(Fraction(1), relative=True), Pace(Fraction(21, 20), relative=True)
    assert read(WHOLE, library) == Session(
        name="whole",
        title="Whole",
        summary="Every key",
        level="moderate",
        place=("road", "home"),
        needs="a wall",
        announce=frozenset(),
        countdown=(10, 3),
        explain="never",
        get_ready=Fraction(5, 2),
        seed=7,
        music=Music("music", -6.0, shuffle=True, loop=True, fade_click=True),
        phases=(
            Phase(
                Kind.DRILL,
                Length(Fraction(45)),
                drill="perception",
                variant="eyes closed",
                announce="Now perception",
                number="1",
                line=13,
            ),
            Phase(
                Kind.DRILL,
                Length(beats=64),
                drill="toe-taps",
                side=Side.LEFT,
                tempo=Tempo(Pace(Fraction(80)), Pace(Fraction(80))),
                accent=4,
                chant=("tap", "up"),
                count_in_voice=True,
                number="2",
                line=19,
            ),
            Phase(
                Kind.RUN,
                Length(Fraction(90)),
                title="Longer title",
                tempo=Tempo(own, plus5),
                beat=Beat(BeatMode.GAPS, 4, 4),
                clicked_foot=Side.RIGHT,
                accent=0,
                beat_level=-6.0,
                voice_level=-3.0,
                cues=("cadence", "toe-taps"),
                words=("Easy and tall",),
                cue_every=Length(beats=64),
                say=(
                    Say(Fraction(10), from_end=False, text="Listen"),
                    Say(Fraction(5), from_end=True, text="Back"),
                ),
                count_in=8,
                countdown=(),
                note="For the screen",
                number="3",
                line=28,
            ),
            Phase(Kind.TALK, Length(Fraction(10)), text="Well done.", number="4", line=52),
            Repeat(
                4,
                (
                    Phase(
                        Kind.DRILL,
                        Length(Fraction(20)),
                        drill="fall-to-run",
                        count_in=0,
                        number="5.1",
                        line=58,
                    ),
                    Phase(Kind.WALK, Length(Fraction(35)), number="5.2", line=62),
                ),
            ),
        ),
    )


def test_what_is_left_out_is_left_to_the_rules(library: Library) -> None:
    data = {"title": "Bare", "phase": [{"run": "Easy", "time": "5s"}]}
    assert parse(data, name="bare", library=library) == Session(
        name="bare",
        title="Bare",
        summary="",
        level="easy",
        place=(),
        needs="",
        phases=(Phase(Kind.RUN, Length(Fraction(5)), title="Easy", number="1"),),
    )


@pytest.mark.parametrize(
    "keys",
    [
        {"say": [{"at": "0s", "text": "a"}, {"at": "-5s", "text": "b"}]},
        {"say": [{"at": "4.999s", "text": "a"}]},
        {"countdown": "5"},
        {"count_in": False, "countdown": False, "announce": False},
        {"cue_every": "10s", "cues": [], "words": []},
        {"tempo": 20, "time": "1 beat", "cue_every": "1 beat", "countdown": "60"},
        {"tempo": "160", "accent": False, "beat": "off", "beat_level": "-60 dB", "count_in": 16},
        {"tempo": 160, "glide": "64 beats", "stride": "right", "count_in_voice": False},
        {"tempo": 160, "glide": "8 beats", "beat": "off"},
        {"tempo": "160 -> 170", "glide": False, "stride": False, "beat": "fade"},
        {"announce": ["next", "click"]},
    ],
)
def test_what_is_just_allowed_is_read(library: Library, keys: dict[str, object]) -> None:
    data = {
        "title": "Edges",
        "get_ready": "60s",
        "seed": (1 << 63) - 1,
        "phase": [{"run": "", "time": "5s", **keys}],
    }
    parse(data, name="edges", library=library)


@pytest.mark.parametrize(
    ("drill", "side", "expected"),
    [
        ("toe-taps", {}, Side.LEFT),
        ("toe-taps", {"side": "alternating"}, Side.ALTERNATING),
        ("toe-taps", {"side": "both"}, Side.BOTH),
        ("perception", {}, Side.NONE),
    ],
)
def test_a_side_is_one_of_the_drill(
    library: Library, drill: str, side: dict[str, object], expected: Side
) -> None:
    data = {"title": "Sides", "phase": [{"drill": drill, "time": "20s", **side}]}
    phase = parse(data, name="sides", library=library, rehearsal=True).phases[0]
    assert isinstance(phase, Phase)
    assert phase.side is expected


def test_a_stride_is_of_steps_with_both_feet(library: Library) -> None:
    taps = {"drill": "toe-taps", "side": "alternating", "time": "20s", "stride": "left"}
    knees = {"drill": "high-knees", "time": "20s", "stride": "right"}
    data = {"title": "Strides", "phase": [taps, knees]}
    made = parse(data, name="strides", library=library, rehearsal=True).written()
    assert [phase.clicked_foot for phase in made] == [Side.LEFT, Side.RIGHT]


@pytest.mark.parametrize("beat", ["fade", "4 on, 4 off", "64 then off"])
def test_a_beat_that_is_counted_has_no_glide(library: Library, beat: str) -> None:
    run = {"run": "", "time": "30s", "tempo": 160, "glide": "8 beats", "beat": beat}
    with pytest.raises(UserError, match='"glide" needs a "beat" that is on or off'):
        parse({"title": "Glides", "phase": [run]}, name="glides", library=library)


def test_a_file_is_named_after_itself(tmp_path: Path, library: Library) -> None:
    path = tmp_path / "morning run.toml"
    path.write_bytes(b"\xef\xbb\xbf" + START.replace("\n", "\r\n").encode())
    session = load(path, library)
    assert (session.name, session.source) == ("morning run", path)
    assert [phase.line for phase in session.phases if isinstance(phase, Phase)] == [2]


def test_a_link_to_a_file_is_a_file(tmp_path: Path, library: Library) -> None:
    (tmp_path / "a.toml").write_text(START)
    (tmp_path / "b.toml").symlink_to("a.toml")
    assert load(tmp_path / "b.toml", library).name == "b"


def test_a_file_of_exactly_1_mib_is_read(tmp_path: Path, library: Library) -> None:
    path = tmp_path / "full.toml"
    path.write_text(START + "#" * ((1 << 20) - len(START)))
    assert load(path, library).title == "Test"


def told(path: Path, library: Library) -> str:
    """The one sentence that a file gets; of its path, which it begins with, only the name."""
    with pytest.raises(UserError) as caught:
        load(path, library)
    message = str(caught.value)
    assert message.isprintable()
    assert len(message) < 600 + len(str(path))
    where = printable(str(path))
    assert message.startswith(where)
    return message.replace(where, path.name, 1)


@pytest.mark.parametrize("name", MALFORMED)
def test_every_mistake_is_one_sentence_with_its_place(
    name: str, tmp_path: Path, library: Library
) -> None:
    path = tmp_path / "daily.toml"
    path.write_bytes(MALFORMED[name])
    place = r"daily\.toml(, phase \d+(\.\d+)?)?( \(line \d+\))?: \S"
    assert re.match(place, told(path, library))


def test_there_are_many_mistakes() -> None:
    assert len(MALFORMED) >= 70
    assert len(set(MALFORMED.values())) == len(MALFORMED)


TIMES = '"45s", "1m30s", "5min", "1h" or "64 beats"'
TEMPOS = 'beats a minute, "own", a share such as "+5%" or a ramp such as "own -> +5%"'
CHANTS = 'false or 2 to 4 words such as "pull · heel · up" or "pull - heel - up"'
GLIDES = 'false or "1 beat" to "64 beats"'
KINDS = "next, time, tempo, number, set-up, halfway, click, end, teaching, encouragement"
TOLD = {
    "empty": ': "title" is missing; write for example title = "Easy run"',
    "binary": " (line 2): is not text in UTF-8: save it as UTF-8 in your editor",
    "Latin-1": " (line 2): is not text in UTF-8: save it as UTF-8 in your editor",
    "deep arrays": ": is nested too deeply",
    "deep inline tables": ": is nested too deeply",
    "deep repeats": ": is nested too deeply",
    "deep dotted key": " (line 1): a key has too many parts",
    "a number of 10,000 digits": ": a number has too many digits",
    "too large": ": is larger than 1 MiB; it is meant to be a short text",
    "no phase": ": there must be at least one [[phase]]",
    "empty title": ' (line 1): "title" must not be empty',
    "title too long": ' (line 1): "title" must have at most 200 characters, not 201',
    "title of two lines": ' (line 1): "title" must be one line without control characters, '
    r'not "a\u000ab"',
    "unknown session key": ' (line 2): key "sumary" is not known here; did you mean "summary"?',
    "unknown session table": ' (line 2): key "tags" is not known here; there are title, summary, '
    "level, place, needs, announce, countdown, count_in_voice, explain, get_ready, seed, "
    "goodbye, music, phase",
    "music under both names": " (line 2): has both [music] and [bed], its former name; "
    "keep [music]",
    "phase key above the phases": ' (line 2): key "time" is not known here; '
    "it belongs in a [[phase]]",
    "session key in a phase": ', phase 2 (line 8): key "level" is not known here; '
    "it belongs above the first [[phase]]",
    "unknown level": ' (line 2): "level" cannot be "eazy"; did you mean "easy"?',
    "unknown place": ' (line 2): "place" item 2 must be one of home, wall, track, road, '
    'treadmill, not "beach"',
    "get_ready too long": ' (line 2): "get_ready" must be at most 1min, not "61s"',
    "seed too large": ' (line 2): "seed" must be a whole number from 0 to 9223372036854775807, '
    "not a huge number",
    "phase is a table": ' (line 2): "phase" must be written as [[phase]]',
    "phases are texts": ', phase 1: must be a table under [[phase]], not "run"',
    "inline phases": ', phase 1: key "tempoo" is not known here; did you mean "tempo"?',
    "unknown key": ', phase 2 (line 8): key "tempoo" is not known here; did you mean "tempo"?',
    "sub-table": ', phase 2 (line 8): key "extra" is not known here; there are drill, run, walk, '
    "rest, talk, variant, side, chant, time, tempo, beat, glide, stride, accent, beat_level, "
    "voice_level, cues, words, cue_every, say, announce, count_in, count_in_voice, countdown, "
    "title, note, repeat, part",
    "no kind": ", phase 2 (line 5): a phase must have one of drill, run, walk, rest, talk, repeat",
    "two kinds": ', phase 2 (line 7): a phase is one thing, not "run" and "walk"',
    "unknown drill": ', phase 2 (line 6): "drill" cannot be "toe-tap"; did you mean "toe-taps"?',
    "unknown variant": ', phase 2 (line 7): "variant" cannot be "eyes close"; '
    'did you mean "eyes closed"?',
    "variant of a drill without": ', phase 2 (line 7): "variant" is not for Toe Taps, '
    "which has no variants",
    "side of a drill without": ', phase 2 (line 7): "side" is not for Perception, '
    "which has no sides",
    "side of a walk": ', phase 2 (line 7): "side" belongs only in a drill',
    "no time": ', phase 2 (line 5): "time" is missing; write for example time = "45s"',
    "time is a number": f', phase 2 (line 7): "time" must be a time such as {TIMES}, not 45',
    "time in m": f', phase 2 (line 7): "time" must be a time such as {TIMES}, not "10m"; '
    'minutes are "min"',
    "time too long": ', phase 2 (line 7): "time" must be at most 6h, not "7h"',
    "beats without a tempo": ', phase 2 (line 7): "time" in beats needs a "tempo" '
    "in the same phase",
    "tempo too fast": ', phase 2 (line 8): "tempo" must be from 20 to 300 beats a minute, '
    "not 300.5",
    "tempo is not a number": f', phase 2 (line 8): "tempo" must be {TEMPOS}, not nan',
    "tempo is a huge number": ', phase 2 (line 8): "tempo" must be from 20 to 300 beats a minute, '
    "not a huge number",
    "share without a sign": f', phase 2 (line 8): "tempo" must be {TEMPOS}, not "5%"; '
    'did you mean "+5%"?',
    "ramp without an end": f', phase 2 (line 8): "tempo" must be {TEMPOS}, not "160 ->"; '
    "a ramp has two ends",
    "accent without a tempo": ', phase 2 (line 8): "accent" needs a "tempo" in the same phase',
    "level up": ', phase 2 (line 8): "voice_level" must be from "-60 dB" to "0 dB", '
    'not "+3 dB"; levels only go down',
    "unknown cues": ', phase 2 (line 8): "cues" item 2 cannot be "leen"; did you mean "lean"?',
    "say at the end": ', phase 2 (line 8): "say" item 1 is not within the phase; '
    "the phase lasts 5s",
    "say without text": ', phase 2 (line 8): "say" item 1 must have "text", or '
    '"sound" with a recording',
    "countdown longer than the phase": ', phase 2 (line 8): "countdown" begins 10s before the '
    "end; the phase lasts 5s",
    "a billion repeats": ', phase 2 (line 6): "repeat" must be a whole number from 1 to 2000, '
    "not 1000000000",
    "repeat without parts": ", phase 2 (line 5): there must be at least one [[phase.part]]",
    "repeat with a time": ', phase 2 (line 7): key "time" is not known here; '
    "it belongs in a [[phase.part]] of this repeat",
    "parts without a repeat": ', phase 2 (line 5): [[phase.part]] needs "repeat" '
    "in the [[phase]] above it",
    "repeat in a repeat": ", phase 2.2 (line 11): a repeat cannot stand in a repeat",
    "mistake in a part": f', phase 2.2 (line 13): "tempo" must be {TEMPOS}, not "quick"',
    "too many phases": ": a session has at most 2000 phases, this one has 2001 with its repeats",
    "first drill": ", phase 1 (line 2): the first drill must be Perception, not Toe Taps; "
    "the article begins every practice with it",
    "toe-taps-dynamic alone": ", phase 2 (line 5): Toe Taps Dynamic must come after Toe Taps; "
    "the article wants Toe Taps mastered first",
    "chant is true": f', phase 2 (line 9): "chant" must be {CHANTS}, not true',
    "chant of one word": f', phase 2 (line 9): "chant" must be {CHANTS}, not "up"',
    "chant of five words": f', phase 2 (line 9): "chant" must be {CHANTS}, not "a · b · c · d · e"',
    "chant of a run": ', phase 2 (line 9): "chant" belongs only in a drill',
    "stride of a standing drill": ', phase 2 (line 8): "stride" is only for steps of both feet '
    "in turn",
    "stride of one leg": ', phase 2 (line 10): "stride" is only for steps of both feet in turn',
    "stride of both": ', phase 2 (line 9): "stride" must be one of left, right, not "both"',
    "stride mistyped": ', phase 2 (line 9): "stride" cannot be "lfet"; did you mean "left"?',
    "stride without a tempo": ', phase 2 (line 8): "stride" needs a "tempo" in the same phase',
    "glide into a ramp": ', phase 2 (line 9): "glide" leads to one tempo, and this phase '
    "has a ramp",
    "glide into a fade": ', phase 2 (line 10): "glide" needs a "beat" that is on or off; '
    "let another phase lead to this one",
    "glide of seconds": f', phase 2 (line 9): "glide" must be {GLIDES}, not "8s"',
    "glide of 65 beats": f', phase 2 (line 9): "glide" must be {GLIDES}, not "65 beats"',
    "glide without a tempo": ', phase 2 (line 8): "glide" needs a "tempo" in the same phase',
    "count_in_voice is a number": ', phase 2 (line 9): "count_in_voice" must be true or false, '
    "not 4",
    "count_in_voice of a session is a text": ' (line 2): "count_in_voice" must be true or false, '
    'not "yes"',
    "announce is a text": f' (line 2): "announce" must be true, false or a list of {KINDS}, '
    'not "yes"',
    "announce of a session, mistyped": ' (line 2): "announce" item 2 cannot be "setup"; '
    'did you mean "set-up"?',
    "announce of what there is not": ', phase 2 (line 8): "announce" item 1 cannot be "tempi"; '
    'did you mean "tempo"?',
    "announce of nothing near": f', phase 2 (line 8): "announce" item 1 must be one of {KINDS}, '
    'not "zzz"',
    "announce is a number": ', phase 2 (line 8): "announce" must be true, false, a list or a text, '
    "not 1",
    "announce nothing": ', phase 2 (line 8): "announce" must not be empty',
    "fall counted in": ', phase 2 (line 8): "count_in" is not for fall-to-run: '
    "its set is counted by ticks",
    "fall in beats": ', phase 2 (line 5): fall-to-run needs a "time" in seconds, not in beats',
}


@pytest.mark.parametrize("name", TOLD)
def test_the_whole_sentence(name: str, tmp_path: Path, library: Library) -> None:
    path = tmp_path / "daily.toml"
    path.write_bytes(MALFORMED[name])
    assert told(path, library) == f"daily.toml{TOLD[name]}"


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("unclosed array", "9): is not valid TOML: "),
        ("no value", "6): has no value"),
        ("same key twice", "8): gives time for the second time"),
    ],
)
def test_broken_toml_is_told_with_its_line(
    name: str, start: str, tmp_path: Path, library: Library
) -> None:
    path = tmp_path / "daily.toml"
    path.write_bytes(MALFORMED[name])
    assert told(path, library).startswith(f"daily.toml (line {start}")


def test_what_is_no_file_is_told_and_nothing_hangs(tmp_path: Path, library: Library) -> None:
    paths = write_special(tmp_path)
    reasons = {name: told(path, library).split(": ", 1)[1] for name, path in paths.items()}
    assert reasons["missing"] == reasons["dangling"] == "there is no such file"
    for name in ("folder", "fifo", "device"):
        assert reasons[name] == "is not a file that can be read"
    assert reasons["gigabytes"] == "is larger than 1 MiB; it is meant to be a short text"
    for name in ("loop", "below-a-file", "long-name"):
        assert reasons[name].startswith("cannot be read: ")


def test_lines_are_found_however_the_file_is_written() -> None:
    text = START.replace('drill = "perception"', "'drill' = '''\nperception'''") + (
        "[[ phase ]]\n"  # line 6
        'run = """\\\n'
        "[[phase]]\n"
        'time = x"""\n'
        'words = [ "[", # ]]\n'  # line 10
        '  "a\\"]", \']\', """]""", \'\'\'[[\'\'\',\n'
        "]\n"
        "[[phase.say]]\n"  # line 13
        'at = "1s"\n'
        'text = "time = 5"\n'
        "[[ phase ]] # three\n"  # line 16
        "repeat = 2\n"
        '[["phase" . part]]\n'  # line 18
        'walk = ""\n'
        '"time" = "1s"\n'
        "[[phase.part.say]]\n"  # line 21
        'at = "0s"\n'
        'text = "a"\n'
        "[[phase]]\n"  # line 24
        "repeat = 3\n"
        "[[phase.part]]\n"  # line 26
        "[music]\n"  # line 27
        "time = 1\n"
    )
    tomllib.loads(text)
    assert find_lines(text) == {
        ("", "title"): 1,
        ("1", ""): 2,
        ("1", "drill"): 3,
        ("1", "time"): 5,
        ("2", ""): 6,
        ("2", "run"): 7,
        ("2", "words"): 10,
        ("2", "say"): 13,
        ("3", ""): 16,
        ("3", "repeat"): 17,
        ("3.1", ""): 18,
        ("3.1", "walk"): 19,
        ("3.1", "time"): 20,
        ("3.1", "say"): 21,
        ("4", ""): 24,
        ("4", "repeat"): 25,
        ("4.1", ""): 26,
        ("", "music"): 27,
    }


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["perception", "toe-taps", "45s", "64 beats", "own -> +5%", "4 on, 4 off"])
)
KEYS = st.sampled_from((*SESSION_KEYS, *PHASE_KEYS, *REPEAT_KEYS, "at", "text", "zzz"))
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=4,
)
PHASES = st.lists(
    st.dictionaries(KEYS, VALUES, max_size=4).map(lambda keys: {"time": "30s", **keys}), max_size=3
)


@given(st.dictionaries(KEYS, VALUES, max_size=3), PHASES)
def test_any_data_gives_a_session_or_one_sentence(
    library: Library, keys: dict[str, object], phases: list[dict[str, object]]
) -> None:
    try:
        parse({"title": "Any", "phase": phases, **keys}, name="any", library=library)
    except UserError as error:
        assert str(error).isprintable()  # noqa: PT017 - either outcome is right


def test_a_damaged_file_gives_a_session_or_one_sentence(tmp_path: Path, library: Library) -> None:
    dice = random.Random(2)
    path = tmp_path / "damaged.toml"
    outcomes = set()
    for _ in range(400):
        raw = bytearray(WHOLE.encode())
        for _ in range(dice.randint(1, 3)):
            start = dice.randrange(len(raw))
            raw[start : start + dice.randint(0, 4)] = dice.choice(
                [b"", b'"', b"[", b"]", b"\n", b"=", b"9", b"\xff", b"\0", b"#", b"'''"]
            )
        path.write_bytes(raw)
        try:
            load(path, library)
            outcomes.add("read")
        except UserError as error:
            assert str(error).isprintable()  # noqa: PT017 - either outcome is right
            outcomes.add("refused")
    assert outcomes == {"read", "refused"}


def test_the_former_name_of_the_music_table_is_read(library: Library) -> None:
    table = {"file": "Music", "level": "-6 dB"}
    data = {"title": "Test", "phase": [{"walk": "", "time": "9s"}]}
    former, present = (
        parse({**data, key: table}, name="test", library=library) for key in ("bed", "music")
    )
    assert former == present
    assert present.music == Music("Music", -6.0)
    with pytest.raises(UserError, match='"bed" has no key "fil"; did you mean "file"'):
        parse({**data, "bed": {"fil": "x"}}, name="test", library=library)


def test_the_manual_names_every_key() -> None:
    text = DOCS.read_text(encoding="utf-8")
    missing = [key for key in (*SESSION_KEYS, *PHASE_KEYS, *REPEAT_KEYS) if f"`{key}`" not in text]
    assert missing == []


def test_every_example_of_the_manual_is_a_session(library: Library) -> None:
    examples = re.findall(
        r"^```toml\n(.*?)^```", DOCS.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    assert len(examples) >= 5
    for example in examples:
        # An example of phases only stands in a session that has begun.
        read(example if example.startswith("title") else START + example, library)


def test_the_mistakes_that_the_manual_shows_are_those_of_the_reader(
    library: Library, tmp_path: Path
) -> None:
    text = DOCS.read_text(encoding="utf-8")
    shown = re.search(r"^```\n(daily\.toml, phase 2 .*?)^```", text, re.MULTILINE | re.DOTALL)
    assert shown
    path = tmp_path / "daily.toml"
    path.write_bytes(MALFORMED["unknown key"])
    assert shown[1].strip() == told(path, library)


def test_the_built_in_sessions_are_read() -> None:
    catalogue = pytest.importorskip("cadence_cue.coaching.catalogue")
    library = catalogue.load_library()
    sessions = catalogue.built_in_sessions()
    assert len(sessions) == 13
    for name, path in sessions.items():
        assert load(path, library).name == name


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("note = “Slowly”", ' (line 5): has typographic quotes; write straight ones: "'),
        ('note = "Slowly', " (line 5): has a quote without its partner"),
        ("note = Slowly", ' (line 5): needs quotes: "Slowly"'),
        ('note = "Don’t slow', " (line 5): has a quote without its partner"),
        ('note = "Run #1",', " (line 5): ends with a comma, which it must not"),
        ("announce = False", " (line 5): needs true or false, not False"),
        ("countdown = yes", " (line 5): needs true or false, not yes"),
        ("tempo = 170,5", " (line 5): needs a point: 170.5"),
        ("tempo = +5%", ' (line 5): needs quotes: "+5%"'),
        ("tempo =", " (line 5): has no value"),
        ('time = "6s"', " (line 5): gives time for the second time"),
        ("tempo = 170\ntempo = 180", " (line 6): gives tempo for the second time"),
        ('note: "Slowly"', ' (line 5): needs "=" between a key and its value'),
        ("[[phase]", " (line 5): has a bracket without its partner"),
    ],
)
def test_what_people_mistype_is_named_as_what_it_is(
    tmp_path: Path, library: Library, written: str, told: str
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(f'title = "Test"\n[[phase]]\nwalk = ""\ntime = "5s"\n{written}\n', "utf-8")
    with pytest.raises(UserError) as refused:
        load(file, library)
    assert str(refused.value).endswith(told)


@pytest.mark.parametrize("coding", ["utf-16", "utf-16-le"])
def test_utf_16_is_named_with_and_without_its_mark(
    tmp_path: Path, library: Library, coding: str
) -> None:
    file = tmp_path / "mine.toml"
    file.write_bytes('title = "Test"\n'.encode(coding))
    with pytest.raises(UserError, match="is text in UTF-16: save it as UTF-8 in your editor"):
        load(file, library)
