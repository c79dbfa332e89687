"""The texts about the keys while something plays: the one-line hint, "?" and --help."""

from __future__ import annotations

from collections.abc import Iterator

import click

from cadence_cue.transport.actions import PAUSE_KEY, ROWS, STEP_KEYS, Action, Row

LINE_ROWS = tuple(row for row in ROWS if not row.screen_only)
"""The rows of actions that work without a screen."""


def line_keys(row: Row, *, steps: bool = False) -> Iterator[tuple[Action, tuple[str, ...]]]:
    """Yield each action of a row with all of its keys on the command line, letters first.

    With `steps` some keys are steps and another one pauses.
    """
    letters = row.letters or ("",) * len(row.actions)
    for action, letter in zip(row.actions, letters, strict=True):
        keys = tuple(filter(None, (letter, *action.keys)))
        if steps and action.name == "play.pause":
            keys = (PAUSE_KEY,)
        elif steps:
            keys = tuple(key for key in keys if key not in (*STEP_KEYS, PAUSE_KEY))
        yield action, keys


def _table(*, steps: bool = False) -> tuple[tuple[str, str], ...]:
    rows = (
        (" ".join("/".join(keys) for _, keys in line_keys(row, steps=steps)), row.help)
        for row in LINE_ROWS
    )
    return (*(_STEPS,) * steps, *rows, _TYPED, _HELP)


def _lines(*, steps: bool = False) -> tuple[str, ...]:
    return tuple(f"{keys:19}  {words}" for keys, words in _table(steps=steps))


_HINTS = 5  # as many as one line has room for
_STEPS = (" ".join(STEP_KEYS), "a step: left, right, either foot")
_TYPED = ("168 Enter", "type a tempo")
_HELP = ("?", "this help")

KEYS = _lines()
"""A line for each row of keys."""

STEP_HELP = _lines(steps=True)
"""The same while keys are listened to as steps."""

HINT = ", ".join(
    (
        *(
            f"{' '.join(keys[0] for _, keys in line_keys(row))} {row.label}"
            for row in [row for row in LINE_ROWS if row.label][:_HINTS]
        ),
        "? all keys",
        "q end",
    )
)
"""The most important keys, in one line."""

STEP_HINT = f"f left, j right, space either foot, {PAUSE_KEY} pause, ? all keys, q end"
"""The same while keys are listened to as steps."""


class WithKeys(click.Command):
    """A command whose help ends with the keys."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 (click's signature)
        """List the keys."""
        with formatter.section("Keys"):
            formatter.write_dl(_table())
        if any(each.name == "listen" for each in self.params):
            with formatter.section("With --listen keys"):
                pause = (PAUSE_KEY, "pause; resume with a count-in")
                formatter.write_dl((_STEPS, pause))
