"""A long track is written in the memory of a short one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PROGRAM = '''
import sys, tomllib
from pathlib import Path
from cadence_cue.app.tracks.export_job import ExportRequest, plan_export
from cadence_cue.app.options import FileOptions, PerformanceOptions
from cadence_cue.app.settings import Settings
from cadence_cue.coaching.catalogue import load_library
from cadence_cue.coaching.session_file import parse

TEXT = """
title = "Long"
[[phase]]
repeat = %s
[[phase.part]]
run = ""
time = "10min"
tempo = "own"
cues = ["relaxed", "arms"]
cue_every = "20s"
"""
library = load_library()
session = parse(tomllib.loads(TEXT % sys.argv[1]), name="long", library=library)
options = PerformanceOptions(cadence=173, seed=1)
request = ExportRequest(session, Path("long.wav"), options, FileOptions(rate=8000, force=True))
most = 0

def look(*_):
    global most
    most = max(most, sys.getallocatedblocks())

plan_export(request, library, Settings()).write(look)
print(most)
'''


def most_blocks(count: str, tmp_path: Path) -> int:
    """The most blocks of memory that Python held while it wrote so many times ten minutes."""
    told = subprocess.run(
        [sys.executable, "-c", PROGRAM, count],
        env={**os.environ, "HOME": str(tmp_path)},
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    )
    return int(told.stdout)


def test_an_hour_holds_no_more_objects_than_ten_minutes(tmp_path: Path) -> None:
    short, long = (most_blocks(count, tmp_path) for count in ("1", "6"))
    assert long <= short * 1.01
