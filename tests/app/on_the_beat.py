"""A run to music on the beat, played until the music follows it."""

from __future__ import annotations

from tests.live.rig import wait_for
from tests.transporting import LOOK, Stage

RUN = {"run": "On the beat", "time": "75s", "tempo": "own", "count_in": False}


def settled(on: Stage, what: str) -> list[str]:
    """Play until nothing of the music is on its way; what was told."""
    told: list[str] = []

    def looked() -> bool:
        told.extend(on.poll())
        if on.transport.music.share is None:
            on.make(LOOK)
        joined = all(edit.joins for edit in on.transport.performance.edits)
        return joined and on.transport.music.share is None

    wait_for(looked, what)
    return told
