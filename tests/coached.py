"""Random sessions that a runner could write, for the coach's oracle: whole sets, rests, runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import tomli_w
from hypothesis import strategies as st

ELEMENTS = ("lean", "relaxed", "arms", "ground-time", "heel-pull", "bodyweight", "cadence")
DRILLS: dict[str, tuple[tuple[str, ...], tuple[int, int]]] = {
    "perception": ((), (34, 60)),
    "change-of-support": ((), (50, 140)),
    "cycle-standing": (("left", "right", "both"), (80, 160)),
    "cycle-running": (("left", "right", "alternating"), (130, 164)),
    "fall-to-run": ((), (150, 190)),
    "toe-taps": (("left", "right", "both", "alternating"), (60, 120)),
    "toe-taps-dynamic": (("left", "right", "alternating"), (120, 180)),
    "butt-kicks": ((), (150, 200)),
    "high-knees": ((), (140, 200)),
    "hands-together": ((), (150, 190)),
}
"""Each with its sides and its tempos."""

beats = st.sampled_from(["on", "on", "on", "off", "4 on, 4 off", "64 then off", "fade"])
announced = st.sampled_from(
    [True, True, False, ["next", "tempo"], ["time", "number", "click"], ["set-up", "halfway"]]
)
run_tempos = st.one_of(
    st.integers(150, 190), st.sampled_from(["own", "+5%", "own -> +5%", "+2.5%", 171.3])
)


@st.composite
def sets(draw: st.DrawFn) -> dict[str, Any]:
    """A set of a drill at one of its tempos."""
    name = draw(st.sampled_from(sorted(DRILLS)))
    sides, (low, high) = DRILLS[name]
    side = draw(st.sampled_from(sides)) if sides else ""
    least = 40 if side == "both" else 15
    phase: dict[str, Any] = {
        "drill": name,
        "time": f"{draw(st.integers(least, least + 45))}s",
        "tempo": draw(st.integers(low, high)),
    }
    if side:
        phase["side"] = side
    optional = {
        "cue_every": st.sampled_from(["6s", "10s", "15s"]),
        "accent": st.sampled_from(["none", 2, 3, 4]),
        "chant": st.sampled_from([False]),
        "announce": announced,
    }
    return phase | _some(draw, optional)


@st.composite
def runs(draw: st.DrawFn) -> dict[str, Any]:
    """A run of 20 seconds to 8 minutes."""
    phase: dict[str, Any] = {
        "run": draw(st.sampled_from(["", "Easy run"])),
        "time": draw(st.sampled_from(["20s", "45s", "2min", "3m20s", "5min", "8min"])),
        "tempo": draw(run_tempos),
        "cues": draw(st.lists(st.sampled_from(ELEMENTS), max_size=2, unique=True)),
        "countdown": draw(st.sampled_from([False, "10"])),
    }
    optional = {
        "cue_every": st.sampled_from(["20s", "45s", "64 beats"]),
        "beat": beats,
        "announce": announced,
        "accent": st.sampled_from([2, 4]),
        "stride": st.sampled_from(["left", "right"]),
        "count_in_voice": st.sampled_from([True]),
    }
    phase |= _some(draw, optional)
    steady = "->" not in str(phase["tempo"]) and phase.get("beat", "on") in ("on", "off")
    if steady and draw(st.booleans()):
        phase["glide"] = draw(st.sampled_from(["4 beats", "8 beats", "16 beats"]))
    return phase


def _some(draw: st.DrawFn, optional: dict[str, st.SearchStrategy[Any]]) -> dict[str, Any]:
    kept = {key: value for key, value in optional.items() if draw(st.integers(0, 3)) == 0}
    return {key: draw(value) for key, value in kept.items()}


pauses = st.builds(
    lambda kind, seconds: {kind: "", "time": f"{seconds}s"},
    st.sampled_from(["rest", "walk"]),
    st.integers(4, 30),
)
repeats = st.builds(
    lambda times, one, other: {"repeat": times, "part": [one, other]},
    st.integers(2, 4),
    sets(),
    pauses,
)
phases = st.one_of(sets(), sets(), runs(), repeats, pauses)


FIRST = [
    phase
    for drill in ("perception", "cycle-standing", "toe-taps")
    for phase in ({"drill": drill, "time": "9s"}, {"rest": "", "time": "9s"})
]
"""What the article wants before some of the drills."""


@st.composite
def sessions(draw: st.DrawFn, most: int = 8, first: Sequence[dict[str, Any]] = ()) -> str:
    """The TOML of a session; pauses stand between most of its phases."""
    made: list[dict[str, Any]] = list(first)
    for phase in draw(st.lists(phases, min_size=1, max_size=most)):
        apart = draw(st.integers(0, 3))
        if made and apart:
            made.append(draw(pauses))
        made.append(phase)
    return tomli_w.dumps({"title": "Random", "get_ready": "2s", "phase": made})
