"""A real browser without a window, told what to do over pipes in the DevTools protocol."""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HANG = 300.0  # a guard against hanging, no measure of anything
_OPTIONS = (
    "--headless=new",
    "--no-sandbox",  # root cannot have one
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--remote-debugging-pipe",
)
# Where the protocol has its pipes; first out of each other's way.
_AT_3_AND_4 = """
import fcntl, os, sys
pipes = [fcntl.fcntl(int(each), fcntl.F_DUPFD, 5) for each in sys.argv[1:3]]
os.dup2(pipes[0], 3)
os.dup2(pipes[1], 4)
os.execvp(sys.argv[3], sys.argv[3:])
"""


def program() -> str | None:
    """The browser of this machine."""
    return shutil.which("chromium") or shutil.which("google-chrome")


class Browser:
    """One page of a browser that reads commands from one pipe and answers on another."""

    def __init__(self, commands: int, answers: int) -> None:
        self._commands, self._answers = commands, answers
        self._unread = b""
        self._number = 0
        self._page: dict[str, str] = {}
        target = self._ask("Target.createTarget", url="about:blank")
        attached = self._ask("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self._page = {"sessionId": attached["sessionId"]}
        self.complaints: list[str] = []
        """What the page's console had to say."""
        self._ask("Log.enable")
        self._ask("Page.enable")

    def open(self, url: str, *, wide: int = 390, high: int = 844) -> None:
        """Go to an address, on a screen of so many CSS pixels."""
        screen = {"width": wide, "height": high, "deviceScaleFactor": 1, "mobile": True}
        self._ask("Emulation.setDeviceMetricsOverride", **screen)
        answer = self._ask("Page.navigate", url=url)
        assert "errorText" not in answer, answer
        self.wait_for("document.readyState === 'complete'")

    def tell(self, expression: str) -> Any:
        """What an expression of JavaScript is in the page, as if a finger had touched it."""
        wishes = {"awaitPromise": True, "returnByValue": True, "userGesture": True}
        answer = self._ask("Runtime.evaluate", expression=expression, **wishes)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def wait_for(self, expression: str) -> None:
        """Until an expression is true in the page."""
        until = time.monotonic() + HANG
        while not self.tell(expression):
            assert time.monotonic() < until, f"never true: {expression}"
            time.sleep(0.05)

    def printed(self) -> bytes:
        """The page on paper, as PDF."""
        return b64decode(self._ask("Page.printToPDF", preferCSSPageSize=True)["data"])

    def _ask(self, method: str, **parameters: object) -> Any:
        self._number += 1
        asked = {"id": self._number, "method": method, "params": parameters, **self._page}
        os.write(self._commands, json.dumps(asked).encode() + b"\0")
        while True:
            told = self._next()
            if told.get("method") == "Log.entryAdded":
                self.complaints.append(told["params"]["entry"]["text"])
            if told.get("id") == self._number:
                assert "error" not in told, told
                return told["result"]

    def _next(self) -> Any:
        while b"\0" not in self._unread:
            assert select.select([self._answers], [], [], HANG)[0], "the browser says nothing"
            read = os.read(self._answers, 1 << 16)
            assert read, "the browser has ended"
            self._unread += read
        message, _, self._unread = self._unread.partition(b"\0")
        return json.loads(message)


@contextlib.contextmanager
def browser(profile: Path) -> Iterator[Browser]:
    """A browser that keeps what it keeps in a folder."""
    commands, ours = os.pipe()
    theirs, answers = os.pipe()
    found = program()
    assert found
    started = subprocess.Popen(
        [sys.executable, "-c", _AT_3_AND_4, str(commands), str(answers),
         found, *_OPTIONS, f"--user-data-dir={profile}"],
        pass_fds=(commands, answers),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    os.close(commands)
    os.close(answers)
    try:
        yield Browser(ours, theirs)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(started.pid, signal.SIGKILL)
        started.wait()
        os.close(ours)
        os.close(theirs)
