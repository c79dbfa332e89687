"""What is told in a file is read back by ffprobe and by mutagen, odd texts and long tracks too."""

from __future__ import annotations

import struct
import tracemalloc
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import mutagen
import numpy as np
import pytest
import soundfile as sf
from mutagen.id3 import ID3

from cadence_cue.export.formats import FORMATS, EncodingOptions
from cadence_cue.export.track import Chapter, Line, Track, lrc
from cadence_cue.export.writer import export
from tests.export.hearing import Made, probed
from tests.matrix import matrix

RATE = 48000
FRAMES = 24_007
BY_TAGS = (".mp3", ".m4a", ".flac", ".wav", ".ogg", ".opus")
"""First one of each kind of tags: ID3, those of MP4, Vorbis comments."""
ODD = (
    "a=b;c#d\\e'f\"g%h[i]{j}<k>&l/m|n",
    "[CHAPTER]",
    "=",
    " ".join(["Füße – 走る 🏃"] * 20)[:200],
    "x" * 200,
)


def written(target: Path, track: Track) -> dict[str, Any]:
    """Export half a second with this told of it; what ffprobe reads."""
    made = Made(RATE, 0, track.frames)
    export(made.render, 0, track.frames, RATE, target, wish=EncodingOptions(), track=track)
    return probed(target)


def chapters(titles: tuple[str, ...], frames: int = FRAMES) -> tuple[Chapter, ...]:
    edges = [frames * k // len(titles) for k in range(len(titles) + 1)]
    return tuple(map(Chapter, edges, edges[1:], titles))


def chunks(content: bytes, at: int = 12) -> Iterator[tuple[bytes, int, bytes]]:
    """The chunks of a RIFF or RF64 file: name, length as written, content."""
    long = struct.unpack_from("<Q", content, 28)[0] if content[:4] == b"RF64" else 0
    while at < len(content):
        name, size = struct.unpack_from("<4sI", content, at)
        whole = long if size == 0xFFFFFFFF else size
        yield name, size, content[at + 8 : at + 8 + whole]
        at += 8 + whole + whole % 2
    assert at == len(content)


@pytest.mark.parametrize("ending", matrix(BY_TAGS, 3))
def test_odd_texts_come_back_as_they_are(tmp_path: Path, ending: str) -> None:
    special, *_, long, _ = ODD
    track = Track(RATE, FRAMES, special, comment=long, chapters=chapters((special, *ODD)))
    told = written(tmp_path / f"a{ending}", track)
    assert told["tags"]["title"] == special
    assert told["tags"]["comment"] == long
    cut = 255 if ending == ".m4a" else None  # bytes that it has for a chapter's title
    expected = [each.encode()[:cut].decode(errors="ignore") for each in (special, *ODD)]
    assert [each["tags"]["title"] for each in told["chapters"]] == expected


@pytest.mark.parametrize("ending", matrix(BY_TAGS, 3))
def test_what_a_track_has_not_is_not_told(tmp_path: Path, ending: str) -> None:
    target = tmp_path / f"a{ending}"
    told = written(target, Track(RATE, FRAMES, "Only this"))
    assert told["tags"]["title"] == "Only this"
    assert "chapters" not in told or told["chapters"] == []
    assert len(told["streams"]) == 1
    names = {"artist", "album", "date", "genre", "comment", "track", "lyrics", "bpm", "tbpm"}
    assert names.isdisjoint(told["tags"])


@pytest.mark.parametrize("ending", [".mp3", ".wav"])
def test_players_that_know_only_old_id3_can_read_it(tmp_path: Path, ending: str) -> None:
    target = tmp_path / f"a{ending}"
    told = chapters(("Get ready", "Rest"))
    written(target, Track(RATE, FRAMES, "Daily ten", date="2026-11-23", chapters=told))
    content = target.read_bytes()
    at = content.index(b"ID3")
    assert content[at + 3] == 3
    assert b"TYER" in content
    assert b"TDRC" not in content


def test_a_chapter_of_id3_is_in_a_list_that_is_the_top_of_all(tmp_path: Path) -> None:
    target = tmp_path / "a.mp3"
    many = chapters(tuple(f"Phase {k}" for k in range(2000)))
    written(target, Track(RATE, FRAMES, "Long", chapters=many))
    tags = mutagen.File(target).tags
    lists = {each.element_id: each for each in tags.getall("CTOC")}
    (top,) = (each for each in lists.values() if int(each.flags) & 2)
    below = [name for child in top.child_element_ids for name in lists[child].child_element_ids]
    found = {each.element_id: str(each.sub_frames["TIT2"]) for each in tags.getall("CHAP")}
    assert [found[name] for name in below] == [chapter.title for chapter in many]
    assert max(len(each.child_element_ids) for each in lists.values()) <= 255


@pytest.mark.parametrize(
    ("ending", "kept"), matrix([(".wav", 2000), (".ogg", 999), (".opus", 999)], few=2)
)
def test_two_thousand_phases_are_no_hindrance(tmp_path: Path, ending: str, kept: int) -> None:
    many = chapters(tuple(f"Phase {k}" for k in range(2000)), RATE)
    told = written(tmp_path / f"a{ending}", Track(RATE, RATE, "Long", chapters=many))
    assert [each["tags"]["title"] for each in told["chapters"]] == [
        chapter.title for chapter in many[:kept]
    ]


@pytest.mark.parametrize("container", ["WAV", "RF64"])
@pytest.mark.parametrize(
    ("subtype", "frames"),
    matrix([("PCM_24", 333), ("PCM_16", 334), ("FLOAT", 1)]),
)
@pytest.mark.parametrize("title", ["odd", "even"])
def test_chunks_end_where_their_lengths_say(
    tmp_path: Path, container: str, subtype: str, frames: int, title: str
) -> None:
    path = tmp_path / "a.wav"
    sound = np.full(frames, 0.25, np.float32)
    sf.write(path, sound, 44100, subtype, format=container)
    before = {name: content for name, _, content in chunks(path.read_bytes())}
    track = Track(44100, frames, title, chapters=(Chapter(0, frames, title),), comment="x")
    FORMATS[".wav"].tag(path, track)
    content = path.read_bytes()
    told = {name: held for name, _, held in chunks(content)}
    assert told[b"data"] == before[b"data"]
    assert {b"cue ", b"LIST", b"id3 "} <= told.keys()
    if container == "RF64":
        assert content[4:8] == b"\xff" * 4
        riff, data, count = struct.unpack_from("<QQQ", content, 20)
        assert (riff, data, count) == (len(content) - 8, len(before[b"data"]), frames)
    else:
        assert int.from_bytes(content[4:8], "little") == len(content) - 8
    assert sf.info(path).frames == frames
    assert [each["tags"]["title"] for each in probed(path)["chapters"]] == [title]
    assert str(ID3(BytesIO(told[b"id3 "]))["TIT2"]) == title


@pytest.mark.parametrize("ending", [".mp3", ".flac", ".wav"])
def test_a_large_file_is_not_read_into_memory(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a{ending}"
    sf.write(path, np.zeros((4096, 2), np.float32), RATE)
    with path.open("r+b") as file:
        file.truncate(48 << 20)
    track = Track(RATE, FRAMES, "Large", cover=b"\x89PNG" + bytes(200_000), comment="x" * 9000)
    tracemalloc.start()
    try:
        FORMATS[ending].tag(path, track)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert path.stat().st_size > 48 << 20
    assert peak < 8 << 20


def test_words_have_minutes_beyond_the_hour_and_hundredths() -> None:
    starts = (0, 173, RATE // 8, 60 * RATE - 1, 3600 * RATE + 48, 6 * 3600 * RATE)
    lines = tuple(Line(start, start + 9, f"word {k}") for k, start in enumerate(starts))
    assert lrc(Track(RATE, 7 * 3600 * RATE, "", lines=lines)).splitlines() == [
        "[00:00.00]word 0",
        "[00:00.00]word 1",
        "[00:00.12]word 2",
        "[01:00.00]word 3",
        "[60:00.00]word 4",
        "[360:00.00]word 5",
    ]
