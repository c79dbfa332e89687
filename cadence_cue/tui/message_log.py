"""What the app has told the runner: the message of the moment, and all of them."""

from __future__ import annotations

from collections.abc import Sequence


class MessageLog:
    """Keeps messages; the last one that is shown stays for some polls."""

    def __init__(self) -> None:
        self._told: list[str] = []
        self._shown = ""
        self._polls_left = 0

    def note(self, *messages: str) -> None:
        """Keep messages that are shown in a place of their own."""
        self._told += messages

    def show(self, messages: Sequence[str], polls: int) -> None:
        """Keep messages, and show the last of them, if any, for so many polls."""
        self._told += messages
        if messages:
            self._shown, self._polls_left = messages[-1], polls

    def poll(self) -> None:
        """Count a poll."""
        self._polls_left = max(0, self._polls_left - 1)

    def clear(self) -> None:
        """Show no message any more: the last one is no longer true, or has been read."""
        self._polls_left = 0

    @property
    def now(self) -> str:
        """The message to show now; "" for none."""
        return self._shown if self._polls_left else ""

    @property
    def lines(self) -> list[str]:
        """The lines of all messages, the last message first."""
        return [line for each in reversed(self._told) for line in each.split("\n")]
