"""The app as its tests use it: the real player on the silent back end, stepped by frames."""

from __future__ import annotations

import asyncio
import atexit
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import cache, partial
from typing import Any
from unittest.mock import patch

from textual._compositor import Compositor
from textual.css.stylesheet import Stylesheet
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Static

from cadence_cue.app import settings as settings_file
from cadence_cue.app.settings import Settings
from cadence_cue.coaching.session import Kind
from cadence_cue.live.output import Output
from cadence_cue.live.player import Player
from cadence_cue.timing.timeline import Mark
from cadence_cue.transport.tempo_control import _PLANNING, TempoControl
from cadence_cue.transport.transport import Transport
from cadence_cue.tui.app import POLLS, CadenceApp
from cadence_cue.tui.key_footer import KeyFooter
from cadence_cue.tui.library.library import LibraryScreen
from cadence_cue.tui.pages import Confirm

RATE = 48000
HANG = 300.0  # seconds after which something will never happen
READ = Settings(safety_read=True)

SMALL = (80, 24)
LARGE = (120, 40)


class Stage:
    """A running app in the hands of a test."""

    def __init__(self, app: CadenceApp, pilot: Pilot[None], player: Player) -> None:
        self.app = app
        self.pilot = pilot
        self.player = player

    @property
    def transport(self) -> Transport:
        """What plays."""
        assert self.app.transport is not None
        return self.app.transport

    @property
    def screen(self) -> Screen[Any]:
        """What is shown."""
        return self.app.screen

    @property
    def footer(self) -> str:
        """The keys at the bottom of the screen."""
        return str(self.screen.query_one(KeyFooter).render())

    async def press(self, *keys: str) -> None:
        """Press keys, and see what they did."""
        await self.pilot.press(*keys)
        await self.poll()

    async def tap(self, key: str, late: float = 0) -> None:
        """Press a key as a step, so many seconds after what is heard now."""
        heard = self.transport.position
        at = heard._replace(frame=heard.frame + round(late * RATE))
        with patch.object(Transport, "position_at", lambda *_: at):
            await self.press(key)

    async def poll(self) -> None:
        """Let the app look at what plays, as it does twenty times a second."""
        self.app.poll()
        await self.pilot.pause()

    async def step(self, seconds: float) -> None:
        """Let so much be played, and looked at often enough for all that is on its way."""
        frames, looks = round(seconds * RATE), max(4, round(seconds / 5))
        for k in range(looks):
            self.player.step(frames * (k + 1) // looks - frames * k // looks)
            self.app.poll()
        await self.poll()

    async def to(self, kind: Kind, seconds: float) -> Mark:
        """Let it play until so many seconds of the first phase of a kind; gives its mark."""
        timeline = self.transport.timeline
        mark = next(each for each in timeline.marks if each.kind == kind)
        frames = mark.start - max(self.transport.position.frame, timeline.start)
        await self.step(frames / RATE + seconds)
        return mark

    async def until(self, condition: Callable[[], object], what: str) -> None:
        """Wait until it holds."""
        async with asyncio.timeout(HANG):
            while not condition():
                await asyncio.sleep(1 / POLLS)
                await self.poll()
        assert condition(), what

    async def begin(self, name: str = "first-perception", kind: str = "session") -> None:
        """Play an entry of the library."""
        before = self.app.transport
        if before:
            await self.press("l")
        await self.choose(name, kind)
        await self.press("enter")
        if isinstance(self.screen, Confirm):  # what played is still playing
            await self.press("y")
        await self.until(lambda: self.app.transport is not before, "the playing")
        await self.poll()

    async def choose(self, name: str, kind: str = "session") -> None:
        """Go to an entry of the library, and wait until it is planned, or cannot be."""
        library = self.app.screen_stack[0]
        assert isinstance(library, LibraryScreen)
        await self.until(lambda: library.files.are_read, "the files")
        library._list(f"{kind}:{name}")
        await self.settled()
        await self.pilot.pause()

    async def settled(self) -> None:
        """Wait until the library, which may be behind a dialog, shows the page of its entry."""
        library = self.app.screen_stack[0]
        assert isinstance(library, LibraryScreen)
        await self.pilot.pause()
        await self.until(lambda: library.settled and library.files.are_read, "the page")

    async def exported(self) -> None:
        """Wait until nothing is being exported, and see what is told of it."""
        await self.until(lambda: not self.app.exports.running, "the end of the export")
        await self.poll()

    @property
    def told(self) -> str:
        """What was told last in a corner."""
        notices = list(self.app._notifications)
        return notices[-1].message if notices else ""

    def text(self, where: str) -> str:
        """What a line of the screen says."""
        return str(self.screen.query_one(where, Static).content)

    async def picture(self) -> str:
        """All that can be seen, as SVG, once it has come to rest: footers take their time."""
        before, seen = None, painted(self.app)
        async with asyncio.timeout(HANG):
            while seen != before:
                await asyncio.sleep(0.05)
                await self.poll()
                before, seen = seen, painted(self.app)
        return self.app.export_screenshot()


@asynccontextmanager
async def stage(settings: Settings = READ, size: tuple[int, int] = SMALL) -> AsyncIterator[Stage]:
    """The app on a screen of so many columns and rows."""
    settings_file.change(lambda _: settings)
    player = _player()
    app = CadenceApp(player, settings)
    # It looks when the test looks: by the clock, a slow machine would do nothing else.
    app.set_interval = partial(app.set_interval, pause=True)  # type: ignore[method-assign]
    app.NOTIFICATION_TIMEOUT = HANG  # type: ignore[misc] # what is told stays to be read
    try:
        with (
            patch("textual.app.wait_for_idle", handled),
            patch("textual.pilot.wait_for_idle", handled),
            patch("cadence_cue.tui.app.gc"),  # it would keep the screens of every test
            # Else a stalled machine's edit is as late as its planning was slow.
            patch.object(TempoControl, "_planning", _as_at_first, create=True),
            patch.object(Compositor, "render_update", _paint_on_demand),
            patch.object(Stylesheet, "_parse_rules", _parse_once),
        ):
            async with app.run_test(size=size) as pilot:
                running = Stage(app, pilot, player)
                await running.until(lambda: app._home.listed, "the list")
                yield running
                if app.is_running and not app._exit:
                    painted(app)  # whatever is shown in the end can be
    finally:
        _take_back(app, player)


@cache
def _player() -> Player:
    """One for all tests of a process: starting an engine takes longer than most of them."""
    player = Player(Output(backend="silent", block=2400), stepped=True, watchdog=False)
    player.start()
    atexit.register(player.close)
    until = time.monotonic() + HANG
    while not player.device:  # its engine tells it as soon as it runs
        assert time.monotonic() < until, "still waiting for the engine"
        time.sleep(0.01)
    return player


def _take_back(app: CadenceApp, player: Player) -> None:
    """Put the player back into the state of a new one, for the next test."""
    if app.transport:
        app.transport.close()
    player.pause()
    player.hold(None)
    player.set_music(None)
    player.level(beat=1, voice=1, bed=1, overall=1)
    player.step(2400)  # it has faded out
    player.notices.clear()


_as_at_first = property(lambda _: _PLANNING, lambda *_: None)
_parse = Stylesheet._parse_rules
_parsed: dict[object, Any] = {}


def _parse_once(sheet: Stylesheet, *about: Any, **more: Any) -> Any:
    """Share what each app would parse anew; nothing but these arguments goes into it."""
    key = tuple(sheet._variables.items()), about, tuple(more.items())
    if key not in _parsed:
        _parsed[key] = _parse(sheet, *about, **more)
    return _parsed[key]


_paint = Compositor.render_update


def _paint_on_demand(compositor: Compositor, full: bool = False, **options: Any) -> Any:
    """Paint the whole screen when it is asked for; nobody sees what changed in between."""
    if full:
        return _paint(compositor, full, **options)
    compositor._dirty_regions.clear()
    return None


def painted(app: CadenceApp) -> Any:
    """What is shown, line by line."""
    compositor, behind = app.screen._compositor, app._background_screens
    update: Any = _paint(compositor, full=True, screen_stack=behind)
    return [list(line) for line in update.strips]


async def handled(_seconds: float = 0) -> None:
    """Wait until the app has handled all messages: its loop has nothing left to do.

    Textual waits until the processor is idle, which a busy machine's never is.
    """
    loop = asyncio.get_running_loop()
    await asyncio.sleep(0)
    while loop._ready:  # type: ignore[attr-defined]  # noqa: ASYNC110 (no event tells)
        await asyncio.sleep(0)


def played(
    act: Callable[[Stage], Coroutine[Any, Any, None]],
    settings: Settings = READ,
    size: tuple[int, int] = SMALL,
) -> None:
    """Run a test's act on a stage."""

    async def run() -> None:
        async with stage(settings, size) as running:
            await act(running)

    asyncio.run(run())
