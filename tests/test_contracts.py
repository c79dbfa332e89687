"""The import contracts bite: a forbidden import anywhere in a lower package is found."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the package that may be broken."""
    shutil.copytree(ROOT / "cadence_cue", tmp_path / "cadence_cue",
                    ignore=shutil.ignore_patterns("__pycache__"))  # fmt: skip
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def verdict(checkout: Path) -> tuple[bool, str]:
    """Whether the contracts are kept, and what is printed."""
    result = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as lint; lint()"],
        cwd=checkout, env={"PYTHONPATH": str(checkout), "HOME": str(checkout)},
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    return result.returncode == 0, result.stdout + result.stderr


def test_they_are_kept(checkout: Path) -> None:
    kept, told = verdict(checkout)
    assert kept, told


FORBIDDEN = {
    "coaching/values.py": ("from cadence_cue.app import settings", "cadence_cue.app.settings"),
    "timing/layout.py": ("    import platformdirs", "platformdirs"),
    "sound/beats.py": ("import click", "click"),
    "live/engine.py": ("from cadence_cue.transport import deck", "cadence_cue.transport.deck"),
    "errors.py": ("from cadence_cue.coaching import values", "cadence_cue.coaching.values"),
    "app/tracks/team.py": ("from cadence_cue.cli import shared", "cadence_cue.cli.shared"),
    "export/cover.py": ("import sounddevice", "sounddevice"),
}
"""A line in each of some files, and what it imports."""


def test_each_forbidden_import_is_found_and_a_module_without_a_layer(checkout: Path) -> None:
    for file, (line, _) in FORBIDDEN.items():
        added = f"def _late() -> None:\n{line}" if line.startswith(" ") else line
        with (checkout / "cadence_cue" / file).open("a", encoding="utf-8") as source:
            source.write(f"\n\n{added}\n")
    stray = checkout / "cadence_cue" / "stray.py"
    stray.write_text('"""Nobody\'s."""\n', encoding="utf-8")
    kept, told = verdict(checkout)
    assert not kept
    for file, (_, imported) in FORBIDDEN.items():
        module = file.removesuffix(".py").replace("/", ".")
        assert f"cadence_cue.{module} -> {imported} (" in told
    assert "The following modules are not listed as layers:\n\n- cadence_cue.stray\n" in told
