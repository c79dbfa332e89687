"""The Textual app: owns the player and what plays on it, and opens the screens."""

from __future__ import annotations

import gc
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType
from textual.css.query import NoMatches
from textual.notifications import SeverityLevel
from textual.screen import Screen

from cadence_cue.app import settings as settings_file
from cadence_cue.app.choices import FROM_MICROPHONE
from cadence_cue.app.device import offsets
from cadence_cue.app.options import music_of
from cadence_cue.app.sessions import session_store
from cadence_cue.app.settings import Settings
from cadence_cue.app.tracks.exports import Export, Exports, State
from cadence_cue.errors import UserError, printable
from cadence_cue.live.player import Player
from cadence_cue.timing import RATE
from cadence_cue.tui.after.afterwards import Afterwards
from cadence_cue.tui.driver import TerminalDriver
from cadence_cue.tui.ending import end_in_order
from cadence_cue.tui.host import Host
from cadence_cue.tui.keymap import QUIT, app_keys, keymap
from cadence_cue.tui.library.library import LibraryScreen
from cadence_cue.tui.message_log import MessageLog
from cadence_cue.tui.page import Page
from cadence_cue.tui.pages import Card, Confirm, KeysScreen
from cadence_cue.tui.screens import screen
from cadence_cue.tui.stepping import Stepping
from cadence_cue.tui.theme import DARK, THEMES
from cadence_cue.tui.ways_out import worded

if TYPE_CHECKING:
    from cadence_cue.app.preparing import Prepared
    from cadence_cue.transport.levels import Levels

POLLS = 20
"""How often a second the player is polled and the screen updated."""


_OF_PAGES = ("library", "open", "export", "keys", "messages", "leave", "back", "palette")


class CadenceApp(Host):
    """The app; what plays continues whichever screen is shown."""

    TITLE = "cadence-cue"
    CSS_PATH = "theme.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        *app_keys(),
        Binding(QUIT, "leave", show=False, priority=True, tooltip="quit, from any screen"),
    ]

    def __init__(self, player: Player, settings: Settings, steps: Stepping | None = None) -> None:
        super().__init__(driver_class=TerminalDriver)
        self.steps = steps or Stepping(by_microphone=settings.listen == FROM_MICROPHONE)
        self.player = player
        self.settings = settings
        self.read_library()
        self.transport = None
        self.playing = None
        self.exports = Exports()
        self._home = LibraryScreen()
        self._messages = MessageLog()
        self._noticed = 0
        self._afterwards = Afterwards(self, self._home, self._messages.note)
        for theme in THEMES.values():
            self.register_theme(theme)
        self.theme = THEMES[settings.theme].name
        self.animation_level = "none"

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Defaults of our own variables, for other themes."""
        return DARK.variables

    def get_default_screen(self) -> LibraryScreen:
        """The library, behind all other screens."""
        return self._home

    def on_mount(self) -> None:
        """Begin; the very first time with the welcome screen in front of the library."""
        self.set_keymap(keymap(self.settings.keys))
        self.player.rest()
        if not self.settings.safety_read:
            self.push_screen(screen("WelcomeScreen")())
        self.set_interval(1 / POLLS, self.poll)
        end_in_order(self)
        # What exists now stays: collecting it again and again would only cause pauses.
        gc.freeze()
        gc.enable()

    def on_unmount(self) -> None:
        """Leave nothing incomplete behind."""
        self.exports.close()

    # Playing.

    def play(self, prepared: Prepared) -> None:
        """Play this from its start; asks first while another session plays."""

        def instead(yes: bool | None) -> None:
            if yes:
                self._play(prepared)

        self._unless_playing(f"End it and play {prepared.session.title}?", "end it", instead)

    def _unless_playing(self, question: str, yes: str, act: Callable[[bool | None], None]) -> None:
        """Act at once, or while a session plays with the answer to a question about it."""
        transport = self.transport
        if transport is None or transport.ended or transport.plain:
            act(True)  # noqa: FBT003 (the answer)
            return
        title = transport.performance.session.title
        state, no = "is still playing", "go on"
        if transport.standing:
            state, no = "is not over yet", "keep it"
        self.push_screen(Confirm(f"{title} {state}. {question}", yes=yes, no=no), act)

    def _play(self, prepared: Prepared) -> None:
        from cadence_cue.app import playing

        levels = self.transport.levels if self.transport else playing.levels(self.settings)
        self.remember()
        self._messages.clear()  # the last one was about what played before
        self.playing = prepared
        music = music_of(prepared.session)
        self.transport = playing.begin(prepared, self.player, levels, music)
        self.to_play_screen()

    def to_play_screen(self) -> None:
        """Show the play screen, if anything plays."""
        if self.transport is None:
            return
        kind = screen("BeatScreen" if self.transport.plain else "PlayScreen")
        if type(self.screen) is kind:
            return
        while len(self.screen_stack) > 1:
            self.pop_screen()
        self.push_screen(kind())

    def poll(self) -> None:
        """Poll what plays and update the screen. Called twenty times a second."""
        if not self.screen_stack:
            return  # the app is ending
        self._messages.poll()
        transport = self.transport
        if transport is not None:
            self.show_messages(transport.poll())
        for export in self.exports.news():
            self._tell_export(export)
        notices = self.player.notices[self._noticed :]
        self._noticed += len(notices)
        if transport is not None:
            self.show_messages(notices, seconds=10)
        else:  # nobody misses the sound now, but the banner will point to what was told
            self._messages.note(*notices)
        page = next((each for each in reversed(self.screen_stack) if isinstance(each, Page)), None)
        in_sight = page is not None and page.plays
        if page and page.takes_microphone:
            self.steps.reopen()  # once the page has been left
        elif transport and (in_sight or self.steps.by_microphone):
            # What is told is shown in a place of its own.
            self._messages.note(*self.steps.poll(transport, self.player, self.settings))
            self.show_messages(self.steps.news(), seconds=10)
        else:
            self.steps.pause()
        if page:  # it may stand behind a dialog
            with suppress(NoMatches):  # its widgets are not mounted yet, or not any more
                page.follow()
        if transport is not None and transport.ended:
            self._end()
        self._leave_play_screen()

    def _tell_export(self, export: Export) -> None:
        """Say what became of an export."""
        match export.state:
            case State.DONE:
                self.notify(f"{export.summary}\nX lists your exports.", title="Exported")
            case State.STOPPED:
                self.notify("Stopped; nothing was written.")
            case State.FAILED if export.error:
                self.notify(worded(export.error), title=export.title, severity="warning")

    def show_messages(self, messages: list[str], *, seconds: float = 4) -> None:
        """Show the last of these messages, if any, for some seconds."""
        self._messages.show(messages, round(seconds * POLLS))

    def clear_message(self) -> None:
        """Show no message any more: the last one is no longer true, or has been read."""
        self._messages.clear()

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """Show a message in a corner for some seconds; it can be read later too."""
        self._messages.note(message)
        shown = "\n".join(map(printable, message.split("\n")))
        super().notify(shown, title=title, severity=severity, timeout=timeout, markup=markup)

    @property
    def message(self) -> str:
        """The message to show now; "" for none."""
        return self._messages.now

    def stop(self) -> None:
        """End what plays now; asks first whether to end a session."""
        self._unless_playing("End it here?", "end it", self._stop)

    def _stop(self, yes: bool | None) -> None:
        if yes and self.transport:
            self.transport.pause()
            self._end()

    def _end(self) -> None:
        self._afterwards.end()
        self._leave_play_screen()

    def _leave_play_screen(self) -> None:
        """Leave the play screen when nothing plays, and ask what is to be asked then."""
        if self.transport is None and self.page and self.page.needs_playing:
            self.pop_screen()
        self._afterwards.ask()

    def remember(self) -> None:
        """Stop following what plays and save what was practised."""
        self._afterwards.remember()

    def action_suspend_process(self) -> None:
        """Ctrl-Z: pause while the app is suspended."""
        paused = bool(self.transport and self.transport.pause())
        super().action_suspend_process()
        if paused and self.transport:
            self.transport.go_on()

    # Settings and library.

    @property
    def rate(self) -> int:
        """Frames per second to plan for: the device's, or a default until that is known.

        The transport adapts to the device anyway, so that no screen has to wait for it.
        """
        return self.player.rate if self.player.ready else RATE

    def change_settings(self, update: Callable[[Settings], Settings]) -> None:
        """Apply a change to the saved settings, and use them from now on."""
        before = self.settings
        if update(before) == before:
            return
        try:  # a command in another terminal may have saved other settings meanwhile
            self.settings = settings_file.change(update)
        except UserError as error:
            self.settings = update(before)
            self.notify(str(error), severity="warning", markup=False)
        self.theme = THEMES[self.settings.theme].name
        self.player.set_offsets(offsets(self.settings))
        if self.settings.listen != before.listen:
            self.steps.choose(by_microphone=self.settings.listen == FROM_MICROPHONE)
        if self.settings.microphone != before.microphone:
            self.steps.reopen()

    def save_levels(self, levels: Levels) -> None:
        """Save these levels as the settings for the next session."""
        self.change_settings(
            lambda saved: replace(
                saved,
                volume=levels.volume_db,
                beat_level=levels.beat_db,
                voice_level=levels.voice_db,
                music_level=levels.music_db,
            )
        )

    def apply_levels(self) -> None:
        """Apply the levels of the settings to what plays."""
        if self.transport:
            from cadence_cue.app import playing

            old = self.transport.levels
            levels = playing.levels(self.settings, beat=old.beat, voice=old.voice)
            self.transport.levels = levels = replace(levels, music=old.music)
            levels.apply(self.player)

    def mark_mastered(self, drill: str, *, mastered: bool = True) -> None:
        """Save whether a drill is mastered."""
        self.change_settings(lambda saved: saved.with_mastered(drill, mastered=mastered))

    def read_library(self) -> None:
        """Read the runner's own drills again. May be called in any thread."""
        broken: list[str] = []
        self.library = session_store.library(lambda error: broken.append(worded(error)))
        self.broken_drills = broken

    @property
    def _background_screens(self) -> list[Screen[Any]]:
        """The screens that can be seen behind the one in front: none behind a page.

        Textual counts the next one always, and draws everything anew whenever that one changes.
        """
        return [] if self.page else super()._background_screens

    # Keys that every screen has.

    @property
    def page(self) -> Page | None:
        """The screen in front; None while a dialog is in front."""
        return self.screen if isinstance(self.screen, Page) else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Disable keys that make no sense on this screen, and all app keys behind a dialog."""
        if action == "library" and self.screen is self._home:
            return self.transport is not None
        if action in _OF_PAGES:
            return self.page is not None and self.page.takes_app_keys
        return super().check_action(action, parameters)

    def action_library(self) -> None:
        """Go to the library; from there back to the play screen."""
        if self.screen is self._home:
            self.to_play_screen()
            return
        while len(self.screen_stack) > 1:
            self.pop_screen()

    def action_open(self, name: str) -> None:
        """Go to the screen of this name, back to it if it is open already."""
        kind = screen(name)
        if any(isinstance(screen, kind) for screen in self.screen_stack):
            while not isinstance(self.screen, kind):
                self.pop_screen()
        else:
            self.push_screen(kind())

    def action_export(self) -> None:
        """Open the export dialog for what is shown."""
        if self.page and (prepared := self.page.exportable):
            from cadence_cue.tui.exporting import ExportScreen

            self.push_screen(ExportScreen(prepared))
        elif self.page and not self.page.settled:
            self.notify("This is not planned yet; export it in a moment.")
        else:
            self.notify("Choose a session, or a drill that waits for no other, then export it.")

    def action_messages(self) -> None:
        """Show all messages in full, the last one first."""
        shown = [*map(printable, self._messages.lines)] or ["No messages yet."]
        self.push_screen(Card(lambda _columns: shown))

    def action_keys(self) -> None:
        """Show all keys."""
        self.push_screen(KeysScreen(self.screen))

    def action_palette(self) -> None:
        """Search for sessions, drills, settings and what keys do."""
        from cadence_cue.tui.palette import palette

        self.push_screen(palette(self.screen))

    async def action_back(self) -> None:
        """Go back to the previous screen, or from the library to the play screen."""
        if len(self.screen_stack) > 1:
            self.pop_screen()
        elif self.transport:
            self.to_play_screen()

    def action_leave(self) -> None:
        """Quit, after a question while something plays or is exported."""
        if isinstance(self.screen, Confirm):
            return
        if writing := self.exports.status:
            asked = f"Still {writing}. Quit without it?"
            self.push_screen(Confirm(asked, yes="quit", no="go on"), self._leave)
        else:
            self._unless_playing("Quit?", "quit", self._leave)

    def action_help_quit(self) -> None:
        """Take Ctrl-C, where it copies nothing, as the key that quits."""
        self.simulate_key(QUIT)

    def _leave(self, yes: bool | None) -> None:
        if yes:
            self.remember()
            self.exit()
