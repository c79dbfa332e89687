"""The steps that the screen listens for while something plays, and what it shows of them."""

from __future__ import annotations

from collections.abc import Sequence

from cadence_cue.app.choices import ALTERNATE, ALWAYS
from cadence_cue.app.key_steps import KeySteps
from cadence_cue.app.live_score import LiveScore
from cadence_cue.app.score_lines import phase_line
from cadence_cue.app.scoring import BY_KEYS, Score
from cadence_cue.app.spoken_score import SpokenScore
from cadence_cue.coaching.part import Part
from cadence_cue.transport.tempo_control import Messages
from cadence_cue.transport.transport import Transport
from cadence_cue.tui.step_lane import LaneView

_READ = 10  # seconds that the line about a set stays


class Stepping:
    """Whether the screen listens for steps, and how they meet the beats of what plays.

    `lane` says in which sets the lane is shown, one of app.choices.LANES, and `speaks` whether the
    voice tells what stands out.
    """

    def __init__(self, *, on: bool = False, lane: str = ALTERNATE, speaks: bool = False) -> None:
        self.on = on
        """Whether keys are steps while something plays."""
        self._lane, self._speaks = lane, speaks
        self._score: LiveScore | None = None
        self._keys: KeySteps | None = None
        self._spoken: SpokenScore | None = None
        self._told = ""  # about the set that ended
        self._told_at = 0  # the frame that was heard then

    def toggle(self) -> Messages:
        """Listen for steps, or no more."""
        self.on = not self.on
        self.pause()
        return ["listening for your steps" if self.on else "no longer listening for steps"]

    def pause(self) -> None:
        """Leave out what is heard until the next `poll`: nobody can step on it."""
        if self._score:
            self._score.rest()

    def takes(self, key: str, at: float) -> bool:
        """Return whether a key that was read at an instant of time.monotonic() is a step."""
        return self.on and self._keys is not None and self._keys.takes(key, at)

    def poll(self, transport: Transport) -> Messages:
        """Follow what is heard; return a line about each set that has ended."""
        if not self.on:
            return []
        if self._score is None or self._keys is None:
            self._score = LiveScore(transport.performance.session, BY_KEYS)
            self._keys = KeySteps(self._score, transport)
            self._spoken = SpokenScore(transport) if self._speaks else None
        self._keys.poll()
        ended = self._score.judged()
        if self._spoken:
            self._spoken.tell(ended)
        stepped = [each for each in ended if each.judgement.judged or each.judgement.extra]
        if not stepped:
            return []
        so_far = self._score.so_far()
        lines = [phase_line(phase, so_far) for phase in stepped]
        self._told, self._told_at = lines[-1], transport.position.frame
        return lines

    def end(self) -> Score | None:
        """Return the score of what played, and forget it; None if nobody listened."""
        score, self._score, self._keys = self._score, None, None
        self._told = ""
        return score.end() if score else None

    def line(self, frame: int, rate: int) -> str:
        """Return the line about the set that ended shortly before a frame; "" if none did."""
        fresh = 0 <= frame - self._told_at < _READ * rate
        return self._told if self.on and fresh else ""

    def view(self, parts: Sequence[Part]) -> LaneView:
        """Return what the lane shows of the phase that plays, one of these parts."""
        if self._score is None or not self.on:
            return LaneView()
        found = self._score.at_present()
        if found.phase < 0:
            return LaneView()
        count = f"{found.matched} of {found.beats}" if found.beats else ""
        shown = self._lane == ALWAYS or (
            self._lane == ALTERNATE and set_number(parts, found.phase) % 2 == 1
        )
        return LaneView(count, found.offsets if shown else None, BY_KEYS.calibrated)


def set_number(parts: Sequence[Part], index: int) -> int:
    """Return which set of its drill a part is; both legs of a set have the same number.

    Feedback in each set would teach people to follow it, and to do without it worse than before.
    """
    part = parts[index]
    return sum(
        (each.kind, each.drill or each.title, each.foot)
        == (part.kind, part.drill or part.title, part.foot)
        for each in parts[: index + 1]
    )
