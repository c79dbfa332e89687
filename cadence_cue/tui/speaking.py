"""What a screen shows while a plan waits for texts to be spoken, and how that is cancelled."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from textual.worker import Worker

from cadence_cue.tui.page import Page

if TYPE_CHECKING:
    from cadence_cue.voice.casting import Progress


class Cancelled(Exception):  # noqa: N818 (not an error)
    """Work in a thread was cancelled."""


def speaking(page: Page, worker: Worker[Any], show: Callable[[str], None]) -> Progress:
    """Return the progress of a plan that a page's worker makes, which it lets the page show.

    Once the worker is cancelled, it raises Cancelled instead.
    """

    def progress(done: int, total: int, text: str) -> None:
        if worker.is_cancelled:
            raise Cancelled
        page.from_thread(show, f"Speaking {done + 1} of {total}, once: {text}")

    return progress
