"""The settings file: what it holds, and that no accident loses it."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from dataclasses import fields, replace
from pathlib import Path

import pytest

from cadence_cue import storage
from cadence_cue.app import settings
from cadence_cue.app.choices import READERS
from cadence_cue.app.settings import KEYS, Settings, changed
from cadence_cue.errors import UserError
from tests.homes import move_into
from tests.together import all_at_once

FULL = Settings(
    cadence=172.5,
    voice="somebody",
    sounds="~/my cues",
    device='USB "one"',
    backend="miniaudio",
    latency=12.5,
    block=512,
    offsets=(('A "b", c = d', 180.0), ("Böxe", -20.5)),
    listen="mic",
    microphone="Webcam",
    round_trips=(("Speakers > Webcam", 34.2),),
    taps=(("Speakers", -25.0),),
    volume=-3.0,
    beat_level=-6.0,
    voice_level=-1.5,
    music_level=-4.0,
    duck=12.0,
    click="low",
    theme="light",
    still=True,
    fixed=True,
    keys=(("play.pause", "p,space"), ("play.tap", "k")),
    mastered=("toe-taps", "cycle-standing"),
    explained=("perception",),
    safety_read=True,
)


@pytest.fixture(autouse=True)
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the settings are kept."""
    move_into(tmp_path, monkeypatch)
    return settings.config_folder() / "settings.toml"


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_there_need_be_no_settings(path: Path) -> None:
    assert settings.load() == (Settings(), "")
    assert not path.parent.exists()
    assert Settings().cadence_spm() == settings.DEFAULT_CADENCE
    assert Settings(cadence=172).cadence_spm() == 172


def test_what_is_saved_is_loaded(path: Path) -> None:
    assert not any(getattr(FULL, f.name) == getattr(Settings(), f.name) for f in fields(Settings))
    settings.change(lambda _: FULL)
    assert settings.load() == (FULL, "")
    settings.change(lambda _: Settings(cadence=180))
    assert path.read_text() == "cadence = 180\n"
    assert names(path.parent) == ["settings.toml"]


def test_every_setting_has_a_reader() -> None:
    assert set(READERS) == set(KEYS)
    for key in {*KEYS} - {*settings.DELAYS, "keys"}:
        value = getattr(FULL, key)
        assert changed(Settings(), key, list(value) if isinstance(value, tuple) else value) == (
            changed(Settings(), key, ",".join(value) if isinstance(value, tuple) else str(value))
        )


def test_an_offset_is_written_with_its_device() -> None:
    one = changed(Settings(), "offsets", ' hw:0,0 = "x" = 180.5 ')
    assert one.offsets == (('hw:0,0 = "x"', 180.5),)
    two = one.with_delay("offsets", "A", -20)
    assert two.offsets == (("A", -20.0), *one.offsets)
    assert two.with_delay("offsets", "A", 30).offsets == (("A", 30), *one.offsets)
    assert two.with_delay("offsets", "A", 0) == one
    assert changed(two, "offsets", "").offsets == ()


def test_what_a_device_is_asked_for_can_be_taken_away() -> None:
    for key in ("device", "backend", "latency", "block"):
        assert getattr(changed(FULL, key, ""), key) == getattr(Settings(), key)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("cadence", 109),
        ("cadence", 241),
        ("cadence", float("nan")),
        ("cadence", True),
        ("cadence", [170]),
        ("volume", 0.1),
        ("volume", -61),
        ("duck", 0),
        ("duck", 7),
        ("voice", 5),
        ("backend", "alsa"),
        ("latency", 0.5),
        ("latency", 1001),
        ("block", 15),
        ("block", 256.5),
        ("block", True),
        ("offsets", "headphones"),
        ("offsets", "=180"),
        ("offsets", "headphones="),
        ("offsets", "headphones=651"),
        ("offsets", {"headphones": -151}),
        ("offsets", {"headphones": {}}),
        ("offsets", ["headphones", 5]),
        ("mastered", b"toe-taps"),
        ("mastered", [1]),
        ("safety_read", 1),
        ("nothing", 1),
    ],
)
def test_a_value_out_of_range_is_refused_by_name(key: str, value: object) -> None:
    with pytest.raises(UserError, match=f'setting "{key}"'):
        changed(Settings(), key, value)


@pytest.mark.parametrize(
    "content",
    [
        b"cadence = 5\n",
        b"cadence = \n",
        b"\xff\xfe",
        b"a = " + b"[" * 100_000,
        b"cadence = " + b"9" * 10_000,
    ],
)
def test_a_damaged_file_is_set_aside_and_told(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True)
    for aside in ("settings.damaged.toml", "settings.damaged-2.toml"):
        path.write_bytes(content)
        loaded, notice = settings.load()
        assert loaded == Settings()
        assert notice.startswith("The settings were damaged (")
        assert notice.endswith(f"); they are kept in {path.with_name(aside)}.")
        assert "\n" not in notice
        assert len(notice) < 400 + len(str(path))
        assert path.with_name(aside).read_bytes() == content
        assert not path.exists()
    settings.change(lambda _: FULL)
    assert settings.load() == (FULL, "")


def test_a_damaged_file_that_cannot_be_moved_is_left(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    path.parent.mkdir(parents=True)
    path.write_text("cadence = 5\n")
    monkeypatch.setattr(Path, "replace", refuse)
    loaded, notice = settings.load()
    assert loaded == Settings()
    assert notice.endswith("and were not used.")
    assert path.read_text() == "cadence = 5\n"


def test_settings_that_cannot_be_read_are_told(path: Path) -> None:
    path.mkdir(parents=True)
    assert settings.load() == (
        Settings(),
        f"The settings in {path} cannot be read: Is a directory.",
    )


def test_settings_that_cannot_be_saved_are_told(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(UserError, match=r"cannot be saved: "):
        settings.change(lambda _: FULL)
    assert names(path.parent) == ["settings.toml"]


def test_a_crash_while_writing_leaves_the_old_file(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    settings.change(lambda _: FULL)
    monkeypatch.setattr(Path, "replace", crash)
    with pytest.raises(KeyboardInterrupt):
        settings.change(lambda _: Settings())
    monkeypatch.undo()
    assert names(path.parent) == ["settings.toml"]
    assert "172.5" in path.read_text()


def test_processes_that_change_different_settings_lose_none(path: Path) -> None:
    program = """if True:
        import sys
        from cadence_cue.app import settings
        print("ready", flush=True)
        sys.stdin.readline()
        for k in range(40):
            device = f"{sys.argv[1]}{k}"
            settings.change(lambda saved: saved.with_delay("offsets", device, 100))
    """
    all_at_once(program, [(name,) for name in "abc"])
    changed, notice = settings.load()
    assert notice == ""
    assert [name for name, _ in changed.offsets] == sorted(
        f"{n}{k}" for n in "abc" for k in range(40)
    )
    assert names(path.parent) == ["settings.toml"]


def test_a_change_sees_what_is_saved_and_not_what_was_loaded(path: Path) -> None:
    settings.change(lambda _: FULL)
    assert settings.change(lambda saved: saved.with_mastered("new")).mastered == (
        *FULL.mastered,
        "new",
    )
    assert settings.load()[0] == FULL.with_mastered("new")


def test_a_damaged_file_that_was_mended_meanwhile_is_not_set_aside(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.parent.mkdir(parents=True)
    path.write_text("cadence = 5\n")
    locked = storage.locked

    def mended(folder: Path) -> AbstractContextManager[None]:
        path.write_text("cadence = 171\n")
        return locked(folder)

    monkeypatch.setattr(storage, "locked", mended)
    assert settings.load() == (Settings(cadence=171), "")
    assert names(path.parent) == ["settings.toml"]


def test_settings_that_cannot_be_read_are_not_replaced(path: Path) -> None:
    path.mkdir(parents=True)
    (path / "inside").touch()
    with pytest.raises(UserError, match="cannot be saved: Is a directory"):
        settings.change(lambda saved: replace(saved, cadence=171.0))
    assert names(path) == ["inside"]


def test_a_link_to_the_settings_stays_one(path: Path, tmp_path: Path) -> None:
    kept = tmp_path / "dotfiles.toml"
    kept.write_text("")
    path.parent.mkdir(parents=True)
    path.symlink_to(kept)
    settings.change(lambda _: FULL)
    assert path.is_symlink()
    assert "172.5" in kept.read_text()


def test_without_a_home_nothing_is_written_where_we_stand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OSError, match="there is no home folder; set HOME"):
        storage.write(Path("~/settings.toml"), "")
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_key_loses_no_other(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_text('cadence = 171\ncolour = "dark"\n')
    loaded, told = settings.load()
    assert loaded.cadence == 171
    assert told == "Unknown settings are ignored: colour."


@pytest.mark.parametrize(
    ("key", "value", "known"),
    [
        ("volume", "-3 dB", -3.0),
        ("volume", "-3dB", -3.0),
        ("latency", "80ms", 80.0),
        ("cadence", "172.5 steps a minute", 172.5),
        ("block", "256 frames", 256),
    ],
)
def test_a_value_may_be_written_with_its_unit(key: str, value: str, known: float) -> None:
    assert getattr(changed(Settings(), key, value), key) == known


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("latency", " ms"),
        ("latency", "ms"),
        ("latency", "5000 ms"),
        ("latency", "80 dB"),
        ("block", "20.5 frames"),
        ("duck", "7 dB"),
        ("cadence", "172 steps"),
    ],
)
def test_a_wrong_value_is_quoted_as_it_was_typed(key: str, typed: str) -> None:
    with pytest.raises(UserError, match=f", not '{re.escape(typed)}'$"):
        changed(Settings(latency=50), key, typed)
