"""The history: every line is whole, and none is lost."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from cadence_cue import history
from cadence_cue.history import Practice

DONE = Practice("2026-11-23T07:00:00+01:00", "daily-ten", "Daily\u2028ten", 0.5, 170.5,
                drills=("perception", "toe-taps"))  # fmt: skip


def lines(folder: Path) -> list[bytes]:
    return (folder / "history.jsonl").read_bytes().split(b"\n")


def test_what_is_kept_is_told_in_its_order(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "there"
    assert history.load(folder) == []
    others = [DONE, replace(DONE, mark=3), replace(DONE, title="Ünï", drills=())]
    for practice in others:
        history.append(practice, folder)
    assert history.load(folder) == others
    *whole, last = lines(folder)
    assert last == b""
    assert [set(json.loads(line)) for line in whole] == 3 * [
        {"date", "session", "title", "share", "cadence", "mark", "drills"}
    ]


def test_a_line_that_a_crash_cut_off_harms_no_other(tmp_path: Path) -> None:
    history.append(DONE, tmp_path)
    with (tmp_path / "history.jsonl").open("ab") as file:
        file.write(b'{"date": "2026-1\xff')
    history.append(replace(DONE, share=1.0), tmp_path)
    assert [each.share for each in history.load(tmp_path)] == [0.5, 1.0]
    history.mark_last(4, tmp_path)
    assert [each.mark for each in history.load(tmp_path)] == [None, 4]
    assert lines(tmp_path)[1] == b'{"date": "2026-1\xff'


@pytest.mark.parametrize("line", ["", "[]", "1", "null", "{}", '{"date": 1}', "x" * 9])
def test_what_cannot_be_read_is_passed_over_and_kept(tmp_path: Path, line: str) -> None:
    (tmp_path / "history.jsonl").write_text(f"{line}\n")
    history.append(DONE, tmp_path)
    assert history.load(tmp_path) == [DONE]
    history.mark_last(2, tmp_path)
    assert lines(tmp_path)[0] == line.encode()


def test_a_mark_is_that_of_the_last_session(tmp_path: Path) -> None:
    for share in (0.25, 0.5):
        history.append(replace(DONE, share=share), tmp_path)
    before = lines(tmp_path)
    history.mark_last(5, tmp_path)
    history.mark_last(1, tmp_path)
    assert [each.mark for each in history.load(tmp_path)] == [None, 1]
    assert lines(tmp_path)[0] == before[0]
    assert lines(tmp_path)[2:] == [b""]
    history.mark_last(1, tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


def test_several_programs_lose_no_line(tmp_path: Path) -> None:
    program = """if True:
        import sys
        from pathlib import Path
        from cadence_cue import history
        for k in range(50):
            practice = history.Practice("d", sys.argv[2], "t" * 300, k / 50, 170.0)
            history.append(practice, Path(sys.argv[1]))
    """
    running = [
        subprocess.Popen([sys.executable, "-c", program, tmp_path, name]) for name in ("a", "b")
    ]
    assert [process.wait() for process in running] == [0, 0]
    found = history.load(tmp_path)
    for name in ("a", "b"):
        assert [each.share for each in found if each.session == name] == [k / 50 for k in range(50)]


@pytest.mark.parametrize(
    ("marks", "easy"),
    [
        ([4, 4, 4], True),
        ([1, 4, 5, 4], True),
        ([4, None, 4, None, 5], True),
        ([4, 4], False),
        ([4, 4, 3], False),
        ([5, 3, 5, 5], False),
        ([], False),
    ],
)
def test_three_high_marks_in_a_row_are_easy(marks: list[int | None], easy: bool) -> None:
    practices = [replace(DONE, mark=mark) for mark in marks]
    others = [replace(DONE, mark=1, drills=("other",))]
    assert history.easy([*practices, *others], "toe-taps") is easy
    ripe = ["perception", "toe-taps"] if easy else []
    assert history.ripe(practices, ()) == ripe
    assert history.ripe(practices, ("perception",)) == ripe[1:]
