"""What is known of the rooms in which a microphone hears our own sound, for each two devices."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cadence_cue import storage
from cadence_cue.scoring.expected import Floats

_DIGITS = 6  # of a response: 120 dB


@dataclass(frozen=True, slots=True, eq=False)
class Room:
    """How a microphone hears what a device plays, as scoring.own_lag.learnt finds it.

    `response` has samples at scoring.bands.RATE; `left` is the share of our sound's energy that is
    left after subtracting; the direct sound is heard `delay` seconds after the device plays it.
    """

    response: Floats
    left: float
    delay: float


def load_rooms(path: Path) -> dict[tuple[str, str], Room]:
    """Return the rooms that a file holds by output and microphone; none if it cannot be read."""
    try:
        return {
            (each["output"], each["microphone"]): Room(
                np.array(each["response"], np.float64), float(each["left"]), float(each["delay"])
            )
            for each in json.loads(path.read_text("utf-8"))
        }
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return {}


def keep_room(path: Path, output: str, microphone: str, room: Room | None) -> None:
    """Keep a room in a file, instead of what is known of the same devices. Raises OSError.

    None forgets what is known of them.
    """
    with storage.locked(path.parent):
        rooms = load_rooms(path)
        rooms.pop((output, microphone), None)
        if room:
            rooms[output, microphone] = room
        rows = [
            {
                "output": each[0],
                "microphone": each[1],
                "delay": known.delay,
                "left": known.left,
                "response": [round(float(sample), _DIGITS) for sample in known.response],
            }
            for each, known in rooms.items()
        ]
        storage.write(path, json.dumps(rows) + "\n")
