"""The screen of the sound devices: what there is, and which one is used."""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType

from cadence_cue.app.settings import changed
from cadence_cue.live.device_list import Listing, devices
from cadence_cue.live.output import NoSoundError, name_of
from cadence_cue.tui.rows import BACK, RowsPage

_USUAL = "usual"


class DevicesScreen(RowsPage):
    """A row for each device; Enter uses it from the next start."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", "use it", tooltip="use it from the next start", id="devices.use"),
        Binding("r", "again", "look again", id="devices.again"),
        BACK,
    ]

    def __init__(self) -> None:
        super().__init__(name="Sound devices")
        self._names: dict[str, str] = {}

    def on_mount(self) -> None:
        """Begin to look."""
        self.action_again()

    def action_again(self) -> None:
        """Look which devices there are."""
        self.show("Looking for the devices…", {})
        self._find()

    @work(thread=True, exclusive=True)
    def _find(self) -> None:
        """Ask the sound server, in a thread, as it may be slow."""
        try:
            found = devices()
        except NoSoundError as error:
            found = Listing((), {"": str(error)})
        self.from_thread(self._list, found)

    def _list(self, found: Listing) -> None:
        used = self.cadence_app.settings.device
        self._names = {_USUAL: ""}
        rows = {_USUAL: f"{'*' if not used else ' '} the usual one"}
        for device in found.devices:
            key = f"{device.backend} {device.index}"
            self._names[key] = name = name_of(device, found.devices)
            mark = "*" if name == used else " "
            rows[key] = (
                f"{mark} {device.name}\n    {device.backend}: {device.host_api}, "
                f"{device.rate} Hz, {1000 * device.latency:.0f} ms"
            )
        player = self.cadence_app.player
        now = "Nothing can be heard." if player.silent else f"Now: {player.device}."
        reasons = [": ".join(filter(None, each)) for each in found.reasons.items()]
        self.show("\n".join([f"{now} * is used from the next start.", *reasons]), rows)

    def action_take(self) -> None:
        """Use the chosen device from the next start."""
        if self.chosen in self._names:
            name = self._names[self.chosen]
            self.cadence_app.change_settings(lambda saved: changed(saved, "device", name))
            self.notify(f"{name or 'The usual device'} is used from the next start.")
            self.action_again()
