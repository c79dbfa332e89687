"""Asks for a file and writes it; an existing one is replaced after a question."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from cadence_cue.errors import UserError, WayOut
from cadence_cue.tui.host import Host
from cadence_cue.tui.pages import Ask, Confirm
from cadence_cue.tui.ways_out import worded

Write = Callable[[Path, bool], str]
"""Writes a file, with True in place of an existing one; returns what was written in words."""


def write_to_file(host: Host, question: str, name: str, write: Write) -> None:
    """Ask for a file, write it and tell what was written, or why it could not be."""

    def named(name: str | None) -> None:
        if name:
            attempt(Path(name).expanduser().absolute(), replace=False)

    def attempt(path: Path, *, replace: bool) -> None:
        try:
            told = write(path, replace)
        except UserError as error:
            if error.way_out is not WayOut.REPLACE:
                host.notify(worded(error), severity="warning")
                return
            asked = Confirm(f"{path} exists already. Replace it?", yes="replace it", no="keep it")
            host.push_screen(asked, lambda yes: attempt(path, replace=True) if yes else None)
        except OSError as error:
            host.notify(worded(error), severity="warning")
        else:
            host.notify(f"{path}, {told}", title="Written")

    host.push_screen(Ask(question, name), named)
