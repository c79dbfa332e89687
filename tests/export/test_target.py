"""A target is whole or not there, and nobody's file is lost."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from cadence_cue.errors import UserError, WayOut
from cadence_cue.export.target import check_place, check_space, new_file

Only = Callable[..., None]


def no_link(*_: object, **__: object) -> None:
    raise PermissionError(1, "Operation not permitted")


@pytest.fixture(params=[True, False], ids=["links", "no links"])
def links(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """File systems that have hard links, and those of memory cards, which have none."""

    if not request.param:
        monkeypatch.setattr(os, "link", no_link)


def make(target: Path, during: Callable[[Path], object], *, force: bool) -> None:
    """Make a file that says "new", with something happening before it is done."""
    with new_file(target, force=force) as hidden:
        hidden.write_text("new")
        during(hidden)


def raising(problem: type[BaseException]) -> Callable[[Path], object]:
    def during(_: Path) -> None:
        raise problem

    return during


def test_a_free_name_is_taken(tmp_path: Path) -> None:
    check_place(tmp_path / "a.wav", force=False)


def test_an_existing_file_needs_force(tmp_path: Path) -> None:
    target = tmp_path / "a.wav"
    target.touch()
    with pytest.raises(UserError, match=r"a\.wav: exists already$") as refused:
        check_place(target, force=False)
    assert refused.value.way_out is WayOut.REPLACE
    check_place(target, force=True)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"there is no folder .*runs;"):
        check_place(tmp_path / "runs" / "a.wav", force=True)


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "runs").touch()
    with pytest.raises(UserError, match=r"there is no folder .*runs;"):
        check_place(tmp_path / "runs" / "a.wav", force=True)


def test_a_folder_is_no_target(tmp_path: Path) -> None:
    (tmp_path / "a.wav").mkdir()
    with pytest.raises(UserError, match=r"a\.wav: this is a folder"):
        check_place(tmp_path / "a.wav", force=True)


def test_a_device_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "a.wav").symlink_to(os.devnull)
    with pytest.raises(UserError, match="not an ordinary file"):
        check_place(tmp_path / "a.wav", force=True)


def test_a_circle_of_links_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.wav").symlink_to(tmp_path / "b.wav")
    (tmp_path / "b.wav").symlink_to(tmp_path / "a.wav")
    with pytest.raises(UserError, match=r"a\.wav: "):
        check_place(tmp_path / "a.wav", force=True)


def test_a_name_that_is_too_long_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="too long"):
        check_place(tmp_path / ("a" * 300 + ".wav"), force=False)


def test_the_longest_name_is_taken(tmp_path: Path, only: Only) -> None:
    target = tmp_path / ("a" * 251 + ".wav")
    with new_file(target, force=False):
        pass
    only(target.name)


def test_a_folder_that_may_not_be_written_to_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Tests may run as root, who may write anywhere: the system's answer is given for it.
    monkeypatch.setattr(os, "access", lambda path, mode: path != tmp_path or not mode & os.W_OK)
    with pytest.raises(UserError, match=f"{tmp_path} may not be written to"):
        check_place(tmp_path / "a.wav", force=False)


@pytest.mark.skipif(sys.platform != "linux", reason="no /proc")
def test_a_folder_that_takes_no_files_is_an_error_of_ours() -> None:
    target = Path("/proc/a.wav")
    with (
        pytest.raises(UserError, match=r"/proc/a\.wav: could not be written"),
        new_file(target, force=False),
    ):
        pytest.fail("a file was made")


def test_too_little_space_is_told_in_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def statvfs(path: Path) -> SimpleNamespace:
        asked.append(path)
        return SimpleNamespace(f_frsize=1000, f_blocks=20_000, f_bfree=12_300, f_bavail=0)

    monkeypatch.setattr(os, "statvfs", statvfs)
    check_space(tmp_path / "a.wav", 12_300_000)
    sentence = (
        r"a\.wav: could not be written "
        r"\(No space left on device: it needs 12\.4 MB, and 12\.3 MB are free\)"
    )
    with pytest.raises(UserError, match=sentence):
        check_space(tmp_path / "a.wav", 12_400_000)
    assert asked == [tmp_path, tmp_path]


@pytest.mark.usefixtures("links")
def test_the_file_appears_at_the_end(tmp_path: Path, only: Only) -> None:
    target = tmp_path / "a.wav"
    with new_file(target, force=False) as hidden:
        hidden.write_text("new")
        assert hidden.parent == tmp_path
        assert hidden.name.startswith(".")
        assert not target.exists()
    assert target.read_text() == "new"
    only("a.wav")


def test_the_umask_decides_who_may_read(tmp_path: Path) -> None:
    for mask in (0o022, 0o077):
        before = os.umask(mask)
        try:
            with new_file(tmp_path / f"{mask}.wav", force=False):
                pass
        finally:
            os.umask(before)
        assert (tmp_path / f"{mask}.wav").stat().st_mode & 0o777 == 0o666 & ~mask


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("problem", [OSError, KeyboardInterrupt, SystemExit])
def test_after_an_exception_nothing_is_left(
    tmp_path: Path, only: Only, problem: type[BaseException], *, force: bool
) -> None:
    with pytest.raises(problem):
        make(tmp_path / "a.wav", raising(problem), force=force)
    only()


def test_after_an_exception_the_old_file_is_still_there(tmp_path: Path, only: Only) -> None:
    target = tmp_path / "a.wav"
    target.write_text("old")
    with pytest.raises(KeyboardInterrupt):
        make(target, raising(KeyboardInterrupt), force=True)
    assert target.read_text() == "old"
    only("a.wav")


@pytest.mark.usefixtures("links")
def test_force_replaces(tmp_path: Path, only: Only) -> None:
    target = tmp_path / "a.wav"
    target.write_text("old")
    with new_file(target, force=True) as hidden:
        hidden.write_text("new")
        assert target.read_text() == "old"
    assert target.read_text() == "new"
    only("a.wav")


@pytest.mark.usefixtures("links")
def test_a_file_that_appeared_meanwhile_is_kept(tmp_path: Path, only: Only) -> None:
    target = tmp_path / "a.wav"
    with pytest.raises(UserError, match=r"a\.wav: exists already"):
        make(target, lambda _: target.write_text("somebody's"), force=False)
    assert target.read_text() == "somebody's"
    only("a.wav")


@pytest.mark.parametrize("force", [False, True])
def test_a_rename_that_fails_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, only: Only, *, force: bool
) -> None:
    def replace(_: Path, __: Path) -> None:
        raise PermissionError(13, "held by another program")

    monkeypatch.setattr(Path, "replace", replace)
    monkeypatch.setattr(os, "link", no_link)
    with (
        pytest.raises(UserError, match="held by another program"),
        new_file(tmp_path / "a.wav", force=force),
    ):
        pass
    only()


def test_what_killed_programs_left_is_deleted_and_nothing_else(tmp_path: Path, only: Only) -> None:
    (tmp_path / ".cadence-cue-0123456789abcdef.part").touch()
    (tmp_path / "old.part").touch()
    with (
        new_file(tmp_path / "a.wav", force=False) as living,
        new_file(tmp_path / "b.wav", force=False),
    ):
        assert living.exists()
    only("a.wav", "b.wav", "old.part")


@pytest.mark.usefixtures("links")
@pytest.mark.parametrize("force", [False, True])
def test_a_power_cut_undoes_no_target(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, force: bool
) -> None:
    safe: list[tuple[str, bool]] = []
    sync = os.fsync

    def watched(descriptor: int) -> None:
        sync(descriptor)
        path = Path(f"/proc/self/fd/{descriptor}").resolve()
        safe.append(("folder" if path == tmp_path else "content", target.exists()))

    target = tmp_path / "a.wav"
    monkeypatch.setattr(os, "fsync", watched)
    with new_file(target, force=force) as hidden:
        hidden.write_text("new")
    assert safe == [("content", False), ("folder", True)]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    real, link = tmp_path / "disk" / "real.wav", tmp_path / "a.wav"
    link.symlink_to(real)
    with new_file(link, force=False) as hidden:
        assert hidden.parent == real.parent
        hidden.write_text("new")
    assert link.is_symlink()
    assert real.read_text() == "new"
