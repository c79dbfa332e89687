"""The screen that offers a track to a phone, by an address or a QR code, while it is open."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from cadence_cue.app.tracks.sharing import MINUTES, Offer, offer, until
from cadence_cue.errors import UserError
from cadence_cue.share.code import code
from cadence_cue.share.network import addresses
from cadence_cue.tui.key_footer import KeyFooter
from cadence_cue.tui.page import MESSAGES, Page
from cadence_cue.tui.pages import Confirm
from cadence_cue.tui.short import Short
from cadence_cue.tui.ways_out import worded


class ShareScreen(Page):
    """Asks once, then shows the addresses; leaving it closes them."""

    takes_app_keys = False  # each of them would close it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "close it", id="share.close"),
    ]

    def __init__(self, file: Path) -> None:
        super().__init__(name="Share")
        self._file = file
        self._offer: Offer | None = None
        self._open = ExitStack()
        self._told: list[str] = []

    def compose(self) -> ComposeResult:
        """The code beside the addresses and what was fetched."""
        with Horizontal(id="top"):
            yield Static("Share", id="name", markup=False)
            yield Short(id="time", whole=MESSAGES)
        with Horizontal(id="share"):
            yield Static(id="code", markup=False)
            with Vertical():
                yield Static(id="lines", markup=False)
        yield KeyFooter()

    def on_mount(self) -> None:
        """Ask first: it opens the file to everybody on this network."""
        self.query_one("#code").display = False
        self.write("#lines", str(self._file))
        asked = f"Let phones on this network fetch {self._file.name} for {MINUTES} minutes?"
        self.app.push_screen(Confirm(asked, yes="let them", no="leave"), self._answered)

    def _answered(self, yes: bool | None) -> None:
        if yes:
            self._serve()
        else:
            self.dismiss()

    @work(thread=True)
    def _serve(self) -> None:
        """Open the file and the port, in a thread, as reading the tags may take a while."""
        hosts = addresses()
        if not hosts:
            self.from_thread(self._refuse, "This machine is on no network.")
            return
        try:
            found = offer(self._file, self.cadence_app.library, hosts, self._tell)
        except (UserError, OSError) as error:
            self.from_thread(self._refuse, worded(error))
        else:
            if not self.from_thread(self._begin, found):
                with found.served:
                    pass  # the file and the port are closed again

    def _refuse(self, reason: str) -> None:
        self.notify(reason, severity="warning")
        self.dismiss()

    def _begin(self, found: Offer) -> None:
        self._open.enter_context(found.served)
        self._offer = found
        self._told = [f"Open until {until()}, or {MINUTES} minutes after the last download."]
        self._draw()

    def _tell(self, line: str) -> None:
        """Note what is fetched; called in a thread of the server."""
        self._told.append(line)

    def follow(self) -> None:
        """Show what was fetched, and close it when nobody fetches any more."""
        self.write("#time", self.now)
        if self._offer is None:
            return
        self._draw()
        if self._offer.left <= 0:
            self.notify(f"Closed: nothing was downloaded for {MINUTES} minutes.")
            self.action_leave()

    def on_resize(self) -> None:
        """Show the code where there is room for it."""
        if self._offer:
            self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        if self._offer is None:
            return
        first, *others = self._offer.urls
        lines, picture = code(first), self.query_one("#code", Static)
        fits = len(lines) <= self.size.height - 2 and len(lines[0]) + 30 <= self.size.width
        picture.display = fits
        drawn = Content.styled("\n".join(lines), "#ffffff on #000000")
        if str(picture.content) != str(drawn):
            picture.update(drawn)
        scan = "Point the phone's camera at the code, or type:" if fits else "On the phone, type:"
        others = [f"or {url}" for url in others]
        text = [str(self._file), "", scan, first, *others, "", *self._told]
        if not fits:
            text.append("A larger window shows a QR code here.")
        self.write("#lines", "\n".join(text))

    def on_unmount(self) -> None:
        """Close the port."""
        self._open.close()

    def action_leave(self) -> None:
        """Close it."""
        self.dismiss()
