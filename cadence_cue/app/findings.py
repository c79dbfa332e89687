"""What is checked without sound: versions, libraries, file formats, folders, the voice."""

from __future__ import annotations

import ctypes.util
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cadence_cue import __version__, storage
from cadence_cue.app import settings
from cadence_cue.app.invocation import command, install_voice
from cadence_cue.errors import UserError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_PACKAGES = ("numpy", "soundfile", "soxr", "sounddevice", "miniaudio")

# Versions that only the libraries themselves know. Each is queried in a process of its own:
# PortAudio looks for sound servers as it starts, and a broken one may hang or crash it.
_OWN_VERSIONS = {
    "libsndfile": "import soundfile; print(soundfile.__libsndfile_version__)",
    "PortAudio": "import sounddevice; print(sounddevice.get_portaudio_version()[1].split(',')[0])",
}
_TIMEOUT = 10  # seconds for a library to answer

# The sound libraries on Linux; elsewhere they belong to the system.
_SYSTEM = ("portaudio", "asound", "pulse", "pipewire-0.3", "jack")


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the page: its lines, and a sentence with a remedy for each problem."""

    title: str
    lines: tuple[str, ...]
    problems: tuple[str, ...] = ()


def problems(sections: Iterable[Section]) -> Section:
    """Every problem of these sections, or that there is none."""
    found = tuple(problem for section in sections for problem in section.problems)
    return Section("Problems", found or ("none was found",))


def versions() -> Section:
    """The versions of the program, Python, the system and the libraries."""
    lines = [
        f"cadence-cue {__version__}, Python {platform.python_version()}",
        f"{platform.platform()}{_distribution()}",
        ", ".join(f"{name} {_version(name)}" for name in _PACKAGES),
        ", ".join(f"{name} {_own_version(name)}" for name in _OWN_VERSIONS),
    ]
    if sys.platform == "linux":
        found = {name: ctypes.util.find_library(name) for name in _SYSTEM}
        missing = [name for name, library in found.items() if not library]
        line = "system libraries: " + (", ".join(filter(None, found.values())) or "none")
        lines.append(line + (f"; not found: {', '.join(missing)}" if missing else ""))
    return Section("Versions", tuple(lines))


def formats() -> Section:
    """The formats that can be written, each of them tried, and whether ffmpeg is there to read."""
    from cadence_cue.export.formats import ENDINGS  # noqa: PLC0415 - only if they are tried
    from cadence_cue.export.writer import export  # noqa: PLC0415 - as above
    from cadence_cue.timing import RATE  # noqa: PLC0415 - as above

    def silence(_frame: int, out: npt.NDArray[np.float32]) -> None:
        out.fill(0.0)

    good, problems = [], []
    with storage.temporary_folder() as folder:
        for ending in ENDINGS:
            try:
                export(silence, 0, RATE // 10, RATE, folder / f"silence{ending}")
                good.append(ending)
            except (UserError, ValueError) as error:  # ValueError: soundfile's, about its library
                reason = error.what if isinstance(error, UserError) else str(error)
                way_out = "python -m pip install -U soundfile"
                problems.append(f"{ending} files cannot be written ({reason}): {way_out}")
    found = shutil.which("ffmpeg") and shutil.which("ffprobe")
    others = "ffmpeg reads them" if found else "not without ffmpeg"
    lines = (
        ", ".join(good) or "none",
        f"recordings in other formats (such as .wma): {others}",
    )
    return Section("File formats", lines, tuple(problems))


def folders() -> Section:
    """The folders of the settings and of the runner's own sessions and drills."""
    places = {
        "settings": settings.config_folder(),
        "own sessions": settings.user_folder() / "sessions",
        "own drills": settings.user_folder() / "drills",
    }
    lines, problems = [], []
    for name, folder in places.items():
        there = next(each for each in (folder, *folder.parents) if each.exists())
        count = len(list(folder.glob("*.toml")))
        state = (
            f"{count} {'file' if count == 1 else 'files'}" if there == folder else "not there yet"
        )
        if not there.is_dir():
            state = f"{homely(there)} is a file"
            problems.append(f"{state} where the folder of {name} should be: move it away.")
        elif not os.access(there, os.R_OK | os.W_OK | os.X_OK):
            state = "not yours to read and write"
            way_out = f'sudo chown -R "$USER" {homely(there)}'
            problems.append(f"The folder {homely(there)} is {state}: {way_out}")
        lines.append(f"{name}: {homely(folder)} ({state})")
    return Section("Folders", tuple(lines), tuple(problems))


def voice(name: str) -> Section:
    """The chosen voice: whether all of its clips can be read, and whether it speaks own texts."""
    from cadence_cue.voice import kokoro  # noqa: PLC0415 - imports what makes sound
    from cadence_cue.voice.voice import Voice  # noqa: PLC0415 - as above

    try:
        found = Voice.load(name)
        clips = found.clips(found.texts, found.rate)
    except UserError as error:
        way_out = f"Choose another with: {command('settings voice NAME')}, or reinstall."
        return Section("Voice", (name,), (f"{error} {way_out}",))
    free_text = "spoken" if kokoro.installed() else f"not spoken; to have it: {install_voice()}"
    return Section(
        "Voice",
        (
            f"{name}: {len(clips)} texts, all with a readable clip",
            f"your own texts: {free_text}",
        ),
    )


def homely(path: Path) -> str:
    """A path with "~" for the home folder, so that a report does not name the user."""
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)


def _distribution() -> str:
    try:
        return f" ({platform.freedesktop_os_release()['PRETTY_NAME']})"
    except (OSError, KeyError):
        return ""


def _version(package: str) -> str:
    from importlib import metadata  # noqa: PLC0415 - slow, and the screen imports this module

    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "missing"


def _own_version(library: str) -> str:
    command = [sys.executable, "-P", "-c", _OWN_VERSIONS[library]]
    try:
        answer = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_TIMEOUT,
            check=False,
            start_new_session=True,
        )
    except subprocess.TimeoutExpired:
        return "does not answer"
    if answer.returncode:
        return "missing"
    return answer.stdout.strip().rpartition("\n")[2].removeprefix(f"{library} ")
