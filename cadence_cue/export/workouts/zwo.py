"""Workouts as ZWO files, which Zwift and several other programs read.

Cadence is in steps a minute, as Zwift shows it to runners. Power, which the format demands, stands
for the effort: 0.65 to run easily, 0.3 for everything else.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from cadence_cue.errors import printable
from cadence_cue.export.workouts.steps import Effort, Step, Workout

_RUN, _ELSE = "0.65", "0.3"


def encoded(workout: Workout) -> bytes:
    """Return a workout as a ZWO file, with the spoken words as timed texts."""
    root = Element("workout_file")
    for name, text in (
        ("author", "cadence-cue"),
        ("name", workout.title),
        ("description", workout.summary),
        ("sportType", "run"),
    ):
        SubElement(root, name).text = printable(text)
    steps = SubElement(root, "workout")
    for step in workout.steps:
        _add(steps, step)
    indent(root)
    content: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return content + b"\n"


def _add(steps: Element, step: Step) -> None:
    power = _RUN if step.effort is Effort.ACTIVE else _ELSE
    length = {"Duration": f"{step.seconds:g}"}
    if step.target and step.target[0] != step.target[1]:
        low, high = step.target
        element = SubElement(
            steps, "Ramp", length | {"PowerLow": power, "PowerHigh": power},
            Cadence=f"{low:g}", CadenceEnd=f"{high:g}",
        )  # fmt: skip
    else:
        cadence = {"Cadence": f"{step.target[0]:g}"} if step.target else {}
        element = SubElement(steps, "SteadyState", length | {"Power": power} | cadence)
    named = any(text == step.title for _, text in step.words)
    for at, text in step.words if named else ((0.0, step.title), *step.words):
        SubElement(element, "textevent", timeoffset=f"{int(at)}", message=printable(text))
