"""What a screen shows while a plan waits for texts to be spoken, and how that is cancelled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.worker import Worker

from cadence_cue.voice.casting import Progress


class Cancelled(Exception):  # noqa: N818 (not an error)
    """Work in a thread was cancelled."""


def speaking(worker: Worker[Any], show: Callable[[str], None]) -> Progress:
    """Return the progress of a worker's plan: it lets `show` run in the app's thread.

    Once the worker is cancelled, it raises Cancelled instead.
    """

    def progress(done: int, total: int, text: str) -> None:
        if worker.is_cancelled:
            raise Cancelled
        worker.node.app.call_from_thread(show, f"Speaking {done + 1} of {total}, once: {text}")

    return progress
