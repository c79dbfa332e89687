"""The lines of phases and spoken texts, each given once it is heard."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cadence_cue.cli.telling import phase_line
from cadence_cue.live.control import State
from cadence_cue.timing.timeline import Bus
from cadence_cue.transport.places import told_time

if TYPE_CHECKING:
    from cadence_cue.timing.timeline import Timeline
    from cadence_cue.transport.transport import Transport

_Line = tuple[int, int, str]  # frame, 0 for a phase or 1 for speech, text


class Transcript:
    """The lines of one performance that plays; follows its jumps and changes of tempo."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._generation = -1
        self._timeline: Timeline | None = None
        self._to_come: list[_Line] = []
        self._given = 0  # lines before this frame were given

    def lines(self) -> list[str]:
        """The lines of what began to sound since the last call; none while the clock stands."""
        transport = self._transport
        position, timeline = transport.position, transport.timeline
        if position.generation != self._generation:
            # The heading of a phase is given again if it is entered in the middle.
            first, since = transport.phase, transport.begun
            phases = [mark.index for mark in timeline.marks if mark.index >= first]
            self._to_come, self._given = self._upcoming(timeline, phases, since), since
        elif timeline is not self._timeline:
            since = self._given
            phases = [mark.index for mark in timeline.marks if mark.start >= since]
            self._to_come = self._upcoming(timeline, phases, since)
        self._generation, self._timeline = position.generation, timeline
        if position.state is State.WAITING:
            return []  # for the device, which has not begun to play
        self._given = position.frame
        lines = []
        # A clock that stands at a frame has not played it.
        while self._to_come and self._to_come[0][0] < position.frame:
            frame, _, line = self._to_come.pop(0)
            time = told_time(transport.performance, frame)
            lines.append(f"{'-' if time[0] == '-' else ' '}{time.lstrip('-'):>5}  {line}")
        return lines

    def _upcoming(self, timeline: Timeline, phases: list[int], since: int) -> list[_Line]:
        return sorted([*_phases(timeline, phases), *self._spoken(timeline, since)])

    def _spoken(self, timeline: Timeline, since: int) -> Iterator[_Line]:
        """The lines of what is spoken from a frame on."""
        if self._transport.performance.spec.speaks:
            for event in timeline:
                if event.bus is Bus.VOICE and event.frame >= since:
                    yield event.frame, 1, f'       "{event.sound}"'


def _phases(timeline: Timeline, phases: list[int]) -> Iterator[_Line]:
    for phase in phases:
        mark = timeline.marks[phase]
        yield mark.start, 0, phase_line(mark, timeline)
