"""What an engine is spared while it plays, and what none of them leaves behind."""

import json
import os
import signal
import socket
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cadence_cue.live.child import engine_ahead
from cadence_cue.live.control import ControlBlock
from cadence_cue.live.memory import shared_memory
from cadence_cue.live.output import Output
from cadence_cue.live.packing import pack_clips, unpack_clips
from cadence_cue.live.player import Player
from cadence_cue.live.process import EngineProcess
from cadence_cue.live.supervisor import Supervisor
from tests.live.rig import BEATS, RATE, VOICE, clip, gone, timeline, wait_for

Shim = Callable[[str], None]

SMAPS = Path("/proc/self/smaps")
linux = pytest.mark.skipif(not SMAPS.exists(), reason="only Linux tells which pages are there")


def start(backend: str | None = None) -> EngineProcess:
    return EngineProcess(Output(backend=backend), RATE, (0.05,))


def ended(engine: EngineProcess) -> bool:
    engine.listen(0)
    return engine.ended


def test_the_interpreter_is_kept_from_stopping_for_its_own_sake(shim: Shim) -> None:
    shim("tell")
    engine = start()
    wait_for(lambda: ended(engine), "its words")
    told = json.loads(engine.fate)
    engine.close()
    assert told.pop("switches") == pytest.approx(0.0005)
    assert told == {"collects": False, "frozen": True, "numpy's threads": "1"}


def missing() -> list[int]:
    """The kilobytes that have to be fetched yet of each memory that we share."""
    ours = False
    sizes: list[int] = []
    gaps: list[int] = []
    for row in SMAPS.read_text().splitlines():
        first, *rest = row.split()
        if not first.endswith(":"):
            ours = "cadence-cue" in row
        elif ours and first == "Size:":
            sizes.append(int(rest[0]))
        elif ours and first == "Rss:":
            gaps.append(sizes[-1] - int(rest[0]))
    return gaps


@linux
def test_every_page_of_the_clips_is_there_before_they_play() -> None:
    descriptor = pack_clips({"long": clip(5, 2_000_000)}, {})
    clips = unpack_clips(descriptor)
    assert set(missing()) == {0}
    os.close(descriptor)
    assert clips


@linux
def test_every_page_of_the_control_block_is_there_from_its_beginning() -> None:
    block = ControlBlock()
    assert set(missing()) == {0}
    block.close()
    os.close(block.descriptor)


@linux
def test_the_real_time_priority_is_told_as_it_is(shim: Shim) -> None:
    shim("play")
    engine = start()
    wait_for(lambda: engine.control.published, "the first block")
    threads = [int(path.name) for path in Path(f"/proc/{engine.pid}/task").iterdir()]
    urgent = {os.SCHED_FIFO, os.SCHED_RR}
    has_it = any(os.sched_getscheduler(thread) in urgent for thread in threads)
    told = next(engine.control.played_blocks()).realtime
    engine.close()
    assert told == has_it


def test_a_server_that_holds_on_is_left_by_the_engine_itself(shim: Shim) -> None:
    shim("stall")
    engine = start()
    wait_for(lambda: engine.control.published, "the first block")
    engine._channel.shutdown(socket.SHUT_WR)
    wait_for(lambda: gone(engine.pid), "its end")
    fate = engine.fate
    engine.close()
    assert fate == f"signal {signal.SIGALRM:d}"


def held() -> tuple[int, int]:
    """How many descriptors and threads we have."""
    return len([*Path("/dev/fd").iterdir()]), threading.active_count()


def test_restarts_leave_nothing_open(shim: Shim) -> None:
    shim("play")
    at_first = held()
    with Player() as player:
        player.load(BEATS, VOICE)
        player.play(timeline(frames=1000 * RATE))
        counts = set()
        for _ in range(3):
            wait_for(lambda: player.latest and player.latest.generation, "the engine's frames")
            assert player._engine is not None
            counts.add(held())
            pid = player._engine.pid
            os.kill(pid, signal.SIGKILL)
            wait_for(lambda: player._engine and player._engine.pid != pid, "another engine")  # noqa: B023
    assert len(counts) == 1
    assert held() == at_first


def test_an_engine_that_cannot_be_started_leaves_nothing_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    at_first = held()
    monkeypatch.setattr(subprocess, "Popen", refuse)
    with pytest.raises(BlockingIOError):
        start()
    with engine_ahead() as started:
        assert started is None
    assert held() == at_first


def test_a_process_that_was_started_ahead_is_the_first_engine(shim: Shim) -> None:
    shim("play")
    at_first = held()
    with engine_ahead() as started:
        assert started
        with Player(started=started) as player:
            player.load(BEATS, VOICE)
            player.play(timeline(frames=1000 * RATE))
            wait_for(lambda: player.latest and player.latest.generation, "the engine's frames")
            assert player._engine is not None
            assert player._engine.pid == started.process.pid
            os.kill(started.process.pid, signal.SIGKILL)
            wait_for(
                lambda: player._engine and player._engine.pid != started.process.pid,
                "another engine",
            )
    assert held() == at_first


def test_a_process_that_was_started_ahead_and_has_died_is_replaced_without_a_word(
    shim: Shim,
) -> None:
    shim("play")
    with engine_ahead() as started:
        assert started
        started.process.kill()
        started.process.wait()
        with Player(started=started) as player:
            player.load(BEATS, VOICE)
            player.play(timeline(frames=1000 * RATE))
            wait_for(lambda: player.latest and player.latest.generation, "the engine's frames")
            assert not player.notices


def test_a_process_that_was_started_ahead_and_got_no_order_ends() -> None:
    at_first = held()
    with engine_ahead() as started:
        assert started
        pid = started.process.pid
    assert gone(pid)
    assert held() == at_first


def test_an_engine_that_is_found_as_the_end_comes_ends_too(shim: Shim) -> None:
    shim("play")
    found: list[Any] = []

    class Closing(Supervisor):
        def _attempt(self, output: Output, *, steadily: bool = False) -> Any:
            found.append(super()._attempt(output, steadily=steadily))
            self._over.set()
            return found[-1]

    supervisor = Closing(Player(), Output())
    supervisor.start()
    wait_for(lambda: found, "the engine")
    supervisor.close()
    (engine,) = found
    assert gone(engine.pid)


def test_shared_memory_has_no_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.delattr(os, "memfd_create", raising=False)  # as on macOS
    descriptor = shared_memory(5000)
    assert os.pread(descriptor, 5001, 0) == bytes(5000)
    assert not list(tmp_path.iterdir())
    os.close(descriptor)
