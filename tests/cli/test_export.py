"""export, and -o of drill and beat: what is written, refused, told and left behind."""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from cadence_cue import studio
from cadence_cue.cli import shared
from cadence_cue.coaching.session import Session
from cadence_cue.studio import Performance
from tests.cli.conftest import Keep, Run
from tests.cli.process import environment, outcome, terminal
from tests.cli.sessions import LOCKED, LONG, OWN, SHORT, SPOKEN, UNSPOKEN
from tests.export.hearing import probed
from tests.matrix import matrix

Refused = Callable[..., str]
LENGTH = "0:05"  # of SHORT, with its ready signal and its tail
EXPORT = ("export", "mine", "--cadence", 170)
TALKED = """\
title = "Talked"
get_ready = "0s"
announce = false

[[phase]]
walk = ""
time = "14s"
say = [{ at = "7s", text = "Shorten the step" }]
"""


def frames(path: str) -> int:
    return int(soundfile.info(path).frames)


def test_what_was_exported_is_listed_with_its_place(run: Run, keep: Keep) -> None:
    assert run("exports").stdout == "Nothing has been exported yet.\n"
    keep("sessions", SHORT)
    run(*EXPORT, "-o", "x.wav")
    keep("sessions", SHORT.replace("Short", "Other"), "other")
    run("export", "mine", "other", "-o", ".", "--format", "wav")
    Path("x.wav").unlink()
    lines = run("exports").stdout.splitlines()
    assert len(lines) == 6
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d  .+", lines[0])
    assert {Path(line.strip()).parent for line in (lines[1], lines[3])} == {Path.cwd()}
    assert lines[5] == f"  gone: {Path.cwd() / 'x.wav'}"


@pytest.mark.parametrize("ending", matrix(["m4a", "mp3", "wav", "flac", "ogg", "opus"], 2))
def test_a_file_is_written_and_told(run: Run, keep: Keep, ending: str) -> None:
    keep("sessions", SHORT)
    name = f"x.{ending}"
    result = run(*EXPORT, "-o", name, "--seed", 9)
    size = f"{Path(name).stat().st_size / 1e6:.1f} MB"
    assert result.stdout == f"{name}: {LENGTH}, {size}, seed 9\n"
    assert result.stderr == ""
    told = probed(Path(name))
    tags = told["tags"]
    assert tags["title"] == "Short"
    titles = [
        each["title"] for each in json.loads(run("timeline", "mine", "--json").stdout)["phases"]
    ]
    chapters = [each["tags"]["title"].partition(" · ")[0] for each in told["chapters"]]
    assert chapters[-len(titles) :] == titles
    if ending != "m4a":
        assert frames(name) == json.loads(run("timeline", "mine", "--json").stdout)["frames"]
    assert tags["comment"].startswith("seed 9. mine, cadence-cue ")


def test_without_a_name_it_is_called_by_title_and_cadence(run: Run, keep: Keep) -> None:
    keep("sessions", SHORT)
    keep("sessions", SHORT.replace('"Short"', '"Own: 5 %"'), "odd")
    Path("tracks").mkdir()
    run(*EXPORT)
    run("export", "odd", "-o", "tracks", "--format", "flac")
    run(*EXPORT, "-o", "named", "--format", "ogg")
    keep("sessions", OWN.replace("10min", "2s"), "running")
    run("export", "running", "--cadence", 171.5, "--no-voice", "--rate", 8000, "--mono")
    assert sorted(map(str, Path().rglob("*.*"))) == [
        "Own - own 171.5.mp3",
        "Short.mp3",
        "named.ogg",
        "tracks/Own - 5 %.flac",
    ]


def test_many_are_written_at_once_and_one_that_fails_stops_no_other(run: Run, keep: Keep) -> None:
    keep("sessions", SHORT)
    keep("sessions", OWN.replace("10min", "2s"), "running")
    Path("Short.mp3").write_text("old")
    result = run("export", "mine", "running", "--cadence", "158,164", "--no-voice",
                 "--rate", 8000, "--format", "mp3", "--mono", code=2)  # fmt: skip
    assert result.stdout.count("\n") == 2
    assert result.stderr.count("Short.mp3: exists already; add --force") == 1
    assert "1 of 3 tracks could not be written" in result.stderr
    assert Path("Short.mp3").read_text() == "old"
    assert {path.name for path in Path().iterdir()} == {
        "Short.mp3",
        "Own - own 158.mp3",
        "Own - own 164.mp3",
    }


def test_a_team_gets_a_track_each(run: Run, keep: Keep, refused: Refused) -> None:
    keep("sessions", SHORT)
    Path("team.csv").write_text("name,cadence,voice\nAnna,158,am_michael\nBen/Bo,171.5,\n")
    run("export", "mine", "--runners", "team.csv", "--rate", 16000, "--format", "wav")
    assert {path.name for path in Path().glob("*.wav")} == {
        "Anna - Short.wav",
        "Ben_Bo - Short.wav",
    }
    one, other = (soundfile.read(name)[0] for name in ("Anna - Short.wav", "Ben_Bo - Short.wav"))
    assert not np.array_equal(one[: len(other)], other[: len(one)])
    Path("team.csv").write_text("name,cadence\nAnna,fast\n")
    assert "team.csv, line 2: " in refused("export", "mine", "--runners", "team.csv")
    for command in (("relax-run",), ("--cadence", "158,171")):
        assert "x.mp3: several tracks do not fit into one file; name a folder" in refused(
            "export", "daily-ten", "-o", "x.mp3", *command
        )
    assert "there is no folder x.mp3; create it first" in refused(
        "export", "daily-ten", "-o", "x.mp3/"
    )


def test_a_team_member_s_name_is_on_track_and_card(run: Run, keep: Keep) -> None:
    keep("sessions", SHORT)
    Path("team.csv").write_text("name\nAnna\n")
    run("export", "mine", "--runners", "team.csv", "--card", "--format", "flac")
    assert probed(Path("Anna - Short.flac"))["tags"]["title"] == "Anna - Short"
    assert "<h1>Anna - Short</h1>" in Path("Anna - Short.html").read_text()


def test_several_that_exist_are_replaced_when_somebody_says_so(
    run: Run, keep: Keep, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared, "on_terminal", lambda: True)
    keep("sessions", SHORT)
    keep("sessions", SHORT.replace("Short", "Shorter"), "other")
    command = ("export", "mine", "other", "--format", "wav", "--rate", 8000)
    for name in ("Short.wav", "Shorter.wav"):
        Path(name).write_text("mine")
    told = run(*command, answers="n\n", code=2).stderr
    assert "2 of 2 tracks exist already. Replace them? [y/N]" in told
    assert "Short: Short.wav: exists already" in told
    assert Path("Short.wav").read_text() == "mine"
    Path("Shorter.wav").unlink()
    told = run(*command, answers="y\n").stderr
    assert "1 of 2 tracks exist already. Replace them? [y/N]" in told
    assert frames("Short.wav") > 8000


def test_tracks_of_one_name_are_refused(keep: Keep, refused: Refused) -> None:
    keep("sessions", SHORT)
    Path("team.csv").write_text("name\nA/B\na:b\nC\n", "utf-8")
    told = refused("export", "mine", "--runners", "team.csv", "--force")
    assert "several of these tracks would be called A_B - Short.mp3" in told
    assert "would be called Short.mp3" in refused("export", "mine", "mine", "--force")
    assert list(Path().glob("*.mp3")) == []


def test_a_format_that_is_not_the_name_s_is_refused(keep: Keep, refused: Refused) -> None:
    keep("sessions", SHORT)
    told = refused(*EXPORT, "-o", "x.mp3", "--format", "opus")
    assert "x.mp3: this name does not fit --format opus" in told


def test_what_was_never_explained_is_told_after_the_track(run: Run, keep: Keep) -> None:
    keep("sessions", LOCKED.replace("20s", "6s"))
    offer = "Not explained to you yet: "
    command = ("export", "mine", "-o", "x.wav", "--force", "--rate", 8000)
    assert offer in run(*command).stderr
    assert offer not in run(*command, "--no-voice").stderr
    Path("team.csv").write_text("name\nAnna\n")
    team = ("--runners", "team.csv", "--format", "wav", "--rate", 8000)
    assert offer not in run(*command[:2], *team).stderr


def test_words_chapters_and_timeline_lie_beside_it(run: Run, keep: Keep) -> None:
    keep("sessions", SHORT)
    run(*EXPORT, "-o", "x.mp3", "--sidecars")
    timeline = json.loads(Path("x.timeline.json").read_text())
    words = [
        each["text"] for each in timeline["events"] if each["kind"] != "signal" and each["text"]
    ]
    lines = Path("x.lrc").read_text().splitlines()
    assert lines[0] == "[ti:Short]"
    assert [line.partition("]")[2] for line in lines[1:]] == words
    sheet = Path("x.cue").read_text()
    assert 'FILE "x.mp3" MP3' in sheet
    assert sheet.count("INDEX 01 ") == len(probed(Path("x.mp3"))["chapters"])


def test_how_loud_it_is_is_told(run: Run, keep: Keep) -> None:
    keep("sessions", SHORT)
    told = run(*EXPORT, "-o", "x.mp3", "--report").stdout.splitlines()[-1]
    found = re.fullmatch(
        r"x\.mp3: (-\d+\.\d) LUFS, true peak (-\d+\.\d) dBTP, (\d+) % of the time spoken", told
    )
    assert found
    assert -40 < float(found[1]) < -15
    assert float(found[2]) < -1


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
        assert (
            "You are starting partway"
            in run(*EXPORT, "--seed", 1, "-o", name, "--from", place).stderr
        )
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
        (
            ("-o", "x.mp3", "--bits", "16"),
            ".mp3 has no bit depth, only .wav and .flac have one; leave it out.",
        ),
        (("-o", "x.flac", "--bits", "32"), ".flac cannot hold 32 bits; use 16 or 24 bits."),
        (("-o", "x.wav", "--bits", "8"), "'--bits': '8' is not one of '16', '24', '32'"),
        (("-o", "x.opus", "--rate", "44100"), ".opus cannot hold 44100 Hz; use "),
        (("-o", "x.wav", "--rate", "5"), "'--rate': 5 is not in the range"),
        (("-o", "x.wav", "--from", "9"), '"Short" has no phase "9" (1 to 2, a title, or a time'),
        (("-o", "x.wav", "--from", "7:00"), '"Short" ends before 7:00'),
        (("-o", "x.wav", "--qality", "2"), "No such option '--qality'."),
    ],
)
def test_what_cannot_be_written_is_refused(
    refused: Refused, keep: Keep, options: tuple[str, ...], reason: str
) -> None:
    keep("sessions", SHORT)
    Path("there.wav").write_text("old")
    assert reason in refused(*EXPORT, *options)
    assert [path.name for path in Path().iterdir()] == ["there.wav"]
    assert Path("there.wav").read_text() == "old"


def test_a_file_that_is_there_is_replaced_by_force(run: Run, keep: Keep) -> None:
    keep("sessions", SHORT)
    Path("there.wav").write_text("old")
    run(*EXPORT, "-o", "there.wav", "--force")
    assert frames("there.wav") > 48000


def test_a_text_without_a_voice_is_written_with_the_voice_off(run: Run, keep: Keep) -> None:
    keep("sessions", UNSPOKEN)
    run(*EXPORT, "-o", "x.wav", "--no-voice", "--rate", 8000)
    assert frames("x.wav") > 3 * 8000


def test_a_bar_is_drawn_in_a_terminal(keep: Keep, tmp_path: Path) -> None:
    keep("sessions", SHORT)
    with terminal(*EXPORT, "-o", str(tmp_path / "y.wav"), COLUMNS="300") as screen:
        screen.wait_for("y.wav  [")
        screen.wait_for("100%")
        screen.wait_for(f"y.wav: {LENGTH}, 1.0 MB, seed")
        screen.wait_for("ended: 0\n")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_export_leaves_nothing(
    keep: Keep, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    keep("sessions", LONG.replace("10min", "40min"))
    folder = tmp_path / "tracks"
    folder.mkdir()
    with terminal(*EXPORT, "-o", str(folder / "x.flac"), COLUMNS="300") as screen:
        screen.wait_for("x.flac  [#")
        assert [path.suffix for path in folder.iterdir()] == [".part"]
        screen.signal(number)
        before = screen.wait_for(f"ended: {code}\n")
        assert "Traceback" not in before
        told = f"Stopped; {folder / 'x.flac'} was not written.\n"
        assert (told in before) == (number == signal.SIGINT)
    assert list(folder.iterdir()) == []


def test_over_a_pipe_names_of_any_bytes_are_told_without_a_bar(keep: Keep, tmp_path: Path) -> None:
    keep("sessions", SHORT)
    code, output, errors = outcome(
        *EXPORT, "-o", "\udcff\n.wav", cwd=tmp_path, env=environment(PYTHONIOENCODING="ascii")
    )
    assert (code, output.count("\n"), errors) == (0, 1, "")
    assert output.startswith(f"\\udcff\\u000a.wav: {LENGTH}, ")


def test_the_cadence_is_told_where_tempos_follow_it(run: Run) -> None:
    done = run("beat", "own", "--time", "1s", "--cadence", 171.5, "--seed", 9, "-o", "own.wav")
    assert done.stdout.endswith(", own cadence 171.5, seed 9\n")


def test_music_lies_underneath(run: Run, keep: Keep, refused: Refused) -> None:
    keep("sessions", SHORT)
    time = np.arange(5 * 16000) / 16000
    soundfile.write("music.flac", np.stack([np.sin(900 * time), np.sin(2000 * time)], 1) / 3, 16000)
    under = ("--music", "music.flac")
    for name, options in (("plain", ()), ("music", under),
                          ("low", (*under, "--music-level", "-20 dB"))):  # fmt: skip
        run(*EXPORT, "-o", f"{name}.wav", "--rate", 16000, *options)
    plain, music, low = (soundfile.read(f"{name}.wav")[0] for name in ("plain", "music", "low"))
    assert len(plain) == len(music) == len(low)
    above, below = (np.abs(each - plain).max() for each in (music, low))
    assert above > 5 * below > 0
    assert not np.array_equal(music[:, 0], music[:, 1])
    raised = run(*EXPORT, "-o", "high.wav", "--rate", 16000, *under, "--music-level", "+6 dB")
    assert "Everything is 1.3 dB lower, to make room for the music." in raised.stderr
    Path("bad.mp3").write_text("no music" * 999)
    assert "bad.mp3: cannot be read as sound" in refused(
        *EXPORT, "-o", "x.wav", "--music", "bad.mp3"
    )
    assert not Path("x.wav").exists()


def test_a_talk_is_held_for_what_is_said(run: Run, keep: Keep, refused: Refused) -> None:
    keep("sessions", TALKED)
    run(*EXPORT, "-o", "plain.wav", "--rate", 16000)
    soundfile.write("talk.flac", np.full(frames("plain.wav") - 16000, 0.1), 16000)
    under = ("--music", "talk.flac", "--hold")
    ends = "it ends before the session"  # of itself it does
    assert ends not in run(*EXPORT, "-o", "held.wav", "--rate", 16000, *under).stderr
    told = run(*EXPORT, "-o", "mute.wav", "--rate", 16000, *under, "--no-voice").stderr
    assert ends in told
    plain, held, mute = (
        soundfile.read(f"{name}.wav")[0][:, 0] for name in ("plain", "held", "mute")
    )
    data = json.loads(run("timeline", *EXPORT[1:], "--rate", 16000, "--json").stdout)
    (word,) = (each for each in data["events"] if each["kind"] == "say")
    said = slice(word["frame"], word["frame"] + word["frames"])
    np.testing.assert_array_equal(held[said], plain[said])
    before = slice(word["frame"] - 3 * 16000, word["frame"] - 2 * 16000 - 2000)
    assert (np.abs(held[before] - plain[before]) > 0.01).all()
    assert (np.abs(mute[said]) > 0.01).all()
    told = refused(*EXPORT, "-o", "x.wav", *under, "--match")
    assert "--hold is for a talk, and not for music that is matched to the beat" in told


def test_the_former_names_of_the_music_options_work_and_are_hidden(run: Run, keep: Keep) -> None:
    keep("sessions", SHORT)
    Path("songs").mkdir()
    for name in ("a", "b"):
        soundfile.write(Path("songs", name).with_suffix(".wav"), np.full(8000, 0.1), 8000)
    for prefix in ("--music", "--bed"):
        options = (prefix, "songs", f"{prefix}-level", "-6 dB", f"{prefix}-shuffle")
        run(*EXPORT, "-o", f"{prefix}.wav", "--seed", 9, *options)
    assert Path("--bed.wav").read_bytes() == Path("--music.wav").read_bytes()
    for command in ("play", "export", "drill", "beat"):
        told = run(command, "--help").stdout
        assert "--music-shuffle" in told
        assert "bed" not in told


def test_a_level_needs_music(keep: Keep, refused: Refused) -> None:
    keep("sessions", SHORT)
    for option in (("--music-level", "-6 dB"), ("--music-shuffle",), ("--loop",)):
        told = refused(*EXPORT, "-o", "x.wav", *option)
        assert f"there is no music for {option[0]}: add --music FILE|FOLDER" in told


def test_the_music_is_told(run: Run, keep: Keep, tmp_path: Path) -> None:
    keep("sessions", SHORT)
    soundfile.write(tmp_path / "tune.wav", np.full(8000, 0.1), 8000)
    told = run(*EXPORT, "-o", "x.mp3", "--seed", 9, "--music", tmp_path / "tune.wav").stdout
    assert told.endswith(", seed 9, music tune.wav (0:01)\n")
    assert probed(Path("x.mp3"))["tags"]["comment"].startswith(
        "seed 9, music tune.wav (0:01). mine"
    )


def test_bad_music_is_named_before_anything_is_written_and_refused_before_anything_is_spoken(
    run: Run, keep: Keep, refused: Refused, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep("sessions", SHORT)
    Path("songs").mkdir()
    Path("songs/b.mp3").write_bytes(b"")
    Path("songs/c.m4p").write_bytes(b"locked")
    command = (*EXPORT, "--seed", 9, "--music", "songs")
    with monkeypatch.context() as patched:
        patched.setattr("cadence_cue.studio.perform", None)  # nothing is planned, nor spoken
        assert "songs: none of its 1 files can be played; the first: " in refused(
            *command, "-o", "x.wav"
        )
    soundfile.write("songs/a.wav", np.sin(np.arange(16000) / 9) / 3, 8000)
    result = run(*command, "-o", "x.wav")
    assert result.stdout.endswith(", seed 9, music songs (1 of 2 pieces, 0:02)\n")
    locked, empty, summary = result.stderr.splitlines()
    assert locked == "Left out: c.m4p, protected against other players (DRM)."
    assert empty.startswith("b.mp3 is left out: cannot be read as sound")
    assert summary == "Music: songs, 1 of 2 pieces, 0:02; then it starts again."


def test_a_file_that_is_shorter_ends_unless_it_is_to_go_round(run: Run, keep: Keep) -> None:
    music = '\n[music]\nfile = "tune.wav"\n\n[[phase]]'
    path = keep("sessions", SHORT.replace("\n[[phase]]", music, 1))
    soundfile.write(path.parent / "tune.wav", np.sin(np.arange(8000) / 9) / 3, 8000)
    ends = run(*EXPORT, "-o", "once.wav", "--no-voice", "--rate", 8000).stderr
    assert ends.splitlines()[-1] == (
        "Music: tune.wav, 0:01; then it ends before the session. To start it again: --loop"
    )
    again = run(*EXPORT, "-o", "again.wav", "--no-voice", "--rate", 8000, "--loop").stderr
    assert again.splitlines()[-1] == "Music: tune.wav, 0:01; then it starts again."
    path.write_text(path.read_text().replace('"tune.wav"', '"tune.wav"\nloop = true'))
    run(*EXPORT, "-o", "own.wav", "--no-voice", "--rate", 8000)
    once, again, own = (soundfile.read(f"{name}.wav")[0] for name in ("once", "again", "own"))
    np.testing.assert_array_equal(again, own)
    np.testing.assert_array_equal(once[:6000], again[:6000])
    late = slice(12000, 16000)
    assert np.abs(once[late]).max() < 0.01 < np.abs(again[late]).max()


def test_a_session_may_have_music_of_its_own(run: Run, keep: Keep) -> None:
    music = '\n[music]\nfile = "tune.wav"\nlevel = "-6 dB"\n\n[[phase]]'
    path = keep("sessions", SHORT.replace("\n[[phase]]", music, 1))
    time = np.arange(3 * 16000) / 16000
    soundfile.write(path.parent / "tune.wav", np.sin(900 * time) / 3, 16000)
    run(*EXPORT, "-o", "music.wav", "--rate", 16000)
    path.write_text(SHORT)
    run(*EXPORT, "-o", "plain.wav", "--rate", 16000)
    assert np.abs(soundfile.read("music.wav")[0] - soundfile.read("plain.wav")[0]).max() > 0.01


@pytest.fixture
def planned(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the sessions that were planned."""
    names: list[str] = []

    def perform(session: Session, *rest: Any, **more: Any) -> Performance:
        names.append(session.name)
        return studio_perform(session, *rest, **more)

    studio_perform = studio.perform
    monkeypatch.setattr(studio, "perform", perform)
    return names


def test_one_command_writes_several_formats_with_the_same_files_beside(
    run: Run, keep: Keep, refused: Refused, planned: list[str]
) -> None:
    keep("sessions", SHORT)
    beside = ("--sidecars", "--card")
    run("export", "mine", "-o", "track", "--format", "wav,flac,wav", *beside)
    assert len(planned) == 1
    names = sorted(path.name for path in Path().glob("track.*"))
    assert names == [
        f"track.{each}" for each in ("cue", "flac", "html", "lrc", "timeline.json", "wav")
    ]
    run("export", "mine", "-o", "track.ogg", *beside)
    assert 'FILE "track.wav"' in Path("track.cue").read_text()
    Path("track.lrc").write_text("mine")
    assert "track.lrc: exists already" in refused("export", "mine", "-o", "track.opus", *beside)
    assert "does not fit --format flac" in refused(
        "export", "mine", "-o", "other.wav", "--format", "wav,flac"
    )
    assert not Path("other.wav").exists()
    assert "give one format" in refused("export", "mine", "--format", "wav,flac", "--share")
    assert "'mp5' is not one of" in refused("export", "mine", "--format", "mp3,mp5")


def test_several_tracks_are_written_in_several_formats(
    run: Run, keep: Keep, planned: list[str]
) -> None:
    keep("sessions", SHORT)
    Path("tracks").mkdir()
    run("export", "mine", "pre-race", "-o", "tracks", "--format", "flac,wav", "--rate", 8000)
    assert sorted(path.suffix for path in Path("tracks").iterdir()) == [".flac"] * 2 + [".wav"] * 2
    assert planned == ["mine", "pre-race"]
