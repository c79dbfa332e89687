"""A real JACK server on the dummy driver, and a shim in place of sounddevice."""

import contextlib
import fcntl
import importlib.util
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from cadence_cue.live import watchdog
from tests.live.rig import RATE, wait_for
from tests.live.servers import (
    WITH_US,
    AlsaFile,
    PulseServer,
    alsa_file_device,
    alsa_lacks,
    pulse_lacks,
    pulse_server,
)

PERIOD = 256
SERVER = "cadence-cue-test"
"""The name of each of the tests' servers, and in those of all that a killed one leaves in /dev/shm.

The servers of a computer share eight places, and a killed one's is free for its own name only.
"""


class Server:
    """jackd in sync mode: it waits for its clients, so no frame is lost however slow they are.

    It does say that some were, when a client has not answered within a period.
    """

    def __init__(self, period: int = PERIOD) -> None:
        self._period = period
        self.start()

    def start(self) -> None:
        # Few ports: room for its default of 2,048 is more than a container's shared memory.
        server = ["-n", SERVER, "-r", "-S", "-t", "5000", "-s", "-p", "64"]
        driver = ["-d", "dummy", "-r", str(RATE), "-p", str(self._period), "-C", "2", "-P", "2"]
        self._process = subprocess.Popen(
            [*WITH_US, "jackd", *server, *driver],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def wait(self) -> None:
        """Wait until it takes clients."""
        ask = ["jack_wait", "-s", SERVER, "-c"]

        def running() -> bool:
            answer = subprocess.run(ask, capture_output=True, check=False)
            return answer.returncode == 0 and answer.stdout.strip() == b"running"

        wait_for(running, "jackd")

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        self._process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(2)  # now and then it waits ten times its time-out for itself
        self.kill()


class Recorder:
    """A JACK client that keeps every frame that the engine gives to the server."""

    def __init__(self) -> None:
        import jack

        jack.set_error_function(lambda _: None)
        jack.set_info_function(lambda _: None)
        self._client: Any = jack.Client("recorder", servername=SERVER)
        self._ports = [self._client.inports.register(f"in_{number}") for number in (1, 2)]
        self._blocks: list[npt.NDArray[np.float32]] = []
        self._client.set_process_callback(self._keep)
        self._client.activate()

    def connect(self) -> None:
        """Wait for the engine's two ports, and begin when both are listened to."""
        wait_for(lambda: len(self._outputs()) == 2, "the engine's ports")
        for output, port in zip(self._outputs(), self._ports, strict=True):
            self._client.connect(output, port)
        # A connection holds from the server's next period on, which may be under way already.
        self.more(3 * PERIOD)
        self._blocks.clear()

    def more(self, frames: int) -> None:
        """Wait for so many frames from now on."""
        beyond = self.frames + frames
        wait_for(lambda: self.frames >= beyond, "more frames")

    @property
    def frames(self) -> int:
        return len(self._blocks) * PERIOD

    def samples(self) -> npt.NDArray[np.float32]:
        """All that was recorded, shape (n, 2)."""
        return np.concatenate(self._blocks)

    def heard(self) -> npt.NDArray[np.float32]:
        """The left channel from the first sound on; both channels are proved the same."""
        stereo = self.samples()
        assert np.array_equal(stereo[:, 0], stereo[:, 1])
        return stereo[int(np.flatnonzero(stereo[:, 0])[0]) :, 0]

    def close(self) -> None:
        self._client.deactivate()
        self._client.close()

    def _outputs(self) -> list[Any]:
        ours = "^(PortAudio|cadence-cue):"
        return list(self._client.get_ports(ours, is_audio=True, is_output=True))

    def _keep(self, _frames: int) -> None:
        self._blocks.append(np.stack([port.get_array() for port in self._ports], axis=1))


@pytest.fixture
def jack_server(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Server]:
    """A server that the engine finds as its default device; a parameter is its period."""
    if not (shutil.which("jackd") and shutil.which(WITH_US[0])):
        pytest.skip("not installed: jackd or setpriv (Debian/Ubuntu: apt install jackd2)")
    if not importlib.util.find_spec("jack"):
        pytest.skip("JACK-Client is not installed")
    monkeypatch.setenv("JACK_DEFAULT_SERVER", SERVER)
    monkeypatch.setenv("JACK_NO_START_SERVER", "1")
    monkeypatch.setenv("JACK_NO_AUDIO_RESERVATION", "1")
    # All servers share one registry: where several start and stop at a time, a client now and then
    # finds none. Test runs beside this one wait here.
    with (Path(tempfile.gettempdir()) / "cadence-cue-test-jack.lock").open("w") as alone:
        fcntl.flock(alone, fcntl.LOCK_EX)
        server = Server(getattr(request, "param", PERIOD))
        try:
            server.wait()
            yield server
        finally:
            server.stop()


@pytest.fixture
def recorder(jack_server: Server) -> Iterator[Recorder]:
    recorder = Recorder()
    yield recorder
    recorder.close()


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Once called, a device that a busy machine holds up is not taken for a dead one any more."""
    return lambda: monkeypatch.setattr(watchdog, "_PLAYING", sys.maxsize)


@pytest.fixture
def shim(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], None]:
    """Make the engine import our sounddevice, behaving as asked, and no miniaudio."""

    def behave(how: str) -> None:
        if "hang" not in how:  # an engine may take its time to start on a busy machine
            monkeypatch.setattr(watchdog, "_STARTING", 300)
        monkeypatch.syspath_prepend(Path(__file__).parent / "shim")
        monkeypatch.setenv("SHIM", how)
        monkeypatch.setenv("SHIM_FILE", str(tmp_path_factory.mktemp("shim") / "count"))

    return behave


@pytest.fixture
def pulse(monkeypatch: pytest.MonkeyPatch) -> Iterator[PulseServer]:
    """A PulseAudio with one null sink, which the engine finds as its default device."""
    if missing := pulse_lacks():
        pytest.skip(f"not installed: {missing}")
    with pulse_server() as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        yield server


@pytest.fixture
def alsa_file(monkeypatch: pytest.MonkeyPatch) -> Iterator[AlsaFile]:
    """ALSA's file device, which the engine finds as its default device."""
    if missing := alsa_lacks():
        pytest.skip(f"not installed: {missing}")
    with alsa_file_device() as device:
        for name, value in device.environment.items():
            monkeypatch.setenv(name, value)
        yield device
