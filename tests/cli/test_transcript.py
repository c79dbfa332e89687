"""Plain lines tell what is heard, when it is heard, whatever the clock does."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from cadence_cue.cli.transcript import Transcript
from cadence_cue.timing.timeline import Bus
from tests.transporting import LOOK, Stage, perform
from tests.transporting import stage as staged

REST = {"rest": "", "time": "12s"}
RUN = {"run": "", "time": "9s", "tempo": 170}


class Reader:
    """Reads the lines of a transport after each look, and what of it has sounded by then."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.transcript = Transcript(stage.transport)
        self.told: list[str] = []

    @property
    def sounded(self) -> list[str]:
        """Every spoken text of which a frame was made, in order."""
        playings = self.stage.playings.items()
        runs = [run for number, playing in playings for run in self.stage._runs(number, playing)]
        return [
            event.sound
            for timeline, start, end in runs
            for event in timeline
            if event.bus is Bus.VOICE and start <= event.frame < end
        ]

    def look(self) -> None:
        self.told += self.transcript.lines()
        spoken = [line.split('"')[1] for line in self.told if '"' in line]
        sounded = self.sounded
        assert spoken == sounded[: len(spoken)]
        assert len(sounded) - len(spoken) <= 1  # told with the next block

    def play(self, seconds: float) -> None:
        for _ in range(round(seconds * 48000 / LOOK)):
            self.stage.poll()
            self.look()
            self.stage.make(LOOK)
        self.stage.poll()
        self.look()


def test_nothing_is_told_before_it_sounds() -> None:
    with staged(perform(RUN, REST, RUN, REST, RUN)) as stage:
        stage.transport.play()
        reader = Reader(stage)
        reader.look()
        reader.play(6)
        assert reader.told
        acts: tuple[Callable[[], object], ...] = (
            stage.transport.wait,
            list,
            stage.transport.go_on,
            stage.transport.pause,
            list,
            stage.transport.go_on,
            stage.transport.next,
            lambda: stage.transport.nudge(Fraction(2)),
            stage.transport.previous,
            stage.transport.wait,
        )
        for act in acts:
            act()
            reader.look()
            reader.play(8)
        assert len(reader.sounded) > 3
