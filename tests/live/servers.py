"""A PulseAudio server of our own with null sinks, and ALSA's `file` device: captured, not heard."""

from __future__ import annotations

import contextlib
import ctypes.util
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tests.live.rig import RATE, wait_for

Samples = npt.NDArray[np.float32]

# How a server is started that ends with us, also where this test run is killed.
WITH_US = ("setpriv", "--pdeathsig", "KILL")

PULSE_PROGRAMS = ("pulseaudio", "pactl", "parec", WITH_US[0])
FRAME_BYTES = 8
"""Of stereo float32, which `recording_of` gives."""

_PIECE = 2048  # frames

_PLUGINS = "*/alsa-lib/libasound_module_pcm_pulse.so"
_ALSA = "</usr/share/alsa/alsa.conf>\n"
_PULSE_DEVICE = _ALSA + "pcm.!default { type pulse }\nctl.!default { type pulse }\n"
_FILE_DEVICE = (
    _ALSA + "pcm.nowhere {{ type null }}\n"
    'pcm.!default {{ type file slave.pcm "nowhere" file "{file}" format "raw" }}\n'
)

# Whatever else runs on this machine is not found.
_ALONE = {
    "JACK_DEFAULT_SERVER": "cadence-cue-none",
    "JACK_NO_START_SERVER": "1",
    "PIPEWIRE_RUNTIME_DIR": "/nonexistent",
    "PULSE_SERVER": "unix:/nonexistent",
}


def recording_of(sink: str) -> list[str]:
    """The command that writes what a sink plays to its standard output, as it is played."""
    shape = ["--format=float32le", f"--rate={RATE}", "--channels=2", "--raw"]
    return ["parec", "-d", f"{sink}.monitor", "--latency-msec=10", *shape]


def alsa_lacks() -> str:
    """What is missing to play through ALSA, "" if nothing is."""
    libraries = ("asound", "portaudio")
    return ", ".join(f"lib{name}" for name in libraries if not ctypes.util.find_library(name))


def pulse_lacks() -> str:
    """What is missing for a PulseServer, and to play into it; "" if nothing is."""
    missing = [alsa_lacks()] if alsa_lacks() else []
    missing += [name for name in PULSE_PROGRAMS if not shutil.which(name)]
    if not any(Path("/usr/lib").glob(_PLUGINS)):
        missing.append("ALSA's plugin for PulseAudio (libasound2-plugins)")
    return ", ".join(missing)


def _null_sink(name: str, rate: int) -> list[str]:
    """The module and its arguments; the sink has the same name for programs and for people."""
    shape = f"rate={rate} channels=2 format=float32le"
    return [
        "module-null-sink",
        *f"sink_name={name} sink_properties=device.description={name} {shape}".split(),
    ]


class PulseServer:
    """PulseAudio with null sinks, the first of them the default; found by `environment` alone."""

    def __init__(self, folder: Path, sinks: Sequence[str] = ("ears",)) -> None:
        self._folder = folder
        self._sinks = sinks
        self._socket = folder / "socket"
        self._process: subprocess.Popen[bytes] | None = None
        for name in ("runtime", "state"):
            (folder / name).mkdir(mode=0o700)
        (folder / "asound.conf").write_text(_PULSE_DEVICE)

    @property
    def environment(self) -> Mapping[str, str]:
        """What a program needs to find this server, through PortAudio's ALSA or by itself."""
        return {
            **_ALONE,
            "ALSA_CONFIG_PATH": str(self._folder / "asound.conf"),
            "PULSE_COOKIE": str(self._folder / "cookie"),
            "PULSE_RUNTIME_PATH": str(self._folder / "runtime"),
            "PULSE_SERVER": f"unix:{self._socket}",
            "PULSE_STATE_PATH": str(self._folder / "state"),
            "XDG_RUNTIME_DIR": str(self._folder),
        }

    def start(self) -> None:
        """Start it, also again after `kill`, and wait until it takes clients."""
        self._socket.unlink(missing_ok=True)
        options = "-n --daemonize=no --exit-idle-time=-1 --use-pid-file=no --realtime=no"
        modules = [
            f"module-native-protocol-unix socket={self._socket} auth-anonymous=1",
            *(" ".join(_null_sink(sink, RATE)) for sink in self._sinks),
        ]
        loads = [part for module in modules for part in ("-L", module)]
        self._process = subprocess.Popen(
            [*WITH_US, "pulseaudio", *options.split(), "--high-priority=no", *loads],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **self.environment},
        )
        wait_for(lambda: self._ask("info").returncode == 0, "PulseAudio")

    def kill(self) -> None:
        """End it at once, as a crash does."""
        if self._process:
            self._process.kill()
            self._process.wait()

    def freeze(self) -> None:
        """Make it answer nobody, until `thaw`."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def suspend(self) -> None:
        """Let the first sink take no sound, as a desktop does with one that went to sleep."""
        self._ask("suspend-sink", self._sinks[0], "1").check_returncode()

    def resume(self) -> None:
        self._ask("suspend-sink", self._sinks[0], "0").check_returncode()

    def add(self, sink: str, rate: int = RATE) -> None:
        """Plug in another sink, which is not the default."""
        self._ask("load-module", *_null_sink(sink, rate)).check_returncode()

    def plug(self, source: str, sink: str) -> None:
        """Plug in a microphone that hears what a sink plays, and is the default one."""
        shape = [f"source_name={source}", f"master={sink}.monitor"]
        self._ask("load-module", "module-remap-source", *shape).check_returncode()
        self._ask("set-default-source", source).check_returncode()

    def unplug(self) -> None:
        """Unplug it; who listens to it is moved to another source, as on a desktop."""
        self._ask("unload-module", "module-remap-source").check_returncode()

    def choose(self, sink: str) -> None:
        """Make a sink the default; what follows the default has moved when this returns."""
        self._ask("set-default-sink", sink).check_returncode()

    @property
    def playing(self) -> list[str]:
        """The name of the sink that each stream plays into."""
        names = dict(row.split("\t")[:2] for row in self._listed("sinks"))
        return [names[row.split("\t")[1]] for row in self._listed("sink-inputs")]

    @property
    def heard(self) -> list[str]:
        """The name of the source that each stream hears."""
        names = dict(row.split("\t")[:2] for row in self._listed("sources"))
        return [names[row.split("\t")[1]] for row in self._listed("source-outputs")]

    @property
    def programs(self) -> list[int]:
        """Processes of ours that have been told of this server, whoever started them."""
        told = f"PULSE_SERVER=unix:{self._socket}\0".encode()
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):  # it may end while it is looked at
                ours = b"cadence_cue" in (process / "cmdline").read_bytes()
                if ours and told in (process / "environ").read_bytes():
                    found.append(int(process.name))
        return found

    @contextlib.contextmanager
    def capture(self, sink: str = "") -> Iterator[Capture]:
        """Record what a sink is given, the first one if none is named."""
        capture = Capture(self, sink or self._sinks[0], self._folder)
        try:
            # An idle null sink makes two seconds at a time, and the first sounds would fall into
            # what it has made already; once frames come, it knows that somebody listens closely.
            wait_for(lambda: capture.frames >= RATE // 4, "the first captured frames")
            yield capture
        finally:
            capture.close()

    def _listed(self, what: str) -> list[str]:
        return self._ask("list", "short", what).stdout.decode().splitlines()

    def _ask(self, *question: str) -> subprocess.CompletedProcess[bytes]:
        environment = {**os.environ, **self.environment}
        return subprocess.run(
            ["pactl", *question], capture_output=True, check=False, env=environment
        )

    def _signal(self, number: signal.Signals) -> None:
        assert self._process
        self._process.send_signal(number)


class Capture:
    """A recording that grows."""

    def __init__(self, server: PulseServer, sink: str, folder: Path) -> None:
        descriptor, name = tempfile.mkstemp(".raw", dir=folder)
        self._file = Path(name)
        with open(descriptor, "wb") as file:  # noqa: PTH123 (a descriptor)
            self._process = subprocess.Popen(
                recording_of(sink),
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.DEVNULL,
                env={**os.environ, **server.environment},
            )

    @property
    def frames(self) -> int:
        return self._file.stat().st_size // FRAME_BYTES

    def samples(self) -> Samples:
        """What was recorded so far, shape (n, 2)."""
        return np.fromfile(self._file, "<f4", 2 * self.frames).reshape(-1, 2)

    def close(self) -> None:
        self._process.kill()
        self._process.wait()


class AlsaFile:
    """ALSA's `file` device as the only and default one: every frame that it is given is kept.

    What it writes to is a pipe, so that it is no faster than this reader.
    """

    def __init__(self, folder: Path) -> None:
        self.haste = 8
        """How many times as fast as playing it is: 1 where music is read ahead of what is heard."""
        pipe = folder / "pipe"
        os.mkfifo(pipe)
        (folder / "asound.conf").write_text(_FILE_DEVICE.format(file=pipe))
        self.environment: Mapping[str, str] = {
            **_ALONE,
            "ALSA_CONFIG_PATH": str(folder / "asound.conf"),
        }
        self._pipe = os.open(pipe, os.O_RDWR)  # never at its end, whoever opens and closes it
        self._wake = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        self._kept: list[bytes] = []
        self._over = False
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    @property
    def frames(self) -> int:
        return sum(map(len, self._kept)) // FRAME_BYTES

    def samples(self) -> Samples:
        """What it was given so far, shape (n, 2)."""
        raw = b"".join(self._kept)
        whole = len(raw) // FRAME_BYTES * FRAME_BYTES
        return np.frombuffer(raw[:whole], "<f4").reshape(-1, 2)

    def close(self) -> None:
        self._over = True
        # Where it is full, the reader needs no waking, or has gone by now: never wait for room.
        with contextlib.suppress(BlockingIOError):
            os.write(self._wake, b"\0")
        self._reader.join()
        os.close(self._wake)
        os.close(self._pipe)

    def _read(self) -> None:
        while not self._over:
            piece = os.read(self._pipe, _PIECE * FRAME_BYTES)
            self._kept.append(piece)
            time.sleep(len(piece) / FRAME_BYTES / RATE / self.haste)


@contextlib.contextmanager
def pulse_server(sinks: Sequence[str] = ("ears",)) -> Iterator[PulseServer]:
    """A running server in a folder of its own (a socket's path has to be short)."""
    with tempfile.TemporaryDirectory(prefix="pulse") as folder:
        server = PulseServer(Path(folder), sinks)
        try:
            server.start()
            yield server
        finally:
            server.kill()


@contextlib.contextmanager
def alsa_file_device() -> Iterator[AlsaFile]:
    """A file device in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="alsa") as folder:
        device = AlsaFile(Path(folder))
        try:
            yield device
        finally:
            device.close()
