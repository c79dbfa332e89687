"""The history: every line is whole, and none is lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from cadence_cue import storage
from cadence_cue.app.log import entries, history
from cadence_cue.app.log.history import Practice, Result, Scored
from cadence_cue.app.log.kept_reviews import delete_all_reviews, kept_reviews, write_reviews
from tests.together import all_at_once

PERFORMED = {"hash": "0", "edits": [{"after": "-7/3", "offsets": {"Ünï": "1"}}], "new": None}
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


def test_a_line_of_an_earlier_day_comes_before_those_of_later_ones(tmp_path: Path) -> None:
    dates = ["2026-11-22T09:00:00+01:00", "2026-11-23T08:30:00+02:00", "someday",
             "2026-11-24T07:00:00+01:00"]  # fmt: skip
    for each in dates:
        history.append(replace(DONE, date=each), tmp_path)
    with (tmp_path / "history.jsonl").open("ab") as file:
        file.write(b'{"date": "2026-1\xff')
    for each in ("2026-11-23T08:00:00+01:00", "2026-11-21T07:00:00+01:00"):
        history.insert(replace(DONE, date=each, title=""), tmp_path)
    told = [(each.date[:16], each.title) for each in history.load(tmp_path)]
    was = DONE.title
    assert told == [
        ("2026-11-21T07:00", ""), ("2026-11-22T09:00", was), ("2026-11-23T08:30", was),
        ("2026-11-23T08:00", ""), ("someday", was), ("2026-11-24T07:00", was),
    ]  # fmt: skip
    assert lines(tmp_path)[-1] == b'{"date": "2026-1\xff'
    nothing = tmp_path / "not" / "there"
    history.insert(DONE, nothing)
    history.append(DONE, nothing)
    assert history.load(nothing) == [DONE, DONE]


def test_a_score_stands_beside_the_practices_and_is_none(tmp_path: Path) -> None:
    scored = Scored(DONE.date, "daily-ten", "Daily ten", (Result("Taps", 9, 8), Result(
        "Ünï", 99, 98, -0.25, 21.5, "steady")))  # fmt: skip
    history.append(DONE, tmp_path)
    history.append(scored, tmp_path)
    assert history.entries(tmp_path) == [DONE, scored]
    assert history.load(tmp_path) == [DONE]
    history.mark_last(4, tmp_path)
    assert history.entries(tmp_path) == [replace(DONE, mark=4), scored]
    assert history.next_seed(history.load(tmp_path), "daily-ten") == 20261124


def test_what_was_performed_stays_beside_a_mark(tmp_path: Path) -> None:
    performed = replace(DONE, performed=PERFORMED, seconds=600.5)
    history.append(performed, tmp_path)
    assert set(json.loads(lines(tmp_path)[0])) == {*asdict(DONE)}  # two keys more than before
    history.mark_this(performed, 4, tmp_path)
    assert history.load(tmp_path) == [replace(performed, mark=4)]
    odd = {**json.loads(lines(tmp_path)[0]), "performed": [1]}
    (tmp_path / "history.jsonl").write_text(json.dumps(odd))
    assert history.load(tmp_path) == [replace(DONE, mark=4, seconds=600.5)]


def test_what_is_deleted_leaves_every_other_line_as_it_was(tmp_path: Path) -> None:
    scored = Scored(DONE.date, "daily-ten", "Daily ten", (Result("Taps", 9, 8),))
    for entry in (DONE, scored, replace(DONE, mark=3)):
        history.append(entry, tmp_path)
    path = tmp_path / "history.jsonl"
    path.write_bytes(b"not to be read\xff\n" + path.read_bytes())
    before = lines(tmp_path)
    history.delete([DONE, scored], tmp_path)
    assert lines(tmp_path) == [before[0], before[3], b""]
    history.delete_all(tmp_path)
    assert not path.exists()
    entries.delete_all(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


def test_a_review_that_is_being_kept_is_deleted_with_the_others(tmp_path: Path) -> None:
    write_reviews([{"date": "2026-11-23"}], tmp_path)
    deletion = threading.Thread(target=delete_all_reviews, args=(tmp_path,))
    with storage.locked(tmp_path):
        kept = kept_reviews(tmp_path)
        deletion.start()
        deletion.join(0.2)  # waits; without the lock it would end
        write_reviews([*kept, {"date": "2026-11-24"}], tmp_path)
    deletion.join()
    assert kept_reviews(tmp_path) == []


LINE = '{"date": "", "session": "", "title": "", "share": 1, "cadence": 170, "mark": Infinity}'


@pytest.mark.parametrize(
    "line", ["", "[]", "1", "null", "{}", '{"date": 1}', "x" * 9, "[" * 100_000, LINE]
)
def test_what_cannot_be_read_is_passed_over_and_kept(tmp_path: Path, line: str) -> None:
    (tmp_path / "history.jsonl").write_text(f"{line}\n")
    history.append(DONE, tmp_path)
    assert history.load(tmp_path) == [DONE]
    history.mark_last(2, tmp_path)
    assert lines(tmp_path)[0] == line.encode()


def test_a_line_ends_where_its_newline_is(tmp_path: Path) -> None:
    text = json.dumps(asdict(DONE), ensure_ascii=False)  # as an editor may have left it
    assert "\u2028" in text
    (tmp_path / "history.jsonl").write_text(f"{text}\n", encoding="utf-8")
    assert history.load(tmp_path) == [DONE]


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
        from cadence_cue.app.log import history
        print("ready", flush=True)
        sys.stdin.readline()
        edits = {"edits": [{"after": "1/3", "cadence": str(k)} for k in range(150)]}
        for k in range(500):
            practice = history.Practice("d", sys.argv[2], "t" * 300, k, 170.0, performed=edits)
            history.append(practice, Path(sys.argv[1]))
    """
    names = ("a", "b", "c")
    all_at_once(program, [(tmp_path, name) for name in names])
    found = history.load(tmp_path)
    for name in names:
        assert [each.share for each in found if each.session == name] == list(range(500))


def test_marking_loses_no_session_that_another_program_adds(tmp_path: Path) -> None:
    program = """if True:
        import sys
        from pathlib import Path
        from cadence_cue.app.log import history
        print("ready", flush=True)
        sys.stdin.readline()
        for k in range(100):
            history.append(history.Practice("d", "s", "t", k, 170.0), Path(sys.argv[1]))
    """
    history.append(DONE, tmp_path)
    with subprocess.Popen(
        [sys.executable, "-c", program, tmp_path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as adding:
        assert adding.stdout is not None
        assert adding.stdin is not None
        assert adding.stdout.readline() == "ready\n"
        adding.stdin.write("\n")
        adding.stdin.flush()
        while adding.poll() is None:
            history.mark_last(3, tmp_path)
    assert [each.share for each in history.load(tmp_path)] == [DONE.share, *range(100)]


def test_a_session_is_marked_though_another_was_added_after_it(tmp_path: Path) -> None:
    first, second = replace(DONE, share=0.1), replace(DONE, share=1 / 3)
    for each in (first, second, DONE):
        history.append(each, tmp_path)
    history.mark_this(second, 2, tmp_path)
    history.mark_this(second, 4, tmp_path)  # one may change one's mind
    assert history.load(tmp_path) == [first, replace(second, mark=4), DONE]
    before = lines(tmp_path)
    history.mark_this(replace(DONE, share=0.7), 1, tmp_path)
    assert lines(tmp_path) == before


def test_a_session_is_on_the_disk_when_it_is_said_to_be_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    safe: list[Path] = []
    monkeypatch.setattr(os, "fsync", lambda number: safe.append(
        Path(f"/proc/self/fd/{number}").resolve()))  # fmt: skip
    history.append(DONE, tmp_path)
    assert safe == [tmp_path / "history.jsonl", tmp_path]


def test_a_line_that_found_no_room_is_told(tmp_path: Path) -> None:
    program = """if True:
        import resource
        import sys
        from pathlib import Path
        from cadence_cue.app.log import history
        resource.setrlimit(resource.RLIMIT_FSIZE, (20, 20))
        try:
            history.append(history.Practice("d", "s", "t", 1.0, 170.0), Path(sys.argv[1]))
        except OSError as error:
            print(error.strerror)
    """
    done = subprocess.run(
        [sys.executable, "-c", program, tmp_path], capture_output=True, text=True, check=True
    )
    assert done.stdout == "No space left on device\n"
    history.append(DONE, tmp_path)
    assert history.load(tmp_path) == [DONE]


def test_a_crash_while_marking_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    history.append(DONE, tmp_path)
    before = lines(tmp_path)
    monkeypatch.setattr(Path, "replace", crash)
    with pytest.raises(KeyboardInterrupt):
        history.mark_last(3, tmp_path)
    assert lines(tmp_path) == before


def test_without_a_home_nothing_is_kept_where_we_stand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OSError, match="there is no home folder; set HOME"):
        history.append(DONE, Path("~/cadence-cue"))
    assert list(tmp_path.iterdir()) == []


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


def practised(*days: str, session: str = "daily-ten") -> list[Practice]:
    return [replace(DONE, date=f"{day}T07:00:00+01:00", session=session) for day in days]


@pytest.mark.parametrize(
    ("days", "seed"),
    [
        ([], None),
        (["2026-11-23"], 20261124),
        (["2026-11-23", "2026-11-25"], 20261125),  # not 26: the turn, not the day
        (["2026-11-23", "2026-11-23"], 20261125),
        (["2026-11-29", "2026-11-30"], 20261201),
        (["2026-12-30", "2026-12-31"], 20270101),
        (["2026-09-01", "2026-09-02", "2026-11-10"], 20260904),  # after a long pause too
    ],
)
def test_the_next_session_is_a_turn_further_than_the_runners_last(
    days: list[str], seed: int | None
) -> None:
    assert history.next_seed(practised(*days), "daily-ten") == seed


def test_sessions_of_another_name_and_days_that_are_none_do_not_count() -> None:
    others = practised("2026-11-20", "2026-11-21", session="pre-race")
    unread = [replace(DONE, date="some day")]
    log = [*others, *practised("2026-11-22"), *unread]
    assert history.next_seed(log, "daily-ten") == 20261123
    assert history.next_seed([*others, *unread], "daily-ten") is None


def test_a_log_that_cannot_be_read_is_as_good_as_none(tmp_path: Path) -> None:
    history.append(DONE, tmp_path)
    assert history.remembered(tmp_path) == [DONE]
    assert history.remembered(tmp_path / "nowhere") == []
    (tmp_path / "folder" / "history.jsonl").mkdir(parents=True)
    assert history.remembered(tmp_path / "folder") == []
