"""The package as a library: what it returns is what the program writes, and nothing is printed."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile as sf

import cadence_cue
from cadence_cue.errors import UserError
from tests.cli.process import environment, outcome
from tests.matrix import matrix

ROOT = Path(__file__).resolve().parents[1]
DOCS = (ROOT / "docs/python.md").read_text(encoding="utf-8")
EXAMPLE, CLUSTER = re.findall(r"```python\n(.*?)```", DOCS, re.DOTALL)
SHORT = """
title = "Short"
summary = "Nothing but a run."
level = "easy"
place = ["track"]
get_ready = "1s"
[[phase]]
run = ""
time = "6s"
tempo = "own"
cues = ["heel-pull"]
cue_every = "4s"
"""
OPTIONS: dict[str, Any] = {"cadence": 173, "rate": 16000, "seed": 11, "voice": "am_michael"}


@pytest.fixture
def short(tmp_path: Path) -> Path:
    path = tmp_path / "short.toml"
    path.write_text(SHORT, encoding="utf-8")
    return path


def test_render_is_the_commands_export_at_a_fresh_home_sample_for_sample(
    short: Path, tmp_path: Path
) -> None:
    arguments = (f"--{name}={value}" for name, value in OPTIONS.items())
    file = tmp_path / "track.wav"
    fresh = environment(HOME=str(tmp_path), XDG_CONFIG_HOME="", XDG_DATA_HOME="", XDG_CACHE_HOME="")
    code, _, errors = outcome("export", short, "-o", file, "--bits=32", *arguments, env=fresh)
    assert code == 0, errors
    written, rate = sf.read(file, dtype="float32")
    sound = cadence_cue.render(short, **OPTIONS)
    assert rate == 16000
    assert sound.dtype == np.float32
    np.testing.assert_array_equal(sound, written)
    np.testing.assert_array_equal(np.concatenate(list(cadence_cue.blocks(short, **OPTIONS))), sound)
    assert cadence_cue.export(short, tmp_path / "own.wav", bits=32, **OPTIONS).is_file()
    np.testing.assert_array_equal(sf.read(tmp_path / "own.wav", dtype="float32")[0], sound)


def test_nothing_of_the_runners_is_read_and_nothing_printed(
    short: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    plain = cadence_cue.plan(short, seed=1).timeline
    for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        folder = tmp_path / variable / "cadence-cue"
        folder.mkdir(parents=True)
        (folder / "settings.toml").write_text('cadence = 190\nvoice = "am_michael"\nduck = 12')
        (folder / "history.jsonl").write_text("{}\n")
        monkeypatch.setenv(variable, str(folder.parent))
    assert cadence_cue.plan(short, seed=1).timeline == plain
    cadence_cue.export(short, tmp_path / "x.wav", rate=8000, seed=1)
    assert capfd.readouterr() == ("", "")


def test_a_session_is_loaded_once_or_named(short: Path) -> None:
    session = cadence_cue.load_session(str(short))
    assert cadence_cue.plan(session, seed=3) == cadence_cue.plan(short, seed=3)
    assert cadence_cue.load_session("daily-ten").title == "Daily ten"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"cadence": 0}, "110 to 240"),
        ({"cadence": 85}, "110 to 240"),
        ({"rate": 4000}, "8000 to 192000"),
        ({"voice": "nobody"}, "nobody"),
    ],
)
def test_a_mistake_is_a_user_error(short: Path, options: dict[str, Any], words: str) -> None:
    with pytest.raises(UserError, match=words):
        cadence_cue.plan(short, **options)
    with pytest.raises(UserError, match=words):
        cadence_cue.blocks(short, **options)


def test_a_session_that_is_not_there_or_broken_is_a_user_error(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r'no session "daily-tem"; did you mean "daily-ten"'):
        cadence_cue.load_session("daily-tem")
    with pytest.raises(UserError, match=r"gone\.toml"):
        cadence_cue.load_session(tmp_path / "gone.toml")
    (tmp_path / "broken.toml").write_text("title =")
    with pytest.raises(UserError, match=r"broken\.toml"):
        cadence_cue.plan(tmp_path / "broken.toml")


def test_an_existing_file_is_kept_unless_forced(short: Path, tmp_path: Path) -> None:
    file = tmp_path / "x.wav"
    file.write_text("mine")
    with pytest.raises(UserError, match="force=True"):
        cadence_cue.export(short, file)
    assert file.read_text() == "mine"
    cadence_cue.export(short, file, rate=8000, force=True)
    assert sf.info(file).samplerate == 8000


def test_export_stays_a_function_whatever_was_imported() -> None:
    program = (
        "import cadence_cue, pickle; f = cadence_cue.export\n"
        "import cadence_cue.export.formats as formats\n"
        "from cadence_cue import export\n"
        "assert callable(export) and callable(f) and formats.ENDINGS\n"
        "assert pickle.loads(pickle.dumps(export)) is export\n"
        "try: export('no-such-session', 'x.wav')\n"
        "except cadence_cue.UserError: print('refused')\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert result.stdout == "refused\n"


def test_importing_it_is_light() -> None:
    program = "import sys, cadence_cue; print('numpy' in sys.modules, 'click' in sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert result.stdout == "False False\n"


def test_the_manual_lists_every_option() -> None:
    for function in (cadence_cue.plan, cadence_cue.render, cadence_cue.blocks, cadence_cue.export):
        for name in list(inspect.signature(function).parameters)[1:]:
            assert f"`{name}`" in DOCS or f"`{name}=" in DOCS or name == "path", name


@pytest.mark.parametrize("session", matrix(["short.toml", "first-perception"]))
def test_the_manuals_example_runs(
    short: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    session: str,
) -> None:
    assert "first-perception" in EXAMPLE
    assert len(EXAMPLE.strip().splitlines()) <= 10
    monkeypatch.chdir(short.parent)
    exec(EXAMPLE.replace("first-perception", session), {})
    *marks, shape = capsys.readouterr().out.splitlines()
    assert len(marks) == len(cadence_cue.plan(session, cadence=172).timeline.marks)
    assert shape == f"({sf.info('first.flac').frames}, 2) float32"


@pytest.mark.matrix
def test_a_cluster_writes_the_bytes_of_one_computer(
    short: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from distributed import LocalCluster

    monkeypatch.chdir(tmp_path)
    workers: Any = LocalCluster  # without types
    with workers(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        example = CLUSTER.replace("tcp://scheduler:8786", cluster.scheduler_address)
        exec(example.replace("daily-ten", str(short)), {})
    for name, own in {"Anna": 158, "Ben": 171}.items():
        here = cadence_cue.export(short, "here.wav", cadence=own, seed=7, force=True)
        assert here.read_bytes() == Path(f"{name}.wav").read_bytes()
