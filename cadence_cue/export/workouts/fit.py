"""Workouts as FIT files, which watches of several makers take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count

from fit_tool.fit_file_builder import FitFileBuilder
from fit_tool.profile.messages.file_id_message import FileIdMessage
from fit_tool.profile.messages.workout_message import WorkoutMessage
from fit_tool.profile.messages.workout_step_message import WorkoutStepMessage
from fit_tool.profile.profile_type import (
    FileType,
    Intensity,
    Manufacturer,
    Sport,
    WorkoutStepDuration,
    WorkoutStepTarget,
)

from cadence_cue.errors import UserError
from cadence_cue.export.workouts.steps import Effort, Round, Step, Workout, folded, strides

MOST_STEPS = 50
"""Of Garmin's watches, repeats included."""

_NAME, _NOTE, _DESCRIPTION = 40, 200, 250  # bytes
_MADE = 1_735_689_600_000  # 2025-01-01: the same session makes the same file

_INTENSITIES = {
    Effort.WARM_UP: Intensity.WARMUP,
    Effort.ACTIVE: Intensity.ACTIVE,
    Effort.REST: Intensity.REST,
    Effort.COOL_DOWN: Intensity.COOLDOWN,
}


def encoded(workout: Workout) -> bytes:
    """Return a workout as a FIT file. Raises UserError if it has too many steps for a watch."""
    messages = list(_messages(folded(workout.steps)))
    if len(messages) > MOST_STEPS:
        raise UserError(
            f"{workout.title} has {len(messages)} steps, and a watch takes {MOST_STEPS}",
            way_out="write a .zwo or .txt file, or shorten the session",
        )
    head = FileIdMessage()
    head.type = FileType.WORKOUT
    head.manufacturer = Manufacturer.DEVELOPMENT.value
    head.product = 0
    head.time_created = _MADE
    head.serial_number = 1
    of = WorkoutMessage()
    of.workout_name = _cut(workout.title, _NAME)
    of.workout_description = _cut(workout.summary, _DESCRIPTION)
    of.sport = Sport.RUNNING
    of.num_valid_steps = len(messages)
    builder = FitFileBuilder(auto_define=True, min_string_size=_NAME + 1)
    builder.add(head)
    builder.add(of)
    builder.add_all(messages)
    content: bytes = builder.build().to_bytes()
    return content


def _messages(steps: Iterable[Step | Round]) -> Iterator[WorkoutStepMessage]:
    """Yield a message for each step, and one after each round that goes back to its first."""
    numbers = count()
    for each in steps:
        one_round = each.steps if isinstance(each, Round) else (each,)
        indices = [next(numbers) for _ in one_round]
        for index, step in zip(indices, one_round, strict=True):
            yield _step(index, step)
        if isinstance(each, Round):
            yield _repeat(next(numbers), indices[0], each.times)


def _step(index: int, step: Step) -> WorkoutStepMessage:
    message = WorkoutStepMessage()
    message.message_index = index
    message.workout_step_name = _cut(step.title, _NAME)
    if step.note:
        message.notes = _cut(step.note, _NOTE)
    message.intensity = _INTENSITIES[step.effort]
    message.duration_type = WorkoutStepDuration.TIME
    message.duration_time = round(step.seconds, 3)
    if step.target:
        message.target_type = WorkoutStepTarget.CADENCE
        message.target_value = 0  # none of the watch's own zones
        message.custom_target_value_low, message.custom_target_value_high = strides(step.target)
    else:
        message.target_type = WorkoutStepTarget.OPEN
        message.target_value = 0
    return message


def _repeat(index: int, first: int, times: int) -> WorkoutStepMessage:
    """Return the step that goes back to the first of a round, until it was done so often."""
    message = WorkoutStepMessage()
    message.message_index = index
    message.duration_type = WorkoutStepDuration.REPEAT_UNTIL_STEPS_CMPLT
    message.duration_value = first
    message.target_type = WorkoutStepTarget.OPEN
    message.target_value = times
    return message


def _cut(text: str, size: int) -> str:
    """Return a text of at most so many bytes, without breaking a character."""
    if len(text.encode()) <= size:
        return text
    return text.encode()[: size - 3].decode(errors="ignore").rstrip() + "…"
