"""What is said of the pieces: how many and how long, left out, damaged, silent, ending early."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf

from cadence_cue.errors import UserError
from cadence_cue.media.reading import SoundFile, opened
from cadence_cue.music import kept, preparing
from cadence_cue.music.pieces import pieces_of
from cadence_cue.music.preparing import check_music, prepare_music
from cadence_cue.music.ready import PreparedMusic
from cadence_cue.sound.bed import BedFile

RATE = 16000


def tone(path: Path, seconds: float, pitch: float = 220.0, loud: float = 0.2) -> Path:
    time = np.arange(round(seconds * RATE)) / RATE
    sf.write(path, loud * np.sin(2 * np.pi * pitch * time), RATE)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three pieces of music of 10 s together, and three files that are none."""
    place = tmp_path / "music"
    place.mkdir()
    for number, seconds in enumerate((5, 3, 2)):
        tone(place / f"{number}.flac", seconds, 220 + 100 * number)
    (place / "0a.mp3").write_bytes(b"")
    (place / "1a.wav").write_bytes(b"junk" * 500)
    (place / "9.xyz").write_bytes(b"?")
    return place


Prepare = Callable[..., PreparedMusic]


@pytest.fixture
def prepare(tmp_path: Path) -> Prepare:
    def prepare(place: Path, seconds: float, *, loop: bool = False) -> PreparedMusic:
        frames, beds = round(seconds * RATE), tmp_path / "beds"
        return prepare_music(pieces_of(place, None), RATE, frames, beds, loop=loop)

    return prepare


def heard(
    music: PreparedMusic, start: float, seconds: float
) -> np.ndarray[tuple[int, int], np.dtype[np.int16]]:
    out = np.ones((round(seconds * RATE), 2), np.int16)
    file = BedFile(music.bed)
    file.read(round(start * RATE), out)
    file.close()
    return out


def test_bad_pieces_are_left_out_and_all_named(folder: Path, prepare: Prepare) -> None:
    made = prepare(folder, 30)
    assert made.summary == "Music: music, 3 of 5 pieces, 0:10; then it starts again."
    assert made.extent == "3 of 5 pieces, 0:10"
    unknown, empty, junk = made.notes
    assert unknown == "Left out: 9.xyz, whose ending is not that of a music file."
    assert empty.startswith("0a.mp3 is left out: cannot be read as sound (")
    assert junk.startswith("1a.wav is left out: cannot be read as sound (")
    for name in ("0a.mp3", "1a.wav"):
        (folder / name).unlink()
    clean = prepare(folder, 30)
    assert clean.bed.path.read_bytes() == made.bed.path.read_bytes()


def test_the_same_is_told_of_what_is_found_again(
    folder: Path, prepare: Prepare, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = prepare(folder, 30)
    monkeypatch.setattr(preparing, "opened", None)
    assert prepare(folder, 30) == first
    (folder / "1a.wav").rename(folder / "1b.wav")
    assert prepare(folder, 30).notes[2].startswith("1b.wav is left out")
    first.bed.path.with_suffix(".json").unlink()
    with pytest.raises(TypeError):  # then it would be made again
        prepare(folder, 30)


def test_only_as_many_as_are_needed_are_used(folder: Path, prepare: Prepare) -> None:
    tone(folder / "0.flac", 70)
    made = prepare(folder, 30)
    assert made.summary == "Music: music, 1 of 5 pieces, 1:10."
    assert (made.bed.again, made.ends_early) == (2 * RATE, False)
    _, empty, junk = made.notes  # of the others too, each time
    assert empty.startswith("0a.mp3 is left out")
    assert junk.startswith("1a.wav is left out")
    assert prepare(folder, 30) == made


def test_pieces_that_are_not_needed_are_looked_at_again_only_if_they_changed(
    folder: Path, prepare: Prepare, monkeypatch: pytest.MonkeyPatch
) -> None:
    tone(folder / "0.flac", 70)
    made = prepare(folder, 30)
    looked: list[str] = []

    def noted(file: Path) -> SoundFile:
        looked.append(file.name)
        return opened(file)

    monkeypatch.setattr("cadence_cue.music.preparing.opened", noted)
    assert prepare(folder, 30) == made
    assert looked == []
    tone(folder / "1a.wav", 3)
    assert len(prepare(folder, 30).notes) == len(made.notes) - 1
    assert "1a.wav" in looked


@pytest.mark.parametrize("spoilt", ["short", "no findings", "damaged findings"])
def test_what_is_kept_and_damaged_is_made_again(
    folder: Path, prepare: Prepare, tmp_path: Path, spoilt: str
) -> None:
    made = prepare(folder, 30)
    whole = made.bed.path.read_bytes()
    if spoilt == "short":
        made.bed.path.write_bytes(whole[:40_000])
    elif spoilt == "no findings":
        made.bed.path.with_suffix(".json").unlink()
    else:
        made.bed.path.with_suffix(".json").write_text('{"used": 3}')
    assert prepare(folder, 30) == made
    assert made.bed.path.read_bytes() == whole


def test_music_of_another_length_is_not_read_to_look_for_what_is_kept(
    folder: Path, prepare: Prepare, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(folder, 30)
    read: list[Path] = []
    monkeypatch.setattr(kept, "digest", read.append)
    recipe = kept.Recipe(RATE, 99 * RATE, goes_round=True, constants=())
    assert recipe.find(folder.parent / "beds", sorted(folder.iterdir())) is None
    assert read == []


@pytest.mark.parametrize("name", ["text.mp3", "empty.wav", "nothing.flac"])
def test_a_folder_with_none_left_is_refused_with_the_first_reason(
    tmp_path: Path, prepare: Prepare, name: str
) -> None:
    place = tmp_path / "bad"
    place.mkdir()
    content = {"text.mp3": b"some text " * 99, "empty.wav": b""}.get(name)
    if content is None:
        tone(place / name, 0)
    else:
        (place / name).write_bytes(content)
    shutil.copy(place / name, place / f"z{name}")
    with pytest.raises(UserError, match=f"none of its 2 files can be played.*{name}"):
        prepare(place, 30)
    with pytest.raises(UserError, match=f"none of its 2 files can be played.*{name}"):
        check_music(pieces_of(place, None))
    assert list((tmp_path / "beds").iterdir()) == []
    tone(place / "zz.wav", 1)
    check_music(pieces_of(place, None))


def test_damaged_silent_and_short_pieces_are_used_and_named(
    tmp_path: Path, prepare: Prepare
) -> None:
    place = tmp_path / "odd"
    place.mkdir()
    path = tone(place / "cut.wav", 8)
    path.write_bytes(path.read_bytes()[: 4 * RATE * 2 + 44])
    tone(place / "silent.flac", 3, loud=0)
    tone(place / "tiny.flac", 0.25)
    tone(place / "z.flac", 3)
    made = prepare(place, 60)
    assert made.notes == (
        "cut.wav is cut off: 4.0 of 8.0 s can be read.",
        "silent.flac is silent.",
        "tiny.flac is only 0.2 s long.",
    )
    assert made.extent == "4 pieces, 0:10"


def test_a_single_file_ends_unless_it_is_to_go_round(tmp_path: Path, prepare: Prepare) -> None:
    path = tone(tmp_path / "x.flac", 7)
    once = prepare(path, 30)
    assert once.summary == "Music: x.flac, 0:07; then it ends before the session."
    assert once.ends_early
    assert np.abs(heard(once, 6, 0.9)).max() > 300  # to its end, which is not faded into the start
    assert not heard(once, 7, 30).any()
    assert not heard(once, 1000, 5).any()
    round_again = prepare(path, 30, loop=True)
    assert round_again.summary == "Music: x.flac, 0:07; then it starts again."
    assert not round_again.ends_early
    for second in range(29):
        assert np.abs(heard(round_again, second, 1)).max() > 300
    assert prepare(path, 30) == once


def test_a_folder_of_one_piece_goes_round(tmp_path: Path, prepare: Prepare) -> None:
    place = tmp_path / "one"
    place.mkdir()
    tone(place / "x.flac", 7)
    made = prepare(place, 30)
    assert made.summary == "Music: one, 1 piece, 0:07; then it starts again."
    assert heard(made, 25, 1).any()
    (tmp_path / "x.m3u").write_text("one/x.flac\n")
    assert prepare(tmp_path / "x.m3u", 30).bed == made.bed


def test_what_is_long_enough_does_not_end(tmp_path: Path, prepare: Prepare) -> None:
    made = prepare(tone(tmp_path / "x.flac", 31), 30)
    assert made.summary == "Music: x.flac, 0:31."
    assert not made.ends_early


def test_what_needs_a_decoder_is_made_anew_once_it_is_there(
    folder: Path, prepare: Prepare, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pieces that were left out for want of ffmpeg are not left out ever after."""
    with monkeypatch.context() as patched:
        patched.setenv("PATH", "")
        without = prepare(folder, 30)
    assert prepare(folder, 30).bed.path != without.bed.path
