"""One timeline that begins as what is playing and goes on as another performance of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cadence_cue.timing.timeline import Timeline


def spliced(playing: Timeline, whole: Timeline, since: int) -> Timeline:
    """What is playing up to the frame `since`, and the whole performance from there on.

    Both are equal before it, but for what was left away and counted in when `playing` was entered.
    """
    index = {name: k for k, name in enumerate(whole.sounds)}
    moved = [index.setdefault(name, len(index)) for name in playing.sounds]
    before = playing.events[playing.events["frame"] < since].copy()
    before["sound"] = np.array(moved, np.int32)[before["sound"]]
    events = np.concatenate([before, whole.events[whole.events["frame"] >= since]])
    events.setflags(write=False)
    return replace(whole, start=playing.start, events=events, sounds=tuple(index))
