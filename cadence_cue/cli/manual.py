"""The texts about the keys while something plays: the one-line hint, "?" and --help."""

from __future__ import annotations

from collections.abc import Iterator

import click

from cadence_cue.transport.actions import ROWS, Action, Row

LINE_ROWS = tuple(row for row in ROWS if not row.screen_only)
"""The rows of actions that work without a screen."""


def line_keys(row: Row) -> Iterator[tuple[Action, tuple[str, ...]]]:
    """Yield each action of a row with all of its keys on the command line, letters first."""
    letters = row.letters or ("",) * len(row.actions)
    for action, letter in zip(row.actions, letters, strict=True):
        yield action, tuple(filter(None, (letter, *action.keys)))


def _keys_text(row: Row) -> str:
    return " ".join("/".join(keys) for _, keys in line_keys(row))


_HINTS = 5  # as many as one line has room for
_TYPED = ("168 Enter", "type a tempo")
_HELP = ("?", "this help")

_TABLE = (*((_keys_text(row), row.help) for row in LINE_ROWS), _TYPED, _HELP)
KEYS = tuple(f"{keys:19}  {words}" for keys, words in _TABLE)
"""A line for each row of keys."""

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


class WithKeys(click.Command):
    """A command whose help ends with the keys."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 (click's signature)
        """List the keys."""
        with formatter.section("Keys"):
            formatter.write_dl(_TABLE)
