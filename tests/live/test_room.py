"""What is kept of rooms: for each two devices, and nothing of what cannot be read."""

from __future__ import annotations

import json
import os
import socket
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from cadence_cue.app.calibration import Delay, Found
from cadence_cue.app.settings import state_folder
from cadence_cue.live.input import Input
from cadence_cue.live.listener import Listener
from cadence_cue.live.room import Room, keep_room, load_rooms
from cadence_cue.live.sounding import SoundingBlock
from tests.homes import move_into


def test_a_room_is_kept_for_two_devices(tmp_path: Path) -> None:
    file = tmp_path / "state" / "rooms.json"
    assert load_rooms(file) == {}
    for delay in (0.1, 0.2):
        keep_room(file, "Speaker", "Webcam", Room(np.array([0.5, -0.25]), 0.01, delay))
    keep_room(file, "Speaker", "default", Room(np.array([1.0]), 0.02, -0.003))
    rooms = load_rooms(file)
    assert set(rooms) == {("Speaker", "Webcam"), ("Speaker", "default")}
    assert rooms["Speaker", "Webcam"].response.tolist() == [0.5, -0.25]
    assert rooms["Speaker", "Webcam"].delay == 0.2
    assert rooms["Speaker", "default"].left == 0.02


def test_a_calibration_without_a_room_forgets_that_of_another_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    move_into(tmp_path, monkeypatch)
    learnt = Room(np.ones(1), 0.1, 0.5)
    found = Found(Delay.MICROPHONE, "", 20, devices=("Speaker", "Webcam"), room=learnt)
    file = state_folder() / "rooms.json"
    found.keep_room()
    replace(found, devices=("TV", "Webcam")).keep_room()
    Found(Delay.TAPS, "Speaker", 20).keep_room()
    assert set(load_rooms(file)) == {("Speaker", "Webcam"), ("TV", "Webcam")}
    replace(found, room=None).keep_room()
    assert set(load_rooms(file)) == {("TV", "Webcam")}


@pytest.mark.parametrize("text", ["", "{}", "[1]", '[{"output": "a"}]', '[{"output": 1, "mi'])
def test_a_damaged_file_holds_no_rooms_and_is_replaced(tmp_path: Path, text: str) -> None:
    file = tmp_path / "rooms.json"
    file.write_text(text)
    assert load_rooms(file) == {}
    keep_room(file, "a", "b", Room(np.ones(1), 0.1, 0.0))
    assert set(load_rooms(file)) == {("a", "b")}


def test_when_another_device_plays_its_own_room_is_taken(tmp_path: Path) -> None:
    file = tmp_path / "rooms.json"
    keep_room(file, "Speaker", "Webcam", Room(np.ones(1), 0.1, 0.5))
    keep_room(file, "TV", "Webcam", Room(np.ones(1), 0.1, 0.7))
    control, found = SoundingBlock(), []
    ours, theirs = socket.socketpair()
    with ours, theirs:
        listener = Listener({"input": asdict(Input(rooms=str(file)))}, theirs)
        for output, rate in (("Speaker", 48_000), ("Headphones", 44_100), ("TV", 44_100)):
            about = json.dumps({"output": output, "rate": rate}).encode()
            socket.send_fds(ours, [about], [control.descriptor])
        while listener._follow("Webcam"):
            assert listener._played
            found.append((listener._room and listener._room.delay, listener._played._rate))
        assert listener._played
        listener._played.close()
    control.close()
    os.close(control.descriptor)
    assert found == [(0.5, 48_000), (None, 44_100), (0.7, 44_100)]
