"""list, show, check and timeline."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from cadence_cue import studio
from cadence_cue.app.left_out import what, why
from cadence_cue.coaching import catalogue
from cadence_cue.coaching.catalogue import built_in_sessions, load_library
from cadence_cue.coaching.session_file import load
from cadence_cue.timing.timeline import Bus, EventKind
from tests.cli.conftest import Keep, Run
from tests.cli.sessions import LONG, SHORT, UNSPOKEN

LIBRARY = Path(catalogue.__file__).parent / "library"
HIGH_KNEES = (LIBRARY / "drills" / "high-knees.toml").read_text(encoding="utf-8")

HOPS = """
name = "Hops"
explanation = "Hop."
movement = ["Hop."]
beat = "One hop."
tempo = { lowest = 60, highest = 120, default = 80 }
cues = [{ text = "Hop lightly", type = "movement" }]
"""

Refused = Callable[..., str]


def first_words(text: str) -> list[str]:
    return [line.split()[0] for line in text.splitlines()]


def test_the_command_alone_prints_its_help(run: Run) -> None:
    assert run().stdout == run("--help").stdout == run("-h").stdout
    assert "play first-perception" in run().stdout


def test_list_names_every_session_drill_and_element(run: Run) -> None:
    library = load_library()
    others = [name for name in built_in_sessions() if name != "first-perception"]
    assert first_words(run("list").stdout) == ["first-perception", *others]
    assert first_words(run("list", "drills").stdout) == list(library.drills)
    elements = run("list", "elements").stdout
    assert first_words(elements) == list(library.elements)
    apart = [line for line in elements.splitlines() if line.endswith("no element of the stride")]
    assert first_words("\n".join(apart)) == ["cadence"]  # which leaves the article's six
    assert "af_heart" in first_words(run("list", "voices").stdout)


def test_list_chooses_by_place_and_length(run: Run) -> None:
    library = load_library()
    sessions = {name: load(path, library) for name, path in built_in_sessions().items()}
    at_home = {name for name, session in sessions.items() if "home" in session.place}
    found = first_words(run("list", "--place", "home", "--max", "10m50s").stdout)
    assert "daily-ten" in found  # exactly that
    assert set(found) < at_home
    assert set(first_words(run("list", "--place", "home").stdout)) == at_home
    drills = first_words(run("list", "drills", "--place", "track").stdout)
    assert drills == [name for name, drill in library.drills.items() if "track" in drill.place]


def test_list_chooses_by_what_is_needed_and_sorts(run: Run) -> None:
    library = load_library()
    sessions = {name: load(path, library) for name, path in built_in_sessions().items()}
    free = {name for name, session in sessions.items() if not session.needs}
    lengths = [line.split()[1] for line in run("list", "--sort", "length").stdout.splitlines()]
    assert set(first_words(run("list", "--needs-nothing").stdout)) == free
    assert lengths == sorted(lengths, key=lambda each: [*map(int, each.split(":"))])
    levels = [line.split()[2] for line in run("list", "--sort", "level").stdout.splitlines()]
    assert [*dict.fromkeys(levels)] == ["first", "easy", "moderate", "race"]
    drills = first_words(run("list", "drills", "--needs-nothing").stdout)
    assert drills == [name for name, drill in library.drills.items() if drill.equipment == "none"]


def test_list_refuses_what_it_does_not_know(refused: Refused) -> None:
    assert "'--place': 'mars' is not one of 'home'" in refused("list", "--place", "mars")
    assert "'--max': it must be a time such as \"45s\"" in refused("list", "--max", "ten")
    assert "'sesions' is not one of" in refused("list", "sesions")


def test_a_voice_tells_its_texts(run: Run) -> None:
    texts = run("list", "voices", "--texts").stdout.splitlines()
    assert "  Switch legs" in texts


@pytest.mark.parametrize("name", ["toe-taps", "heel-pull", "daily-ten", "why"])
def test_show_tells_of_a_drill_an_element_a_session_and_why(run: Run, name: str) -> None:
    page = run("show", name).stdout
    assert name == "why" or f"({name})" in page.splitlines()[0]
    assert len(page.splitlines()) > 8


def test_show_names_what_was_probably_meant(refused: Refused) -> None:
    for typed, meant in (("toe-tap", "toe-taps"), ("heel-pul", "heel-pull"), ("Why", "why"),
                         ("daily-tne", "daily-ten")):  # fmt: skip
        told = f'there is no session, drill or element "{typed}"; did you mean "{meant}"?'
        assert refused("show", typed) == told
    assert "see: cadence-cue list" in refused("show", "qqqqqq")


def test_a_name_that_no_file_can_have_is_refused(refused: Refused) -> None:
    assert refused("show", "x" * 5000).startswith('there is no session, drill or element "xxx')
    assert "there is no session, drill or element" in refused("show", "")
    Path("daily-tan.mp3").write_bytes(b"")
    told = '"daily-tan.mp3" is a track; open it in a player, or name the session: daily-ten'
    assert refused("play", "daily-tan.mp3") == told


def test_own_sessions_are_found_by_name_and_files_by_path(run: Run, keep: Keep) -> None:
    path = keep("sessions", SHORT)
    assert "mine" in first_words(run("list").stdout)
    assert "Short (mine)" in run("show", "mine").stdout
    assert run("check", "mine").stdout == "mine: good, 0:03, 2 phases\n"
    assert "Switch legs" in run("timeline", "mine").stdout
    Path("here.toml").write_text(SHORT)
    for file in (str(path), "here.toml", "./here.toml"):
        assert run("check", file).stdout == f"{file}: good, 0:03, 2 phases\n"


def test_own_drills_are_found_by_name(run: Run, keep: Keep) -> None:
    keep("drills", HIGH_KNEES, "skipping")
    assert "skipping" in first_words(run("list", "drills").stdout)
    assert "(skipping)" in run("show", "skipping").stdout
    keep("sessions", SHORT + '[[phase]]\ndrill = "perception"\ntime = "20s"\n'
         '[[phase]]\ndrill = "skipping"\ntime = "20s"\n')  # fmt: skip
    assert "High knees" in run("show", "mine").stdout


def test_a_plain_own_drill_has_a_page_without_holes_and_its_silence_is_told(
    run: Run, keep: Keep, without_extra: None
) -> None:
    keep("drills", HOPS, "hops")
    page = run("show", "hops").stdout
    assert "Hops (hops)" in page
    assert "  on the spot\n" in page
    assert "Cues\n  movement: Hop lightly\n" in page
    for hole in ("Dose", "setup:", "  ,", "  ;"):
        assert hole not in page
    session = 'title = "x"\n[[phase]]\ndrill = "perception"\ntime = "9s"\n'
    keep("sessions", session + '[[phase]]\ndrill = "hops"\ntime = "30s"\n')
    told = run("timeline", "mine", "--cadence", 170).stderr
    assert "The voice has no recording of: " in told
    assert '"Hop lightly"' in told
    assert "pip install 'cadence-cue[voice]'" in told
    assert run("timeline", "mine", "--cadence", 170, "--no-voice").stderr == ""


def test_a_broken_own_session_is_listed_with_its_error_and_harms_nothing(
    run: Run, keep: Keep, refused: Refused
) -> None:
    path = keep("sessions", 'title = "x"\n')
    told = run("list").stdout
    assert f"mine                 cannot be used: {path}: there must be at least one" in told
    assert set(built_in_sessions()) < set(first_words(told))
    assert "mine.toml: there must be" in refused("show", "mine")
    run("show", "daily-ten")


def test_a_broken_own_drill_is_told_left_out_and_harms_nothing(run: Run, keep: Keep) -> None:
    keep("drills", "name = 5\n", "hops")
    keep("drills", "", "toe-taps")
    for arguments in (("list",), ("list", "drills"), ("show", "daily-ten"), ("check", "daily-ten")):
        result = run(*arguments)
        assert "hops" not in result.stdout
        hops, taps = result.stderr.splitlines()
        assert hops == 'Left out of your drills: hops.toml: "name" must be a text, not 5'
        assert taps.endswith(
            'toe-taps.toml: "toe-taps" is a built-in id; give the file another name'
        )


def test_a_drill_that_builds_on_a_broken_one_is_left_out_too(run: Run, keep: Keep) -> None:
    keep("drills", 'after = "bounds"\n' + HIGH_KNEES, "a-hops")
    keep("drills", HIGH_KNEES, "skipping")
    assert {"a-hops"} - set(first_words(run("list", "drills").stdout))
    keep("drills", "name = 5\n", "bounds")
    result = run("list", "drills")
    found = first_words(result.stdout)
    assert "skipping" in found
    assert not {"a-hops", "bounds"} & set(found)
    assert 'a-hops.toml: "after"' in result.stderr
    assert len(result.stderr.splitlines()) == 2


def test_check_tells_each_file_and_fails_for_mistakes_only(run: Run, keep: Keep) -> None:
    keep("sessions", SHORT)
    bad = keep("sessions", "title = 5\n", "bad")
    result = run("check", "mine", "bad", "nowhere", "daily-ten", code=2)
    assert result.stdout.splitlines()[0] == "mine: good, 0:03, 2 phases"
    assert result.stdout.splitlines()[1].startswith("daily-ten: good, 10:50")
    assert result.stderr.splitlines() == [
        f'Error: {bad} (line 1): "title" must be a text, not 5',
        'Error: there is no session "nowhere"; see: cadence-cue list',
    ]
    assert run("check", *built_in_sessions()).stdout.count(": good, ") == len(built_in_sessions())


def test_check_warns_of_a_text_without_a_voice_and_of_haste(
    run: Run, keep: Keep, without_extra: None
) -> None:
    keep("sessions", UNSPOKEN)
    told = run("check", "mine").stdout
    assert 'mine: warning: phase 2 (line 8): no voice here can speak "Colourless' in told
    assert "mine: usable, 0:03, 2 phases" in told
    keep("sessions", 'title = "x"\n[[phase]]\ndrill = "perception"\ntime = "20s"\n'
         '[[phase]]\ndrill = "butt-kicks"\ntime = "20s"\n')  # fmt: skip
    assert "0 s without a beat before this drill" in run("check", "mine").stdout


@pytest.mark.parametrize("command", ["play", "export", "timeline"])
def test_a_text_without_a_voice_is_refused_before_anything_sounds(
    refused: Refused,
    keep: Keep,
    command: str,
    monkeypatch: pytest.MonkeyPatch,
    without_extra: None,
) -> None:
    monkeypatch.setattr("cadence_cue.live.player.Player.play", pytest.fail)
    keep("sessions", UNSPOKEN)
    options = {"export": ("-o", "x.wav"), "play": ("--backend", "silent")}.get(command, ())
    with_lines = refused(command, "mine", "--cadence", 170, *options)
    assert "mine.toml, phase 2 (line 8)" in with_lines
    assert '"Colourless green ideas"' in with_lines
    assert "--no-voice" in with_lines
    assert not Path("x.wav").exists()


def timeline(run: Run, *arguments: object) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(run("timeline", *arguments, "--json").stdout)
    return data


def test_the_json_timeline_is_that_of_the_renderer(run: Run) -> None:
    arguments = ("--cadence", 170, "--seed", 7, "--rate", 44100)
    data = timeline(run, "hamstring-pull", *arguments)
    library = load_library()
    wishes = studio.PerformanceSpec(
        cadence_spm=Fraction(170), get_ready=studio.GET_READY_EXPORT, rate=44100, seed=7
    )
    session = load(built_in_sessions()["hamstring-pull"], library)
    performance = studio.perform(session, library, wishes)
    expected = performance.timeline
    assert list(data) == ["sample_rate", "frames", "seed", "phases", "events", "dropped"]
    assert (data["sample_rate"], data["frames"], data["seed"]) == (44100, expected.frames, 7)
    assert [list(phase.values()) for phase in data["phases"]] == [
        [m.index, m.kind, m.title, m.start, m.entry, m.frames,
         [m.tempo, m.end_tempo] if m.tempo else None]
        for m in expected.marks
    ]  # fmt: skip
    assert list(data["phases"][0]) == (
        ["index", "kind", "title", "start", "entry", "frames", "tempo"]
    )
    assert len(data["events"]) == len(expected.events) > 500
    for told, event in zip(data["events"], expected, strict=True):
        heard = event.bus is Bus.VOICE or event.kind is EventKind.SIGNAL
        assert told == {
            "frame": event.frame,
            "frames": event.frames,
            "kind": event.kind.label,
            "text": event.sound if heard else "",
            "phase": event.phase,
            "beat": event.beat,
            "side": event.foot.label,
            "accent": event.accent,
        }
    assert data["dropped"] == [
        {"text": what(d), "phase": d.phase, "reason": why(d)} for d in expected.dropped
    ]


def test_the_json_timeline_has_every_kind_of_thing(run: Run, keep: Keep) -> None:
    data = timeline(run, "hamstring-pull", "--seed", 1)
    kinds = {event["kind"] for event in data["events"]}
    assert {"beat", "count-in", "cue", "announcement", "signal"} <= kinds
    assert {event["side"] for event in data["events"]} == {"", "left", "right"}
    assert {e["text"] for e in data["events"] if e["kind"] == "signal"} >= {"ready", "finished"}
    assert any(phase["tempo"] is None for phase in data["phases"])
    keep("sessions", LONG.replace("10min", "3s").replace("announce = false", "")
         .replace("One", "").replace("Two", "").replace("Three", "")
         .replace("count_in = 2", "count_in = 16"))  # fmt: skip
    dropped = timeline(run, "mine")["dropped"]
    assert dropped
    assert all(row["text"] and row["reason"] for row in dropped)


def test_a_timeline_leaves_away_what_is_not_wished(run: Run, keep: Keep) -> None:
    keep("sessions", UNSPOKEN)
    silent = timeline(run, "mine", "--no-voice")
    assert {event["kind"] for event in silent["events"]} <= {"beat", "count-in", "signal"}
    run("timeline", "mine", "--no-voice")
    spoken = timeline(run, "daily-ten", "--no-beat")["events"]
    assert all(event["text"] for event in spoken)
    assert "safety" not in str(timeline(run, "track-day", "--no-safety-line")["events"])
    assert "safety" in str(timeline(run, "track-day")["events"])
    explained = timeline(run, "daily-ten", "--explain")["phases"]
    assert "explain" in {phase["kind"] for phase in explained}


def test_a_timeline_may_begin_in_the_middle(run: Run, keep: Keep) -> None:
    keep("sessions", LONG)
    lines = run("timeline", "mine", "--seed", 1, "--from", "Two").stdout.splitlines()
    assert any("== " in line and "Two" in line for line in lines)
    assert not any("== " in line and "One" in line for line in lines)
    assert run("timeline", "mine", "--seed", 1, "--from", "2").stdout.splitlines() == lines
    assert "One" in run("timeline", "mine", "--from", "9:59").stdout


def test_the_seed_is_told_and_repeats_the_rotation(run: Run) -> None:
    first = timeline(run, "relax-run", "--seed", 3)
    assert first["seed"] == 3
    assert first == timeline(run, "relax-run", "--seed", 3)
    assert first["events"] != timeline(run, "relax-run", "--seed", 4)["events"]
    assert "; seed 3" in run("timeline", "relax-run", "--seed", 3).stdout


def test_the_settings_count_in_a_timeline(run: Run) -> None:
    run("cadence", 180)
    set_up = timeline(run, "cadence-plus5", "--seed", 1)
    assert set_up == timeline(run, "cadence-plus5", "--seed", 1, "--cadence", 180)
    assert set_up != timeline(run, "cadence-plus5", "--seed", 1, "--cadence", 170)
