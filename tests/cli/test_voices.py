"""say, lines, voice, list voices; --voice, --sounds; texts of one's own on the command line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import soundfile

from cadence_cue.app import settings
from cadence_cue.cli import shared
from cadence_cue.sound.clips import Clip
from cadence_cue.voice import speaking
from cadence_cue.voice.kokoro import Kokoro
from cadence_cue.voice.manifest import voice_names
from cadence_cue.voice.voice import Voice
from tests.cli.conftest import Keep, Run
from tests.cli.sessions import SHORT, UNSPOKEN
from tests.matrix import matrix

RATE = 48000
EXPORT = ("export", "mine", "--seed", 1)


def clip(
    text: str, voice: str = "af_heart"
) -> tuple[np.ndarray[tuple[int], np.dtype[np.float64]], int]:
    found = Voice.load(voice).clips([text], RATE)[text]
    return found.samples / 32768.0, found.anchor


def where(text: str, track: np.ndarray[tuple[int], np.dtype[np.float64]], voice: str) -> int:
    """The frame of the clip's anchor in a track, found by correlating."""
    samples, anchor = clip(text, voice)
    track = track[:, 0]
    size = 1 << int(np.ceil(np.log2(len(track) + len(samples))))
    likeness = np.fft.irfft(np.fft.rfft(track, size) * np.conj(np.fft.rfft(samples, size)), size)
    return int(np.argmax(likeness[: len(track)])) + anchor


def test_a_cue_is_written_on_its_own(run: Run) -> None:
    assert run("say", "pull the HEEL up", "-o", "cue.wav").stdout.startswith("cue.wav: 0:0")
    track, _ = soundfile.read("cue.wav")
    samples, anchor = clip("Pull the heel up")
    assert len(track) == len(samples) + RATE // 2
    assert where("Pull the heel up", track, "af_heart") == anchor + RATE // 4


@pytest.mark.parametrize("voice", voice_names())
def test_over_a_beat_its_anchor_is_on_a_beat_to_the_millisecond(run: Run, voice: str) -> None:
    run("say", "Pull the heel up", "--on-beat", 173, "--voice", voice, "-o", "cue.wav")
    track, _ = soundfile.read("cue.wav")
    beats = where("Pull the heel up", track, voice) * 173 / 60 / RATE
    assert abs(beats - round(beats)) * 60 / 173 < 0.001
    assert round(beats) == 8


@pytest.mark.parametrize("voice", matrix(voice_names()))
def test_in_an_export_over_beats_each_cue_s_anchor_is_on_its_beat(
    run: Run, keep: Keep, voice: str
) -> None:
    keep("sessions", 'title = "Mine"\nget_ready = "0s"\n[[phase]]\nrun = ""\nannounce = false\n'
                     'time = "40s"\ntempo = 173\ncues = []\nsay = [{ at = "9s", text = '
                     '"Pull the heel up" }]\n')  # fmt: skip
    run("export", "mine", "--voice", voice, "--no-safety-line", "-o", "x.wav")
    told = json.loads(
        run("timeline", "mine", "--voice", voice, "--no-safety-line", "--json").stdout
    )
    start = next(event["frame"] for event in told["events"] if event["kind"] == "beat")
    track, _ = soundfile.read("x.wav")
    beats = (where("Pull the heel up", track, voice) - start) * 173 / 60 / RATE
    assert abs(beats - round(beats)) * 60 / 173 < 0.001


def test_a_cue_is_heard(run: Run) -> None:
    result = run("say", "Switch legs", "--backend", "silent")
    assert result.stdout == ""


def test_an_own_text_is_said_and_respelled(run: Run, speaker: None) -> None:
    result = run("say", "A-skips", "--spoken", "ay skips", "-o", "a.wav")
    assert result.stderr == "Speaking 1 text without a shipped clip, once …\n"
    run("say", "Ay skips", "-o", "b.wav")
    one, other = (soundfile.read(name)[0] for name in ("a.wav", "b.wav"))
    np.testing.assert_array_equal(one, other)
    assert run("say", "A-skips", "--spoken", "ay skips", "-o", "c.wav").stderr == ""


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 2)])
def test_a_cue_that_was_written_before_is_replaced_when_somebody_says_so(
    run: Run, monkeypatch: pytest.MonkeyPatch, answer: str, code: int
) -> None:
    monkeypatch.setattr(shared, "on_terminal", lambda: True)
    Path("x.wav").write_text("before")
    say = ("say", "Pull the heel up", "-o", "x.wav")
    told = run(*say, code=code, answers=f"{answer}\n").stderr
    assert "x.wav exists already. Replace it? [y/N]: " in told
    assert (Path("x.wav").read_bytes() == b"before") == (answer == "n")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("Привет", "-o", "x.wav"), 'Error: "Привет" cannot be spoken: the voice reads English'),
        (("", "-o", "x.wav"), '"title" must not be empty'),
        (("Go", "-o", "x.xyz"), "x.xyz"),
        (("Go", "--on-beat", 500, "-o", "x.wav"), "from 20 to 300 beats a minute"),
        (("Go", "--voice", "nobody", "-o", "x.wav"), 'There is no voice "nobody"'),
        (("Go", "--sounds", "gone", "-o", "x.wav"), "The folder of recordings gone cannot be read"),
    ],
)
def test_what_cannot_be_said_is_told(run: Run, arguments: tuple[object, ...], told: str) -> None:
    result = run("say", *arguments, code=2)
    assert told in result.stderr
    assert list(Path().glob("x.*")) == []


def test_without_the_extra_a_session_s_own_text_is_refused_before_anything_is_heard(
    run: Run, keep: Keep, without_extra: None
) -> None:
    keep("sessions", UNSPOKEN)
    for command in (("play", "mine"), ("export", "mine", "-o", "x.wav")):
        told = run(*command, code=2).stderr
        assert 'mine.toml, phase 2 (line 8): no voice here can speak "Colourless green' in told
        assert "pip install 'cadence-cue[voice]'" in told
    assert not Path("x.wav").exists()
    assert run("export", "mine", "--no-voice", "-o", "x.wav").stdout.startswith("x.wav: ")
    assert "no voice here can speak" in run("check", "mine").stdout


def test_with_the_extra_it_is_spoken_once(run: Run, keep: Keep, speaker: None) -> None:
    keep("sessions", UNSPOKEN)
    assert "Speaking " in run(*EXPORT, "-o", "x.wav").stderr
    assert "Speaking " not in run(*EXPORT, "-o", "y.wav").stderr
    assert Path("x.wav").read_bytes() == Path("y.wav").read_bytes()
    assert "MB" in run("voice", "cache").stdout
    run("voice", "cache", "--clear")
    assert ": 0 clips, 0.0 MB" in run("voice", "cache").stdout
    assert "Speaking " in run(*EXPORT, "-o", "y.wav", "--force").stderr


def test_stopped_while_speaking_it_writes_nothing_and_keeps_what_was_made(
    run: Run, keep: Keep, speaker: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep("sessions", UNSPOKEN.replace('["Col', '["Green grass", "Col'))
    made: list[object] = []
    clip = speaking.clip

    def once(model: Kokoro, sentences: Sequence[str]) -> Clip:
        if made:
            raise KeyboardInterrupt
        made.append(sentences)
        return clip(model, sentences)

    monkeypatch.setattr(speaking, "clip", once)
    told = run("export", "mine", "-o", "x.wav", code=130).stderr
    assert told.endswith("Stopped; the texts spoken so far are saved.\n")
    assert not Path("x.wav").exists()
    assert ": 1 clip, " in run("voice", "cache").stdout


def test_the_sheet_names_every_line_once(run: Run, keep: Keep) -> None:
    keep("sessions", SHORT)
    sheet = run("lines", "mine").stdout.splitlines()
    names = [line.split()[0] for line in sheet]
    assert {"switch-legs.wav", "open-your-eyes.wav", "next-one.wav"} & set(names)
    assert len(set(names)) == len(names)
    run("lines", "mine", "-o", "sheet.txt")
    assert Path("sheet.txt").read_text().splitlines() == sheet
    told = run("lines", "mine", "-o", "sheet.txt", code=2).stderr
    assert "sheet.txt: exists already; add --force to replace it." in told


def test_what_the_session_records_itself_stands_in_the_sheet_as_that(run: Run, keep: Keep) -> None:
    take = 'words = [{ text = "Knees!", sound = "knees.wav" }]'
    path = keep("sessions", UNSPOKEN.replace('words = ["Colourless green ideas"]', take))
    soundfile.write(path.parent / "knees.wav", clip("Rest")[0], RATE)
    assert "\nknees.wav  " in run("lines", "mine").stdout
    Path("mine").mkdir()
    assert "\n[x] knees.wav  " in run("lines", "mine", "--sounds", "mine").stdout


def test_the_sheet_of_a_session_holds_whatever_any_day_says(run: Run) -> None:
    sheet = run("lines", "relax-run").stdout
    for seed in (1, 2, 3):
        events = json.loads(run("timeline", "relax-run", "--json", "--seed", seed).stdout)["events"]
        spoken = {
            event["text"] for event in events if event.get("text") and event["kind"] != "signal"
        }
        assert [text for text in spoken if not any(
            line.endswith(f"  {text}") for line in sheet.splitlines())] == []  # fmt: skip


def test_what_is_recorded_already_is_marked_and_mixed(run: Run, keep: Keep) -> None:
    keep("sessions", SHORT)
    Path("mine").mkdir()
    samples, _ = clip("Rest", "am_michael")
    soundfile.write("mine/switch-legs.flac", samples, RATE)
    result = run("lines", "mine", "--sounds", "mine")
    assert "[x] switch-legs.flac" in result.stdout
    assert "[ ] open-your-eyes.wav" in result.stdout
    assert "1 of " in result.stderr
    told = run("export", "mine", "--sounds", "mine", "-o", "x.wav").stderr
    assert "Of 2 spoken texts 1 are your recordings; the others are spoken by af_heart." in told
    track, _ = soundfile.read("x.wav")
    start = where("Rest", track, "am_michael")
    plain = json.loads(run("timeline", "mine", "--sounds", "mine", "--json").stdout)["events"]
    said = next(event for event in plain if event.get("text") == "Switch legs")
    assert said["frame"] <= start <= said["frame"] + said["frames"]


def test_what_is_misnamed_or_does_not_load_is_told_and_not_marked(run: Run, keep: Keep) -> None:
    keep("sessions", SHORT)
    Path("mine").mkdir()
    samples, _ = clip("Rest", "am_michael")
    for name in ("swich-legs", "a-song", "open-your-eyes"):
        soundfile.write(f"mine/{name}.wav", samples, RATE)
    Path("mine/one.wav").write_bytes(b"")
    Path("mine/switch-legs.mp3").write_text("no sound")
    Path("mine/sheet.txt").write_text("a list")
    result = run("lines", "mine", "--sounds", "mine")
    assert result.stdout.count("[x] ") == 1
    assert "[x] open-your-eyes.wav" in result.stdout
    assert "[ ] one.wav" in result.stdout
    told = result.stderr.splitlines()
    assert sum("one.wav" in line or "switch-legs.mp3" in line for line in told[:2]) == 2
    assert told[2].startswith('No line uses "swich-legs.wav"; did you mean switch-legs.wav?')
    assert told[3] == "No line uses: a-song.wav"
    assert told[4].startswith("1 of ")
    assert len(told) == 5


def test_a_folder_in_the_settings_is_used_without_being_named(run: Run, keep: Keep) -> None:
    keep("sessions", SHORT)
    Path("mine").mkdir()
    soundfile.write("mine/switch-legs.wav", clip("Rest", "am_michael")[0], RATE)
    run("settings", "sounds", str(Path("mine").absolute()))
    assert "Of 2 spoken texts 1" in run(*EXPORT, "-o", "x.wav").stderr
    assert (
        "is not a folder" in run("settings", "sounds", str(Path("gone").absolute()), code=2).stderr
    )


def test_voices_are_listed_with_who_they_are(run: Run) -> None:
    told = run("list", "voices").stdout
    assert "af_heart       a woman, American English; 916 texts, 7.1 MB" in told
    assert "am_michael     a man, American English; 916 texts, 7.7 MB" in told
    assert "Apache-2.0" in told
    assert "cadence-cue say" in told
    assert "They speak your own texts too." in told


def test_where_they_cannot_speak_own_texts_the_way_is_told(run: Run, without_extra: None) -> None:
    assert "pip install 'cadence-cue[voice]'" in run("list", "voices").stdout


def test_the_voice_may_be_named_for_once_or_for_good(run: Run, keep: Keep) -> None:
    keep("sessions", SHORT)
    run(*EXPORT, "-o", "a.wav")
    run(*EXPORT, "--voice", "am_michael", "-o", "b.wav")
    assert Path("a.wav").read_bytes() != Path("b.wav").read_bytes()
    run("settings", "voice", "am_michael")
    assert settings.load()[0].voice == "am_michael"
    run(*EXPORT, "-o", "c.wav")
    assert Path("b.wav").read_bytes() == Path("c.wav").read_bytes()


def test_a_recording_that_was_cut_off_is_told_before_it_is_played(run: Run, keep: Keep) -> None:
    session = keep(
        "sessions", SHORT.replace("talk = ", 'talk = { sound = "x.wav", text = "Go on" } #')
    )
    path = session.parent / "x.wav"
    soundfile.write(path, np.sin(np.arange(48000) / 20) / 3, 48000)
    assert run("check", "mine").stdout == "mine: good, 0:03, 2 phases\n"
    path.write_bytes(path.read_bytes()[:-30000])
    doubt = '"x.wav" is cut off: 0.7 of 1.0 s can be read; copy it again, or record it again.'
    for _ in range(2):  # the clip is cached, and the doubt with it
        assert f"mine: warning: {doubt}\n" in run("check", "mine").stdout
    assert doubt in run("play", "mine", "--backend", "silent").stderr
    assert doubt in run("export", "mine", "-o", "x.flac").stderr


def test_a_recording_that_cannot_be_used_is_a_mistake_for_check_too(run: Run, keep: Keep) -> None:
    take = 'talk = { sound = "x.wav", text = "Go on" } #'
    session = keep("sessions", SHORT.replace("talk = ", take))
    (session.parent / "x.wav").touch()
    wrong = f'Error: {session}, phase 2 (line 10): "x.wav" is empty: record it again.'
    for asked in (["check", "mine"], ["export", "mine", "-o", "x.flac"]):
        assert run(*asked, code=2).stderr.splitlines() == [wrong]
