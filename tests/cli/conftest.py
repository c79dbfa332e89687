"""A home of its own for every test, and the commands run in this process."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest
from click.testing import CliRunner, Result

from cadence_cue.app.settings import user_folder
from cadence_cue.cli.main import main
from tests.cli.process import SHIM, environment
from tests.homes import move_into

Run = Callable[..., Result]
Shim = Callable[[str], None]


class Keep(Protocol):
    """Puts a text among the runner's own sessions or drills."""

    def __call__(self, kind: str, text: str, name: str = "mine") -> Path: ...


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty home, and a folder to work in; the commands' signal handlers are taken back."""
    folder = tmp_path / "home"
    folder.mkdir()
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    move_into(folder, monkeypatch)
    ending = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    yield folder
    for number, handler in ending.items():
        signal.signal(number, handler)


@pytest.fixture
def run() -> Run:
    """Run a command as the shell would; a traceback fails the test."""

    def run(*arguments: object, code: int = 0, answers: str | None = None) -> Result:
        result = CliRunner().invoke(
            main, [str(each) for each in arguments], answers, prog_name="cadence-cue"
        )
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == code, result.output
        return result

    return run


@pytest.fixture
def refused(run: Run) -> Callable[..., str]:
    """Run a command that must fail with one error; the error, without click's usage lines."""

    def refused(*arguments: object) -> str:
        result = run(*arguments, code=2)
        *before, error = result.stderr.splitlines()
        assert not any(line.startswith("Error") for line in before)
        assert error.startswith("Error: ")
        return error.removeprefix("Error: ")

    return refused


@pytest.fixture
def keep() -> Keep:
    def keep(kind: str, text: str, name: str = "mine") -> Path:
        path = user_folder() / kind / f"{name}.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return keep


@pytest.fixture
def shim(monkeypatch: pytest.MonkeyPatch) -> Shim:
    """Replace sounddevice, here and in processes started later, with one that behaves as told."""

    def shim(how: str) -> None:
        monkeypatch.syspath_prepend(SHIM)
        for name in ("PYTHONPATH", "SHIM"):
            monkeypatch.setenv(name, environment(SHIM=how)[name])

    return shim
