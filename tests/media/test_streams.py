"""Marks of streams are found wherever a file is looked at in parts."""

from __future__ import annotations

import mmap
import re
from pathlib import Path

import pytest

from cadence_cue.media import streams


@pytest.mark.parametrize("part", [5, 6, 7, 1000])
def test_marks_are_found_once_across_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: int
) -> None:
    monkeypatch.setattr(streams, "_LOOKED_AT", part)
    whole = b"Info..Xing.InfoInfoXin.Xing" * 3 + b"Inf"
    path = tmp_path / "x"
    path.write_bytes(whole)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        found = sorted(streams.places(content, b"Xing", b"Info"))
    assert found == [each.start() for each in re.finditer(b"Xing|Info", whole)]
