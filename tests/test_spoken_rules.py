"""Single rules of what is spoken, each seen in the plan of a small session."""

from __future__ import annotations

import tomllib
from fractions import Fraction
from functools import cache
from itertools import pairwise

from cadence_cue.coaching.catalogue import load_library
from cadence_cue.coaching.drill import Library
from cadence_cue.coaching.session_file import parse
from cadence_cue.studio import PerformanceSpec, perform
from cadence_cue.timing.timeline import Bus

PERCEPTION = '[[phase]]\ndrill = "perception"\ntime = "30s"\ncues = []\n'


@cache
def library() -> Library:
    return load_library()


def spoken(phases: str, head: str = "", own: int = 165) -> list[tuple[float, str]]:
    """All that is spoken, with the second of its first frame from the first phase on."""
    text = f'title = "Some"\nlevel = "easy"\n{head}\n{phases}'
    session = parse(tomllib.loads(text), name="some", library=library(), rehearsal=True)
    timeline = perform(
        session,
        library(),
        PerformanceSpec(Fraction(own), Fraction(2), seed=20261123, explain=False),
    ).timeline
    zero = timeline.marks[0].start
    return [
        ((event.frame - zero) / timeline.rate, event.sound)
        for event in timeline
        if event.bus is Bus.VOICE
    ]


def texts(phases: str, head: str = "") -> list[str]:
    return [text for _, text in spoken(phases, head)]


def cues_of(drill: str, tempo: str) -> list[str]:
    names = {cue.text for cue in library().cues(drill)}
    setup = {cue.text for cue in library().cues(drill) if cue.type.value == "setup"}
    words = f'[[phase]]\ndrill = "{drill}"\ntime = "40s"\ntempo = "{tempo}"\n'
    words += 'side = "left"\n' if drill == "cycle-standing" else ""
    return [text for text in texts(words) if text in names - setup]


def test_quick_cycles_leave_time_for_one_cue() -> None:
    assert len(cues_of("cycle-standing", "100")) > 1
    assert len(cues_of("cycle-standing", "140")) == 1
    assert len(cues_of("cycle-standing", "120 -> 140")) == 1


def test_nobody_speaks_while_the_shift_of_support_grows_quicker() -> None:
    assert cues_of("change-of-support", "90")
    assert cues_of("change-of-support", "90 -> 110") == []
    assert len(cues_of("butt-kicks", "150 -> 160")) > 0


def test_after_five_minutes_a_run_has_fewer_cues() -> None:
    cues = {cue.text for cue in library().cues("relaxed")}
    said = [
        at
        for at, text in spoken(
            '[[phase]]\nrun = "Run"\ntime = "12min"\ntempo = 165\ncues = ["relaxed"]'
        )
        if text in cues
    ]
    early = [b - a for a, b in pairwise(said) if a < 295]
    late = [b - a for a, b in pairwise(said) if a > 305]
    assert min(early) < 66
    assert min(late) >= 89


def test_words_of_the_files_own_are_chanted_though_they_do_not_relax() -> None:
    phase = '[[phase]]\ndrill = "toe-taps"\nside = "left"\ntime = "25s"\nchant = "pull · up"\n'
    rest = '[[phase]]\nrest = "Rest"\ntime = "15s"\n'
    said = texts(rest.join([phase] * 3))
    assert said.count("pull") == 3


def test_the_number_of_a_round_is_told_where_it_is_counted() -> None:
    said = texts(
        f'{PERCEPTION}[[phase]]\nrepeat = 3\n[[phase.part]]\nrest = "Rest"\ntime = "20s"\n'
        '[[phase.part]]\ndrill = "high-knees"\ntime = "20s"\n'
    )
    assert [said.count(text) for text in ("First of three", "Second of three")] == [1, 1]
    assert said[said.index("Second of three") - 1] != "Rest"


def test_the_tired_are_told_while_there_is_a_click() -> None:
    run = (
        '[[phase]]\nrun = "Run"\ntime = "10min"\ntempo = 165\nbeat = "{beat}"\ncues = ["relaxed"]\n'
    )
    tired = "Tired? Let the click go"
    stops = 330 * 60 / 165
    (at,) = [at for at, text in spoken(run.format(beat="330 then off")) if text == tired]
    assert at < stops
    (at,) = [at for at, text in spoken(run.format(beat="on")) if text == tired]
    assert at > stops


def test_the_click_is_told_to_stop_four_seconds_before_it_does_in_a_ramp_too() -> None:
    run = '[[phase]]\nrun = "Run"\ntime = "4min"\ntempo = "150 -> 180"\nbeat = "200 then off"\n'
    (at,) = [at for at, text in spoken(run) if text == "Click stops, keep the rhythm"]
    a, c = 2.5, (180 - 150) / 60 / 240 / 2
    stops = ((a * a + 4 * c * 200) ** 0.5 - a) / (2 * c)
    assert 2 < stops - at < 6


def test_how_to_step_is_told_again_where_the_foot_changes() -> None:
    run = '[[phase]]\nrun = "Run"\ntime = "40s"\ntempo = 165\n'
    left = f'{run}stride = "left"\n'
    assert texts(run + run).count("One step per click. Keep one easy speed") == 1
    changed = texts(left + run)
    assert "One step per click. Keep one easy speed" in changed
