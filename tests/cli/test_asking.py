"""What a runner is told and asked before and after playing; nothing is played here."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Self

import pytest

from cadence_cue.app import playing, settings
from cadence_cue.app.device import DeviceOptions
from cadence_cue.app.log import history
from cadence_cue.app.log.history import Practice
from cadence_cue.app.plan import kept_plan
from cadence_cue.app.preparing import Prepared
from cadence_cue.app.settings import Settings, user_folder
from cadence_cue.cli import asking, listening, shared
from cadence_cue.coaching.catalogue import load_library
from cadence_cue.coaching.pages import HEALTH
from cadence_cue.coaching.session import Kind
from cadence_cue.season.plan import WEEKDAYS
from cadence_cue.studio import GET_READY_LIVE, Performance
from cadence_cue.transport.practised import Practised
from tests.cli.conftest import Keep, Run
from tests.cli.process import Terminal, environment, terminal
from tests.cli.sessions import LOCKED, SHORT, UNSPOKEN
from tests.live.rig import wait_for

Refused = Callable[..., str]
NOT_YET = "The article says: Cycle Drill Running only when Cycle Drill Standing is perfected."


class Ready:
    """Stands in for the player: it would be ready, at this rate."""

    rate = 44100
    silent = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def rest(self) -> None:
        pass


class Transcript:
    """Stands in for the transport and for who follows it: it keeps what would be heard."""

    practised = Practised()

    def __init__(self) -> None:
        self.ended = True
        self.interrupted = False
        self.ran_at: Fraction | None = None
        self.performance: Performance
        self.start: tuple[int, Fraction] | None
        self.plain: bool

    def begin(self, prepared: Prepared, *_: object) -> Self:
        self.performance, self.start = prepared.performance, prepared.start
        self.plain = prepared.plain
        return self

    def listen(self, transport: Self, _score: object) -> int:
        return 130 if transport.interrupted else 0

    def close(self) -> None:
        pass

    @property
    def drills(self) -> list[str]:
        return list(dict.fromkeys(part.drill for part in self.performance.parts if part.drill))

    @property
    def explained(self) -> list[str]:
        return [part.drill for part in self.performance.parts if part.kind is Kind.EXPLAIN]


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Transcript:
    heard = Transcript()
    monkeypatch.setattr(playing, "begin", heard.begin)
    monkeypatch.setattr(listening, "listen", heard.listen)
    monkeypatch.setattr(DeviceOptions, "player", lambda *_: Ready())
    return heard


def test_the_safety_lines_are_shown_once(run: Run, heard: Transcript, keep: Keep) -> None:
    keep("sessions", SHORT)
    first = run("play", "mine").stdout.splitlines()
    assert first[:4] == list(HEALTH)
    assert settings.load()[0].safety_read
    assert not set(run("play", "mine").stdout.splitlines()) & set(HEALTH)
    assert not set(run("beat", 172).stdout.splitlines()) & set(HEALTH)


@pytest.mark.parametrize("command", [("beat", 172), ("drill", "perception")])
def test_every_first_playing_shows_the_safety_lines(
    run: Run, heard: Transcript, command: tuple[object, ...]
) -> None:
    assert run(*command).stdout.splitlines()[:4] == list(HEALTH)


def test_settings_that_cannot_be_kept_do_not_keep_from_playing(
    run: Run, heard: Transcript, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "file").write_text("")
    monkeypatch.setenv("HOME", str(home / "file"))
    result = run("play", "daily-ten", "--explain")
    assert "Daily ten (seed" in result.stdout
    assert "cannot be saved: Not a directory" in result.stderr


def test_an_unset_cadence_is_told_where_it_matters(run: Run, heard: Transcript, keep: Keep) -> None:
    keep("sessions", SHORT)
    assert run("play", "mine").stderr == ""
    assert run("play", "relax-run").stderr.startswith(
        "Your own cadence is not set: 165 steps a minute is used. Find yours with: "
        "cadence-cue play find-your-cadence, then: cadence-cue cadence --count NUMBER\n"
    )
    assert heard.performance.spec.cadence_spm == 165
    assert "not set" in run("beat", "+5%").stderr
    assert run("beat", 172).stderr == ""
    assert "not set" not in run("play", "relax-run", "--cadence", "171.5").stderr
    assert heard.performance.spec.cadence_spm == Fraction("171.5")
    run("cadence", 180)
    assert "not set" not in run("play", "relax-run").stderr
    assert heard.performance.spec.cadence_spm == 180


def test_a_locked_drill_is_left_out_where_nobody_can_be_asked(
    run: Run, heard: Transcript, keep: Keep
) -> None:
    keep("sessions", LOCKED)
    told = run("play", "mine", "--cadence", 170).stderr
    assert f"{NOT_YET} Playing without Cycle Drill Running." in told
    assert "cadence-cue mastered cycle-standing" in told
    assert heard.drills == ["perception", "cycle-standing"]
    assert settings.load()[0].mastered == ()
    run("mastered", "cycle-standing")
    assert NOT_YET not in run("play", "mine", "--cadence", 170).stderr
    assert heard.drills == ["perception", "cycle-standing", "cycle-running"]


@pytest.mark.parametrize(("answer", "mastered"), [("y", ("cycle-standing",)), ("n", ())])
def test_a_locked_drill_is_asked_about_where_someone_can_answer(
    run: Run,
    heard: Transcript,
    keep: Keep,
    monkeypatch: pytest.MonkeyPatch,
    answer: str,
    mastered: tuple[str, ...],
) -> None:
    keep("sessions", LOCKED)
    settings.change(lambda _: Settings(safety_read=True, cadence=170))
    monkeypatch.setattr(shared, "on_terminal", lambda: True)
    told = run("play", "mine", answers=f"{answer}\n").stderr
    assert f"{NOT_YET} Have you? [y/N]: " in told
    assert ("Playing without Cycle Drill Running" in told) == (answer == "n")
    assert ("cycle-running" in heard.drills) == (answer == "y")
    assert settings.load()[0].mastered == mastered


def test_no_answer_is_no_playing(keep: Keep) -> None:
    keep("sessions", LOCKED)
    settings.change(lambda _: Settings(safety_read=True, cadence=170))
    with terminal("play", "mine") as screen:
        screen.wait_for("Have you? [y/N]: ")
        # The end of input: Ctrl-C can fall between the question and the reading of the answer.
        screen.press("\x04")
        before = screen.wait_for("ended: 1\n")
        assert "Aborted!" in before
        assert "Traceback" not in before


def test_an_export_only_says_that_a_drill_is_locked(run: Run, keep: Keep) -> None:
    keep("sessions", LOCKED.replace("20s", "6s"))
    result = run("export", "mine", "-o", "x.wav", "--no-voice", "--cadence", 170)
    stays = "Cycle Drill Running is in the track; --without-locked leaves it out."
    assert f"{NOT_YET} {stays}\n" in result.stderr
    whole = Path("x.wav").stat().st_size
    told = run("export", "mine", "-o", "y.wav", "--no-voice", "--cadence", 170, "--without-locked")
    assert NOT_YET not in told.stderr
    assert Path("y.wav").stat().st_size < whole
    phases = run("timeline", "mine", "--no-voice", "--cadence", 170).stdout
    assert "Cycle drill running" in phases


def test_a_locked_drill_is_rehearsed_only_when_mastered(
    run: Run, refused: Refused, heard: Transcript
) -> None:
    for drill, before in (("cycle-running", "cycle-standing"), ("toe-taps-dynamic", "toe-taps")):
        told = refused("drill", drill)
        assert told.startswith("The article says: ")
        assert f"Once you have: cadence-cue mastered {before}" in told
        assert refused("drill", drill, "-o", "x.wav") == told
        assert not Path("x.wav").exists()
        run("mastered", before)
        run("drill", drill)
        assert heard.drills == [drill]
        run("mastered", before, "--no")
        refused("drill", drill)


def test_explanations_are_offered_until_they_were_heard(
    run: Run, heard: Transcript, keep: Keep
) -> None:
    keep("sessions", LOCKED)
    run("cadence", 170)
    offer = "Not explained to you yet: Perception, Cycle Drill Standing. Hear it with: --explain"
    assert offer in run("play", "mine").stderr
    assert "Not explained" not in run("play", "mine", "--no-explain").stderr
    assert heard.explained == []
    heard.ended = False
    assert "Not explained" not in run("play", "mine", "--explain").stderr
    assert heard.explained == ["perception", "cycle-standing"]
    assert offer in run("play", "mine").stderr  # it was not heard to the end
    heard.ended = True
    run("play", "mine", "--explain", "--from", 2)
    assert offer in run("play", "mine").stderr  # nor was this
    run("play", "mine", "--explain")
    assert settings.load()[0].explained == ("perception", "cycle-standing")
    assert "Not explained" not in run("play", "mine").stderr


def test_an_export_offers_explanations_and_remembers_none(run: Run, keep: Keep) -> None:
    keep("sessions", LOCKED.replace("20s", "6s"))
    export = ("export", "mine", "-o", "x.wav", "--rate", 8000, "--force")
    assert "Not explained to you yet: Perception, " in run(*export).stderr
    assert "Not explained" not in run(*export, "--no-voice").stderr
    assert "Not explained" not in run(*export, "--explain").stderr
    assert settings.load()[0].explained == ()


def test_a_rehearsal_explains_the_first_time(run: Run, heard: Transcript) -> None:
    run("drill", "toe-taps")
    assert heard.explained == ["toe-taps"]
    run("drill", "toe-taps")
    assert heard.explained == []
    run("drill", "toe-taps", "--explain")
    assert heard.explained == ["toe-taps"]
    run("drill", "high-knees", "--no-explain")
    assert heard.explained == []


def test_a_rehearsal_is_as_asked(run: Run, heard: Transcript) -> None:
    told = run("drill", "toe-taps", "--side", "left", "--sets", 3, "--tempo", 80, "--time", "25s")
    assert "The article begins every practice with Perception." in told.stderr
    parts = [part for part in heard.performance.parts if part.kind is Kind.DRILL]
    assert [part.title for part in parts] == ["Toe taps, left leg"] * 3
    assert {part.seconds for part in parts} == {Fraction(25)}
    assert {part.tempo for part in parts} == {(Fraction(80), Fraction(80))}
    run("drill", "toe-taps", "--no-explain")
    titles = [part.title for part in heard.performance.parts if part.kind is Kind.DRILL]
    assert titles == ["Toe taps, left leg", "Toe taps, right leg"]
    assert "begins every practice" not in run("drill", "perception").stderr


def test_a_tempo_that_does_not_suit_the_drill_is_told(run: Run, heard: Transcript) -> None:
    told = "300 a minute does not suit Change of Support; 50 to 140 does."
    assert told in run("drill", "change-of-support", "--tempo", 300, "--time", "5s").stderr
    assert "suit" not in run("drill", "change-of-support", "--tempo", 140).stderr
    both_legs = run("drill", "toe-taps", "--tempo", 300, "--time", "5s").stderr
    assert both_legs.count("does not suit") == 1


def test_a_beat_far_above_one_s_own_cadence_is_told(run: Run, heard: Transcript) -> None:
    brief = ("--time", "4 beats")
    assert "25 % over the own cadence of 160" in run("beat", 200, "--cadence", 160, *brief).stderr
    assert "25 % over" in run("beat", "+25%", *brief).stderr
    assert "over" not in run("beat", 172, "--cadence", 160, *brief).stderr
    assert "over" not in run("beat", 200, *brief).stderr  # over what is not known


@pytest.mark.parametrize("drill", load_library().drills)
def test_every_drill_can_be_rehearsed(run: Run, heard: Transcript, drill: str) -> None:
    settings.change(lambda _: Settings(mastered=("cycle-standing", "toe-taps"), cadence=170))
    run("drill", drill, "--sets", 2)
    assert heard.drills == [drill]
    assert heard.performance.timeline.dropped == () or heard.performance.explains


def test_a_beat_is_as_asked(run: Run, heard: Transcript) -> None:
    run("beat", 172, "--cues", "heel-pull, relaxed", "--cue-every", "30s", "--time", "5min")
    (part,) = heard.performance.parts
    assert (part.seconds, part.tempo) == (Fraction(300), (Fraction(172), Fraction(172)))
    assert (part.cueing.seconds, bool(part.cueing.blocks)) == (Fraction(30), True)
    run("beat", "own -> +5%", "--cadence", 160, "--time", "64 beats")
    (part,) = heard.performance.parts
    assert part.tempo == (Fraction(160), Fraction(168))
    assert part.cueing.blocks == ()


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("drill", "toe-tap"), 'there is no drill "toe-tap"; did you mean "toe-taps"?'),
        (("drill", "qqq"), 'there is no drill "qqq"; see: cadence-cue list drills'),
        (("drill", "toe-taps", "--side", "lefft"), '"side" cannot be "lefft"; did you mean "left"'),
        (("drill", "perception", "--side", "left"), '"side" '),
        (("drill", "toe-taps", "--time", "25"), "'--time': it must be a time such as"),
        (("drill", "toe-taps", "--time", "64 beats"), "'--time': it must be a time such as"),
        (("drill", "toe-taps", "--time", "0s"), "'--time': it must be"),
        (("drill", "toe-taps", "--tempo", "fast"), "'--tempo': it must be beats a minute"),
        (("drill", "toe-taps", "--tempo", "400"), "'--tempo': it must be from 20 to 300"),
        (("drill", "toe-taps", "--sets", "0"), "0 is not in the range 1<=x<=20"),
        (("beat", "fast"), "'TEMPO': it must be beats a minute"),
        (("beat", "400"), "'TEMPO': it must be from 20 to 300 beats a minute"),
        (("beat", "172", "--time", "x"), "'--time': it must be a time such as"),
        (("beat", "172", "--cue-every", "x"), "'--cue-every': it must be a time such as"),
        (("beat", "172", "--cues", "heel-pul"), 'did you mean "heel-pull"?'),
        (("beat", "172", "--bits", "24"), "need a file: name one with -o"),
        (("beat", "172", "--force"), "need a file: name one with -o"),
        (("play", "daily-tne"), 'no session "daily-tne"; did you mean "daily-ten"?'),
        (("play", "daily-ten", "--from", "99"), 'has no phase "99" (1 to '),
        (("play", "daily-ten", "--from", "59:00"), "ends before 59:00"),
        (("play", "daily-ten", "--from", "Perceptoin"), 'did you mean "Perception'),
        (("play", "daily-ten", "--cadence", "85"), "85 could be one foot or both: give 170"),
        (("play", "daily-ten", "--seed", "-1"), "-1 is not in the range"),
        (("play", "daily-ten", "--laud"), "No such option '--laud'"),
        (("plya", "daily-ten"), "No such command 'plya'. Did you mean 'play'?"),
        (("qqq",), "No such command 'qqq'."),
    ],
)
def test_a_mistake_is_told_and_nothing_is_played(
    refused: Refused, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], reason: str
) -> None:
    monkeypatch.setattr(listening, "listen", pytest.fail)
    monkeypatch.setattr(DeviceOptions, "player", lambda *_: Ready())
    assert reason in refused(*arguments)


def test_it_begins_where_it_is_told_to(run: Run, heard: Transcript) -> None:
    for place in ("4", "3:20", "Perception"):
        told = run("play", "daily-ten", "--from", place)
        assert "You are starting partway through: warm up first" in told.stderr
        assert heard.start == (heard.performance.find(place), GET_READY_LIVE)
    run("play", "daily-ten")
    assert heard.start is None


def test_it_is_planned_at_the_rate_of_the_device(run: Run, heard: Transcript) -> None:
    run("play", "daily-ten")
    assert heard.performance.timeline.rate == Ready.rate
    assert not heard.plain
    run("beat", 172)
    assert heard.performance.timeline.rate == Ready.rate
    assert heard.plain


def test_a_cadence_found_by_hand_can_be_kept(run: Run, heard: Transcript) -> None:
    run("cadence", 165)
    hint = "You ran at 168.3 (own cadence 165). To keep it: cadence-cue cadence 168.3\n"
    heard.ran_at = Fraction(16833, 100)
    assert run("play", "daily-ten").stderr.endswith(hint)
    heard.ended, heard.interrupted = False, True
    assert run("play", "daily-ten", code=130).stderr.endswith(hint)
    assert settings.load()[0].cadence == 165
    heard.interrupted = False
    for implausible in (None, Fraction(84), Fraction(241)):
        heard.ran_at = implausible
        assert "You ran at" not in run("play", "daily-ten").stderr


@pytest.mark.parametrize(("answer", "cadence"), [("y", 173.5), ("n", 170.0)])
def test_a_cadence_that_was_found_is_asked_about_where_someone_can_answer(
    run: Run, heard: Transcript, monkeypatch: pytest.MonkeyPatch, answer: str, cadence: float
) -> None:
    settings.change(lambda _: Settings(safety_read=True, cadence=170))
    monkeypatch.setattr(asking, "Keys", lambda: SimpleNamespace(listening=True))
    heard.ran_at = Fraction("173.5")
    told = run("play", "daily-ten", answers=f"{answer}\n").stderr
    assert "You ran at 173.5 (own cadence 170). Keep 173.5? [y/N] " in told
    assert settings.load()[0].cadence == cadence


def test_nothing_is_asked_after_an_interruption(
    run: Run, heard: Transcript, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.change(lambda _: Settings(safety_read=True, cadence=170))
    monkeypatch.setattr(asking, "Keys", lambda: SimpleNamespace(listening=True))
    heard.ran_at = Fraction("173.5")
    heard.ended, heard.interrupted = False, True
    told = run("play", "daily-ten", code=130, answers="y\n").stderr
    assert told.endswith("(own cadence 170). To keep it: cadence-cue cadence 173.5\n")
    assert "[y/N]" not in told
    assert settings.load()[0].cadence == 170


def test_a_text_without_a_voice_plays_with_the_voice_off(
    run: Run, heard: Transcript, keep: Keep
) -> None:
    keep("sessions", UNSPOKEN)
    run("play", "mine", "--no-voice")
    assert not heard.performance.voice


def test_the_seed_is_told(run: Run, heard: Transcript) -> None:
    assert "(seed 12)" in run("play", "daily-ten", "--seed", 12).stdout


@pytest.mark.parametrize(("key", "mark"), [("4", 4), ("x", None), ("\r", None), ("94", 4)])
def test_one_key_answers_how_it_felt(home: Path, key: str, mark: int | None) -> None:
    practice = Practice("2026-11-29T10:00:00+00:00", "daily-ten", "Daily ten", 1.0, 170.0)
    history.append(practice, user_folder())
    ask = (
        "from cadence_cue.app import settings; from cadence_cue.app.log import history; "
        "from cadence_cue.cli import asking; "
        "(practice,) = history.load(settings.user_folder()); asking.offer_mark(practice, ask=True)"
    )
    script = f'{shlex.join([sys.executable, "-P", "-c", ask])}; echo "ended: $?"; read -r _'
    screen = Terminal("sh", "-c", script, env=environment())
    try:
        screen.wait_for("How did it feel? 1 hard")
        wait_for(lambda: screen.mode != screen.before, "the key")
        screen.press(key)
        screen.wait_for("ended: 0")
    finally:
        screen.close()
    assert history.load(user_folder()) == [replace(practice, mark=mark)]


@pytest.mark.parametrize(("key", "sore"), [("y", 1), ("n", 0)])
def test_one_key_answers_whether_anything_is_sore(home: Path, key: str, sore: int) -> None:
    folder = user_folder()
    kept_plan.make(replace(kept_plan.wish(160, 164), start=kept_plan.now(), days=WEEKDAYS), folder)
    ask = "from cadence_cue.cli import asking; asking.sore_after_session(ask=True)"
    script = f'{shlex.join([sys.executable, "-P", "-c", ask])}; echo "ended: $?"; read -r _'
    screen = Terminal("sh", "-c", script, env=environment())
    try:
        screen.wait_for("Anything sore: calf, Achilles, shin, foot?")
        wait_for(lambda: screen.mode != screen.before, "the key")
        screen.press(key)
        told = screen.wait_for("ended: 0")
    finally:
        screen.close()
    plan = kept_plan.readable(folder)
    assert plan is not None
    assert (len(plan.sore), plan.asked is not None) == (sore, True)
    assert ("a step" in told) == bool(sore)


def test_a_notice_is_told_once_while_many_things_are_done(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with shared.each_notice_once():
        for _ in range(2):  # two tracks, each in several formats
            shared.notice("of all tracks")
            with shared.each_notice_once():
                shared.notice("of all tracks")
                shared.notice("of all formats")
    shared.notice("of all tracks")
    assert capsys.readouterr().err == "of all tracks\nof all formats\nof all tracks\n"
