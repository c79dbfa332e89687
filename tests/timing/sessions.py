"""Random sessions, valid as files, with everything in them that a plan has to decide."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Phase = dict[str, Any]

TEXTS = ("Relax", "Drop your shoulders", "Listen to your steps", "Click is back")
ANNOUNCED = ("Click stops, keep the rhythm", "Easy and tall")
tempos = st.one_of(
    st.integers(60, 200),
    st.sampled_from(["own", "+5%", "-3.5%", 171.3, "own -> +5%", "150 -> 171", "90 -> 61.5"]),
)
tenths = st.integers(5, 450).map(lambda n: f"{n // 10}.{n % 10}s")
says = st.lists(
    st.builds(
        lambda text, at, sign: {"text": text, "at": f"{sign}{at}s"},
        st.sampled_from(TEXTS),
        st.integers(1, 40),
        st.sampled_from(["", "-"]),
    ),
    max_size=3,
)
speaking = {
    "announce": st.sampled_from([True, False, *ANNOUNCED]),
    "words": st.lists(st.sampled_from(TEXTS), max_size=2),
    "voice_level": st.just("-3 dB"),
}
cueing = {"cue_every": st.sampled_from(["4s", "10s"]), "say": says}
beating = {
    "beat": st.sampled_from(["on", "off", "4 on, 4 off", "7 then off", "fade"]),
    "accent": st.sampled_from(["none", 2, 3, 4]),
    "count_in": st.sampled_from([False, 2, 5]),
    "count_in_voice": st.just(value=True),
    "beat_level": st.just("-6 dB"),
}
GLIDE = 16
"""Seconds that a phase of 60 a minute or more has to last for a glide of 12 beats into it."""


def phase(fixed: dict[str, Any], **optional: Any) -> st.SearchStrategy[Phase]:
    return st.fixed_dictionaries(fixed, optional={**speaking, **cueing, **optional}).map(_fitting)


def _fitting(made: Phase) -> Phase:
    """The phase without what its time is too short for, which a file may not say."""
    if "glide" in made and not _glides(made):
        del made["glide"]
    if not made["time"].endswith("s") or made["time"].endswith("beats"):
        return {key: value for key, value in made.items() if key != "countdown"}
    seconds = float(made["time"][:-1])
    if "say" in made:
        made["say"] = [say for say in made["say"] if float(say["at"].strip("-s")) < seconds]
    if "countdown" in made and float(made["countdown"].split()[0]) > seconds:
        del made["countdown"]
    return made


def _glides(made: Phase) -> bool:
    """Whether the phase has a tempo to glide to, a beat that needs no counting, and the time."""
    steady = "->" not in str(made["tempo"]) and made.get("beat", "on") in ("on", "off")
    return steady and ("beats" in made["time"] or float(made["time"][:-1]) > GLIDE)


countdowns = st.sampled_from(["10", "10 3 2 1", "30 5"])
runs = phase(
    {"run": st.sampled_from(["", "Settle"]), "time": tenths | st.just("33 beats"), "tempo": tempos},
    cues=st.lists(st.sampled_from(["heel-pull", "cadence", "lean"]), max_size=2, unique=True),
    countdown=countdowns,
    stride=st.sampled_from(["left", "right"]),
    glide=st.sampled_from(["1 beat", "8 beats", "12 beats"]),
    **beating,
)
pauses = phase({"rest": st.just(""), "time": tenths}, countdown=countdowns)
walks = phase({"walk": st.sampled_from(["", "Walk back"]), "time": tenths})
talks = st.fixed_dictionaries({"talk": st.sampled_from(TEXTS), "time": tenths})
drills = phase(
    {
        "drill": st.just("toe-taps"),
        "side": st.sampled_from(["left", "right", "alternating"]),
        "time": tenths,
    },
    tempo=st.integers(60, 140),
    chant=st.sampled_from([False, "pull · heel · up", "pull - drop"]),
    **beating,
)
both = st.fixed_dictionaries(
    {"drill": st.just("toe-taps"), "side": st.just("both"), "time": st.just("41s")}
)
falls = phase({"drill": st.just("fall-to-run"), "time": st.sampled_from(["13s", "20.7s"])})
eyes = phase(
    {"drill": st.just("perception"), "variant": st.just("eyes closed"), "time": tenths},
    tempo=st.integers(30, 60),
)
running = phase(
    {
        "drill": st.just("cycle-running"),
        "side": st.sampled_from(["left", "right", "alternating"]),
        "time": tenths,
    },
    tempo=st.integers(130, 164),
)
phases = st.one_of(runs, runs, pauses, walks, talks, drills, both, falls, eyes, running)
sessions = st.lists(phases, min_size=1, max_size=8)
