"""Splices two timelines: the one that plays, and from some frame on an edited one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cadence_cue.timing.timeline import Timeline


def spliced(playing: Timeline, whole: Timeline, since: int) -> Timeline:
    """The timeline `playing` before frame `since`, and `whole` from there on.

    Before `since` both are equal except for what entering `playing` cut off and the count-in that
    it added.
    """
    index = {name: k for k, name in enumerate(whole.sounds)}
    moved = [index.setdefault(name, len(index)) for name in playing.sounds]
    before = playing.events[playing.events["frame"] < since].copy()
    before["sound"] = np.array(moved, np.int32)[before["sound"]]
    events = np.concatenate([before, whole.events[whole.events["frame"] >= since]])
    events.setflags(write=False)
    return replace(whole, start=playing.start, events=events, sounds=tuple(index))
