"""What is written is whole and stays; what killed processes left goes, and only that."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cadence_cue import storage
from cadence_cue.app import settings
from tests.homes import move_into
from tests.together import all_at_once


@contextmanager
def writing(how: str) -> Iterator[subprocess.Popen[str]]:
    """A process that has something half-written, as the expression `how` makes it."""
    program = f"""if True:
        import sys
        from pathlib import Path
        from cadence_cue import storage
        with storage.{how} as part:
            if part.is_dir():
                (part / "inside").touch()
            print(part, flush=True)
            sys.stdin.readline()
    """
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def said(process: subprocess.Popen[str]) -> Path:
    assert process.stdout is not None
    return Path(process.stdout.readline().strip())


def test_a_part_stays_while_its_process_lives_and_goes_when_it_was_killed(tmp_path: Path) -> None:
    with writing(f"part_in(Path({str(tmp_path)!r}))") as process:
        part = said(process)
        os.utime(part, (0, 0))  # its age says nothing: its process may have been asleep
        storage.clear(tmp_path)
        assert list(tmp_path.iterdir()) == [part]
        process.kill()
        process.wait()
        assert part.exists()
        storage.clear(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_so_does_a_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    with writing("temporary_folder()") as process:
        folder = said(process)
        assert folder.parent == tmp_path
        storage.clear_temporary()
        assert [path.name for path in folder.iterdir()] == ["inside"]
        process.kill()
        process.wait()
        storage.clear_temporary()
    assert list(tmp_path.iterdir()) == []
    with storage.temporary_folder() as folder:
        assert list(tmp_path.iterdir()) == [folder]
    assert list(tmp_path.iterdir()) == []


def test_a_temporary_folder_that_is_cleared_as_it_is_made_is_made_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cleared: list[Path] = []
    make = Path.mkdir

    def make_and_lose(part: Path, mode: int) -> None:
        make(part, mode)
        if not cleared:
            cleared.append(part)
            part.rmdir()

    monkeypatch.setattr(Path, "mkdir", make_and_lose)
    with storage.temporary_folder() as folder:
        assert folder.is_dir()
    assert cleared


def test_what_is_somebody_elses_is_not_cleared(tmp_path: Path) -> None:
    folders = ["cadence-cue", ".cadence-cue-old.part"]
    files = ["settings.toml", ".cadence-cue.part", ".settings.toml.bak", "history.jsonl"]
    for name in folders:
        (tmp_path / name).mkdir()
    for name in files:
        (tmp_path / name).touch()
    (tmp_path / "kept").touch()
    (tmp_path / ".cadence-cue-0123456789abcdef.part").symlink_to(tmp_path / "kept")
    storage.clear(tmp_path)
    left = {path.name for path in tmp_path.iterdir()}
    assert left >= {*folders, *files, "kept"}
    storage.clear(tmp_path / "nowhere")


def test_the_next_start_clears_every_folder_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    move_into(tmp_path, monkeypatch)
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.setattr(tempfile, "tempdir", None)
    cache = settings.cache_folder("beds")
    assert cache is not None
    folders = [settings.config_folder(), settings.user_folder() / "sessions", cache,
               cache.with_name("voice"), tmp_path / "tmp"]  # fmt: skip
    for folder in folders:
        folder.mkdir(parents=True)
        (folder / ".cadence-cue-0123456789abcdef.part").touch()
    (folders[0] / ".settings.toml.ab_c1234").touch()
    (folders[1].parent / ".history.jsonl.ab_c1234").touch()
    settings.clear_left_overs()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_part_that_is_taken_for_abandoned_as_it_is_made_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    create = storage._create
    made: list[Path] = []

    def cleared_at_once(part: Path) -> int:
        descriptor = create(part)
        made.append(part)
        if len(made) == 1:
            part.unlink()
        return descriptor

    monkeypatch.setattr(storage, "_create", cleared_at_once)
    with storage.part_in(tmp_path) as part:
        assert list(tmp_path.iterdir()) == [part]
    assert len(made) == 2


def test_a_file_is_on_the_disk_before_it_has_its_name_and_then_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a"
    path.write_text("old")
    safe: list[tuple[str, str]] = []
    sync = os.fsync

    def watched(descriptor: int) -> None:
        sync(descriptor)
        what = Path(f"/proc/self/fd/{descriptor}").resolve()
        safe.append(("folder" if what == tmp_path else what.read_text(), path.read_text()))

    monkeypatch.setattr(os, "fsync", watched)
    storage.write(path, "new")
    assert safe == [("new", "old"), ("folder", "new")]


def test_who_may_read_a_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "a"
    storage.write(path, "1")
    path.chmod(0o600)
    storage.write(path, "2")
    assert path.stat().st_mode & 0o777 == 0o600


def test_only_one_holds_a_folder(tmp_path: Path) -> None:
    """Each adds 1 to a number that is read and written."""
    program = """if True:
        import sys
        from pathlib import Path
        from cadence_cue import storage
        count = Path(sys.argv[1]) / "count"
        print("ready", flush=True)
        sys.stdin.readline()
        for _ in range(300):
            with storage.locked(count.parent):
                count.write_text(str(int(count.read_text()) + 1))
    """
    (tmp_path / "count").write_text("0")
    all_at_once(program, [(tmp_path,)] * 3)
    assert (tmp_path / "count").read_text() == "900"
