"""scripts/run on machines of every kind, with a stand-in for uv so that nothing is downloaded."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.process import Terminal

ROOT = Path(__file__).resolve().parents[2]
# Makes a .venv whose python prints its arguments, and notes each call beside itself.
UV = """#!/bin/sh
echo "$@" >> "$(dirname "$0")/uv.log"
[ "$1" = venv ] || exit 0
for venv; do :; done
mkdir -p "$venv/bin"
printf '#!/bin/sh\\nprintf "<%%s>" "$@"\\n' > "$venv/bin/python"
chmod +x "$venv/bin/python"
"""


class Machine:
    """A checkout in a folder with a space, and a PATH with one uv and one python3."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "a checkout"
        self.bin = folder / "bin"
        self.home = folder / "home"
        for each in (self.root / "scripts", self.bin, self.home):
            each.mkdir(parents=True)
        for name in ("run", "set_up.sh", "set_up.py"):
            shutil.copy(ROOT / "scripts" / name, self.root / "scripts")
        (self.root / "pyproject.toml").write_text("[project]\n")
        for name in ("cksum", "dirname", "mkdir", "chmod", "readlink"):
            (self.bin / name).symlink_to(str(shutil.which(name)))
        self.program("uv", UV)
        self.program("python3", f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')

    def program(self, name: str, text: str) -> None:
        (self.bin / name).write_text(text)
        (self.bin / name).chmod(0o755)

    def command(self, *arguments: str, script: Path | None = None) -> list[str]:
        return ["/bin/sh", str(script or self.root / "scripts" / "run"), *arguments]

    def environment(self, **changes: str) -> dict[str, str]:
        return {"PATH": str(self.bin), "HOME": str(self.home), **changes}

    def run(
        self, *arguments: str, script: Path | None = None, cwd: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*arguments, script=script),
            env=self.environment(),
            cwd=cwd or self.home,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    def installs(self) -> int:
        log = self.bin / "uv.log"
        return log.read_text().count("pip install") if log.exists() else 0


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_the_first_start_sets_up_and_hands_the_arguments_on(machine: Machine) -> None:
    result = machine.run("play", "a b", "")
    assert result.returncode == 0
    assert result.stdout == "<-P><-m><cadence_cue><play><a b><>"
    assert "Setting up" in result.stderr
    assert not any(machine.home.iterdir())


def test_the_extra_is_installed_when_asked_for_and_stays(machine: Machine) -> None:
    machine.run("list")
    result = machine.run("--extra", "voice", "list", "voices")
    assert result.stdout == "<-P><-m><cadence_cue><list><voices>"
    assert machine.installs() == 2
    log = (machine.bin / "uv.log").read_text().splitlines()
    assert log[-1].endswith("a checkout[voice]")
    machine.run("--extra", "voice")
    machine.run("list")
    assert machine.installs() == 2
    (machine.root / "pyproject.toml").write_text("[project]\nname = 'new'\n")
    machine.run("list")
    assert (machine.bin / "uv.log").read_text().splitlines()[-1].endswith("a checkout[voice]")


def test_it_hands_on_how_it_was_called(machine: Machine) -> None:
    machine.run("list")
    python = machine.root / ".venv" / "bin" / "python"
    python.write_text('#!/bin/sh\nprintf %s "$CADENCE_CUE_STARTED_AS"\n')
    assert machine.run("list", script=Path("scripts/run"), cwd=machine.root).stdout == "scripts/run"


def test_a_terminal_shows_what_is_downloaded(machine: Machine) -> None:
    machine.run("list")
    screen = Terminal(*machine.command("--extra", "voice", "list"), env=machine.environment())
    try:
        told = screen.wait_for("<-P>")
    finally:
        screen.close()
    assert "with a speech model of 96 MB" in told
    quiet, shown = (
        line for line in (machine.bin / "uv.log").read_text().splitlines() if "install" in line
    )
    assert "--quiet" in quiet
    assert "--quiet" not in shown


def test_there_is_one_extra(machine: Machine) -> None:
    result = machine.run("--extra", "voise", "list")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("Error: there is one extra: --extra voice")
    assert machine.installs() == 0


def test_a_second_start_installs_nothing_and_says_nothing(machine: Machine) -> None:
    machine.run()
    result = machine.run("list")
    assert (result.stdout, result.stderr) == ("<-P><-m><cadence_cue><list>", "")
    assert machine.installs() == 1


def test_a_changed_pyproject_is_installed(machine: Machine) -> None:
    machine.run()
    (machine.root / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    assert machine.run().returncode == 0
    assert machine.installs() == 2


def test_a_broken_off_set_up_is_begun_again(machine: Machine) -> None:
    machine.run()
    (machine.root / ".venv" / "ready-run").unlink()
    (machine.root / ".venv" / "half").touch()
    machine.run()
    assert machine.installs() == 2
    assert not (machine.root / ".venv" / "half").exists()


def test_a_moved_checkout_is_set_up_again(machine: Machine) -> None:
    machine.run()
    machine.root = machine.root.rename(machine.root.parent / "moved")
    assert machine.run("list").stdout.endswith("<list>")
    assert machine.installs() == 2


def test_a_python_that_has_gone_is_replaced(machine: Machine) -> None:
    machine.run()
    python = machine.root / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python3")
    assert machine.run("list").stdout.endswith("<list>")


def test_starts_at_the_same_time_set_up_once(machine: Machine) -> None:
    starts = [
        subprocess.Popen(
            machine.command(str(number)),
            env=machine.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(4)
    ]
    ends = [start.communicate(timeout=300)[0] for start in starts]
    assert ends == [f"<-P><-m><cadence_cue><{number}>" for number in range(4)]
    assert machine.installs() == 1


def test_it_is_found_through_links_and_from_any_folder(machine: Machine) -> None:
    first = machine.home / "cue"
    first.symlink_to("../a checkout/scripts/run")
    second = machine.bin / "cadence-cue"
    second.symlink_to(first)
    assert machine.run("list", script=second, cwd=Path("/")).stdout.endswith("<list>")
    assert machine.run("list", script=Path("run"), cwd=machine.root / "scripts").returncode == 0


def test_home_may_be_unset(machine: Machine) -> None:
    environment = machine.environment()
    del environment["HOME"]
    assert subprocess.run(machine.command(), env=environment, check=False).returncode == 0


def test_an_old_python3_gives_way_to_a_newer_name(machine: Machine) -> None:
    (machine.bin / "python3").rename(machine.bin / "python3.12")
    machine.program("python3", "#!/bin/sh\nexit 1\n")
    assert machine.run("list").stdout.endswith("<list>")


def test_no_python_is_one_clear_sentence(machine: Machine) -> None:
    machine.program("python3", "#!/bin/sh\nexit 1\n")
    result = machine.run()
    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr.startswith("cadence-cue needs Python 3.11 or newer")
    assert result.stderr.count("\n") == 1


def test_no_venv_module_is_one_clear_sentence(machine: Machine) -> None:
    (machine.bin / "uv").unlink()
    without = "import importlib.util as u, runpy, sys; u.find_spec = lambda name: None"
    then = "sys.argv.pop(0); runpy.run_path(sys.argv[0], run_name='__main__')"
    machine.program(
        "python3",
        '#!/bin/sh\n[ "$1" = -c ] && exit 0\n'
        f'exec "{sys.executable}" -c "{without}; {then}" "$@"\n',
    )
    result = machine.run()
    assert result.returncode == 1
    assert "apt install python3-venv" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_failed_installation_says_so_and_is_tried_again(machine: Machine) -> None:
    machine.program("uv", "#!/bin/sh\nexit 1\n")
    (machine.home / "venv.py").write_text("raise SystemExit(1)")
    environment = machine.environment(PYTHONPATH=str(machine.home))
    for _ in range(2):
        result = subprocess.run(
            machine.command(), env=environment, capture_output=True, text=True, check=False
        )
        assert result.returncode == 1
        assert result.stdout == ""
        assert "could not install" in result.stderr


def test_what_the_disk_refuses_is_one_clear_sentence(machine: Machine) -> None:
    (machine.root / ".venv").write_text("not a folder")
    result = machine.run()
    assert result.returncode == 1
    assert "could not set up" in result.stderr
    assert "Traceback" not in result.stderr
