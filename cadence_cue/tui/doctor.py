"""The screen that checks everything that the sound depends on, as the command `doctor` does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.worker import get_current_worker

from cadence_cue.app import findings
from cadence_cue.app.device import DeviceOptions
from cadence_cue.app.findings import Section
from cadence_cue.tui.page import END, ENDS
from cadence_cue.tui.rows import BACK, TextPage

_SECONDS = 5.0  # to measure the sound


class DoctorScreen(TextPage):
    """Shows each finding as soon as it is there, and the problems with their remedies first."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "again", "check again", id="doctor.again"),
        END,
        BACK,
    ]

    def __init__(self) -> None:
        super().__init__(name="Doctor")

    def on_mount(self) -> None:
        """Begin to check."""
        self.action_again()

    def action_again(self) -> None:
        """Check everything again."""
        self._check(self.key_of(ENDS))

    @work(thread=True, exclusive=True)
    def _check(self, ends: str) -> None:
        """Check one thing after the other, in a thread; what plays is not disturbed."""
        worker = get_current_worker()
        sections: list[Section] = []
        for title, section in self._sections(ends):
            if worker.is_cancelled:
                return
            sections += [section] if section else []
            self.from_thread(self._list, [*sections], title)

    def _sections(self, ends: str) -> Iterator[tuple[str, Section | None]]:
        """Yield what is checked next, and what the check before found."""
        from cadence_cue.app import checkup

        settings, plays = self.cadence_app.settings, self.cadence_app.transport
        yield "the versions", None
        yield "the devices", findings.versions()
        yield "the sound" if plays else f"the sound, {_SECONDS:g} s", checkup.devices()
        if plays:
            told = f"not measured while something plays; {ends} ends that"
            measured = Section("Sound", (told,))
        else:
            measured = checkup.sound(DeviceOptions().output(settings), _SECONDS)
        yield "the file formats", measured
        yield "the folders and the voice", findings.formats()
        yield "the voice", findings.folders()
        yield "", findings.voice(settings.voice)

    def _list(self, sections: list[Section], next_one: str) -> None:
        problems = findings.problems(sections)
        shown = [Section("Checking…", (next_one,))] if next_one else []
        if not next_one or any(section.problems for section in sections):
            shown.append(problems)
        lines = []
        for section in [*shown, *sections]:
            lines += [section.title, *(f"  {line}" for line in section.lines), ""]
        self.show(lines)
