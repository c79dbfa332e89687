"""The steps that the screen listens for while something plays, and what it shows of them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING

from cadence_cue.app.choices import ALTERNATE, ALWAYS
from cadence_cue.app.settings import Settings
from cadence_cue.coaching.part import Part
from cadence_cue.live.player import Player
from cadence_cue.transport.actions import STEP_KEYS
from cadence_cue.tui.step_lane import LaneView

if TYPE_CHECKING:
    from cadence_cue.app.score.hearing import Hearing
    from cadence_cue.app.score.key_steps import KeySteps
    from cadence_cue.app.score.live import LiveScore
    from cadence_cue.app.score.scoring import Score
    from cadence_cue.app.score.spoken import SpokenScore
    from cadence_cue.transport.tempo_control import Messages
    from cadence_cue.transport.transport import Transport

_READ = 10  # seconds that the line about a set stays

_OFFER = "listening for your steps; {} measures how late {}"
_MEASURE = "app.calibrate", "C"  # the action that leads there, and its usual key


class Stepping:
    """Whether the screen listens for steps, and how they meet the beats of what plays.

    They come from keys, or with `by_microphone` from there. `lane` says in which sets the lane is
    shown, one of app.choices.LANES, and `speaks` whether the voice tells what stands out.
    """

    def __init__(
        self,
        *,
        on: bool = False,
        by_microphone: bool = False,
        lane: str = ALTERNATE,
        speaks: bool = False,
    ) -> None:
        self.on = on
        """Whether steps are listened for while something plays."""
        self.by_microphone = self._chosen = by_microphone
        self._lane, self._speaks = lane, speaks
        self._score: LiveScore | None = None
        self._keys: KeySteps | None = None
        self._hearing: Hearing | None = None
        self._open = ExitStack()  # the microphone, while it is listened to
        self._noticed = 0  # of its notices
        self._offer = ""  # to measure what is not known, the first time that it matters
        self._spoken: SpokenScore | None = None
        self._told = ""  # about the set that ended
        self._told_at = 0  # the frame that was heard then

    @property
    def on_keys(self) -> bool:
        """Whether some keys are steps while something plays."""
        return self.on and not self.by_microphone

    def toggle(self) -> Messages:
        """Listen for steps, or no more."""
        self.on = not self.on
        self.reopen()
        if not self.on:
            return ["no longer listening for steps"]
        return [f"listening for your steps{' by microphone' if self.by_microphone else ''}"]

    def choose(self, *, by_microphone: bool) -> None:
        """Take steps from the microphone or from keys, once what is scored has ended."""
        self._chosen = by_microphone
        if self._score is None:
            self.by_microphone = by_microphone

    def reopen(self) -> None:
        """Let the microphone go; the next `poll` listens anew."""
        self.pause()
        self._close()

    def pause(self) -> None:
        """Leave out what is heard until the next `poll`: nobody can step on it."""
        if self._score:
            self._score.rest()

    def takes(self, key: str, at: float) -> bool:
        """Return whether a key that was read at an instant of time.monotonic() is a step."""
        if not self.on_keys or key not in STEP_KEYS:
            return False
        if self._keys:  # else nothing was heard yet that it could meet
            self._keys.takes(key, at)
        return True

    def poll(self, transport: Transport, player: Player, settings: Settings) -> Messages:
        """Follow what is heard; return a line about each set that has ended."""
        if not self.on:
            return []
        from cadence_cue.app.score.lines import ended_lines

        score = self._score or self._begin(transport, player, settings)
        source = self._hearing or self._keys
        source = source or self._open_source(score, transport, player, settings)
        source.poll()
        ended = score.judged()
        if self._spoken:
            self._spoken.tell(ended)
        lines = ended_lines(score, ended)
        if lines:
            self._told, self._told_at = lines[-1], transport.position.frame
        return lines

    def news(self) -> Messages:
        """Return what there is to tell of the source since the last call."""
        notices = self._hearing.notices if self._hearing else []
        news, self._noticed = notices[self._noticed :], len(notices)
        offer, self._offer = self._offer, ""
        return [offer, *news] if offer else news

    def end(self) -> Score | None:
        """Return the score of what played, and forget it; None if nobody listened."""
        if self._hearing:
            self._hearing.finish()
        self._close()
        score, self._score = self._score, None
        self.by_microphone = self._chosen
        self._told = ""
        return score.end() if score else None

    def _begin(self, transport: Transport, player: Player, settings: Settings) -> LiveScore:
        """Begin a score."""
        from cadence_cue.app.score import hearing
        from cadence_cue.app.score.live import LiveScore
        from cadence_cue.app.score.spoken import SpokenScore

        source = hearing.key_source(player, settings)
        self._score = LiveScore(transport.performance.session, source)
        self._spoken = SpokenScore(transport) if self._speaks else None
        if late := hearing.unmeasured(player, settings, by_microphone=self.by_microphone):
            action, key = _MEASURE
            key = dict(settings.keys).get(action, key)
            self._offer = _OFFER.format(key, late)
        return self._score

    def _open_source(
        self, score: LiveScore, transport: Transport, player: Player, settings: Settings
    ) -> KeySteps | Hearing:
        """Listen to the keys, or to the microphone."""
        from cadence_cue.app.score import hearing
        from cadence_cue.app.score.key_steps import KeySteps

        if not self.by_microphone:
            score.source = hearing.key_source(player, settings)  # it may be measured by now
            self._keys = KeySteps(score, transport)
            return self._keys
        microphone = self._open.enter_context(hearing.microphone(player, settings))
        self._hearing = hearing.Hearing(score, transport, player, microphone, settings)
        return self._hearing

    def _close(self) -> None:
        self._open.close()
        self._keys = self._hearing = None
        self._noticed = 0

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
        return LaneView(count, found.offsets if shown else None, self._score.source.calibrated)


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
