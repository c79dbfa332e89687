"""The package as it is shipped, and what each part of it imports."""

import ast
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest

import cadence_cue

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
IMPORT_ALL = """
import importlib, pkgutil, sys
for name in sys.argv[1:]:
    package = importlib.import_module(name)
    for found in pkgutil.walk_packages(package.__path__, name + "."):
        importlib.import_module(found.name)
print(*sys.modules, sep="\\n")
"""


def python(*arguments: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """A fresh interpreter that finds cadence_cue in `folder`."""
    return subprocess.run(
        [sys.executable, "-P", *arguments],
        env={"PYTHONPATH": str(folder)},
        cwd="/",
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    return next(folder.glob("*.whl"))


def files(folder: Path) -> set[str]:
    """Every file in a folder of the checkout, by its path there."""
    return {
        str(file.relative_to(ROOT))
        for file in folder.rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }


def test_the_wheel_carries_the_package_with_its_library_and_sounds_and_no_more(
    wheel: Path,
) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    sounds = {f"cadence_cue/{name}" for name in files(ROOT / "sounds")}
    package = files(ROOT / "cadence_cue")
    assert names == package | sounds
    assert "cadence_cue/py.typed" in names
    assert any("/sounds/voice/" in name for name in sounds)
    assert any("/library/sessions/" in name for name in package)


def test_the_wheel_installs_the_command_and_tells_its_licence(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        about = {Path(name).name: name for name in archive.namelist() if ".dist-info/" in name}
        assert "LICENSE" in about
        entry = archive.read(about["entry_points.txt"]).decode()
        metadata = archive.read(about["METADATA"]).decode()
    assert "cadence-cue = cadence_cue.cli.main:main" in entry
    assert f"Version: {cadence_cue.__version__}\n" in metadata
    assert "License-Expression: MIT\n" in metadata


def test_sounds_are_found_in_an_installed_wheel_and_in_a_checkout(
    wheel: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    ask = "from cadence_cue.voice.shipped import sounds_folder; print(sounds_folder())"
    installed = Path(python("-c", ask, folder=tmp_path).stdout.strip())
    assert installed == tmp_path / "cadence_cue" / "sounds"
    assert installed.is_dir()
    assert Path(python("-c", ask).stdout.strip()) == ROOT / "sounds"


def test_what_makes_a_track_loads_no_device_and_no_screen() -> None:
    parts = [f"cadence_cue.{part}" for part in ("coaching", "timing", "sound", "voice", "export")]
    loaded = set(python("-c", IMPORT_ALL, *parts).stdout.split())
    assert loaded >= set(parts)
    assert not loaded & {"click", "platformdirs", "sounddevice", "textual"}


def test_help_loads_nothing_heavy() -> None:
    result = python("-X", "importtime", "-m", "cadence_cue", "--help")
    loaded = {line.rpartition("|")[2].strip() for line in result.stderr.splitlines()}
    assert result.stdout.startswith("Usage: cadence-cue ")
    assert "cadence_cue.cli.main" in loaded
    assert not loaded & {"numpy", "sounddevice", "soundfile", "soxr", "asyncio", "multiprocessing"}


def test_every_dependency_is_used_and_every_import_is_a_dependency() -> None:
    imported = set()
    for file in (ROOT / "cadence_cue").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                imported.add(node.module.partition(".")[0])
    lines = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["voice"]]
    named = {re.split("[>=]=", line)[0].replace("-", "_") for line in lines}
    named = {"PIL" if name == "pillow" else name for name in named}
    # pydub's need, and the weights, which are read as files.
    named -= {"audioop_lts", *(name for name in named if name.startswith("kokoro_ja"))}
    assert imported - set(sys.stdlib_module_names) - {"cadence_cue"} == named


def test_the_changelog_tells_of_this_version() -> None:
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## [{cadence_cue.__version__}]" in changes


@pytest.mark.matrix
def test_mypy_finds_the_types_in_an_installed_wheel(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    program = tmp_path / "mine.py"
    program.write_text(
        "import cadence_cue\n"
        'performance = cadence_cue.plan("daily-ten", cadence=172)\n'
        "reveal_type(performance.timeline.frames)\n"
        'reveal_type(cadence_cue.render("daily-ten"))\n'
        'cadence_cue.export("daily-ten", 5)\n'
    )
    result = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent",
         "--cache-dir", str(tmp_path / "cache"), program],
        cwd=tmp_path, env={**os.environ, "MYPYPATH": str(tmp_path / "site")},
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    told = result.stdout
    assert 'mine.py:3: note: Revealed type is "int"' in told
    assert "_32Bit" in told or "float32" in told
    assert 'mine.py:5: error: Argument 2 to "export" has incompatible type "int"' in told
    assert result.returncode == 1


def test_the_reason_for_each_dependency_is_told() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = text.partition("\n## Dependencies\n")[2].partition("\n## ")[0]
    told = set(re.findall(r"[\w-]+", " ".join(re.findall(r"^\| (.*?) \|", table, re.MULTILINE))))
    lines = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["voice"]]
    named = {re.split("[>=]=", line)[0] for line in lines}
    reasons = re.findall(r"^\| textual \| (.*) \|$", table, re.MULTILINE)
    assert "rich" in reasons[0]  # it has no row of its own
    assert {name for name in named if not re.search("model-[234]$", name)} - {"rich"} <= told


def licence_of(package: str) -> str | None:
    """What the metadata of an installed package say of its licence; None if it is not installed."""
    try:
        told = metadata(package)
    except PackageNotFoundError:
        return None
    names = ("License-Expression", "License", "Classifier")
    lines = [line for name in names for line in told.get_all(name) or []]
    return " ".join(lines)


def test_the_licence_of_each_dependency_is_told() -> None:
    text = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| ([\w-]+)(?: to -4| \(.*\))? \| ([\w. -]+) \|$", text, flags=re.MULTILINE
    )
    told = {name: licence for name, licence in rows if name != "package"}
    lines = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["voice"]]
    named = {re.split("[>=]=", line)[0] for line in lines}
    assert set(told) == {name for name in named if not re.search("model-[234]$", name)}
    for package, licence in told.items():
        found = licence_of(package)
        whole = rf"(?<![\w-]){re.escape(licence)}(?![\w-])"
        assert found is None or re.search(whole, found), package
    assert sum(licence_of(package) is not None for package in told) > 15
    assert [package for package, licence in told.items() if licence.startswith("GPL")] == [
        "mutagen"
    ]
    lesser = {package for package, licence in told.items() if licence.startswith("LGPL")}
    assert lesser == {"soxr"}


def test_mutagen_is_imported_where_tags_are_written_and_read_and_nowhere_else() -> None:
    package = ROOT / "cadence_cue"
    users = {
        file.relative_to(package).parts[0]
        for file in package.rglob("*.py")
        if re.search(r"^\s*(?:import|from) mutagen", file.read_text("utf-8"), flags=re.MULTILINE)
    }
    assert users == {"export", "share"}
    without = "import sys; sys.modules['mutagen'] = None; "
    assert python("-c", without + IMPORT_ALL, "cadence_cue.live", "cadence_cue.transport").stdout
    playing = "from cadence_cue.app import playing; from cadence_cue.cli import play; "
    screens = "from cadence_cue.tui.playing import playing; from cadence_cue.tui import app"
    assert python("-c", without + playing + screens).stdout == ""
