"""The base classes of screens and dialogs."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from textual.app import SuspendNotSupported
from textual.binding import ActiveBinding, Binding, BindingType
from textual.containers import VerticalScroll
from textual.events import Key
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

from cadence_cue.app.sessions.external_editor import edited
from cadence_cue.errors import printable
from cadence_cue.tui import transport_keys
from cadence_cue.tui.host import Host
from cadence_cue.tui.key_footer import KeyFooter

if TYPE_CHECKING:
    from cadence_cue.app.preparing import Prepared

T = TypeVar("T")

DOCTOR = "app.doctor"
"""The action that checks the sound."""

MESSAGES = "app.messages"
"""The action that shows all messages in full."""

_DIGITS = str.maketrans("123456789", "000000000")
ENDS = "play.end"
"""The action that ends what plays."""

END = Binding("e", "end", "end what plays", tooltip="end here", id=ENDS)
"""The key of a page that cannot do its work while something plays."""


class Page(Screen[None]):
    """A screen of the app; `tui.screens` has a table of all."""

    takes_app_keys: ClassVar[bool] = True
    """Whether the app's keys work on it."""
    needs_playing: ClassVar[bool] = False
    """Whether it is closed when nothing plays any more."""
    takes_microphone: ClassVar[bool] = False
    """Whether nobody else may listen while it is open: a microphone often opens only once."""

    TYPED: ClassVar[tuple[str, str] | None] = None
    """What can be typed on it without a binding, and what that does."""

    _host: Host | None = None

    def on_mount(self) -> None:
        """Keep the app: Textual finds it no more in threads once the page was left."""
        self._host = self.cadence_app

    @property
    def cadence_app(self) -> Host:
        """The app; workers that end after the page still have it."""
        return self._host or cast("Host", self.app)

    @property
    def exportable(self) -> Prepared | None:
        """What the export key writes from here; None where nothing is chosen."""
        return self.cadence_app.playing

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        """The keys that work; a chosen one stands where the usual one would, not at the end."""
        active = super().active_bindings
        if not self.cadence_app.settings.keys:
            return active
        declared = [*type(self).BINDINGS, *type(self.app).BINDINGS]
        places: dict[str | None, int] = {}
        for each in declared:
            if isinstance(each, Binding):
                places.setdefault(each.id, len(places))
        return dict(sorted(active.items(), key=lambda item: places.get(item[1].binding.id, -1)))

    @property
    def plays(self) -> bool:
        """Whether it shows what plays, and something does."""
        return False

    @property
    def settled(self) -> bool:
        """Whether it shows what it is about."""
        return True

    @property
    def in_front(self) -> bool:
        """Whether no other screen and no dialog is in front of it."""
        return self.is_running and self.app.screen is self

    def from_thread(self, act: Callable[..., object], *given: object) -> bool:
        """Do something in the app's thread, from a worker's; return whether the page was there.

        Nothing is done if it was left meanwhile, or the app: its widgets are gone before its
        workers end.
        """
        host = self.cadence_app

        def if_there() -> bool:
            there = host.is_running and self.is_running and self in host.screen_stack
            if there:
                act(*given)
            return there

        return self.is_running and host.call_from_thread(if_there)

    def check_action(
        self,
        action: str,
        parameters: tuple[object, ...],  # noqa: ARG002 (Textual's signature)
    ) -> bool | None:
        """Disable the key that ends what plays while nothing does."""
        return action != "end" or self.cadence_app.transport is not None

    def action_end(self) -> None:
        """End what plays now."""
        self.cadence_app.stop()
        self.refresh_bindings()

    def end_first(self, then: str) -> None:
        """Say that what plays is to be ended, and how, before something can be done."""
        self.notify(f"Something plays. End it first ({self.key_of(ENDS)}), then {then}.")

    def on_screen_suspend(self) -> None:
        """Show no keys behind a dialog: they do not work there."""
        self._follow_keys()

    def on_screen_resume(self) -> None:
        """Show the keys again."""
        self._follow_keys()

    def _follow_keys(self) -> None:
        for footer in self.query(KeyFooter):
            footer.follow()

    def follow(self) -> None:
        """Show the state of what plays. Called twenty times a second while in front."""

    @property
    def no_sound(self) -> str:
        """A sentence about why there is no sound; "" while there is."""
        player = self.cadence_app.player
        if not player.silent:
            return ""
        return player.notices[-1] if player.notices else "Opening the sound…"

    def edit_outside(self, path: Path) -> None:
        """Let the runner edit a file in an editor of their own; what plays continues."""
        found = False
        with suppress(SuspendNotSupported):
            found = edited(path, self.app.suspend, lambda: self.cadence_app.leaving)
        if not found:
            self.notify(f"There is no editor; set EDITOR. The file: {path}", markup=False)

    def write(self, where: str, text: str) -> None:
        """Set the text of the Static `where`, without drawing it again if it is the same.

        What comes from outside shows all of its characters.
        """
        text = "\n".join(map(printable, text.split("\n")))
        line = self.query_one(where, Static)
        before = str(line.content)
        if before != text:
            # Digits are equally wide: a time that goes on lays out nothing anew.
            line.update(text, layout=text.translate(_DIGITS) != before.translate(_DIGITS))

    @property
    def now(self) -> str:
        """The message of the moment, else what plays, and what is being exported."""
        host = self.cadence_app
        transport, playing = host.transport, ""
        if transport:
            state = "Ⅱ" if transport.paused else "▶"
            playing = f"{state} {transport.title} {transport.time}  (l)"
        return host.message or " · ".join(filter(None, (host.exports.status, playing)))

    def key_of(self, action: str) -> str:
        """The first key of an action here, as the runner has it; "" if it has none."""
        active = (each.binding for each in self.active_bindings.values())
        return next((self.app.get_key_display(each) for each in active if each.id == action), "")

    def write_banner(self) -> None:
        """Show a banner while something plays without sound, with the key that says why."""
        if not self.in_front:
            return
        banner = self.no_sound if self.cadence_app.transport else ""
        if banner and (key := self.key_of(DOCTOR)):
            banner = f"{key}: check the sound · {banner}"  # the end may be cut off, the key not
        self.query_one("#banner").display = bool(banner)
        self.write("#banner", banner)


class Dialog(ModalScreen[T]):
    """A question, or something to read, in front of a screen."""

    VERTICAL_BREAKPOINTS: list[tuple[int, str]] | None = [(0, "-low"), (22, "")]  # noqa: RUF012 (Textual's way)
    # The app's keys do not work in dialogs, but this one belongs to the terminal, and what plays
    # goes on listening.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+z", "app.suspend_process", show=False),
        *transport_keys.of_dialogs(),
    ]

    @property
    def cadence_app(self) -> Host:
        """The app."""
        return cast("Host", self.app)

    def check_action(
        self,
        action: str,
        parameters: tuple[object, ...],  # noqa: ARG002 (Textual's signature)
    ) -> bool | None:
        """Disable the keys of what plays while nothing does."""
        return action != "do" or self.cadence_app.transport is not None

    def on_key(self, event: Key) -> None:
        """Take a step, unless a field takes the key."""
        if isinstance(self.focused, VerticalScroll | None):
            transport_keys.steps(self.cadence_app, event)

    def action_do(self, name: str) -> None:
        """Do an action of the table to what plays."""
        transport_keys.do(self.cadence_app, name)

    def tell(self, text: str) -> None:
        """Show what is wrong or being done, in view on a screen of few rows too."""
        wrong = self.query_one("#wrong", Static)
        wrong.update(text)
        wrong.display = bool(text)
        if text:
            self.call_after_refresh(wrong.scroll_visible, animate=False)
