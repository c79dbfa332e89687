"""The reader of other people's sound, against what was written and against ffmpeg's decode."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile as sf
from mutagen.apev2 import APEv2

from cadence_cue.media.reading import (
    Damage,
    NeedsFfmpegError,
    Reading,
    UnreadableError,
    sound_file,
)
from tests.matrix import matrix

RATE = 44100
Floats = npt.NDArray[np.float32]

WRITTEN = ["wav", "flac", "aiff", "au", "caf", "w64", "rf64"]
"""Formats that give back each sample, by soundfile."""
CODED = ["ogg", "opus", "mp3", "m4a", "mka", "wma"]
"""Formats that lose some, by ffmpeg."""


def tones(seconds: float, pitch: float = 220.0) -> Floats:
    """A tone, other in each ear, that 16 bits hold exactly."""
    time = np.arange(round(seconds * RATE)) / RATE
    ears = 0.3 * np.sin(2 * np.pi * pitch * np.outer(time, (1, 1.5)))
    return (np.round(ears * 32768) / 32768).astype(np.float32)


def write(path: Path, samples: Floats, ending: str = "") -> Path:
    """Write a file by soundfile, or by ffmpeg what that does not write; return it."""
    ending = ending or path.suffix[1:]
    if ending in WRITTEN:
        sf.write(path, samples, RATE, format=ending.upper(), subtype="PCM_16")
        return path
    source = path.with_suffix(".source.wav")
    sf.write(source, samples, RATE, subtype="PCM_16")
    ffmpeg("-i", source, path)
    source.unlink()
    return path


def ffmpeg(*arguments: object) -> bytes:
    """Run ffmpeg; return what it writes to its standard output."""
    command = ["ffmpeg", "-nostdin", "-y", "-loglevel", "error", *map(str, arguments)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout


def read(path: Path, skip: int = 0, most: int | None = None) -> tuple[Floats, Damage | None]:
    """All frames of a file, and what was wrong with it."""
    sound = sound_file(path)
    reading = Reading(sound, skip, most)
    blocks = [np.zeros((0, sound.channels), np.float32), *reading]
    assert {block.shape[1] for block in blocks} == {sound.channels}
    return np.concatenate(blocks), reading.damage


def cut(path: Path, share: float = 0.5) -> Path:
    """Cut a file off; return it."""
    content = path.read_bytes()
    path.write_bytes(content[: round(len(content) * share)])
    return path


@pytest.fixture
def without_ffmpeg(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")


@pytest.mark.parametrize("ending", WRITTEN)
def test_every_sample_is_read(tmp_path: Path, ending: str) -> None:
    wanted = tones(1)
    found, damage = read(write(tmp_path / f"x.{ending}", wanted))
    np.testing.assert_array_equal(found, wanted)
    assert damage is None


@pytest.mark.parametrize("ending", CODED)
def test_what_is_coded_is_read_whole(tmp_path: Path, ending: str) -> None:
    found, damage = read(write(tmp_path / f"x.{ending}", tones(2)))
    assert damage is None
    rate = sound_file(tmp_path / f"x.{ending}").rate
    assert abs(len(found) / rate - 2) < 0.1
    time = np.arange(rate // 2) / rate  # from the first second on, the tones that were written
    middle = found[rate : rate + rate // 2]
    for ear, pitch in enumerate((220, 330)):
        turn = np.exp(-2j * np.pi * pitch * time)
        assert 2 * abs(np.mean(middle[:, ear] * turn)) == pytest.approx(0.3, abs=0.03)


@pytest.mark.parametrize("ending", [*WRITTEN, "ogg", "mp3", "m4a"])
def test_a_part_is_the_same_frames_as_in_the_whole(tmp_path: Path, ending: str) -> None:
    path = write(tmp_path / f"x.{ending}", tones(2))
    whole, _ = read(path)
    for skip, most in ((0, 1000), (12_345, 20_000), (70_001, None), (10**9, None)):
        end = None if most is None else skip + most
        found, damage = read(path, skip, most)
        np.testing.assert_array_equal(found, whole[skip:end])
        assert damage is None


# What readers stumble over


def frames_of_flac(path: Path) -> bytes:
    """A FLAC's frames, without the blocks before them."""
    content, at, last = path.read_bytes(), 4, 0
    while not last:
        last = content[at] & 0x80
        at += 4 + int.from_bytes(content[at + 1 : at + 4], "big")
    return content[at:]


def piped_flac(folder: Path) -> Path:
    source = write(folder / "source.wav", tones(2))
    (folder / "x.flac").write_bytes(ffmpeg("-i", source, "-f", "flac", "pipe:1"))
    return folder / "x.flac"


def chained(folder: Path, ending: str) -> Path:
    """Two streams in one file, of 1.2 and 0.8 seconds."""
    parts = [write(folder / f"{k}.{ending}", tones(k, 220)) for k in (1.2, 0.8)]
    (folder / f"x.{ending}").write_bytes(b"".join(part.read_bytes() for part in parts))
    return folder / f"x.{ending}"


def other_channels(folder: Path) -> Path:
    """A FLAC of two channels, and of one from the middle on."""
    first, second = write(folder / "1.flac", tones(1)), folder / "2.flac"
    sf.write(second, tones(1)[:, 0], RATE, subtype="PCM_16")
    content = bytearray(first.read_bytes()) + frames_of_flac(second)
    assert int.from_bytes(content[22:26], "big") == RATE  # the length in frames: 2 s
    content[22:26] = (2 * RATE).to_bytes(4, "big")
    (folder / "x.flac").write_bytes(content)
    return folder / "x.flac"


def understated(folder: Path) -> Path:
    """A FLAC that says that it is half as long as it is."""
    path = write(folder / "x.flac", tones(2) + noise(2))
    content = bytearray(path.read_bytes())
    assert int.from_bytes(content[22:26], "big") == 2 * RATE
    content[22:26] = RATE.to_bytes(4, "big")
    path.write_bytes(content)
    return path


def noise(seconds: float) -> Floats:
    dice = np.random.default_rng(1)
    return dice.uniform(-0.01, 0.01, (round(seconds * RATE), 2)).astype(np.float32)


def killed(folder: Path, size: bytes = bytes(4)) -> Path:
    """A WAV whose sizes were never written."""
    content = bytearray(write(folder / "x.wav", tones(2)).read_bytes())
    assert content[36:40] == b"data"
    content[4:8] = content[40:44] = size
    (folder / "x.wav").write_bytes(content)
    return folder / "x.wav"


def tagged(folder: Path, *, counted: bool = True) -> Path:
    """An MP3 with a tag at its end that is longer than its sound, and one of another kind."""
    path, source = folder / "x.mp3", write(folder / "source.wav", tones(2))
    ffmpeg("-i", source, "-write_xing", int(counted), path)
    ape = APEv2()
    ape["Cover Art (Front)"] = "x" * 200_000
    ape.save(path)
    with path.open("ab") as file:
        file.write(b"LYRICSBEGIN" + b"la " * 200 + b"000611LYRICS200TAG" + bytes(125))
    return path


def mistitled(folder: Path) -> Path:
    """An MP3 whose title does not begin as its encoding wants."""
    path = write(folder / "x.mp3", tones(2))
    title = b"TIT2\0\0\0\x05\0\0\x01abcd"
    path.write_bytes(b"ID3\3\0\0\0\0\0" + bytes([len(title)]) + title + path.read_bytes())
    return path


def dictated(folder: Path) -> Path:
    """An MP3 of 8 kHz, of which what the encoder added is a quarter of a second."""
    source = write(folder / "source.wav", tones(2))
    ffmpeg("-i", source, "-ar", 8000, folder / "x.mp3")
    return folder / "x.mp3"


ODD: dict[str, Callable[[Path], Path]] = {
    "FLAC from a pipe": piped_flac,
    "chained Ogg": lambda folder: chained(folder, "ogg"),
    "chained Opus": lambda folder: chained(folder, "opus"),
    "joined FLAC": lambda folder: chained(folder, "flac"),
    "joined MP3": lambda folder: chained(folder, "mp3"),
    "MP3 and tags at its end": tagged,
    "MP3 without a count and tags at its end": lambda folder: tagged(folder, counted=False),
    "MP3 of a broken title": mistitled,
    "MP3 of a dictaphone": dictated,
    "FLAC of other channels": other_channels,
    "FLAC that has more than it states": understated,
    "WAV of a killed recorder": killed,
    "WAV from a pipe": lambda folder: killed(folder, b"\xff" * 4),
}


@pytest.mark.parametrize("kind", ODD)
def test_what_others_stumble_over_is_read_whole(tmp_path: Path, kind: str) -> None:
    path = ODD[kind](tmp_path)
    found, damage = read(path)
    assert damage is None
    rate = sound_file(path).rate
    assert abs(len(found) / rate - 2) < (0.15 if kind == "joined MP3" else 0.05)
    for second in (0.5, 1.6):  # there is sound in either half
        at = round(second * rate)
        assert np.abs(found[at : at + 2000]).max() > 0.2


def test_streams_of_other_rates_and_channels_are_made_alike(tmp_path: Path) -> None:
    one, two = tmp_path / "1.ogg", tmp_path / "2.ogg"
    sf.write(one, tones(1), RATE)
    sf.write(two, tones(2)[::2, 0], RATE // 2)
    (tmp_path / "x.ogg").write_bytes(one.read_bytes() + two.read_bytes())
    found, damage = read(tmp_path / "x.ogg")
    assert damage is None
    assert abs(len(found) - 3 * RATE) < 20
    np.testing.assert_array_equal(found[2 * RATE :, 0], found[2 * RATE :, 1])
    assert np.abs(found[2 * RATE :]).max() == pytest.approx(0.3, abs=0.05)


# What is missing or damaged


@pytest.mark.parametrize("rates", [(44100, 44100), (22050, 48000), (8000, 44100)])
def test_of_joined_mp3s_the_lengths_are_added(tmp_path: Path, rates: tuple[int, int]) -> None:
    source = write(tmp_path / "source.wav", tones(2))
    for number, rate in enumerate(rates):
        ffmpeg("-i", source, "-ar", rate, "-ac", 1 + number, tmp_path / f"{number}.mp3")
    path = tmp_path / "x.mp3"
    path.write_bytes((tmp_path / "0.mp3").read_bytes() + (tmp_path / "1.mp3").read_bytes())
    found, damage = read(path)
    assert damage is None
    assert len(found) / sound_file(path).rate == pytest.approx(4, abs=0.4)
    _, damage = read(cut(path, 0.8))
    assert damage
    assert damage.stated == pytest.approx(4, abs=0.1)


def test_noise_among_the_frames_of_an_mp3_is_told_unless_none_is_missing(tmp_path: Path) -> None:
    content = write(tmp_path / "x.mp3", tones(4)).read_bytes()
    middle, junk = len(content) // 2, random.Random(1).randbytes(2000)
    (tmp_path / "x.mp3").write_bytes(content[:middle] + junk + content[middle:])
    assert read(tmp_path / "x.mp3")[1]
    (tmp_path / "x.mp3").write_bytes(content + junk)
    assert read(tmp_path / "x.mp3")[1] is None


@pytest.mark.parametrize("ending", [*WRITTEN, "mp3", "mka"])
def test_a_file_that_was_cut_off_tells_how_much_there_is(tmp_path: Path, ending: str) -> None:
    path = cut(write(tmp_path / f"x.{ending}", tones(4)))
    found, damage = read(path)
    assert damage
    assert 1 < len(found) / RATE < 2.5
    assert damage.seconds == pytest.approx(len(found) / RATE, abs=0.01)
    assert damage.stated == pytest.approx(4, abs=0.1)
    assert str(damage).startswith("is cut off")
    assert f": {damage.seconds:.1f} of 4.0 s can be read" in str(damage)


@pytest.mark.parametrize("ending", ["ogg", "opus"])
def test_an_ogg_that_breaks_off_is_told(tmp_path: Path, ending: str) -> None:
    content = write(tmp_path / f"x.{ending}", tones(4)).read_bytes()
    last = len(content) - content.rindex(b"OggS")
    for less in (1, 5000, len(content) // 2, last - 4, last - 26):
        (tmp_path / f"x.{ending}").write_bytes(content[:-less])
        found, damage = read(tmp_path / f"x.{ending}")
        assert damage
        assert len(found)
        assert damage.cut


@pytest.mark.parametrize("ending", ["flac", "ogg", "opus"])
def test_a_file_that_was_damaged_in_the_middle_is_told_and_read_on(
    tmp_path: Path, ending: str
) -> None:
    path = write(tmp_path / f"x.{ending}", tones(4))
    whole, fine = read(path)
    assert fine is None
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 200] = random.Random(1).randbytes(200)
    path.write_bytes(content)
    found, damage = read(path)
    assert damage
    assert len(found) > 0.7 * len(whole)
    np.testing.assert_allclose(found[:RATE], whole[:RATE], atol=1e-3)


def test_what_ends_in_a_part_that_is_there_is_not_damaged(tmp_path: Path) -> None:
    path = cut(write(tmp_path / "x.wav", tones(4)))
    assert read(path, 0, RATE)[1] is None
    assert read(path, RATE)[1]


def test_samples_that_are_no_numbers_are_silent_and_told(tmp_path: Path) -> None:
    samples = tones(1)
    samples[1000] = np.nan
    samples[2000:2002] = np.inf, -1e30  # the square of which is no float of 32 bits
    samples[3000] = 2.0**31  # the largest number of 32 bits
    sf.write(tmp_path / "x.wav", samples, RATE, subtype="FLOAT")
    found, damage = read(tmp_path / "x.wav")
    assert damage
    assert "no numbers" in str(damage)
    assert not found[[1000, 2000, 2001]].any()
    np.testing.assert_array_equal(found[2002:], samples[2002:])


# What is no sound, and what there is without ffmpeg


@pytest.mark.parametrize("name", ["x.mp3", "x.wav", "x.m4a", "x.raw", "x"])
@pytest.mark.parametrize(
    "content",
    [b"", b"x", b"no sound " * 999, random.Random(3).randbytes(20000)],
    ids=["nothing", "little", "text", "noise"],
)
def test_what_is_no_sound_is_refused_and_nothing_is_printed(
    tmp_path: Path, name: str, content: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableError) as caught:
        sound_file(tmp_path / name)
    assert "\n" not in str(caught.value)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("ending", [*WRITTEN, "ogg", "opus", "mp3"])
def test_without_ffmpeg_the_common_formats_are_read(
    tmp_path: Path, ending: str, request: pytest.FixtureRequest, capfd: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / f"x.{ending}", tones(2))
    request.getfixturevalue("without_ffmpeg")
    found, damage = read(path)
    rate = sound_file(path).rate
    assert abs(len(found) / rate - 2) < 0.1
    assert damage is None
    np.testing.assert_array_equal(read(path, 50_000, 999)[0], found[50_000:50_999])
    assert capfd.readouterr() == ("", "")


def test_without_ffmpeg_an_mp3_that_was_cut_off_is_told(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    path = cut(write(tmp_path / "x.mp3", tones(4)))
    request.getfixturevalue("without_ffmpeg")
    _, damage = read(path)
    assert damage
    assert damage.stated == pytest.approx(4, abs=0.01)


def test_without_ffmpeg_what_might_need_it_is_told(
    tmp_path: Path, without_ffmpeg: None, capfd: pytest.CaptureFixture[str]
) -> None:
    for number, name in enumerate(("x.m4a", "x.mp3", "x.wav")):
        (tmp_path / name).write_bytes(random.Random(number).randbytes(20000))
        with pytest.raises(NeedsFfmpegError):
            sound_file(tmp_path / name)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("ending", matrix(["mp3", "mp2"]))
def test_a_damaged_mp3_prints_nothing_with_or_without_ffmpeg(
    tmp_path: Path, ending: str, request: pytest.FixtureRequest, capfd: pytest.CaptureFixture[str]
) -> None:
    content = bytearray(write(tmp_path / "x.mp3", tones(3)).read_bytes())
    dice = random.Random(5)
    for _ in range(300):
        content[dice.randrange(4000, len(content))] = dice.randrange(256)
    path = tmp_path / f"y.{ending}"
    path.write_bytes(content)
    found, _ = read(path)
    assert len(found) > RATE
    request.getfixturevalue("without_ffmpeg")
    found, _ = read(path)
    assert len(found) > RATE
    assert capfd.readouterr() == ("", "")


def test_a_file_on_which_ffprobe_crashes_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for program in ("ffmpeg", "ffprobe"):
        (tmp_path / program).write_text("#!/bin/sh\necho '{'\nkill -FPE $$\n")
        (tmp_path / program).chmod(0o755)
    (tmp_path / "x.mpc").write_bytes(b"MPCK of no use")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnreadableError, match="ffprobe failed"):
        sound_file(tmp_path / "x.mpc")


def test_a_name_is_not_taken_for_anything_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for source in ("a.wav", "a.mp3"):
        content = write(tmp_path / source, tones(1)).read_bytes()
        for name in ("-", "-y.mp3", "http:x", "ü %d 'a\"", "concat:a|b"):
            Path(name).write_bytes(content)
            found, damage = read(Path(name))
            assert abs(len(found) - RATE) < 2500
            assert damage is None
