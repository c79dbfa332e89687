"""The import contracts bite: a forbidden import anywhere in a lower package is found."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package that may be broken."""
    copy = tmp_path_factory.mktemp("checkout")
    shutil.copytree(ROOT / "cadence_cue", copy / "cadence_cue",
                    ignore=shutil.ignore_patterns("__pycache__"))  # fmt: skip
    shutil.copy(ROOT / "pyproject.toml", copy)
    return copy


def verdict(checkout: Path) -> tuple[bool, str]:
    """Whether the contracts are kept, and what is printed."""
    result = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as lint; lint()"],
        cwd=checkout, env={"PYTHONPATH": str(checkout), "HOME": str(checkout)},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    return result.returncode == 0, result.stdout + result.stderr


def test_they_are_kept(checkout: Path) -> None:
    kept, told = verdict(checkout)
    assert kept, told


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("coaching/values.py", "from cadence_cue.app import settings"),
        ("timing/layout.py", "    import platformdirs"),
        ("sound/beats.py", "import click"),
        ("live/engine.py", "from cadence_cue.transport import deck"),
        ("errors.py", "from cadence_cue.coaching import values"),
        ("app/team.py", "from cadence_cue.cli import shared"),
        ("export/cover.py", "import sounddevice"),
    ],
)
def test_a_forbidden_import_is_found(checkout: Path, file: str, line: str) -> None:
    path = checkout / "cadence_cue" / file
    before = path.read_text(encoding="utf-8")
    added = f"\n\ndef _late() -> None:\n{line}\n" if line.startswith(" ") else f"\n{line}\n"
    path.write_text(before + added, encoding="utf-8")
    try:
        kept, told = verdict(checkout)
    finally:
        path.write_text(before, encoding="utf-8")
    assert not kept
    assert line.split()[1] in told or line.rsplit(maxsplit=1)[-1] in told


def test_a_module_without_a_layer_is_found(checkout: Path) -> None:
    stray = checkout / "cadence_cue" / "stray.py"
    stray.write_text('"""Nobody\'s."""\n', encoding="utf-8")
    try:
        kept, told = verdict(checkout)
    finally:
        stray.unlink()
    assert not kept
    assert "stray" in told
