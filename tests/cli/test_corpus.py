"""Every malformed session file through the real command: one clear line, and nothing else."""

from __future__ import annotations

import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.process import environment, outcome
from tests.coaching.malformed import MALFORMED, write_corpus

MEMORY = 1 << 20  # KiB of address space: numpy needs half of it, a file of 8 GiB does not fit


def limited(*arguments: str, folder: Path) -> tuple[int, str, str]:
    """Run the command within bounded memory."""
    script = f'ulimit -v {MEMORY}; exec "$@"'
    return outcome(
        *arguments,
        limit=("sh", "-c", script, "sh"),
        cwd=folder,
        env=environment(OPENBLAS_NUM_THREADS="1"),
    )


@contextmanager
def bounded_memory() -> Iterator[None]:
    """Let this process grow by no more than that."""
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    limits = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY * 1024, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, limits)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_corpus(tmp_path_factory.mktemp("corpus"))


def test_check_tells_each_mistake_in_one_line(
    corpus: list[Path], home: Path, tmp_path: Path
) -> None:
    paths = [path for path in corpus if "\0" not in str(path)]  # which no shell can pass
    before = sorted(tmp_path.rglob("*"))
    code, output, errors = limited("check", *map(str, paths), folder=tmp_path)
    assert code == 2
    assert output == ""
    lines = errors.splitlines()
    assert len(lines) == len(paths) >= 60
    for path, line in zip(paths, lines, strict=True):
        assert line.startswith("Error: ")
        assert path.name.replace("\n", "\\u000a") in line
        assert len(line) < 400 + 2 * len(str(path))
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize(
    "command",
    [
        ("play",),
        ("export", "-o", "x.wav"),
        ("timeline", "--json"),
        ("add",),
        ("show",),
        ("new", "mine", "--from"),
    ],
    ids=lambda command: command[0],
)
@pytest.mark.parametrize("which", ["deep inline tables", "missing", "gigabytes"])
def test_every_command_refuses_a_broken_file_and_writes_nothing(
    corpus: list[Path], run: Run, tmp_path: Path, command: tuple[str, ...], which: str
) -> None:
    number = f"{list(MALFORMED).index(which):03}" if which in MALFORMED else which
    path = next(path for path in corpus if path.stem == number)
    before = sorted(tmp_path.rglob("*"))
    with bounded_memory():
        result = run(*command, path, code=2)
    assert result.stdout == ""
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    assert path.name in result.stderr
    assert sorted(tmp_path.rglob("*")) == before
