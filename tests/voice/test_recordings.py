"""Recordings of all kinds as real files, through the real decoders."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import soundfile

from cadence_cue.coaching.session import Handling
from cadence_cue.errors import UserError, printable
from cadence_cue.sound.loudness import loudness, true_peak
from cadence_cue.voice import finish, section
from cadence_cue.voice.finish import MS, Samples
from cadence_cue.voice.recordings import Taken, take
from cadence_cue.voice.section import opened
from cadence_cue.voice.shipped import sounds_folder
from tests.matrix import matrix

RATE = 48000
PAUSE = 300  # ms before and after what is said

FORMATS: list[tuple[str, dict[str, str]]] = [
    ("a.wav", {"subtype": "PCM_U8"}),
    ("a.wav", {"subtype": "PCM_16"}),
    ("a.wav", {"subtype": "PCM_24"}),
    ("a.wav", {"subtype": "FLOAT"}),
    ("a.flac", {}),
    ("a.aiff", {}),
    ("a.ogg", {}),
    ("a.opus", {"format": "OGG", "subtype": "OPUS"}),
    ("a.mp3", {}),
]
BY_FFMPEG = ["a.aac", "a.m4a", "a.wma", "a.webm"]


def noise(milliseconds: int, level: float, seed: int = 0) -> Samples:
    return np.random.default_rng(seed).normal(0, level, milliseconds * MS)


def tone(milliseconds: int, level: float, hertz: float = 440.0) -> Samples:
    return level * np.sin(2 * np.pi * hertz * np.arange(milliseconds * MS) / RATE)


def said(noise_level: float = 1e-4, text: str = "relax-your-face") -> Samples:
    """A shipped clip in 300 ms of noise on either side."""
    (file,) = (sounds_folder() / "voice" / "af_heart").glob(f"{text}-????????.opus")
    clip, rate = soundfile.read(file)
    assert rate == RATE
    padded = np.pad(clip, PAUSE * MS)
    padded += np.random.default_rng(0).normal(0, noise_level, len(padded))
    return padded


def word_every_second(seconds: int, file: Path) -> Path:
    """A word every second, at 8 kHz."""
    word = np.concatenate([noise(500, 1e-4), tone(500, 0.2)])[::6]
    words = np.tile(word, seconds)
    if file.suffix == ".flac":
        return write(file, words, 8000, subtype="PCM_16")
    return convert(write(file.with_suffix(".wav"), words, 8000), file)


def write(file: Path, samples: Samples, rate: int = RATE, subtype: str = "FLOAT") -> Path:
    soundfile.write(file, samples, rate, subtype=subtype)
    return file


def convert(source: Path, target: Path, *options: str) -> Path:
    command = ["ffmpeg", "-nostdin", "-loglevel", "error", "-i", str(source), *options, str(target)]
    subprocess.run(command, check=True)
    return target


def plain(folder: Path, samples: Samples, handling: Handling = Handling()) -> Taken:  # noqa: B008
    return take(write(folder / "x.wav", samples), handling)


def floats(taken: Taken) -> Samples:
    assert taken.clip.samples.dtype == np.int16
    return taken.clip.samples / 32768


def error(file: Path, handling: Handling = Handling()) -> str:  # noqa: B008
    with pytest.raises(UserError) as caught:
        take(file, handling)
    return str(caught.value)


def assert_alike(taken: Taken, other: Taken, milliseconds: float = 10) -> None:
    assert taken.doubts == other.doubts == ()
    assert abs(len(taken.clip.samples) - len(other.clip.samples)) <= milliseconds * MS
    assert abs(taken.clip.anchor - other.clip.anchor) <= milliseconds * MS
    assert loudness(floats(taken)) == pytest.approx(finish.TARGET, abs=0.3)
    assert true_peak(floats(taken)) <= finish.CEILING + 0.001


@pytest.fixture
def reference(tmp_path: Path) -> Taken:
    taken = plain(tmp_path, said())
    (tmp_path / "x.wav").unlink()
    return taken


def test_a_shipped_clip_recorded_again_is_cut_where_it_was(reference: Taken) -> None:
    shipped = len(said()) - 2 * PAUSE * MS
    assert len(reference.clip.samples) == pytest.approx(shipped, abs=25 * MS)
    assert loudness(floats(reference)) == pytest.approx(finish.TARGET, abs=0.1)
    assert true_peak(floats(reference)) <= finish.CEILING + 0.001
    assert reference.clip.anchor == finish.first_rise(floats(reference))


@pytest.mark.parametrize(("name", "how"), FORMATS)
def test_every_format_gives_the_same_clip(
    tmp_path: Path, reference: Taken, name: str, how: dict[str, str]
) -> None:
    softer = how.get("subtype") == "PCM_U8"  # eight bits are noisy in themselves
    file = tmp_path / name
    soundfile.write(file, said(), RATE, **how)
    taken = take(file)
    assert_alike(taken, reference, 40 if softer else 10)


@pytest.mark.parametrize("name", matrix(BY_FFMPEG))
def test_what_only_ffmpeg_reads_gives_the_same_clip(
    tmp_path: Path, reference: Taken, name: str
) -> None:
    file = convert(write(tmp_path / "a.wav", said()), tmp_path / name)
    with pytest.raises(soundfile.SoundFileError):
        soundfile.info(file)
    assert_alike(take(file), reference)


@pytest.mark.parametrize("rate", matrix([44100, 11025, 16000, 96000]))
@pytest.mark.parametrize("name", ["a.wav", "a.m4a"])
def test_every_rate_gives_the_same_clip(
    tmp_path: Path, reference: Taken, name: str, rate: int
) -> None:
    source = write(tmp_path / "source.wav", said())
    assert_alike(take(convert(source, tmp_path / name, "-ar", str(rate))), reference)


@pytest.mark.parametrize("channels", [2, 3, 6])
def test_channels_become_their_mean(tmp_path: Path, reference: Taken, channels: int) -> None:
    several = np.zeros((len(said()), channels))
    several[:, 0] = said()
    file = write(tmp_path / "a.wav", several)
    assert np.allclose(take(file).clip.samples, reference.clip.samples, atol=2)
    write(file, np.stack([said() * 1.5] * channels, axis=1))
    assert np.allclose(take(file).clip.samples, reference.clip.samples, atol=2)
    several[:, 1] = -several[:, 0]
    write(file, several)
    assert error(file) == '"a.wav" is silent: record it again nearer to the microphone.'


@pytest.mark.parametrize("options", matrix(["-ar 8000 -c:a pcm_u8", "-c:a alac", "-c:a pcm_s24le"]))
def test_every_width_through_ffmpeg_gives_the_same_clip(
    tmp_path: Path, reference: Taken, options: str
) -> None:
    source = write(tmp_path / "source.wav", said(), subtype="PCM_24")
    file = convert(source, tmp_path / "a.mov", *options.split())
    assert_alike(take(file), reference, 30 if "u8" in options else 10)


def test_stereo_through_ffmpeg_gives_the_same_clip(tmp_path: Path, reference: Taken) -> None:
    source = write(tmp_path / "source.wav", np.stack([said(), said()], axis=1))
    assert_alike(take(convert(source, tmp_path / "a.m4a")), reference)


def test_an_offset_of_the_microphone_is_removed(tmp_path: Path, reference: Taken) -> None:
    assert_alike(plain(tmp_path, said() * 0.5 + 0.2), reference, 1)
    samples = floats(plain(tmp_path, said() * 0.5 + 0.2, Handling(trim=False)))
    assert abs(np.mean(samples)) < 1e-4
    assert np.max(np.abs(samples[50 * MS : 250 * MS])) < 0.01


@pytest.mark.parametrize("level", [0.05, 0.3, 1.5])
def test_soft_and_loud_recordings_become_equally_loud(
    tmp_path: Path, reference: Taken, level: float
) -> None:
    assert_alike(plain(tmp_path, said(1e-5) * level), reference, 15)


def test_a_file_is_found_whatever_it_is_called(
    tmp_path: Path, reference: Taken, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file = convert(write(tmp_path / "a.wav", said()), tmp_path / "a.m4a")
    for name in ("-y.m4a", "-", "ü %d 'a\".m4a", "http:x"):
        (tmp_path / name).write_bytes(file.read_bytes())
        assert_alike(take(Path(name)), reference)
    monkeypatch.setenv("PATH", "")
    for name in ("-", "-i.wav", "x.mp4"):
        write(tmp_path / "a.wav", said()).rename(tmp_path / name)
        assert_alike(take(Path(name)), reference)


def test_ffmpeg_leaves_the_keys_to_us(tmp_path: Path) -> None:
    file = convert(write(tmp_path / "a.wav", said()), tmp_path / "a.m4a")
    program = (
        "import sys, pathlib; from cadence_cue.voice.recordings import take; "
        "take(pathlib.Path(sys.argv[1])); print(sys.stdin.read())"
    )
    command = [sys.executable, "-c", program, str(file)]
    result = subprocess.run(command, input="keys", capture_output=True, text=True, check=True)
    assert result.stdout == "keys\n"


# What Handling says


@pytest.mark.parametrize("name", matrix(["a.m4a", "a.flac", "a.mp3"], 2))
def test_start_and_end_choose_one_of_several_words(
    tmp_path: Path, reference: Taken, name: str
) -> None:
    other = said(text="relax-your-calves")
    before = np.concatenate([other, other, np.zeros(437 * MS)])
    source = write(tmp_path / "s.wav", np.concatenate([before, said(), other]))
    start, end = (Fraction(frames, RATE) for frames in (len(before), len(before) + len(said())))
    taken = take(convert(source, tmp_path / name), Handling(start, end))
    assert_alike(taken, reference)
    assert 2 < start < 3.9


@pytest.mark.parametrize("name", ["a.flac", "a.m4a"])
def test_start_and_end_are_kept_to_the_millisecond(tmp_path: Path, name: str) -> None:
    marks = noise(4000, 1e-4)
    marks[1400 * MS : 1900 * MS] += tone(500, 0.2)
    marks[2345 * MS : 2355 * MS] += tone(10, 0.9)
    file = convert(write(tmp_path / "s.wav", marks), tmp_path / name, "-b:a", "256k")
    handling = Handling(Fraction("1.2344"), Fraction("2.6"), trim=False)
    samples = floats(take(file, handling))
    assert len(samples) == (2600 - 1234) * MS
    peak = int(np.argmax(np.abs(samples)))
    assert 2345 - 1234 - 1 <= peak / MS <= 2355 - 1234 + 1


def test_an_end_after_the_file_is_the_files_end(tmp_path: Path) -> None:
    handling = Handling(end=Fraction(30), trim=False)
    assert len(plain(tmp_path, said(), handling).clip.samples) == len(said()) // MS * MS


def test_a_cut_in_the_middle_of_a_sound_is_faded_and_no_other(tmp_path: Path) -> None:
    steady = tone(1000, 0.3, 1000.0)

    def at(first: float, last: float) -> tuple[float, float]:
        """The highest sample in the fourth millisecond, and in the fourth from the end."""
        start, end = Fraction(first), None if last == 1 else Fraction(last)
        samples = floats(plain(tmp_path, steady, Handling(start, end, trim=False)))
        steady_level = np.max(np.abs(samples[100 * MS : 200 * MS]))
        edges = samples[3 * MS : 4 * MS], samples[-4 * MS : -3 * MS]
        high, low = (float(np.max(np.abs(edge)) / steady_level) for edge in edges)
        return high, low

    whole, start, end = at(0, 1), at(0.25, 1), at(0, 0.75)
    assert start[0] == pytest.approx(whole[0] * 0.78, rel=0.1)
    assert end[1] == pytest.approx(whole[1] * 0.7, rel=0.15)
    assert (start[1], end[0]) == pytest.approx((whole[1], whole[0]), rel=0.05)


def test_without_trim_the_silence_stays_and_the_anchor_is_in_the_word(
    tmp_path: Path, reference: Taken
) -> None:
    taken = plain(tmp_path, said(), Handling(trim=False))
    samples = floats(taken)
    assert len(samples) == len(said()) // MS * MS
    cut = finish.cut(said())[1]
    assert taken.clip.anchor == pytest.approx(reference.clip.anchor + cut, abs=5 * MS)
    assert loudness(samples) == pytest.approx(finish.TARGET, abs=0.1)
    assert abs(samples[0]) < 1e-4
    assert abs(samples[-1]) < 1e-4


def test_without_trim_the_edges_are_soft(tmp_path: Path) -> None:
    samples = np.abs(floats(plain(tmp_path, tone(500, 0.3, 1000.0), Handling(trim=False))))
    assert np.max(samples[: MS // 2]) < 0.1 * np.max(samples)
    assert np.max(samples[-2 * MS :]) < 0.1 * np.max(samples)
    middle = samples[5 * MS : -25 * MS].reshape(-1, MS)
    assert np.min(np.max(middle, axis=1)) > 0.9 * np.max(samples)


@pytest.mark.parametrize("start", [Fraction(0), Fraction(1, 10)])
@pytest.mark.parametrize("trim", [True, False])
def test_an_anchor_counts_from_start_and_not_from_the_trimmed_clip(
    tmp_path: Path, trim: bool, start: Fraction
) -> None:
    marked = noise(1500, 1e-5)
    marked[400 * MS : 900 * MS] += tone(500, 0.1)
    marked[700 * MS : 702 * MS] = 0.6
    ms = 700 - float(start) * 1000 + 0.5
    taken = plain(tmp_path, marked, Handling(start, trim=trim, anchor_ms=ms))
    around = floats(taken)[taken.clip.anchor - 2 * MS : taken.clip.anchor + 3 * MS]
    assert np.max(np.abs(floats(taken))) == np.max(np.abs(around))
    step = int(np.argmax(np.diff(floats(taken)))) + 1
    assert taken.clip.anchor == pytest.approx(step + MS / 2, abs=2)


@pytest.mark.parametrize("gain", [-12.0, -3.0, 2.0])
def test_gain_is_added_to_the_level_of_every_clip(tmp_path: Path, gain: float) -> None:
    taken = plain(tmp_path, tone(500, 0.1), Handling(gain_db=gain))
    assert loudness(floats(taken)) == pytest.approx(finish.TARGET + gain, abs=0.2)


@pytest.mark.parametrize("gain", [0.0, 6.0, 12.0])
def test_no_gain_passes_the_ceiling(tmp_path: Path, gain: float) -> None:
    taken = plain(tmp_path, said(), Handling(gain_db=gain))
    assert true_peak(floats(taken)) <= finish.CEILING + 0.001
    assert loudness(floats(taken)) >= finish.TARGET - 0.1 + gain / 6
    assert gain == 0 or true_peak(floats(taken)) > finish.CEILING - 0.5


# What cannot be used


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    for file in (tmp_path / "x.wav", tmp_path / "x\0.wav", tmp_path / "a" / "x.wav"):
        assert error(file) == f'There is no file "{printable(str(file))}".'


def test_a_folder_is_no_recording(tmp_path: Path) -> None:
    assert error(tmp_path) == f'"{tmp_path}" is not a file: name a recording.'


def test_a_file_that_cannot_be_opened_is_told_with_the_reason(tmp_path: Path) -> None:
    file = tmp_path / f"{'x' * 300}.wav"
    assert error(file) == f'"{file}" cannot be read (File name too long).'


def test_a_file_of_somebody_else_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write(tmp_path / "x.wav", said())

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)  # a superuser, as in CI, may read everything
    assert error(file) == f'"{file}" cannot be read (Permission denied).'


def test_an_empty_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.wav").touch()
    assert error(tmp_path / "x.wav") == '"x.wav" is empty: record it again.'


@pytest.mark.parametrize("frames", [0, 95 * MS])
def test_a_file_without_sound_is_told(tmp_path: Path, frames: int) -> None:
    file = write(tmp_path / "x.wav", tone(100, 0.5)[:frames])
    assert error(file) == (
        f'"x.wav" has {frames // MS} ms of sound; at least 100: record it again, '
        'or change "start" and "end".'
    )


@pytest.mark.parametrize("name", matrix(["x.txt", "x.raw", "x.wav", "x.mp3", "x.m4a"], 2))
def test_what_is_no_audio_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("Lift your knees. " * 1000, "utf-8")
    assert error(tmp_path / name) == (
        f'"{name}" is not an audio file that can be read: save it again as WAV or MP3.'
    )


def test_a_picture_is_no_audio(tmp_path: Path) -> None:
    options = ["-f", "lavfi", "-i", "color=s=16x16:d=1", "-frames:v", "1", str(tmp_path / "x.png")]
    subprocess.run(["ffmpeg", "-nostdin", "-loglevel", "error", *options], check=True)
    assert '"x.png" is not an audio file that can be read' in error(tmp_path / "x.png")


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    whole = convert(write(tmp_path / "a.wav", said()), tmp_path / "a.m4a").read_bytes()
    (tmp_path / "x.m4a").write_bytes(whole[: len(whole) // 2])
    assert '"x.m4a" is not an audio file that can be read' in error(tmp_path / "x.m4a")


def test_a_sample_that_is_no_number_is_doubted(tmp_path: Path, reference: Taken) -> None:
    broken = said()
    broken[100] = np.nan
    taken = plain(tmp_path, broken)
    assert taken.doubts == (
        (
            '"x.wav" may be damaged (some samples are no numbers, or absurdly large); '
            "copy it again, or record it again."
        ),
    )
    assert_alike(replace(taken, doubts=()), reference)


@pytest.mark.parametrize("ending", ["flac", "wav", "mp3"])
def test_a_recording_that_was_cut_off_is_doubted_with_what_is_left(
    tmp_path: Path, ending: str
) -> None:
    words = np.concatenate([said(), said()])
    file = convert(write(tmp_path / "s.wav", words, subtype="PCM_16"), tmp_path / f"x.{ending}")
    whole = len(words) / RATE
    content = file.read_bytes()
    file.write_bytes(content[: len(content) * 6 // 10])
    (doubt,) = take(file).doubts
    there, of = (float(number) for number in re.findall(r"\d+\.\d", doubt))
    assert doubt.startswith(f'"x.{ending}" is cut off')
    assert there == pytest.approx(0.6 * whole, abs=0.4)
    assert of == pytest.approx(whole, abs=0.1)
    first = Handling(end=Fraction(len(words) // 4, RATE))
    assert take(file, first).doubts == ()  # what is used is there


def test_all_streams_of_a_chained_file_are_used(tmp_path: Path) -> None:
    for name in ("1.ogg", "2.ogg"):
        soundfile.write(tmp_path / name, said(), RATE)
    both = (tmp_path / "1.ogg").read_bytes() + (tmp_path / "2.ogg").read_bytes()
    (tmp_path / "x.ogg").write_bytes(both)
    taken = take(tmp_path / "x.ogg", Handling(trim=False))
    assert taken.doubts == ()
    assert abs(len(taken.clip.samples) - 2 * len(said())) < 2 * MS


def test_a_damaged_mp3_puts_nothing_on_the_screen(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file = convert(write(tmp_path / "s.wav", said()), tmp_path / "x.mp3")
    file.write_bytes(file.read_bytes()[:-700] + bytes(range(256)) * 9)
    take(file)
    file.write_bytes(bytes(range(256)) * 99)
    error(file)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("program", ["ffmpeg", "ffprobe"])
def test_without_ffmpeg_the_way_out_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    file = convert(write(tmp_path / "a.wav", said()), tmp_path / "x.m4a")
    (tmp_path / "programs").mkdir()
    (other,) = {"ffmpeg", "ffprobe"} - {program}
    (tmp_path / "programs" / other).symlink_to("/bin/false")
    monkeypatch.setenv("PATH", str(tmp_path / "programs"))
    assert error(file) == (
        '"x.m4a" is in a format that needs ffmpeg, which is not installed: '
        "install ffmpeg, or save the recording as WAV or MP3."
    )
    assert take(tmp_path / "a.wav").doubts == ()
    assert "ends before" in error(tmp_path / "a.wav", Handling(Fraction(9)))


@pytest.mark.parametrize("end", [Fraction(1), Fraction(2)])
def test_an_end_that_is_not_after_the_start_is_told(tmp_path: Path, end: Fraction) -> None:
    file = write(tmp_path / "x.wav", said())
    message = 'The "end" of "x.wav" must be later than its "start".'
    assert error(file, Handling(Fraction(2), end)) == message


@pytest.mark.parametrize(
    ("name", "end"),
    matrix([("x.flac", Fraction(8)), ("x.m4a", None), ("x.flac", None), ("x.m4a", Fraction(8)),
            ("x.mp3", None), ("x.mp3", Fraction(8))], 2),
)  # fmt: skip
def test_a_start_after_the_end_of_the_file_is_told(
    tmp_path: Path, name: str, end: Fraction | None
) -> None:
    file = convert(write(tmp_path / "s.wav", said()), tmp_path / name)
    message = f'"{name}" ends before its "start", 7.5 s: give an earlier one.'
    assert error(file, Handling(Fraction("7.5"), end)) == message


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros(RATE),
        said() * 0.005,
        np.concatenate([noise(300, 1e-5), tone(500, 0.0028), noise(300, 1e-5)]),
        noise(1000, 0.004),
        np.concatenate([noise(500, 0.001), tone(15, 0.5), noise(500, 0.001), tone(15, 0.5)]),
        np.concatenate([np.zeros(RATE), noise(300, 1e-4), tone(15, 0.5, 400), np.zeros(RATE)]),
        tone(1000, 0.01, 50.0),
    ],
    ids=["nothing", "soft", "far", "hiss", "knocks", "gated", "hum"],
)
@pytest.mark.parametrize("trim", [True, False])
def test_silence_is_told(tmp_path: Path, samples: Samples, trim: bool) -> None:
    file = write(tmp_path / "x.wav", samples)
    message = '"x.wav" is silent: record it again nearer to the microphone.'
    assert error(file, Handling(trim=trim)) == message


def test_a_whistle_without_a_pause_is_no_silence(tmp_path: Path) -> None:
    assert plain(tmp_path, tone(500, 0.2, 2000.0)).doubts == ()


def test_perfect_silence_around_a_sound_is_no_noise(tmp_path: Path) -> None:
    assert plain(tmp_path, np.pad(tone(500, 0.2), 300 * MS)).doubts == ()


@pytest.mark.parametrize(
    ("name", "handling", "length"),
    [
        ("x.flac", Handling(), "75 s"),
        ("x.flac", Handling(Fraction(10)), "65 s"),
        ("x.flac", Handling(Fraction(10), Fraction("70.04")), "60.1 s"),
        ("x.flac", Handling(Fraction(1), Fraction(100)), "74 s"),
        ("x.m4a", Handling(Fraction("10.5")), "64.5 s"),
        ("x.aac", Handling(Fraction("10.5")), "more than 60 s"),  # it does not say how long it is
    ],
)
def test_more_than_a_minute_is_told_with_its_length(
    tmp_path: Path, name: str, handling: Handling, length: str
) -> None:
    file = word_every_second(75, tmp_path / name)
    assert error(file, handling) == (
        f'"{name}" is {length} long; at most 60: give "start" and "end", or record it shorter.'
    )


@pytest.mark.matrix
@pytest.mark.parametrize("name", ["x.m4a", "x.flac"])
def test_a_minute_of_a_longer_file_is_taken(tmp_path: Path, name: str) -> None:
    file = word_every_second(75, tmp_path / name)
    taken = take(file, Handling(Fraction("10.5"), Fraction("70.5"), trim=False))
    assert len(taken.clip.samples) == 60 * RATE


@pytest.mark.parametrize("name", matrix(["x.m4a", "x.flac"]))
def test_of_a_long_file_only_what_is_needed_is_decoded(tmp_path: Path, name: str) -> None:
    file = word_every_second(75, tmp_path / name)
    sound = opened(file)
    for milliseconds in (2200, 60_501):
        frames, _ = section._decoded(sound, 10, milliseconds)
        assert len(frames) == -(-milliseconds * sound.rate // 1000)


@pytest.mark.parametrize(
    ("handling", "kept"),
    [
        (Handling(anchor_ms=100.0), "293 to 838"),
        (Handling(anchor_ms=900.0), "293 to 838"),
        (Handling(Fraction("0.2"), anchor_ms=20.0), "93 to 638"),
        (Handling(trim=False, anchor_ms=1100.0), "0 to 1100"),
        (Handling(trim=False, anchor_ms=-1.0), "0 to 1100"),
    ],
)
def test_an_anchor_outside_of_the_clip_is_told(
    tmp_path: Path, handling: Handling, kept: str
) -> None:
    samples = noise(1100, 1e-6)
    samples[300 * MS : 805 * MS] += tone(505, 0.3)
    message = error(write(tmp_path / "x.wav", samples), handling)
    assert message == (
        f'The "anchor_ms" of "x.wav" is {handling.anchor_ms:g} and lies outside of what is kept, '
        f"{kept} ms."
    )


# What is doubtful


CLIPPED = '"x.wav" is clipped: record it again softer or further from the microphone.'


def test_a_clipped_recording_is_doubted(tmp_path: Path) -> None:
    loud = np.clip(said() * 3, -1, 1)
    for samples in (loud, np.stack([loud, loud / 100], axis=1)):
        assert take(write(tmp_path / "x.wav", samples, subtype="PCM_16")).doubts == (CLIPPED,)
    assert plain(tmp_path, loud).doubts == (CLIPPED,)


@pytest.mark.parametrize("name", matrix(["x.m4a", "x.mp3", "x.ogg"]))
def test_clipping_shows_behind_a_codec(tmp_path: Path, name: str) -> None:
    loud = np.clip(said(1e-5) * 8, -1, 1)  # encoders smooth what is clipped less
    source = write(tmp_path / "s.wav", loud, subtype="PCM_16")
    assert take(convert(source, tmp_path / name)).doubts == (CLIPPED.replace("x.wav", name),)


def test_clipping_is_doubted_only_in_what_is_taken(tmp_path: Path) -> None:
    both = np.concatenate([np.clip(said() * 3, -1, 1), said()])
    second = Fraction(len(said()), RATE)
    assert plain(tmp_path, both, Handling(start=second)).doubts == ()
    assert plain(tmp_path, both, Handling(end=second)).doubts == (CLIPPED,)


@pytest.mark.parametrize(
    ("touches", "wide", "doubted"), [(1, 9, 0), (2, 3, 0), (3, 2, 0), (3, 3, 1)]
)
def test_one_or_two_peaks_at_full_scale_are_no_clipping(
    tmp_path: Path, touches: int, wide: int, doubted: int
) -> None:
    samples = said() * 0.9
    for touch in range(touches):
        at = (PAUSE + 100 + 50 * touch) * MS
        samples[at : at + wide] = -1.0
    assert len(plain(tmp_path, samples).doubts) == doubted


def test_what_lies_over_full_scale_in_a_file_of_floats_is_not_lost(
    tmp_path: Path, reference: Taken
) -> None:
    assert_alike(plain(tmp_path, said() * 4), reference, 1)


@pytest.mark.parametrize(("below", "doubted"), [(6, 1), (12, 1), (18, 1), (24, 0), (40, 0)])
@pytest.mark.parametrize("kind", ["hiss", "hum"])
def test_speech_that_is_not_far_above_its_noise_is_doubted(
    tmp_path: Path, below: int, doubted: int, kind: str
) -> None:
    samples = said(0)
    speech = samples[PAUSE * MS : -PAUSE * MS]
    level = np.sqrt(np.mean(speech**2)) * 10 ** (-below / 20)
    if kind == "hiss":
        samples += np.random.default_rng(0).normal(0, level, len(samples))
    else:
        phase = 2 * np.pi * 50.0 * np.arange(len(samples)) / RATE - np.pi / 4
        samples += level * np.sqrt(2) * np.sin(phase)  # its 5 ms are by turns loud and soft
    taken = plain(tmp_path, samples)
    assert len(taken.doubts) == doubted
    if doubted:
        (doubt,) = taken.doubts
        told = float(doubt.partition("only ")[2].partition(" dB")[0])
        assert told == pytest.approx(below, abs=3)
        assert doubt == (
            f'"x.wav" is noisy (the speech is only {told:.0f} dB above the noise): record it again '
            "in a quieter place or nearer to the microphone."
        )


def test_speech_without_a_pause_is_not_called_noisy(tmp_path: Path) -> None:
    for text in ("loosen-your-shoulders", "let-your-arms-dangle", "relax-your-face", "10-seconds"):
        tight = said(0, text)[PAUSE * MS : -PAUSE * MS]
        assert plain(tmp_path, tight).doubts == (), text


@pytest.mark.parametrize(("level", "doubted"), [(-29, 0), (-32, 1)])
@pytest.mark.parametrize("gain", [-12.0, 0.0, 12.0])
def test_a_very_soft_recording_is_doubted(
    tmp_path: Path, level: int, doubted: int, gain: float
) -> None:
    soft = said(0) * 10 ** (level / 20)
    doubt = (
        '"x.wav" was so soft that it had to be raised by 32 dB, its noise with it: '
        "record it again nearer to the microphone."
    )
    assert plain(tmp_path, soft, Handling(gain_db=gain)).doubts == (doubt,)[:doubted]
