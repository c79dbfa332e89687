"""The app: one player, what plays on it, and the screens around it."""

from __future__ import annotations

import asyncio
import gc
import signal
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual.app import App
from textual.binding import Binding, BindingType
from textual.css.query import NoMatches
from textual.keys import Keys
from textual.widgets import Input

from cadence_cue import history, runner, shelf
from cadence_cue import settings as settings_file
from cadence_cue.choices import SettingsError
from cadence_cue.coaching.model import Library
from cadence_cue.live.output import RATE
from cadence_cue.live.player import Player
from cadence_cue.music import laid, music_of
from cadence_cue.settings import Settings
from cadence_cue.transport.levels import Levels
from cadence_cue.transport.transport import Transport
from cadence_cue.tui.after import AfterScreen
from cadence_cue.tui.exporting import ExportScreen
from cadence_cue.tui.library import LibraryScreen
from cadence_cue.tui.look import DARK, THEMES
from cadence_cue.tui.page import Page
from cadence_cue.tui.pages import Confirm, KeysScreen
from cadence_cue.tui.playing import PlayScreen
from cadence_cue.tui.preferences import SettingsScreen
from cadence_cue.tui.prepared import Prepared
from cadence_cue.tui.quick_beat import BeatScreen
from cadence_cue.tui.welcome import WelcomeScreen

LOOKS = 20
"""How often a second what plays is looked at, and the screen with it."""


class CadenceApp(App[None]):
    """cadence-cue on a screen. What plays goes on whatever screen is shown."""

    TITLE = "cadence-cue"
    CSS_PATH = "look.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("l", "library", "library", id="app.library"),
        Binding("b", "beat", "beat", show=False, tooltip="a plain beat", id="app.beat"),
        Binding("s", "settings", "settings", show=False, id="app.settings"),
        Binding("x", "export", "export", show=False, tooltip="write it to a file",
                id="app.export"),
        Binding("question_mark", "keys", "keys", key_display="?", id="app.keys"),
        Binding("q", "leave", "quit", id="app.quit"),
        Binding("ctrl+q", "leave", show=False, priority=True),
        Binding("escape", "back", "back", show=False, id="app.back"),
        Binding("ctrl+z", "suspend_process", show=False, id="app.suspend"),
    ]  # fmt: skip

    def __init__(self, player: Player, settings: Settings) -> None:
        super().__init__()
        self.player = player
        self.settings = settings
        self.broken_drills: list[str] = []
        self.library = self._library()
        self.transport: Transport | None = None
        self.playing: Prepared | None = None
        self.answer = ""
        """What the last key did, for a moment."""
        self._answered = 0  # looks for which it stays
        self._noticed = 0
        self._felt: AfterScreen | None = None  # a question for when nothing else is open
        for theme in THEMES.values():
            self.register_theme(theme)
        self.theme = THEMES[settings.theme].name
        self.animation_level = "none"

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our own variables, for other themes."""
        return DARK.variables

    def on_mount(self) -> None:
        """Show the library; the very first time what has to be known before."""
        self.set_keymap(dict(self.settings.keys))
        self.push_screen(LibraryScreen())
        if not self.settings.safety_read:
            self.push_screen(WelcomeScreen())
        self.set_interval(1 / LOOKS, self.look)
        # Between two messages: raised amid one, the end would leave Textual waiting for ever.
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:
                loop = asyncio.get_running_loop()
                loop.add_signal_handler(number, self.exit, None, 128 + number)
        # What is there now stays: looking through it again and again would only make pauses.
        gc.collect()
        gc.freeze()

    # What plays.

    def play(self, prepared: Prepared) -> None:
        """Play this from its start, in the place of what plays."""
        levels = self.transport.levels if self.transport else runner.levels(self.settings)
        self.remember()
        self._answered = 0  # what was answered last was of the other one
        self.playing = prepared
        self.transport = Transport(prepared.performance, self.player, levels, plain=prepared.plain)
        if music := music_of(prepared.session):
            self.transport.lay(partial(laid, music))
        self.transport.play()
        self.to_play_screen()

    def to_play_screen(self) -> None:
        """Show what plays."""
        if self.transport is None:
            return
        while len(self.screen_stack) > 2:
            self.pop_screen()
        self.push_screen(PlayScreen())

    def look(self) -> None:
        """See what has become of what plays, and show it. Twenty times a second."""
        if not self.screen_stack:
            return  # it ends
        self._answered = max(0, self._answered - 1)
        transport = self.transport
        if transport is not None:
            self.tell(transport.look())
        notices = self.player.notices[self._noticed :]
        self._noticed += len(notices)
        self.tell(notices, seconds=10)
        screen = self.screen
        if isinstance(screen, PlayScreen | LibraryScreen):
            with suppress(NoMatches):  # its widgets are not there yet, or not any more
                screen.follow()
        if transport is not None and transport.ended:
            self._end()
        self._ask_how_it_felt()

    def tell(self, told: list[str], *, seconds: float = 4) -> None:
        """Show an answer for some seconds, unless there is none."""
        if told:
            self.answer = told[-1]
            self._answered = round(seconds * LOOKS)

    @property
    def told(self) -> str:
        """The answer that is to be shown now; "" for none."""
        return self.answer if self._answered else ""

    def stop(self) -> None:
        """End what plays, here."""
        if self.transport:
            self.transport.pause()
            self._end()

    def _end(self) -> None:
        transport = self.transport
        practice = self.remember()
        if practice and transport:
            self._felt = AfterScreen(practice, transport.ran_at)
        self._ask_how_it_felt()

    def _ask_how_it_felt(self) -> None:
        """Leave the play screen when nothing plays, and ask; what else is open is not disturbed."""
        if self.transport is None and isinstance(self.screen, PlayScreen):
            self.pop_screen()
        searching = isinstance(self.focused, Input)
        if self._felt and isinstance(self.screen, LibraryScreen) and not searching:
            self.push_screen(self._felt)
            self._felt = None

    def remember(self) -> history.Practice | None:
        """Keep what was practised, if anything was; from now on nothing plays."""
        transport, playing = self.transport, self.playing
        self.transport = self.playing = None
        if transport is None or playing is None:
            return None
        transport.close()
        if transport.ended and not self.player.silent:
            known = runner.explained(transport.performance, playing.library, self.settings)
            self.keep(known)
        practice = runner.practised(transport)
        if practice is None:
            return None
        try:
            history.append(practice, settings_file.own_folder())
        except OSError as error:
            self.notify(
                f"The history cannot be written: {error.strerror}", severity="warning", markup=False
            )
            return None
        return practice

    def action_suspend_process(self) -> None:
        """Ctrl-Z: be silent until the shell lets us go on."""
        paused = bool(self.transport and self.transport.pause())
        super().action_suspend_process()
        if paused and self.transport:
            self.transport.go_on()

    # What is kept.

    @property
    def rate(self) -> int:
        """Frames per second to plan for: the device's; until that is known, the usual ones.

        What plays follows the device anyway; a screen waits for nobody.
        """
        return self.player.rate if self.player.ready else RATE

    def keep(self, settings: Settings) -> None:
        """Use these settings from now on, and save what is new in them."""
        if settings == self.settings:
            return
        new = {
            key: getattr(settings, key)
            for key in settings_file.KEYS
            if getattr(settings, key) != getattr(self.settings, key)
        }
        # Commands in another terminal may have saved others meanwhile.
        self.settings = settings = replace(settings_file.load()[0], **new)
        self.theme = THEMES[settings.theme].name
        try:
            settings_file.save(settings)
        except SettingsError as error:
            self.notify(str(error), severity="warning", markup=False)

    def keep_levels(self, levels: Levels) -> None:
        """Begin with these levels the next time too."""
        self.keep(
            replace(
                self.settings,
                volume=levels.volume_db,
                beat_level=levels.beat_db,
                voice_level=levels.voice_db,
                music_level=levels.music_db,
            )
        )

    def level(self) -> None:
        """Let what plays be as loud as the settings say."""
        if self.transport:
            old = self.transport.levels
            levels = runner.levels(self.settings, beat=old.beat, voice=old.voice)
            self.transport.levels = levels = replace(levels, music=old.music)
            levels.apply(self.player)

    def perfect(self, drill: str, *, yes: bool = True) -> None:
        """Keep that a drill is perfected, or that it is not."""
        self.keep(runner.perfected(drill, self.settings, yes=yes))

    def read_library(self) -> None:
        """Read the runner's own drills again."""
        self.library = self._library()

    def _library(self) -> Library:
        self.broken_drills.clear()
        return shelf.library(lambda error: self.broken_drills.append(str(error)))

    # Keys that every screen has.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Screens are not put on top of themselves, and questions are answered first."""
        if action == "library" and isinstance(self.screen, LibraryScreen):
            return self.transport is not None
        if action in ("library", "beat", "settings", "export", "keys", "leave", "back"):
            return not self.screen.is_modal and not isinstance(self.screen, WelcomeScreen)
        return super().check_action(action, parameters)

    def action_library(self) -> None:
        """To the library; from there back to what plays."""
        if isinstance(self.screen, LibraryScreen):
            self.to_play_screen()
            return
        while len(self.screen_stack) > 2:
            self.pop_screen()

    def action_beat(self) -> None:
        """To a plain beat."""
        self._open(BeatScreen)

    def action_settings(self) -> None:
        """To the settings."""
        self._open(SettingsScreen)

    def _open(self, kind: type[Page]) -> None:
        """Go to a screen of this kind: back to it, where it is open."""
        if any(isinstance(screen, kind) for screen in self.screen_stack):
            while not isinstance(self.screen, kind):
                self.pop_screen()
        else:
            self.push_screen(kind())

    def action_export(self) -> None:
        """Write what is shown to a file."""
        screen = self.screen
        prepared = screen.chosen if isinstance(screen, LibraryScreen) else self.playing
        if prepared is None:
            self.notify("Choose a session first, then export it.")
            return
        self.push_screen(ExportScreen(prepared))

    def action_keys(self) -> None:
        """All keys."""
        self.push_screen(KeysScreen(self.screen))

    async def action_back(self) -> None:
        """To the screen before."""
        if len(self.screen_stack) > 2:
            self.pop_screen()
        elif self.transport:
            self.to_play_screen()

    def action_leave(self) -> None:
        """Quit; while something plays it is asked once."""
        if isinstance(self.screen, Confirm):
            return
        if self.transport is None or self.transport.ended:
            self.exit()
            return
        title = self.transport.performance.session.title
        question = f"{title} is still playing. Quit?"
        self.push_screen(Confirm(question, yes="quit", no="go on"), self._leave)

    def _leave(self, yes: bool | None) -> None:
        if yes:
            self.remember()
            self.exit()


def actions() -> list[str]:
    """The names of all actions that may have keys of the runner's own."""
    owners = (CadenceApp, PlayScreen, LibraryScreen, BeatScreen, SettingsScreen, WelcomeScreen)
    found = (each.id for owner in owners for each in owner.BINDINGS if isinstance(each, Binding))
    return sorted(dict.fromkeys(name for name in found if name))


def is_key(name: str) -> bool:
    """Whether Textual knows a key of this name."""
    *_, last = name.split("+") if len(name) > 1 else [name]
    return len(last) == 1 or last in {key.value for key in Keys}
