"""The runner's own music under what plays: made ready beside it, set, and taken away."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import numpy.typing as npt
import pytest
import soundfile as sf

from cadence_cue.app.music.as_is import as_it_is, prepared_music
from cadence_cue.app.options import music_of
from cadence_cue.app.settings import clear_left_overs
from cadence_cue.coaching.session import Music
from cadence_cue.coaching.session_file import parse
from cadence_cue.errors import UserError
from cadence_cue.music.ready import PreparedMusic
from cadence_cue.sound.bed import Bed
from cadence_cue.sound.held import Held
from cadence_cue.sound.spans import LaidMusic
from cadence_cue.studio import Performance
from cadence_cue.timing.editing import Edit
from cadence_cue.transport.following import heard_under
from cadence_cue.transport.transport import Transport
from tests.live.rig import wait_for
from tests.transporting import LIBRARY, Recorder, Stage, perform

RUN = {"run": "", "time": "40s", "tempo": "own"}
RATE = 48000


class Watched(Recorder):
    """A player that remembers the beds that were set."""

    def __init__(self) -> None:
        super().__init__()
        self.beds: list[LaidMusic | None] = []

    def set_music(self, music: LaidMusic | None) -> None:
        super().set_music(music)
        self.beds.append(music)


@pytest.fixture
def on() -> Iterator[Stage]:
    with Watched() as player:
        assert player.rate == RATE
        yield Stage(perform(RUN), player)


@pytest.fixture
def tune(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three seconds of music, and a cache of our own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    time = np.arange(3 * RATE) / RATE
    sf.write(tmp_path / "tune.wav", 0.2 * np.sin(2 * np.pi * 300 * time), RATE)
    return tmp_path / "tune.wav"


def beds(on: Stage) -> list[LaidMusic | None]:
    assert isinstance(on.player, Watched)
    return on.player.beds


def ready(on: Stage) -> list[str]:
    """Wait until nothing is on its way; what was told."""
    told: list[str] = []

    def looked() -> bool:
        told.extend(on.transport.poll())
        return on.transport.music.share is None

    wait_for(looked, "the music")
    return told


def test_the_music_of_a_session_lies_beside_its_file(tmp_path: Path) -> None:
    data = {"title": "Short", "phase": [RUN], "music": {"file": "tune.wav", "level": "-6 dB"}}
    session = parse(data, name="short", library=LIBRARY)
    assert music_of(session) == Music("tune.wav", -6.0)
    session = replace(session, source=tmp_path / "short.toml")
    assert music_of(session) == Music(str(tmp_path / "tune.wav"), -6.0)
    assert music_of(replace(session, music=None)) is None


def test_it_begins_with_the_performance(tune: Path) -> None:
    performance = perform(RUN)
    shares: list[float] = []
    bed = prepared_music(Music(str(tune), -6.0), performance, shares.append).bed
    assert (bed.start, bed.level_db) == (performance.timeline.start, -6.0)
    assert max(shares) > 0
    entered = performance.entered(performance.find("0:20"))
    assert entered.frames == performance.timeline.frames  # what is prepared is enough for it


@pytest.mark.parametrize("wrong", ["no home", "in the way", "read-only"])
def test_a_temporary_folder_is_used_where_none_can_be_written_and_told(
    tune: Path, wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    reason = "beds cannot be written (Not a directory)"
    if wrong == "no home":
        monkeypatch.setattr("cadence_cue.app.music.folder.cache_folder", lambda _: None)
        reason = "There is no home folder"
    elif wrong == "in the way":
        (tune.parent / "cache").write_text("in the way")
    else:
        reason = "beds cannot be written (Read-only file system)"
        refused = OSError(errno.EROFS, os.strerror(errno.EROFS))
        monkeypatch.setattr("tempfile.TemporaryFile", Mock(side_effect=refused))
    prepared = prepared_music(Music(str(tune)), perform(RUN))
    assert prepared.bed.path.stat().st_size == prepared.bed.frames * 4
    assert tune.parent not in prepared.bed.path.parents
    (note,) = prepared.notes
    assert reason in note
    assert note.endswith("so the prepared music is in a temporary folder.")


def test_the_temporary_folder_goes_with_the_process(tune: Path) -> None:
    (tune.parent / "cache").write_text("in the way")
    (tune.parent / "tmp").mkdir()
    program = (
        "import sys; from tests.app.test_music import *; "
        "print(prepared_music(Music(sys.argv[1]), perform(RUN)).bed.path.is_file())"
    )
    command = [sys.executable, "-c", program, str(tune)]
    environment = {**os.environ, "TMPDIR": str(tune.parent / "tmp"), "PYTHONPATH": "."}
    result = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    assert result.stdout == "True\n"
    assert list((tune.parent / "tmp").iterdir()) == []


def test_the_temporary_folder_of_a_killed_process_goes_with_the_next_start(
    tune: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tune.parent / "cache").write_text("in the way")
    folder = tune.parent / "tmp"
    folder.mkdir()
    program = (
        "import sys; from tests.app.test_music import *; "
        "prepared_music(Music(sys.argv[1]), perform(RUN)); os.kill(os.getpid(), 9)"
    )
    command = [sys.executable, "-c", program, str(tune)]
    environment = {**os.environ, "TMPDIR": str(folder), "PYTHONPATH": "."}
    assert subprocess.run(command, check=False, env=environment).returncode == -9
    assert any(folder.rglob("*.pcm"))
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    clear_left_overs()
    assert list(folder.iterdir()) == []


def test_a_full_disk_is_no_reason_for_a_temporary_folder(
    tune: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    monkeypatch.setattr("tempfile.TemporaryFile", Mock(side_effect=full))
    with pytest.raises(UserError, match="nothing can be saved there: No space left"):
        prepared_music(Music(str(tune)), perform(RUN))


def test_it_is_made_ready_while_everything_plays(on: Stage, tune: Path) -> None:
    go_on = threading.Event()

    def make(performance: Performance, progress: Callable[[float], object]) -> PreparedMusic:
        progress(0.4)
        assert go_on.wait(60)
        return prepared_music(Music(str(tune)), performance, progress)

    transport = on.transport
    assert list(transport.knobs) == ["volume", "beat", "voice"]
    assert transport.mute("music") == ["there is no music"]
    transport.set_music(make)
    transport.play()
    assert transport.music.there
    assert list(transport.knobs) == ["volume", "beat", "voice", "music"]
    wait_for(lambda: transport.music.share == 0.4, "the share")
    on.run(1)
    assert beds(on) == [None]
    go_on.set()
    assert ready(on) == ["Music: tune.wav, 0:03; then it ends before the session."]
    begins = [each.start if isinstance(each, Bed) else None for each in beds(on)]
    assert begins == [None, transport.performance.timeline.start]
    assert transport.mute("music") == ["music off"]
    assert on.player.gains["bed"] == 0
    assert transport.mute("music") == ["music on"]
    while transport.knob != "music":
        transport.next_knob()
    assert transport.volume(-20) == ["music -20 dB"]
    assert on.player.gains["bed"] == pytest.approx(0.1)
    on.run(0.2)
    on.check()


def test_what_is_ready_lies_there_from_the_first_frame(on: Stage, tune: Path) -> None:
    make = partial(prepared_music, Music(str(tune)))
    ready = make(on.transport.performance)
    on.transport.set_music(make, ready)
    on.transport.play()
    assert on.transport.music.share is None
    assert beds(on) == [ready.bed]


def test_another_performance_has_none_of_it(on: Stage, tune: Path) -> None:
    make = partial(prepared_music, Music(str(tune)))
    on.transport.set_music(make, make(on.transport.performance))
    on.transport.play()
    Transport(perform(RUN), on.player).play()
    assert beds(on)[-1] is None


def test_what_cannot_be_had_is_told_and_all_else_plays(on: Stage, tmp_path: Path) -> None:
    on.transport.set_music(partial(prepared_music, Music(str(tmp_path / "gone.mp3"))))
    on.transport.play()
    assert ready(on) == [f"no music: {tmp_path}/gone.mp3: No such file or directory."]
    assert not on.transport.music.there
    on.run(0.2)
    on.check()


def test_at_another_rate_it_is_made_ready_again(on: Stage, tune: Path) -> None:
    make = partial(prepared_music, Music(str(tune)))
    ready_music = make(on.transport.performance)
    first = ready_music.bed
    on.transport.set_music(make, ready_music)
    on.transport.play()
    on.run(0.5)
    on.player.other_rate = 44100
    on.poll()
    assert not any("no music" in told for told in ready(on))
    assert beds(on)[:2] == [first, None]  # what was made for the other rate is out of tune
    last = beds(on)[-1]
    assert isinstance(last, Bed)
    assert last.path != first.path
    assert last.start == on.transport.performance.timeline.start


def test_nothing_is_made_ready_for_what_is_over(on: Stage) -> None:
    begun, ended = threading.Event(), threading.Event()

    def make(_: Performance, progress: Callable[[float], object]) -> PreparedMusic:
        begun.set()
        try:
            while True:
                progress(0.1)
        finally:
            ended.set()

    on.transport.set_music(make)
    assert begun.wait(60)
    on.transport.close()
    assert ended.wait(60)
    assert on.transport.music.share is None
    assert on.transport.poll() == []


def test_with_music_a_jump_and_an_edit_are_heard_as_ever(on: Stage, tune: Path) -> None:
    make = partial(prepared_music, Music(str(tune)))
    on.transport.set_music(make, make(on.transport.performance))
    on.transport.play()
    on.run(2)
    on.transport.set_tempo(on.transport.performance.spec.cadence_spm + 5)
    on.run(2)
    on.transport.seek(20 * RATE)
    on.run(3)
    assert on.transport.position.frame > 20 * RATE
    assert on.player.notices == []
    on.check()


COUNTED = {"run": "", "time": "140 beats", "tempo": "own", "count_in": False}
"""51 s at 165 a minute, so that at less than 138 it needs more than the minute of music."""


@pytest.mark.parametrize("cadence", [110, 70])
def test_a_session_that_gets_longer_has_the_music_of_its_export(tune: Path, cadence: int) -> None:
    (tune.parent / "set").mkdir()
    for hertz in (300, 500, 700):
        time = np.arange(40 * RATE) / RATE
        sound = 0.2 * np.sin(2 * np.pi * hertz * time)
        sf.write(tune.parent / "set" / f"{hertz}.wav", sound, RATE)
    music = Music(str(tune.parent / "set"))
    make = partial(as_it_is, music)
    with Watched() as player:
        on = Stage(perform(COUNTED), player)
        on.transport.set_music(make, make(on.transport.performance))
        on.transport.play()
        on.run(1)
        on.transport.set_tempo(Fraction(cadence))
        on.run(1)
        edited, live = on.transport.performance, on.transport._deck.music
        assert live == beds(on)[-1]
    exported = heard_under(make(edited), edited)

    def heard(bed: LaidMusic | None) -> npt.NDArray[np.int16]:
        assert bed
        out, file = np.empty((edited.timeline.frames, 2), np.int16), bed.opened()
        file.read(0, out)
        file.close()
        return out

    played = heard(live)
    assert len(played) > 70 * RATE
    np.testing.assert_array_equal(played, heard(exported))
    if cadence == 110:  # behind the first minute it still goes on, and not again from its start
        late = np.abs(np.fft.rfft(played[66 * RATE : 74 * RATE, 0]))
        assert np.argmax(late) / 8 == pytest.approx(500, abs=1)


def test_a_talk_lasts_though_fewer_words_hold_it(tune: Path) -> None:
    sf.write(tune, 0.2 * np.random.default_rng(3).standard_normal(200 * RATE), RATE)
    run = {**COUNTED, "cues": ["relaxed"], "cue_every": "24 beats"}
    performance = perform(run, {**run, "time": "90s"})
    slower = replace(performance.tempi, cadence_spm=Fraction(100))
    edited = performance.edited(Edit(Fraction(1), slower))
    make = partial(as_it_is, Music(str(tune), hold=True))
    held = heard_under(make(performance), edited)
    assert isinstance(held, Held)
    assert held == heard_under(make(edited), edited)
    last = held.stretches[-1]
    assert last.first + last.frames <= held.bed.frames - 2 * RATE  # where it is joined to its start
