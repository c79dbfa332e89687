"""Binds the keys of the table of actions on every screen that leaves them free."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from textual.binding import Binding

from cadence_cue.transport.actions import ACTIONS, ROWS
from cadence_cue.tui.host import Host

_FIELDS = ("play.knob",)  # its key leads from field to field


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
    if transport.levels is not levels:
        app.save_levels(transport.levels)
