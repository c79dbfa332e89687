from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from cadence_cue.sound.clips import Clip
from cadence_cue.voice import cache
from cadence_cue.voice.cache import Cache, Kept

KEPT = Kept(Clip(np.arange(-500, 500, dtype=np.int16), 480), ("it is noisy",))


def test_what_was_kept_is_found_by_its_recipe_only(tmp_path: Path) -> None:
    folder = Cache(tmp_path / "not" / "there")
    assert folder.find("a") is None
    folder.keep("a", KEPT)
    found = folder.find("a")
    assert found is not None
    assert np.array_equal(found.clip.samples, KEPT.clip.samples)
    assert (found.clip.anchor, found.notes) == (480, KEPT.notes)
    assert folder.find("b") is None


@pytest.mark.parametrize("at", [0.1, 0.5, 0.9])
def test_a_damaged_entry_is_as_good_as_none(tmp_path: Path, at: float) -> None:
    folder = Cache(tmp_path)
    folder.keep("a", KEPT)
    (entry,) = folder.entries()
    data = bytearray(entry.read_bytes())
    data[round(at * len(data))] ^= 0x55
    entry.write_bytes(data)
    found = folder.find("a")
    assert found is None or np.array_equal(found.clip.samples, KEPT.clip.samples)
    entry.write_bytes(data[: len(data) // 2])
    assert folder.find("a") is None
    entry.write_bytes(b"")
    assert folder.find("a") is None
    folder.keep("a", KEPT)
    assert folder.find("a") is not None


def test_a_changed_sample_does_not_pass(tmp_path: Path) -> None:
    folder = Cache(tmp_path)
    noise = np.random.default_rng(0).integers(-3000, 3000, 5000).astype(np.int16)
    folder.keep("a", Kept(Clip(noise, 1)))
    (entry,) = folder.entries()
    data = bytearray(entry.read_bytes())
    data[4000] ^= 1
    entry.write_bytes(data)
    assert folder.find("a") is None


def test_what_was_not_used_for_the_longest_time_goes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Cache(tmp_path)
    noise = np.random.default_rng(0).integers(-3000, 3000, 5000).astype(np.int16)
    for age, name in enumerate("abc"):
        before = set(folder.entries())
        folder.keep(name, Kept(Clip(noise, 1)))
        (new,) = set(folder.entries()) - before
        os.utime(new, (1000 + age, 1000 + age))
    size = folder.entries()[0].stat().st_size
    assert folder.find("a") is not None  # which uses it
    monkeypatch.setattr(cache, "LARGEST", 3 * size + 100)
    folder.keep("d", Kept(Clip(noise, 1)))
    assert [folder.find(name) is not None for name in "abcd"] == [True, False, True, True]


def test_clearing_leaves_what_is_not_ours(tmp_path: Path) -> None:
    folder = Cache(tmp_path)
    folder.keep("a", KEPT)
    (tmp_path / "note.txt").write_text("mine")
    (tmp_path / f".cadence-cue-{16 * '0'}.part").write_text("a stopped write")
    folder.clear()
    assert [path.name for path in tmp_path.iterdir()] == ["note.txt"]


def test_where_nothing_can_be_kept_it_goes_on(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    folder = Cache(tmp_path / "file")
    folder.keep("a", KEPT)
    assert folder.find("a") is None
    assert folder.entries() == []
