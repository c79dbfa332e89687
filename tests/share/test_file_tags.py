"""What is read of a file, in each format: what was written into ours, and no more than it holds."""

from __future__ import annotations

import random
import subprocess
import tracemalloc
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import mutagen
import pytest

from cadence_cue.errors import UserError
from cadence_cue.export.formats import ENDINGS
from cadence_cue.export.track import Chapter, Track
from cadence_cue.export.writer import export
from cadence_cue.share.file_tags import FileTags
from tests.export.hearing import Made
from tests.matrix import matrix
from tests.share.conftest import tags_of

RATE = 48000
CHAPTERS = (
    Chapter(0, 1 * RATE, "Get ready"),
    Chapter(1 * RATE, 83040, "Perception · 40"),
    Chapter(83040, 3 * RATE, "Rest & = ü"),
)
COVER = b"\x89PNG\r\n\x1a\n" + bytes(8) + (9).to_bytes(4) * 2 + bytes(99)
TRACK = Track(RATE, 3 * RATE, "Daily ten", cover=COVER, chapters=CHAPTERS)


@pytest.fixture(scope="module", params=ENDINGS)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("told") / f"x{request.param}"
    export(Made(RATE, 0, 3 * RATE).render, 0, 3 * RATE, RATE, target, track=TRACK)
    return target


def test_each_format_tells_what_was_written(made: Path) -> None:
    told = tags_of(made)
    assert told.title == "Daily ten"
    assert told.seconds == pytest.approx(3, abs=0.1)
    assert [title for _, title in told.chapters] == [each.title for each in CHAPTERS]
    assert [at for at, _ in told.chapters] == pytest.approx([0, 1, 1.73], abs=0.001)
    assert told.cover == COVER


@pytest.mark.parametrize("ending", matrix([".m4a", ".mp3", ".wav", ".flac", ".ogg", ".opus"], 2))
def test_what_tells_nothing_has_its_name(ending: str, tmp_path: Path) -> None:
    plain = tmp_path / f"plain{ending}"
    silence = ("-f", "lavfi", "-i", "anullsrc", "-t", "1")
    subprocess.run(["ffmpeg", "-v", "error", *silence, plain], check=True)
    told = tags_of(plain)
    assert told == FileTags("plain", told.seconds)
    assert told.seconds == pytest.approx(1, abs=0.1)


def test_damage_is_told_in_our_words(made: Path, tmp_path: Path) -> None:
    whole = made.read_bytes()
    chance = random.Random(made.suffix)
    file = tmp_path / made.name
    for _ in range(60):
        damaged = bytearray(whole)
        if chance.random() < 0.3:
            del damaged[chance.randrange(len(whole)) :]
        reach = chance.choice([100, 3000, len(whole)])
        for _ in range(chance.randrange(1, 20)):
            place = chance.randrange(reach)
            damaged[place : place + 1] = chance.randbytes(1)
        file.write_bytes(damaged)
        with suppress(UserError):
            tags_of(file)


def test_a_size_that_no_file_has_takes_no_memory(made: Path, tmp_path: Path) -> None:
    """Wherever a size may stand, a huge one is written, in either order of its bytes."""
    whole = made.read_bytes()
    tags = max(whole.find(b"Daily ten"), whole.find("Daily ten".encode("utf-16-le")))
    file = tmp_path / made.name
    tracemalloc.start()
    try:
        for begin in (0, max(tags - 200, 0)):
            for place in range(begin, begin + 200, 2):
                for size in (b"\xff\xff\xff\x7f", b"\x7f\xff\xff\xff"):
                    file.write_bytes(whole[:place] + size + whole[place + 4 :])
                    with suppress(UserError):
                        tags_of(file)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 20 * len(whole) + (8 << 20)


def test_a_compressed_tag_that_is_too_large_for_the_memory_is_told(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def burst(_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(mutagen, "File", burst)
    with pytest.raises(UserError, match="larger than the memory"):
        tags_of(made)


def test_damaged_cue_points_are_told(tmp_path: Path) -> None:
    file = tmp_path / "x.wav"
    export(Made(RATE, 0, RATE).render, 0, RATE, RATE, file, track=replace(TRACK, frames=RATE))
    whole = file.read_bytes()
    at = whole.index(b"cue ") + 4
    file.write_bytes(whole[:at] + (27).to_bytes(4, "little") + whole[at + 4 :])
    with pytest.raises(UserError):
        tags_of(file)
