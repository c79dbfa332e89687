"""export, and -o of drill and beat: what is written, refused, told and left behind."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.cli.conftest import Keep, Run
from tests.cli.process import environment, outcome, terminal
from tests.cli.sessions import LONG, SHORT, SPOKEN, UNSPOKEN

Refused = Callable[..., str]
LENGTH = "0:05"  # of SHORT, with its ready signal and its tail
EXPORT = ("export", "mine", "--cadence", 170)


def frames(path: str) -> int:
    return int(soundfile.info(path).frames)


@pytest.mark.parametrize("ending", ["wav", "flac", "ogg", "opus", "mp3"])
def test_a_file_is_written_and_told(run: Run, keep: Keep, ending: str) -> None:
    keep("sessions", SHORT)
    name = f"x.{ending}"
    result = run(*EXPORT, "-o", name, "--seed", 9)
    assert result.stdout == f"{name}: {LENGTH}, seed 9\n"
    assert result.stderr == ""
    assert frames(name) == json.loads(run("timeline", "mine", "--json").stdout)["frames"]
    tags = soundfile.SoundFile(name).copy_metadata()
    assert tags["title"] == "Short"
    assert tags["comment"] == "seed 9"


def test_a_drill_and_a_beat_are_written_too(run: Run) -> None:
    beat = ("beat", 180, "--time", "12 beats", "--no-safety-line", "-o", "beat.flac")
    assert run(*beat).stdout.startswith("beat.flac: 0:")
    drill = ("drill", "toe-taps", "--side", "left", "--time", "10s", "--no-explain")
    run(*drill, "--rate", 44100, "--bits", 24, "-o", "drill.wav")
    info = soundfile.info("drill.wav")
    assert (info.samplerate, info.subtype) == (44100, "PCM_24")


def test_a_seed_gives_the_same_bytes(run: Run) -> None:
    cues = ("beat", 180, "--cues", "relaxed", "--cue-every", "7s", "--time", "40s", "--rate", 16000)
    for name, seed in (("a.wav", 1), ("b.wav", 1), ("c.wav", 2)):
        run(*cues, "--seed", seed, "-o", name)
    assert Path("a.wav").read_bytes() == Path("b.wav").read_bytes()
    assert Path("a.wav").read_bytes() != Path("c.wav").read_bytes()


def test_a_silenced_bus_leaves_the_frames(run: Run) -> None:
    made = {}
    for name, options in (("all", ()), ("beat", ("--no-voice",)), ("voice", ("--no-beat",)),
                          ("noise", ("--no-voice", "--no-beat"))):  # fmt: skip
        run("beat", 180, "--cues", "relaxed", "--cue-every", "4s", "--time", "20s", "--seed", 1,
            "--rate", 16000, "--bits", 32, "-o", f"{name}.wav", *options)  # fmt: skip
        made[name], _ = soundfile.read(f"{name}.wav", dtype="float32")
    assert len({len(samples) for samples in made.values()}) == 1
    assert np.abs(made["noise"]).max() < 0.01
    assert all(np.abs(made[name]).max() > 0.1 for name in ("all", "beat", "voice"))
    assert not np.array_equal(made["all"], made["beat"])


def test_it_begins_by_number_title_or_time(run: Run, keep: Keep) -> None:
    keep("sessions", SHORT)
    run(*EXPORT, "-o", "whole.wav")
    for name, place in (("a.wav", "2"), ("b.wav", SPOKEN[1].upper()), ("c.wav", "0:01")):
        assert "Begun in the middle" in run(*EXPORT, "-o", name, "--from", place).stderr
        assert frames(name) < frames("whole.wav")
    assert Path("a.wav").read_bytes() == Path("b.wav").read_bytes()


def test_the_lead_in_of_a_session_holds_from_anywhere(run: Run, keep: Keep) -> None:
    keep("sessions", SHORT.replace('"0s"', '"20s"'))
    run(*EXPORT, "-o", "a.wav", "--from", "2")
    assert 20 * 48000 < frames("a.wav") < 25 * 48000


def test_explanations_and_the_safety_line_are_chosen(run: Run) -> None:
    drill = ("drill", "high-knees", "--time", "5s", "--rate", 8000, "--force", "-o", "x.wav")
    lengths = []
    for options in ((), ("--no-safety-line",), ("--no-safety-line", "--no-explain")):
        run(*drill, "--cadence", 170, *options)
        lengths.append(frames("x.wav"))
    assert lengths[0] >= lengths[1] > lengths[2]


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("-o", "there.wav"), "there.wav: exists already; add --force to replace it."),
        (("-o", "x.wave"), "x.wave: no known audio format; end the name in .wav, .flac, "),
        (("-o", "x"), "x: no known audio format"),
        (("-o", "nowhere/x.wav"), "there is no folder nowhere; create it first."),
        (("-o", "x.mp3", "--bits", "16"), "--bits is for .wav or .flac; leave it out for .mp3."),
        (("-o", "x.flac", "--bits", "32"), ".flac cannot hold 32 bits; use --bits 16 or 24."),
        (("-o", "x.wav", "--bits", "8"), "'--bits': '8' is not one of '16', '24', '32'"),
        (("-o", "x.opus", "--rate", "44100"), ".opus cannot hold 44100 Hz; use --rate 48000"),
        (("-o", "x.wav", "--rate", "5"), "'--rate': 5 is not in the range"),
        (("-o", "x.wav", "--from", "9"), '"Short" has no phase "9" (1 to 2, a title, or a time'),
        (("-o", "x.wav", "--from", "7:00"), '"Short" ends before 7:00'),
        ((), "Missing option '-o'."),
        (("-o", "x.wav", "--qality", "2"), "No such option '--qality'."),
    ],
)
def test_what_cannot_be_written_is_refused(
    run: Run, refused: Refused, keep: Keep, options: tuple[str, ...], reason: str
) -> None:
    keep("sessions", SHORT)
    Path("there.wav").write_text("old")
    assert reason in refused(*EXPORT, *options)
    assert [path.name for path in Path().iterdir()] == ["there.wav"]
    assert Path("there.wav").read_text() == "old"
    run(*EXPORT, "-o", "there.wav", "--force")
    assert frames("there.wav") > 48000


def test_a_text_without_a_voice_is_written_with_the_voice_off(run: Run, keep: Keep) -> None:
    keep("sessions", UNSPOKEN)
    run(*EXPORT, "-o", "x.wav", "--no-voice", "--rate", 8000)
    assert frames("x.wav") > 3 * 8000


def test_a_bar_is_drawn_in_a_terminal_only(keep: Keep, tmp_path: Path) -> None:
    keep("sessions", SHORT)
    code, output, errors = outcome(*EXPORT, "-o", "x.wav", cwd=tmp_path)
    assert (code, output.count("\n"), errors) == (0, 1, "")
    with terminal(*EXPORT, "-o", str(tmp_path / "y.wav")) as screen:
        screen.wait_for("y.wav  [")
        screen.wait_for("100%")
        screen.wait_for(f"y.wav: {LENGTH}, seed")
        screen.wait_for("ended: 0\n")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_export_leaves_nothing(
    keep: Keep, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    keep("sessions", LONG.replace("10min", "2h"))
    folder = tmp_path / "tracks"
    folder.mkdir()
    with terminal(*EXPORT, "-o", str(folder / "x.flac")) as screen:
        screen.wait_for("x.flac  [#")
        assert [path.suffix for path in folder.iterdir()] == [".part"]
        screen.signal(number)
        before = screen.wait_for(f"ended: {code}\n")
        assert "Traceback" not in before
        told = f"Stopped; {folder / 'x.flac'} was not written.\n"
        assert (told in before) == (number == signal.SIGINT)
    assert list(folder.iterdir()) == []


def test_names_of_any_bytes_are_told(keep: Keep, tmp_path: Path) -> None:
    keep("sessions", SHORT)
    code, output, errors = outcome(
        *EXPORT, "-o", "\udcff\n.wav", cwd=tmp_path, env=environment(PYTHONIOENCODING="ascii")
    )
    assert (code, errors) == (0, "")
    assert output.startswith(f"\\udcff\\u000a.wav: {LENGTH}, ")


def test_the_cadence_is_told_where_tempos_follow_it(run: Run) -> None:
    done = run("beat", "own", "--time", "1s", "--cadence", 171.5, "--seed", 9, "-o", "own.wav")
    assert done.stdout.endswith(", own cadence 171.5, seed 9\n")
