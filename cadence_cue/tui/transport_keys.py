"""Binds the keys of the table of actions on every screen that leaves them free."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from textual.binding import ActiveBinding, Binding
from textual.events import Key
from textual.screen import Screen

from cadence_cue.transport.actions import ACTIONS, PAUSE_KEY, ROWS
from cadence_cue.tui.host import Host

_FIELDS = ("play.knob",)  # its key leads from field to field
_PAUSE = "play.pause"
_STEPS = (
    Binding("f", "step('f')", "left", tooltip="a step with the left foot", id="steps.left"),
    Binding("j", "step('j')", "right", tooltip="a step with the right foot", id="steps.right"),
    Binding("space", "step('space')", "either", tooltip="a step with either foot",
            id="steps.either"),
    Binding(PAUSE_KEY, f"do('{_PAUSE}')", "pause", tooltip="pause; resume with a count-in",
            id=_PAUSE),
)  # fmt: skip


def bindings(names: Collection[str] = tuple(ACTIONS), *, show: bool = True) -> Iterator[Binding]:
    """Yield the bindings of these actions; all by default."""
    for row in ROWS:
        actions = [action for action in row.actions if action.name in names]
        group = Binding.Group(row.label, compact=True) if len(actions) > 1 else None
        for action in actions:
            yield Binding(
                ",".join("comma" if key == "," else key for key in action.keys),
                f"do('{action.name}')" if action.do else action.name.removeprefix("play."),
                row.label,
                show=show and bool(row.label),
                tooltip=row.help,
                id=action.name,
                group=group,
            )


def of_dialogs() -> Iterator[Binding]:
    """Yield those that reach what plays through a dialog, unless it has another use for the key."""
    yield from bindings(
        [action.name for action in ACTIONS.values() if action.do and action.name not in _FIELDS],
        show=False,
    )


def do(app: Host, name: str) -> None:
    """Do an action of the table to what plays, and save the levels if it changed them."""
    transport, act = app.transport, ACTIONS[name].do
    if transport is None or act is None:
        return
    levels = transport.levels
    app.show_messages(act(transport))
    if name == _PAUSE and transport.paused:
        app.clear_message()  # each screen that has room for messages says itself that it is paused
    if transport.levels is not levels:
        app.save_levels(transport.levels)


def steps(app: Host, event: Key) -> bool:
    """Take a key that is a step, or pauses while some are; return whether it was one.

    A step counts at the instant at which its key was read: Textual stamps events in the thread
    that reads the terminal.
    """
    if app.transport is None or not app.steps.on_keys:
        return False
    if event.key == PAUSE_KEY:
        do(app, _PAUSE)
    elif not app.steps.takes(event.key, event.time):
        return False
    event.stop()
    event.prevent_default()
    return True


def with_pause_as(word: str, active: dict[str, ActiveBinding]) -> dict[str, ActiveBinding]:
    """Return the bindings of a screen, with this word for the key that pauses."""
    return {
        key: each._replace(binding=replace(each.binding, description=word))
        if each.binding.id == _PAUSE
        else each
        for key, each in active.items()
    }


def while_stepping(
    active: dict[str, ActiveBinding], screen: Screen[None]
) -> dict[str, ActiveBinding]:
    """Return the bindings of a screen as they are while some keys are steps."""
    taken = {
        each.key: ActiveBinding(screen, each, enabled=True, tooltip=each.tooltip) for each in _STEPS
    }
    return {**taken, **{key: each for key, each in active.items() if key not in taken}}
