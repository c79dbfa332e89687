"""What is in the file is what was rendered: exact, or as near as its codec goes."""

from __future__ import annotations

import base64
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mutagen
import numpy as np
import numpy.typing as npt
import pytest
import soundfile as sf
from mutagen.flac import Picture

from cadence_cue.coaching.drill import Side
from cadence_cue.errors import UserError, printable
from cadence_cue.export import ffmpeg, formats
from cadence_cue.export.cover import cover
from cadence_cue.export.formats import EncodingOptions, wav
from cadence_cue.export.track import Chapter, Line, Track
from cadence_cue.export.writer import BLOCK, check_target, export, quantized
from cadence_cue.timing.timeline import EVENT, Mark, Timeline
from tests.export.hearing import (
    FRAMES_OF_AAC,
    Made,
    av_decode,
    decoded,
    ffmpeg_decode,
    probed,
    shift,
    true_peak,
)
from tests.live.rig import wait_for
from tests.matrix import matrix

PNG = cover("A title", ["below"], Timeline(
    48000, 0, 48000, 1, np.zeros(0, EVENT), (),
    (Mark(0, "run", "Run", 0, 0, 48000, 173.0, 173.0, 1, Side.NONE),), ()))  # fmt: skip

BY_WRITER = (".m4a", ".ogg", ".mp3", ".opus", ".flac", ".wav")
"""First one that ffmpeg writes, and one that libsndfile writes."""
LOSSY = [  # each format once, the usual one first, then the other rates
    (".mp3", 44100),
    (".m4a", 44100),
    (".ogg", 48000),
    (".opus", 48000),
    (".m4a", 48000),
    (".ogg", 44100),
    (".mp3", 48000),
]


def write(
    made: Made, target: Path, bits: int | None = None, track: Track | None = None, **wish: Any
) -> None:
    asked = EncodingOptions(bits=bits, **wish)
    export(made.render, made.start, made.end, made.rate, target, wish=asked, track=track)


def track(made: Made, **more: Any) -> Track:
    """A track with everything; chapters meet in the middle."""
    frames, half = made.end - made.start, (made.end - made.start) // 2
    told: dict[str, Any] = {
        "title": "Zehn Minuten – täglich",
        "artist": "cadence-cue",
        "album": "Drills",
        "number": 3,
        "date": "2026-11-23",
        "genre": "Workout",
        "comment": "own cadence 173, seed 42",
        "bpm": 173,
        "cover": PNG,
        "chapters": (Chapter(0, half, "Get ready"), Chapter(half, frames, "Taps; left = 80 # 1")),
        "lines": (Line(half // 2, half, "Shift"), Line(half, frames, "pull · up")),
    }
    return Track(made.rate, frames, **{**told, **more})


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


@pytest.fixture(params=["ffmpeg", "libsndfile"])
def encoder(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Either with ffmpeg, or as on a machine without it."""
    if request.param == "libsndfile":
        monkeypatch.setattr(ffmpeg, "encodes", lambda _: False)
    return str(request.param)


@pytest.mark.parametrize(("ending", "rate"), matrix(LOSSY, 4))
# One more than whole MP3 frames (1152) and Opus frames (960); and an odd length of blocks.
@pytest.mark.parametrize("frames", matrix([1152 * 5 * 10 + 1, 2 * BLOCK + 12345]))
def test_lossy_files_keep_place_and_length(
    tmp_path: Path, encoder: str, ending: str, rate: int, frames: int
) -> None:
    if ending == ".m4a" and encoder == "libsndfile":
        return
    made = Made(rate, 0, frames)
    target = tmp_path / f"a{ending}"
    write(made, target, track=track(made))
    whole = frames + (-frames % FRAMES_OF_AAC if ending == ".m4a" else 0)
    for name, heard in decoded(target).items():
        assert len(heard) == whole, name
        assert shift(made.samples, heard) == 0, name
        for channel in (0, 1):
            likeness = np.corrcoef(made.samples[:, channel], heard[:frames, channel])[0, 1]
            assert likeness > 0.98, (name, channel)


@pytest.mark.parametrize("quality", matrix(["normal", "high"]))
@pytest.mark.parametrize(("ending", "rate"), matrix(LOSSY, 2))
def test_lossy_true_peaks_stay_below_minus_one(
    tmp_path: Path, ending: str, rate: int, quality: str
) -> None:
    made = Made(rate, 0, 4 * rate)
    made.samples *= 10 ** ((-1.3 - true_peak(made.samples)) / 20)
    made.mono[:] = made.samples[:, 0]
    write(made, tmp_path / f"a{ending}", quality=quality)
    assert true_peak(ffmpeg_decode(tmp_path / f"a{ending}")) <= -1.0


@pytest.mark.parametrize("ending", matrix([".mp3", ".m4a", ".ogg", ".opus"], 2))
def test_a_better_quality_is_a_larger_file(tmp_path: Path, ending: str) -> None:
    made = Made(48000, 0, 48000)
    sizes = []
    for quality in formats.QUALITIES:
        write(made, tmp_path / f"{quality}{ending}", quality=quality)
        sizes.append((tmp_path / f"{quality}{ending}").stat().st_size)
    assert sizes == sorted(set(sizes))


@pytest.mark.parametrize("ending", matrix(BY_WRITER, 2))
def test_one_channel_is_the_mean_of_both(tmp_path: Path, ending: str) -> None:
    made = Made(48000, 0, 70_000)

    def render(first: int, out: npt.NDArray[np.float32]) -> None:
        assert out.ndim == 2
        seen = made.mono[first:][: len(out)]
        out[:] = 0
        out[: len(seen)] = np.stack([1.5 * seen, 0.5 * seen], 1)

    for mono in (True, False):
        target = tmp_path / f"{mono}{ending}"
        export(render, 0, 70_000, 48000, target, channels=2, wish=EncodingOptions(mono=mono))
    one, two = (av_decode(tmp_path / f"{mono}{ending}") for mono in (True, False))
    assert (one.shape[1], two.shape[1]) == (1, 2)
    scale = np.abs(two[:, 0]).max() / np.abs(two[:, 1]).max()
    assert 2.8 < scale < 3.2
    assert np.corrcoef(one[:70_000, 0], made.mono)[0, 1] > 0.98


@pytest.mark.parametrize(("rate", "step"), matrix([(44100, 291), (44100, 97), (16000, 97)]))
def test_an_mp3_of_ffmpegs_has_its_length_wherever_its_last_packet_ends(
    tmp_path: Path, rate: int, step: int
) -> None:
    for frames in range(9 * 1152, 10 * 1152, step):
        write(Made(rate, 0, frames), tmp_path / f"{frames}.mp3")
        assert sf.info(tmp_path / f"{frames}.mp3").frames == frames


def test_encoders_are_given_floating_point_and_files_whole_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ffmpeg, "encodes", lambda _: False)
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


@pytest.mark.parametrize("bits", matrix([24, 16, 32]))
def test_what_wav_cannot_count_becomes_rf64(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bits: int
) -> None:
    monkeypatch.setattr(wav, "_RIFF_LIMIT", 100_000)
    made = Made(48000, 0, BLOCK + 1)
    write(made, tmp_path / "a.wav", bits, track(made))
    assert (tmp_path / "a.wav").read_bytes()[:4] == b"RF64"
    stored, _ = sf.read(tmp_path / "a.wav")
    np.testing.assert_allclose(stored, made.samples, rtol=0, atol=2.0**-16)
    decoded = ffmpeg_decode(tmp_path / "a.wav")
    if decoded is not None:
        np.testing.assert_array_equal(decoded, stored.astype(np.float32))


@pytest.fixture(scope="module", params=formats.ENDINGS)
def complete(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file in each format, with everything told in it."""
    target, made = tmp_path_factory.mktemp("told") / f"a{request.param}", Made(48000, 0, 150_001)
    write(made, target, track=track(made))
    return target


def test_tags_and_chapters_are_in_the_file(complete: Path) -> None:
    wanted, ending = track(Made(48000, 0, 150_001)), complete.suffix
    told = probed(complete)
    tags = told["tags"]
    assert (tags["title"], tags["artist"], tags["album"]) == (
        wanted.title,
        wanted.artist,
        wanted.album,
    )
    assert tags["comment"] == wanted.comment
    assert tags["date"] == wanted.date
    assert tags["genre"] == wanted.genre
    assert tags["track"].startswith("3")
    chapters = told["chapters"]
    assert [each["tags"]["title"] for each in chapters] == [c.title for c in wanted.chapters]
    starts = [c.start / 48000 for c in wanted.chapters]
    near = 1 / 48000 if ending == ".wav" else 0.0006
    assert [float(each["start_time"]) for each in chapters] == pytest.approx(starts, abs=near)


def test_cover_words_and_beats_are_in_the_file(complete: Path) -> None:
    file: Any = mutagen.File(complete)
    ending = complete.suffix
    whole = " ".join(f"{key}={value}" for key, value in file.tags.items() if "PIC" not in key)
    assert "173" in whole
    assert "pull · up" in whole
    if ending in (".mp3", ".wav"):
        (words,) = file.tags.getall("SYLT")
        assert words.text == [("Shift", 781), ("pull · up", 1562)]
        (picture,) = [each.data for each in file.tags.getall("APIC")]
    elif ending == ".m4a":
        (picture,) = map(bytes, file["covr"])
        assert file["tmpo"] == [173]
        assert [each.title for each in file.chapters] == ["Get ready", "Taps; left = 80 # 1"]
    elif ending == ".flac":
        (picture,) = [each.data for each in file.pictures]
    else:
        block = base64.b64decode(file["metadata_block_picture"][0])
        picture = Picture(block).data
    assert picture == PNG


def test_cue_points_stand_on_their_frames(tmp_path: Path) -> None:
    made = Made(44100, 0, 99_999)
    write(made, tmp_path / "a.wav", track=track(made))
    content = (tmp_path / "a.wav").read_bytes()
    assert int.from_bytes(content[4:8], "little") == len(content) - 8
    at = content.index(b"cue ")
    count, _, first = struct.unpack_from("<III", content, at + 8)
    (second,) = struct.unpack_from("<I", content, at + 12 + 24 + 4)
    assert (count, first, second) == (2, 0, 49_999)


@pytest.mark.parametrize(
    ("ending", "kept"), matrix([(".m4a", 1000), (".mp3", 1000), (".flac", 999)])
)
def test_a_thousand_chapters_are_no_hindrance(tmp_path: Path, ending: str, kept: int) -> None:
    made = Made(48000, 0, 48_000)
    many = tuple(Chapter(48 * k, 48 * k + 48, f"Phase {k}" + "!" * (k % 7)) for k in range(1000))
    write(made, tmp_path / f"a{ending}", track=track(made, chapters=many))
    told = [each["tags"]["title"] for each in probed(tmp_path / f"a{ending}")["chapters"]]
    assert told == [chapter.title for chapter in many[:kept]]
    if ending == ".mp3":
        toc = mutagen.File(tmp_path / "a.mp3").tags.getall("CTOC")
        assert len(toc) == 5
        assert max(len(each.child_element_ids) for each in toc) <= 255


def test_without_ffmpeg_only_m4a_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ffmpeg, "encodes", lambda _: False)
    with pytest.raises(UserError, match=r"a\.m4a: \.m4a needs the program ffmpeg"):
        check_target(tmp_path / "a.m4a", 48000)
    check_target(tmp_path / "a.mp3", 48000)


@pytest.mark.parametrize("body", ["exit 3", "echo 'disk is sad' >&2; exit 1", "head -c 9 >&-"])
def test_an_ffmpeg_that_fails_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, only: Callable[..., None], body: str
) -> None:
    monkeypatch.setattr(ffmpeg, "encodes", lambda _: True)
    broken = tmp_path / "ffmpeg"
    broken.write_text(f"#!/bin/sh\n{body}\n")
    broken.chmod(0o755)
    monkeypatch.setattr(ffmpeg, "program", lambda: str(broken))
    with pytest.raises(UserError, match=r"a\.mp3: could not be written") as refused:
        write(Made(48000, 0, 5 * BLOCK), tmp_path / "a.mp3")
    assert ("disk is sad" in str(refused.value)) == ("sad" in body)
    only("ffmpeg")


@pytest.mark.parametrize("ending", [".mp3", ".m4a", ".opus"])
@pytest.mark.parametrize("cut", ["half", "100", "1"])
def test_an_ffmpeg_that_wrote_too_little_and_says_nothing_is_found_out(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    only: Callable[..., None],
    capfd: pytest.CaptureFixture[str],
    ending: str,
    cut: str,
) -> None:
    real = ffmpeg.program()
    fake = tmp_path / "ffmpeg"
    fake.write_text(
        f"""#!/bin/sh
{real} "$@" || exit
for file; do :; done
size=$(stat -c %s "$file")
[ {cut} = half ] && truncate -s $((size / 2)) "$file" || truncate -s $((size - {cut})) "$file"
"""
    )
    fake.chmod(0o755)
    monkeypatch.setattr(ffmpeg, "encodes", lambda _: True)
    monkeypatch.setattr(ffmpeg, "program", lambda: str(fake))
    made = Made(48000, 0, 5 * BLOCK)
    for told in (track(made), None):
        with pytest.raises(UserError, match=rf"a\{ending}: could not be written"):
            write(made, tmp_path / f"a{ending}", track=told)
    only("ffmpeg")
    assert capfd.readouterr() == ("", "")  # no decoder complains on the terminal


@pytest.mark.parametrize(
    "body",
    ["sleep 1000", "cat > /dev/null; sleep 1000", "head -c 300000 > /dev/null; sleep 1000"],
    ids=["never reads", "never ends", "stops reading"],
)
def test_an_ffmpeg_that_answers_no_more_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, only: Callable[..., None], body: str
) -> None:
    fake = tmp_path / "ffmpeg"
    fake.write_text(f"#!/bin/sh\n{body}\n")
    fake.chmod(0o755)
    monkeypatch.setattr(ffmpeg, "encodes", lambda _: True)
    monkeypatch.setattr(ffmpeg, "program", lambda: str(fake))
    monkeypatch.setattr(ffmpeg, "_STANDSTILL", 0.2)
    with pytest.raises(UserError, match=r"a\.mp3: could not be written \(ffmpeg does not answer"):
        write(Made(48000, 0, 5 * BLOCK), tmp_path / "a.mp3")
    only("ffmpeg")


def test_an_ffmpeg_that_still_writes_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, wait = ffmpeg.program(), subprocess.Popen.wait
    fake, more, raw = (tmp_path / name for name in ("ffmpeg", "more", "raw"))
    # It makes its file anew at the end, as for an index at the front, and takes its time.
    fake.write_text(
        f"""#!/bin/sh
for file; do :; done
cat > {raw}
n=0
for _ in 1 2 3; do
    while [ ! -e {more} ]; do n=$((n+1)); [ $n -lt 30000 ] || exit 1; sleep 0.01; done
    echo >> "$file"
    rm {more}
done
{real} "$@" < {raw}
"""
    )
    fake.chmod(0o755)
    waits: list[float] = []

    def standstill(process: subprocess.Popen[bytes], timeout: float | None = None) -> int:
        """Be so long that it has written more, three times."""
        if timeout == ffmpeg._STANDSTILL and len(waits) < 3:
            waits.append(timeout)
            more.touch()
            wait_for(lambda: not more.exists(), "what is written")
            raise subprocess.TimeoutExpired(fake, timeout)
        return wait(process, timeout)

    monkeypatch.setattr(ffmpeg, "encodes", lambda _: True)
    monkeypatch.setattr(ffmpeg, "program", lambda: str(fake))
    monkeypatch.setattr(subprocess.Popen, "wait", standstill)
    write(Made(48000, 0, BLOCK), tmp_path / "a.mp3")
    assert len(waits) == 3
    assert sf.info(tmp_path / "a.mp3").frames == BLOCK


def test_names_that_are_no_text_are_no_hindrance(tmp_path: Path) -> None:
    odd = b"caf\xe9".decode(errors="surrogateescape")
    try:
        (tmp_path / odd).mkdir()
    except OSError:
        pytest.skip("this file system takes text only")
    write(
        Made(48000, 0, 5000),
        tmp_path / odd / f"{odd}.wav",
        track=Track(48000, 5000, printable(odd)),
    )
    with (tmp_path / odd / f"{odd}.wav").open("rb") as file:
        assert sf.info(file).frames == 5000


@pytest.mark.parametrize(
    ("name", "rate", "bits", "reason"),
    [
        ("a.txt", 48000, None, "no known audio format"),
        ("a.opus", 44100, None, "44100 Hz"),
        ("a.mp3", 48000, 16, "no bit depth"),
        ("old.wav", 48000, None, "exists already"),
        ("nowhere/a.wav", 48000, None, "no folder"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_rendered(
    tmp_path: Path, only: Callable[..., None], name: str, rate: int, bits: int | None, reason: str
) -> None:
    (tmp_path / "old.wav").write_text("old")
    made = Made(rate, 0, 5000)
    with pytest.raises(UserError, match=reason):
        check_target(tmp_path / name, rate, wish=EncodingOptions(bits=bits))
    with pytest.raises(UserError, match=reason):
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
