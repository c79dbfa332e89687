"""Music underneath: what is made of it, and how it gives way."""

from __future__ import annotations

import os
import random
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import soundfile as sf

from cadence_cue.app.tracks.export_job import timeline_job
from cadence_cue.coaching.catalogue import load_library
from cadence_cue.coaching.rehearsal import plain_beat
from cadence_cue.errors import UserError
from cadence_cue.export.formats import EncodingOptions
from cadence_cue.export.report import measure as metered
from cadence_cue.media.reading import Reading, sound_file
from cadence_cue.media.samples import conformed
from cadence_cue.music import kept, preparing
from cadence_cue.music.joining import CEILING, LOUDNESS
from cadence_cue.music.measuring import measure
from cadence_cue.music.pieces import pieces_of
from cadence_cue.music.preparing import prepare_music
from cadence_cue.music.ready import PreparedMusic
from cadence_cue.sound.bed import DUCK_DB, Bed, BedBus
from cadence_cue.studio import Performance, PerformanceSpec, perform
from cadence_cue.timing.timeline import Bus
from tests.export.hearing import true_peak
from tests.matrix import matrix

RATE = 48000
Floats = npt.NDArray[np.float32]


def music(seconds: float, pitch: float = 220.0, rate: int = RATE, loud: float = 0.3) -> Floats:
    """Chords with a beat in them, other in each ear."""
    time = np.arange(rate) / rate  # after a second it is the same again
    beat = 0.4 + 0.6 * np.exp(-8 * (time % 0.5))
    ears = [
        sum(np.sin(2 * np.pi * pitch * k * time) / k for k in ks) for ks in ((1, 2, 3), (1, 3, 5))
    ]
    mixed = loud * np.stack(ears, 1) * beat[:, np.newaxis] / 2
    return np.resize(np.asarray(mixed, np.float32), (round(seconds * rate), 2))


def glide(seconds: float) -> Floats:
    """A tone that keeps rising, other in each ear: unlike `music`, it never comes again."""
    time = np.arange(round(seconds * RATE)) / RATE
    turns = np.outer(220 * time + 1.37 * time**2, (1, 1.5))
    return np.asarray(0.3 * np.sin(2 * np.pi * turns), np.float32)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three pieces of different loudness, and a picture."""
    place = tmp_path / "music"
    place.mkdir()
    sf.write(place / "b.wav", music(6, 330, 44100, 0.05), 44100)
    sf.write(place / "a.flac", music(5, 220), RATE)
    sf.write(place / "C.ogg", music(7, 440, loud=0.9), RATE)
    (place / "cover.jpg").write_bytes(b"no sound")
    return place


def prepared(
    place: Path, rate: int, frames: int, beds: Path, seed: int | None = None, **more: Any
) -> PreparedMusic:
    return prepare_music(pieces_of(place, seed), rate, frames, beds, **more)


def bed_of(
    place: Path, rate: int, frames: int, beds: Path, seed: int | None = None, **more: Any
) -> Bed:
    return prepared(place, rate, frames, beds, seed, **more).bed


def blocks(path: Path, rate: int) -> Iterator[Floats]:
    sound = sound_file(path)
    return conformed(Reading(sound), sound.rate, rate=rate, channels=2)


def frames_of(path: Path) -> Floats:
    return np.fromfile(path, np.int16).reshape(-1, 2).astype(np.float32) / np.float32(32768)


def test_a_folder_is_taken_by_name_or_shuffled_by_a_seed(folder: Path) -> None:
    assert [file.name for file in pieces_of(folder, None).files] == ["a.flac", "b.wav", "C.ogg"]
    orders = {tuple(file.name for file in pieces_of(folder, seed).files) for seed in range(20)}
    assert len(orders) > 3
    assert pieces_of(folder, 7) == pieces_of(folder, 7)
    assert pieces_of(folder / "b.wav", 7).files == (folder / "b.wav",)


@pytest.mark.parametrize("ending", matrix(["m4a", "ogg", "mp3", "flac", "wav", "wma"], 2))
def test_any_format_becomes_stereo_at_the_rate(tmp_path: Path, ending: str) -> None:
    sf.write(tmp_path / "x.wav", music(2, rate=44100), 44100)
    target = tmp_path / f"y.{ending}"
    subprocess.run(["ffmpeg", "-v", "error", "-i", tmp_path / "x.wav", target], check=True)
    heard = np.concatenate(list(blocks(target, RATE)))
    assert heard.shape[1] == 2
    assert abs(len(heard) - 2 * RATE) < 0.1 * RATE
    assert np.abs(heard[:, 0] - heard[:, 1]).max() > 0.01


def test_one_channel_is_in_both_ears_and_six_are_too(tmp_path: Path) -> None:
    for channels in (1, 6):
        sf.write(tmp_path / "x.wav", np.tile(music(1)[:, :1], channels), RATE)
        heard = np.concatenate(list(blocks(tmp_path / "x.wav", RATE)))
        np.testing.assert_array_equal(heard[:, 0], heard[:, 1])
        assert np.abs(heard).max() > 0.1


@pytest.mark.parametrize("rate", matrix([44100, RATE]))
def test_its_loudness_is_what_another_meter_says(tmp_path: Path, rate: int) -> None:
    quiet = np.concatenate([music(4, rate=rate), music(4, rate=rate) * 1e-3])
    sf.write(tmp_path / "x.wav", quiet, rate, subtype="FLOAT")
    wanted, _ = metered(tmp_path / "x.wav")
    found = measure(blocks(tmp_path / "x.wav", rate), rate)
    assert found.lufs == pytest.approx(wanted, abs=0.15)
    assert found.frames == len(quiet)


def test_pieces_are_equally_loud_and_below_the_ceiling(folder: Path, tmp_path: Path) -> None:
    spiky = music(6, 200)
    spiky[RATE::RATE] = 0.99
    sf.write(folder / "d.wav", spiky, RATE)
    bed = bed_of(folder, RATE, 60 * RATE, tmp_path / "beds")
    made = frames_of(bed.path)
    starts = (0.5, 5.0, 9.5, 15.0)  # inside each piece
    for start in starts:
        at = round(start * RATE)
        sf.write(tmp_path / "part.wav", made[at : at + 2 * RATE], RATE, subtype="FLOAT")
        assert metered(tmp_path / "part.wav")[0] == pytest.approx(LOUDNESS, abs=1.0)
    assert np.abs(made).max() <= 10 ** (CEILING / 20) + 1e-4
    assert true_peak(made) < -11


def test_it_is_prepared_once_and_its_content_is_its_name(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beds = tmp_path / "beds"
    first = bed_of(folder, RATE, 10 * RATE, beds)
    content = first.path.read_bytes()
    with monkeypatch.context() as patched:
        patched.setattr(preparing, "opened", None)
        moved = tmp_path / "elsewhere"
        shutil.copytree(folder, moved)
        (moved / "C.ogg").unlink()  # not needed for ten seconds
        assert bed_of(folder, RATE, 11 * RATE, beds) == first
    first.path.unlink()
    assert bed_of(folder, RATE, 10 * RATE, beds).path.read_bytes() == content
    status = (folder / "a.flac").stat()
    sf.write(folder / "a.flac", music(5, 250), RATE)
    os.utime(folder / "a.flac", ns=(status.st_atime_ns, status.st_mtime_ns))
    assert bed_of(folder, RATE, 10 * RATE, beds).path != first.path
    assert {path.suffix for path in beds.iterdir()} == {".pcm", ".json"}


def a_tone(path: Path, seconds: float, pitch: float) -> None:
    sf.write(path, music(seconds, pitch), RATE)


def add(place: Path) -> None:
    a_tone(place / "9.wav", 3, 600)


def add_first(place: Path) -> None:
    a_tone(place / "0.wav", 3, 600)


def remove(place: Path) -> None:
    (place / "2.wav").unlink()


def reorder(place: Path) -> None:
    (place / "1.wav").rename(place / "3.wav")


def edit(place: Path) -> None:
    """Turn one sample of the last piece up, as many bytes as before and as old."""
    path = place / "2.wav"
    status = path.stat()
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


@pytest.mark.parametrize("change", [add, add_first, remove, reorder, edit])
@pytest.mark.parametrize("seconds", [(5, 6), (20, 70)], ids=["goes round", "fills"])
def test_whatever_decides_the_samples_decides_what_is_found_again(
    tmp_path: Path, change: Callable[[Path], None], seconds: tuple[int, int]
) -> None:
    place = tmp_path / "music"
    place.mkdir()
    for number, (length, pitch) in enumerate(zip(seconds, (220, 330), strict=True), 1):
        a_tone(place / f"{number}.wav", length, pitch)

    def both() -> tuple[Bed, Floats, Floats]:
        """What comes out of the cache, and what is made where there is none."""
        kept = bed_of(place, RATE, 30 * RATE, tmp_path / "beds")
        afresh = bed_of(place, RATE, 30 * RATE, tmp_path / f"new {change.__name__}")
        return kept, frames_of(kept.path), frames_of(afresh.path)

    both()
    shutil.rmtree(tmp_path / f"new {change.__name__}")
    change(place)
    _, kept, afresh = both()
    np.testing.assert_array_equal(kept, afresh)


def test_other_rates_lengths_and_seeds_have_their_own_samples(folder: Path, tmp_path: Path) -> None:
    wishes: list[tuple[int, int, int | None]] = [
        (RATE, 10, None), (44100, 10, None), (RATE, 130, None), *((RATE, 10, k) for k in range(4)),
    ]  # fmt: skip
    made = [
        bed_of(folder, rate, seconds * rate, tmp_path / "beds", seed=seed)
        for rate, seconds, seed in wishes
    ]
    for bed, (rate, seconds, seed) in zip(made, wishes, strict=True):
        afresh = bed_of(folder, rate, seconds * rate, tmp_path / bed.path.stem, seed=seed)
        np.testing.assert_array_equal(frames_of(bed.path), frames_of(afresh.path))
    differ = {(rate, seconds, *pieces_of(folder, seed).files) for rate, seconds, seed in wishes}
    assert len({bed.path for bed in made}) == len(differ) > 4


def test_what_is_cut_off_goes_round_without_a_seam_too(tmp_path: Path) -> None:
    folder = tmp_path / "music"
    folder.mkdir()
    sf.write(folder / "x.flac", glide(66), RATE, subtype="PCM_24")
    (folder / "y.wav").write_bytes(b"RIFF of no use")  # what is not needed is not decoded
    bed = bed_of(folder, RATE, 30 * RATE, tmp_path / "beds")
    assert (bed.frames, bed.again) == (62 * RATE, 2 * RATE)  # a whole minute, 2 s that lead back
    assert bed.again
    made = frames_of(bed.path)
    around = np.concatenate([made[-RATE:], made[bed.again : bed.again + RATE]])
    steps = np.abs(np.diff(around, axis=0)).max()
    assert steps < 1.2 * np.abs(np.diff(made[2 * RATE : 60 * RATE], axis=0)).max()
    np.testing.assert_allclose(made[-1], made[bed.again - 1], atol=1e-3)


def test_what_is_too_short_goes_round_without_a_seam(tmp_path: Path) -> None:
    sf.write(tmp_path / "x.flac", glide(7), RATE, subtype="PCM_24")
    bed = bed_of(tmp_path / "x.flac", RATE, 60 * RATE, tmp_path / "beds", loop=True)
    assert (bed.frames, bed.again) == (7 * RATE, 2 * RATE)
    heard = played(bed, 20)
    steps = np.abs(np.diff(heard[3 * RATE : 17 * RATE], axis=0)).max()
    assert steps < 1.2 * np.abs(np.diff(heard[3 * RATE : 5 * RATE], axis=0)).max()
    np.testing.assert_array_equal(heard[8 * RATE : 11 * RATE], heard[13 * RATE : 16 * RATE])


@cache
def performance(cues: bool = True) -> Performance:
    session = plain_beat(
        load_library(), tempo="173", time="20s", cues=["relaxed"] if cues else [], cue_every="5s",
        stride=None,
    )  # fmt: skip
    wishes = PerformanceSpec(Fraction(173), Fraction(1), seed=1, safety=False)
    return perform(session, load_library(), wishes)


def played(bed: Bed, seconds: int, *, voice: bool = False, step: int = 9999) -> Floats:
    """A bed under 20 s of running, alone."""
    bus = BedBus(bed, performance().timeline, voice=voice)
    ears = np.zeros((seconds * RATE, 2), np.float32)
    for at in range(0, len(ears), step):
        bus.add(at, ears[at : at + step])
    bus.close()
    return ears


@pytest.mark.parametrize("step", [1000, 4096, 65536])
def test_a_frame_is_the_same_in_any_block(tmp_path: Path, step: int) -> None:
    sf.write(tmp_path / "x.wav", music(6), RATE)
    bed = bed_of(tmp_path / "x.wav", RATE, RATE, tmp_path / "beds")
    np.testing.assert_array_equal(
        played(bed, 12, voice=True), played(bed, 12, voice=True, step=step)
    )


def test_it_comes_in_two_seconds_and_goes_in_three(tmp_path: Path) -> None:
    path = tmp_path / "flat.pcm"
    np.full((RATE, 2), 1 << 14, np.int16).tofile(path)
    timeline = performance().timeline
    ears = np.zeros((timeline.frames - timeline.start, 2), np.float32)
    bus = BedBus(Bed(path, RATE, 0, timeline.start), timeline, voice=False)
    bus.add(timeline.start, ears)
    bus.close()
    since = np.arange(len(ears)) / RATE
    left = len(ears) / RATE - since
    wanted = 0.5 * np.minimum(1.0, np.minimum(since / 2, left / 3))
    np.testing.assert_allclose(ears, np.stack([wanted, wanted], 1), atol=1e-4)


def test_it_gives_way_to_speech_by_twelve_decibels(tmp_path: Path) -> None:
    sf.write(tmp_path / "x.wav", music(30), RATE)
    bed = bed_of(tmp_path / "x.wav", RATE, RATE, tmp_path / "beds")
    free, ducked = played(bed, 20), played(bed, 20, voice=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        gain = np.nanmedian((ducked / free).reshape(-1, 96), axis=1)
    timeline = performance().timeline
    spoken = np.zeros(len(gain), bool)
    near = np.zeros(len(gain), bool)
    for event in timeline:
        if event.bus is Bus.VOICE:
            end = event.frame + event.frames
            spoken[-(-event.frame // 48) : end // 48] = True
            near[(event.frame - 80 * 48) // 48 : (end + 300 * 48) // 48 + 1] = True
    assert spoken.any()
    np.testing.assert_allclose(20 * np.log10(gain[spoken]), -DUCK_DB, atol=0.01)
    np.testing.assert_allclose(gain[~near & np.isfinite(gain)], 1.0, rtol=1e-4)
    assert ((gain[near] >= 0.25) & (gain[near] <= 1.0001)).all()


def test_a_track_with_music_is_beats_words_and_music(tmp_path: Path) -> None:
    sf.write(tmp_path / "x.wav", music(9), RATE)
    timeline = performance().timeline
    bed = bed_of(tmp_path / "x.wav", RATE, timeline.frames, tmp_path / "beds")
    made = timeline_job(performance(), timeline, tmp_path / "t.wav")
    plain = timeline_job(performance(), timeline, tmp_path / "p.wav")
    replace(made, music=bed, encoding=EncodingOptions(bits=32)).write(lambda _: None)
    replace(plain, encoding=EncodingOptions(bits=32)).write(lambda _: None)
    whole, dry = (sf.read(tmp_path / name, dtype="float32")[0] for name in ("t.wav", "p.wav"))
    bus = BedBus(bed, timeline, voice=True)
    wanted = dry.copy()
    bus.add(timeline.start, wanted)
    bus.close()
    np.testing.assert_array_equal(whole, wanted)
    assert true_peak(whole) < -1.0
    assert np.abs(whole[:10] - dry[:10]).max() < 1e-4  # it comes slowly
    assert np.abs(whole[-10:] - dry[-10:]).max() < 1e-4


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("gone.mp3", None, "No such file"),
        ("text.mp3", b"some text" * 900, "text.mp3: cannot be read as sound"),
        ("empty.wav", b"", "empty.wav: cannot be read as sound"),
    ],
)
def test_what_is_no_music_is_refused(
    tmp_path: Path, name: str, content: bytes | None, reason: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(UserError, match=reason):
        bed_of(tmp_path / name, RATE, RATE, tmp_path / "beds")
    assert list((tmp_path / "beds").glob("*")) == []


def test_folders_in_a_folder_are_read_and_hidden_files_are_not(folder: Path) -> None:
    for name in ("album/2.mp3", "album/10.mp3", "Zoo/x.wav", "._a.flac", ".trash/y.mp3"):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    found = [str(file.relative_to(folder)) for file in pieces_of(folder, None).files]
    assert found == ["a.flac", "album/10.mp3", "album/2.mp3", "b.wav", "C.ogg", "Zoo/x.wav"]


def test_its_progress_never_goes_back(folder: Path, tmp_path: Path) -> None:
    shares: list[float] = []
    bed_of(folder, RATE, 10 * RATE, tmp_path / "beds", progress=shares.append)
    assert shares == sorted(shares)
    assert len({round(share, 2) for share in shares}) > 5
    assert 0 < shares[0] < shares[-1] <= 1


def test_a_playlist_that_is_called_music_fetches_nothing(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        (tmp_path / "x.mp3").write_text(
            f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://127.0.0.1:{port}/a.mp3\n"
        )
        with pytest.raises(UserError):
            bed_of(tmp_path / "x.mp3", RATE, RATE, tmp_path / "beds")
        server.settimeout(0)
        with pytest.raises(BlockingIOError):
            server.accept()


def test_a_damaged_mp3_puts_nothing_on_the_screen(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x.mp3").write_bytes(random.Random(3).randbytes(20000))
    with pytest.raises(UserError, match="cannot be read as sound"):
        bed_of(tmp_path / "x.mp3", RATE, RATE, tmp_path / "beds")
    assert capfd.readouterr() == ("", "")


def test_a_folder_without_music_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cover.jpg").write_bytes(b"x")
    with pytest.raises(UserError, match="there is no audio file in this folder"):
        pieces_of(tmp_path, None)


def test_without_ffmpeg_what_needs_it_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x.m4a").write_bytes(b"x" * 999)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UserError, match="needs the program ffmpeg"):
        bed_of(tmp_path / "x.m4a", RATE, RATE, tmp_path / "beds")


def spoiled(content: bytes) -> Iterator[bytes]:
    """A file cut short, and with bytes changed, in ways that are the same every time."""
    dice = random.Random(7)
    for _ in range(3):
        yield content[: dice.randrange(len(content))]
        changed = bytearray(content)
        for _ in range(40):
            changed[dice.randrange(len(content))] = dice.randrange(256)
        yield bytes(changed)


@pytest.mark.parametrize("ending", matrix(["m4a", "flac", "ogg", "mp3", "wav"], 2))
def test_a_damaged_file_is_music_or_refused(tmp_path: Path, ending: str) -> None:
    sf.write(tmp_path / "x.wav", music(2), RATE)
    good = tmp_path / f"good.{ending}"
    subprocess.run(["ffmpeg", "-v", "error", "-i", tmp_path / "x.wav", good], check=True)
    for number, content in enumerate(spoiled(good.read_bytes())):
        bad = tmp_path / f"bad{number}.{ending}"
        bad.write_bytes(content)
        refused = ""
        try:
            bed = bed_of(bad, RATE, RATE, tmp_path / "beds")
        except UserError as error:
            refused = str(error)
        if refused:
            assert refused.startswith(str(bad))
            assert "\n" not in refused
        else:
            assert bed.frames > 0
    assert all(path.suffix in (".pcm", ".json") for path in (tmp_path / "beds").iterdir())


@pytest.mark.parametrize("kind", [KeyboardInterrupt, BrokenPipeError])
def test_stopping_leaves_nothing(folder: Path, tmp_path: Path, kind: type[BaseException]) -> None:
    def stop(share: float) -> None:
        if share > 0:
            raise kind

    with pytest.raises(kind):
        bed_of(folder, RATE, RATE, tmp_path / "beds", progress=stop)
    assert list((tmp_path / "beds").iterdir()) == []


def test_a_full_disk_is_told_before(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=9))
    with pytest.raises(UserError, match="needs 12 MB there, and 0 MB are free"):
        bed_of(folder, RATE, RATE, tmp_path / "beds")


def test_what_was_not_used_for_longest_goes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    for k in range(3):
        sf.write(tmp_path / f"{k}.wav", music(3, 200 + k), RATE)
        made.append(bed_of(tmp_path / f"{k}.wav", RATE, RATE, tmp_path / "beds").path)
        os.utime(made[-1], (k, k))
    monkeypatch.setattr(kept, "LARGEST", 3 * made[0].stat().st_size)
    sf.write(tmp_path / "3.wav", music(3, 300), RATE)
    made.append(bed_of(tmp_path / "3.wav", RATE, RATE, tmp_path / "beds").path)
    assert [path.exists() for path in made] == [False, True, True, True]
