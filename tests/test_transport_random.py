"""Many random actions: the engine plays the right frames of the session with its edits."""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction

import pytest

from cadence_cue import studio
from cadence_cue.studio import Performance
from cadence_cue.timing.editing import Edit
from tests.matrix import matrix
from tests.transporting import LIBRARY, Stage, perform, stage, within

FAR = 1 << 40
SESSION = (
    {"run": "", "time": "20s", "tempo": "own", "cues": ["lean"], "cue_every": "6s"},
    {"run": "", "time": "24 beats", "tempo": "+5%", "accent": 4},
    {"rest": "", "time": "12s"},
    {"drill": "toe-taps", "side": "both", "time": "24s"},
    {"rest": "", "time": "10s"},
    {"run": "", "time": "18s", "tempo": "150 -> 190", "cues": ["relaxed"]},
    {"walk": "", "time": "8s", "say": [{"at": "2s", "text": "Soften your hands"}]},
    {"drill": "fall-to-run", "time": "16s"},
    {"run": "", "time": "30 beats", "tempo": "own", "beat": "3 on, 2 off"},
    {"rest": "", "time": "9s"},
    {"drill": "toe-taps", "side": "left", "time": "15s"},
    {"walk": "", "time": "6s"},
)


class Runner:
    """Presses any key at any time."""

    def __init__(self, on: Stage, seed: int) -> None:
        self._stage = on
        self._draw = random.Random(seed)
        transport = on.transport
        self.actions: list[tuple[int, Callable[[], object]]] = [
            (4, transport.pause),
            (6, transport.go_on),
            (2, transport.next),
            (2, transport.previous),
            (2, self._jump),
            (3, self._seek),
            (12, self._nudge),
            (3, self._type),
            (3, self._tap),
            (1, transport.to_own_cadence),
            (8, self._shift),
            (4, transport.wait),
            (2, lambda: transport.mute("beat")),
            (2, lambda: transport.mute("voice")),
            (3, lambda: transport.volume(self._draw.choice((-6, 2)))),
        ]

    def act(self) -> None:
        """Do something, or a few things at once, then listen a while."""
        draw, on = self._draw, self._stage
        weights, actions = zip(*self.actions, strict=True)
        for action in draw.choices(actions, weights, k=draw.choice((1, 1, 1, 2, 3))):
            action()
            on.note()
        if on.transport.ended:
            self._seek()
        for _ in range(draw.randint(0, 12)):
            on.poll()
            on.make(draw.choice((1, 256, 1000, 2400, 5000)))
        on.poll()

    def _jump(self) -> None:
        self._stage.transport.jump(self._draw.randrange(len(SESSION)))

    def _seek(self) -> None:
        transport = self._stage.transport
        transport.seek(self._draw.randrange(transport.timeline.frames - 48000))

    def _nudge(self) -> None:
        self._stage.transport.nudge(Fraction(self._draw.choice((-5, -1, 1, 5))))

    def _type(self) -> None:
        self._stage.transport.set_tempo(Fraction(self._draw.randint(60, 310)))

    def _tap(self) -> None:
        step = self._draw.uniform(0.25, 0.7)
        for _ in range(self._draw.randint(1, 6)):
            self._stage.transport.tap()
            self._stage.now += step + self._draw.uniform(-0.02, 0.02)

    def _shift(self) -> None:
        self._stage.transport.shift(Fraction(self._draw.choice((-5, 5)), 1000))


def slow(on: Stage, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Now and then planning takes so long that the beat it was made for has gone by."""
    draw = random.Random(seed)
    edited = Performance.edited

    def slowly(performance: Performance, *edits: Edit) -> Performance:
        if draw.random() < 0.1:
            on.make(draw.choice((5000, 30000)))
        return edited(performance, *edits)

    monkeypatch.setattr(Performance, "edited", slowly)


@pytest.mark.parametrize(("seed", "actions"), matrix([(1, 100), (1, 1000), (2, 1000)]))
def test_random_actions_leave_it_playing_the_right_frames(
    seed: int, actions: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    performance = perform(*SESSION)
    with stage(performance) as on:
        on.transport.play()
        slow(on, seed, monkeypatch)
        runner = Runner(on, seed)
        for _ in range(actions):
            runner.act()
        monkeypatch.undo()
        on.run(0.2)  # what is on its way arrives
        assert len(on.playings) > actions / 10
        on.check()
        check_afresh(performance, on)


def check_afresh(performance: Performance, on: Stage) -> None:
    """A performance made afresh from the edits of what was played is the one that was played."""
    known = {playing.performance.edits: playing.performance for playing in on.playings.values()}
    for edits, played in list(known.items())[:: max(len(known) // 20, 1)]:
        afresh = studio.perform(performance.session, LIBRARY, performance.spec).edited(*edits)
        assert afresh.timeline.marks == played.timeline.marks
        assert afresh.timeline.frames == played.timeline.frames
        assert within(afresh.timeline, -FAR, FAR) == within(played.timeline, -FAR, FAR)
