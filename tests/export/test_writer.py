"""What is in the file is what was rendered: exact, or as near as its codec goes."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile as sf

from cadence_cue.export import formats
from cadence_cue.export.writer import BLOCK, Tags, check_target, export, quantized
from tests.export.hearing import Made, ffmpeg_decode, shift, true_peak

LOSSY = [
    (".ogg", 44100),
    (".ogg", 48000),
    (".opus", 48000),
    (".mp3", 44100),
    (".mp3", 48000),
]


def write(made: Made, target: Path, bits: int | None = None, tags: Tags | None = None) -> None:
    export(made.render, made.start, made.end, made.rate, target, bits=bits, tags=tags)


@pytest.mark.parametrize("bits", [16, 24])
@pytest.mark.parametrize("ending", [".wav", ".flac"])
@pytest.mark.parametrize("frames", [1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK + 12345])
def test_whole_numbers_are_exact(tmp_path: Path, ending: str, bits: int, frames: int) -> None:
    made = Made(44100, -4321, frames)
    write(made, tmp_path / f"a{ending}", bits)
    exact = made.samples.astype(np.float64) * 2 ** (bits - 1)
    # soundfile gives whole numbers left-aligned in 32 bits.
    stored, rate = sf.read(tmp_path / f"a{ending}", dtype="int32", always_2d=True)
    assert rate == 44100
    np.testing.assert_array_equal(stored >> (32 - bits), np.rint(exact))


def test_floating_point_is_bit_identical(tmp_path: Path) -> None:
    made = Made(48000, 999, BLOCK + 4567)
    write(made, tmp_path / "a.wav", 32)
    stored, _ = sf.read(tmp_path / "a.wav", dtype="float32")
    np.testing.assert_array_equal(stored, made.samples)


@pytest.mark.parametrize(("bits", "kind"), [(16, np.int16), (24, np.int32)])
def test_too_loud_is_clipped_and_never_wraps(bits: int, kind: type[np.int16 | np.int32]) -> None:
    top = 2 ** (bits - 1)
    unit = 1 / top
    block = np.array([1.0, -1.0, 1.5, -1.5, 0.5 * unit, 1.5 * unit, unit, -unit])
    out = np.full(9, 77, kind)
    numbers = quantized(block.astype(np.float32), bits, out)
    spare = out.dtype.itemsize * 8 - bits
    expected = [top - 1, -top, top - 1, -top, 0, 2, 1, -1]
    np.testing.assert_array_equal(numbers >> spare, expected)
    assert (out[8:] == 77).all()


def test_every_frame_is_asked_for_once_in_order(tmp_path: Path) -> None:
    made = Made(48000, -100, 2 * BLOCK + 5)
    heard: list[int] = []
    target = tmp_path / "a.wav"
    export(made.render, made.start, made.end, made.rate, target, progress=heard.append)
    assert made.asked == [(-100, BLOCK), (BLOCK - 100, BLOCK), (2 * BLOCK - 100, 5)]
    assert heard == [BLOCK, 2 * BLOCK, 2 * BLOCK + 5]


@pytest.mark.parametrize(("ending", "rate"), LOSSY)
# One more than whole MP3 frames (1152) and Opus frames (960); and an odd length of blocks.
@pytest.mark.parametrize("frames", [1152 * 5 * 10 + 1, 2 * BLOCK + 12345])
def test_lossy_files_keep_place_and_length(
    tmp_path: Path, ending: str, rate: int, frames: int
) -> None:
    made = Made(rate, 0, frames)
    target = tmp_path / f"a{ending}"
    write(made, target, tags=Tags(title="A title that moves the sound within the file"))
    heard, heard_rate = sf.read(target, dtype="float32")
    assert heard_rate == rate
    for decoded in (heard, ffmpeg_decode(target)):
        if decoded is not None:
            assert len(decoded) == frames
            assert shift(made.samples, decoded) == 0


@pytest.mark.parametrize(("ending", "rate"), LOSSY)
def test_lossy_channels_sound_as_they_were(tmp_path: Path, ending: str, rate: int) -> None:
    made = Made(rate, 0, 3 * rate)
    write(made, tmp_path / f"a{ending}")
    heard, _ = sf.read(tmp_path / f"a{ending}", dtype="float32")
    for channel in (0, 1):
        likeness = np.corrcoef(made.samples[:, channel], heard[:, channel])[0, 1]
        assert likeness > 0.98


@pytest.mark.parametrize(("ending", "rate"), LOSSY)
def test_lossy_true_peaks_stay_below_minus_one(tmp_path: Path, ending: str, rate: int) -> None:
    made = Made(rate, 0, 4 * rate)
    made.samples *= 10 ** ((-1.3 - true_peak(made.samples)) / 20)
    write(made, tmp_path / f"a{ending}")
    heard, _ = sf.read(tmp_path / f"a{ending}", dtype="float32")
    assert true_peak(heard) <= -1.0


def test_encoders_are_given_floating_point_and_files_whole_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: set[np.dtype[np.generic]] = set()
    real = sf.SoundFile.write

    def spy(file: sf.SoundFile, data: npt.NDArray[np.generic]) -> None:
        given.add(data.dtype)
        real(file, data)

    monkeypatch.setattr(sf.SoundFile, "write", spy)
    for ending, kind in {
        ".mp3": np.float32,  # from 16-bit stereo, libsndfile makes a corrupt MP3
        ".ogg": np.float32,
        ".opus": np.float32,
        ".wav": np.int16,
        ".flac": np.int16,
    }.items():
        given.clear()
        write(Made(48000, 0, 5000), tmp_path / f"a{ending}")
        assert given == {np.dtype(kind)}, ending


@pytest.mark.parametrize("bits", [16, 24, 32])
def test_what_wav_cannot_count_becomes_rf64(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bits: int
) -> None:
    monkeypatch.setattr(formats, "_RIFF_LIMIT", 100_000)
    made = Made(48000, 0, BLOCK + 1)
    write(made, tmp_path / "a.wav", bits, Tags(title="Long"))
    assert (tmp_path / "a.wav").read_bytes()[:4] == b"RF64"
    stored, _ = sf.read(tmp_path / "a.wav")
    np.testing.assert_allclose(stored, made.samples, rtol=0, atol=2.0**-16)
    decoded = ffmpeg_decode(tmp_path / "a.wav")
    if decoded is not None:
        np.testing.assert_array_equal(decoded, stored.astype(np.float32))


@pytest.mark.parametrize("ending", formats.ENDINGS)
def test_tags_are_in_the_file(tmp_path: Path, ending: str) -> None:
    target = tmp_path / f"a{ending}"
    tags = Tags(title="Zehn Minuten – täglich", artist="cadence-cue", comment="seed 42")
    write(Made(48000, 0, 5000), target, tags=tags)
    with sf.SoundFile(target) as file:
        assert (file.title, file.artist, file.comment) == (tags.title, tags.artist, tags.comment)
    if program := shutil.which("ffprobe"):
        command = [program, "-v", "error", "-show_format", "-show_streams", "-of", "json"]
        told = json.loads(
            subprocess.run([*command, target], capture_output=True, check=True).stdout
        )
        found = {**told["streams"][0].get("tags", {}), **told["format"].get("tags", {})}
        found = {key.lower(): value for key, value in found.items()}
        assert found["title"] == tags.title
        assert found["comment"] == tags.comment


def test_names_that_are_no_text_are_no_hindrance(tmp_path: Path) -> None:
    odd = b"caf\xe9".decode(errors="surrogateescape")
    try:
        (tmp_path / odd).mkdir()
    except OSError:
        pytest.skip("this file system takes text only")
    write(Made(48000, 0, 5000), tmp_path / odd / f"{odd}.wav", tags=Tags(title=odd))
    with (tmp_path / odd / f"{odd}.wav").open("rb") as file:
        assert sf.info(file).frames == 5000


@pytest.mark.parametrize(
    ("name", "rate", "bits", "reason"),
    [
        ("a.txt", 48000, None, "no known audio format"),
        ("a.opus", 44100, None, "44100 Hz"),
        ("a.mp3", 48000, 16, "--bits"),
        ("old.wav", 48000, None, "--force"),
        ("nowhere/a.wav", 48000, None, "no folder"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_rendered(
    tmp_path: Path, only: Callable[..., None], name: str, rate: int, bits: int | None, reason: str
) -> None:
    (tmp_path / "old.wav").write_text("old")
    made = Made(rate, 0, 5000)
    with pytest.raises(formats.ExportError, match=reason):
        check_target(tmp_path / name, rate, bits=bits)
    with pytest.raises(formats.ExportError, match=reason):
        write(made, tmp_path / name, bits)
    assert made.asked == []
    assert (tmp_path / "old.wav").read_text() == "old"
    only("old.wav")


def test_force_replaces_a_longer_file(tmp_path: Path, only: Callable[..., None]) -> None:
    write(Made(48000, 0, 50_000), tmp_path / "a.wav")
    made = Made(48000, 0, 5000)
    export(made.render, 0, 5000, 48000, tmp_path / "a.wav", force=True)
    assert sf.info(tmp_path / "a.wav").frames == 5000
    only("a.wav")
