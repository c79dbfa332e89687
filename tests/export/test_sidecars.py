"""Words and chapters beside a track, read back; and what happens where a file is in the way."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from cadence_cue.errors import UserError
from cadence_cue.export import sidecars as module
from cadence_cue.export.sidecars import check_beside, cue_sheet, sidecars, write_beside
from cadence_cue.export.target import new_file
from cadence_cue.export.track import Chapter, Line, Track

RATE = 44100
_INDEX = re.compile(r"INDEX 01 (\d\d+):([0-5]\d):(\d\d)")


def track(**more: Any) -> Track:
    frames = 3 * 3600 * RATE
    told: dict[str, Any] = {
        "title": 'The "first" ten',
        "artist": "cadence-cue",
        "chapters": (
            Chapter(0, 12_345_679, "Get ready"),
            Chapter(12_345_679, 333_333_333, "Toe taps, left · 80"),
            Chapter(333_333_333, frames, 'Say "hup"'),
        ),
        "lines": (
            Line(12_345, 50_000, "Stand tall"),
            Line(12_345_679, 12_400_000, "scrape · pull · up"),
            Line(333_333_333, 333_400_000, "Gut – weiter so"),
        ),
    }
    return Track(RATE, frames, **{**told, **more})


def write(target: Path, wanted: Track) -> None:
    for ending, text in sidecars(target, wanted):
        write_beside(target, ending, text, force=False)


def test_what_another_format_has_written_stays_while_its_track_does(tmp_path: Path) -> None:
    first, second = tmp_path / "a.mp3", tmp_path / "a.opus"
    first.touch()
    write(first, track())
    write(second, track())
    sheet = tmp_path / "a.cue"
    assert 'FILE "a.mp3" MP3' in sheet.read_text()
    with pytest.raises(UserError, match="exists already"):
        write(second, track(title="Another"))
    first.unlink()
    second.touch()
    with pytest.raises(UserError, match="exists already"):
        write(second, track())
    for ending, text in sidecars(second, track()):
        write_beside(second, ending, text, force=True)
    assert 'FILE "a.opus"' in sheet.read_text()


def test_two_formats_that_are_done_at_once_share_what_is_beside_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = tmp_path / "a.mp3", tmp_path / "a.opus"
    first.touch()

    def late(place: Path, *, force: bool) -> AbstractContextManager[Path]:
        monkeypatch.undo()
        write(first, track())  # meanwhile
        return new_file(place, force=force)

    monkeypatch.setattr(module, "new_file", late)
    write(second, track())
    assert 'FILE "a.mp3" MP3' in (tmp_path / "a.cue").read_text()


def test_the_words_are_read_by_another_program_at_their_times(tmp_path: Path) -> None:
    wanted = track()
    write(tmp_path / "a.mp3", wanted)
    command = ["ffprobe", "-v", "error", "-show_packets", "-show_data", "-show_format", "-of"]
    shown = subprocess.run(
        [*command, "json", tmp_path / "a.lrc"], capture_output=True, check=True
    ).stdout
    read = json.loads(shown)
    assert read["format"]["tags"]["title"] == 'The "first" ten'
    times = [float(packet["pts_time"]) for packet in read["packets"]]
    assert times == pytest.approx([line.start / RATE for line in wanted.lines], abs=0.0051)
    words = (tmp_path / "a.lrc").read_text(encoding="utf-8").splitlines()[1:]
    assert [line.partition("]")[2] for line in words] == [line.text for line in wanted.lines]


def test_the_chapters_of_a_cue_sheet_begin_within_a_75th_of_a_second(tmp_path: Path) -> None:
    wanted = track()
    write(tmp_path / "a.flac", wanted)
    sheet = (tmp_path / "a.cue").read_text(encoding="utf-8")
    found = [[int(part) for part in each] for each in _INDEX.findall(sheet)]
    for (minutes, seconds, parts), chapter in zip(found, wanted.chapters, strict=True):
        late = chapter.start / RATE - (60 * minutes + seconds + parts / 75)
        assert 0 <= late < 1 / 75
    titles = re.findall(r'^    TITLE "([^"]*)"$', sheet, flags=re.MULTILINE)
    assert titles == ["Get ready", "Toe taps, left · 80", "Say 'hup'"]
    assert sheet.startswith('TITLE "The \'first\' ten"\nPERFORMER "cadence-cue"\n')


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.mp3", "MP3"), ("a.MP3", "MP3"), ("a.wav", "WAVE"), ("a.flac", "WAVE"),
     ("a.ogg", "WAVE"), ("a.opus", "WAVE"), ("a.m4a", "WAVE")],
)  # fmt: skip
def test_a_cue_sheet_names_the_track_and_a_kind_that_players_know(name: str, kind: str) -> None:
    assert f'FILE "{name}" {kind}\n' in cue_sheet(Path("folder", name), track())


def test_a_cue_sheet_has_at_most_99_tracks() -> None:
    many = tuple(Chapter(k * RATE, (k + 1) * RATE, f"Phase {k}") for k in range(2000))
    sheet = cue_sheet(Path("a.wav"), track(chapters=many))
    assert re.findall(r"TRACK (\d+) AUDIO", sheet) == [f"{k:02d}" for k in range(1, 100)]
    assert "INDEX 01 01:38:00" in sheet
    assert "Phase 99" not in sheet


def test_names_that_are_no_text_are_named_as_they_are(tmp_path: Path) -> None:
    name = "caf\udce9 one\ntwo.ogg"
    write(tmp_path / name, track())
    (sheet,) = tmp_path.glob("*.cue")
    content = sheet.read_bytes()
    assert b'FILE "' + os.fsencode("caf\udce9 one two.ogg") + b'" WAVE\n' in content
    assert content.count(b"\n") == 3 + 3 * 3


def test_a_file_in_the_way_is_refused_before_and_kept(
    tmp_path: Path, only: Callable[..., None]
) -> None:
    target = tmp_path / "a.b.mp3"
    (tmp_path / "a.b.lrc").write_text("mine")
    reason = r"a\.b\.lrc: exists already$"
    with pytest.raises(UserError, match=reason):
        check_beside(target, ((".cue", ""), (".lrc", "")), force=False)
    with pytest.raises(UserError, match=reason):
        write_beside(target, ".lrc", "new", force=False)
    assert (tmp_path / "a.b.lrc").read_text() == "mine"
    check_beside(target, ((".cue", ""), (".lrc", "")), force=True)
    write_beside(target, ".lrc", "new", force=True)
    assert (tmp_path / "a.b.lrc").read_text() == "new"
    only("a.b.lrc")


def test_a_folder_in_the_way_is_refused_whatever_is_forced(tmp_path: Path) -> None:
    (tmp_path / "a.cue").mkdir()
    with pytest.raises(UserError, match=r"a\.cue: this is a folder"):
        check_beside(tmp_path / "a.mp3", ((".lrc", ""), (".cue", "")), force=True)
