"""Which cue of a part is next, and which have been said.

Separate from `cues`, which decides when; this holds the position in each block's rotation.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from cadence_cue.coaching.part import Cues
from cadence_cue.timing.kept import Said
from cadence_cue.timing.layout import Placed
from cadence_cue.timing.reasons import Reason
from cadence_cue.timing.speaker import Speaker

_BLOCK = 300  # seconds, at most, before a run with several ideas moves on to the next


class Turns:
    """The position in the rotation of each of a part's blocks.

    A block that is used again continues where it stopped.
    """

    def __init__(
        self,
        placed: Placed,
        speaker: Speaker,
        said: Sequence[Said],
        setup: Sequence[str],
        *,
        chanted: bool,
    ) -> None:
        self._placed = placed
        self._speaker = speaker
        self._setup = list(setup)
        blocks = placed.part.cueing.blocks
        self._orders = [block.order() for block in blocks]
        self.said = [each.text for each in said]
        self.chanted = chanted
        left_out = speaker.past.left_out(placed.index)
        self.over = {each.text for each in left_out if each.reason is Reason.NO_FIT}
        """Chants that cannot be said as a sentence and were chanted, or did not fit.

        They are not tried again.
        """
        self.unfit: list[str] = []
        """Those of them that did not fit just now."""
        self._next = [""] * len(blocks)
        for k in range(len(blocks)):
            self._go_on(k)
        for turn in speaker.past.turns_in(placed.index):
            if turn.block < len(blocks):  # an edit may have brought other cues
                self._take(turn.block)

    def block(self, instant: Fraction) -> int:
        """Return the index of the block that an instant belongs to."""
        count = len(self._orders)
        if count == 1:
            return 0
        share = min(Fraction(_BLOCK), (self._placed.end - self._placed.start) / count)
        return int((instant - self._placed.start) / share) % count

    def cues(self, instant: Fraction) -> Cues:
        """Return the cues of the block that an instant belongs to."""
        return self._placed.part.cueing.blocks[self.block(instant)]

    def text(self, instant: Fraction) -> str:
        """Return the text of the next cue."""
        return self._setup[0] if self._setup else self._next[self.block(instant)]

    def chant(self, instant: Fraction) -> tuple[str, ...]:
        """Return the next cue's words if it can be chanted and no chant was used yet, else ()."""
        chants = dict(self.cues(instant).chants)
        return () if self.chanted else chants.get(self.text(instant), ())

    def take(self, instant: Fraction) -> int | None:
        """Record that the next cue is said, and move on.

        Return the block whose turn it was; None for a set-up cue, which takes no turn.
        """
        self.said.append(self.text(instant))
        if self._setup:
            self._setup.pop(0)
            return None
        block = self.block(instant)
        self._take(block)
        return block

    def pass_over(self, instant: Fraction) -> None:
        """Move on without saying the next cue: a chant that does not fit and has no sentence."""
        self.unfit.append(self.text(instant))
        self._take(self.block(instant))

    def _take(self, k: int) -> None:
        if not self._speaker.knows(self._next[k : k + 1]):
            self.over.add(self._next[k])
        self._go_on(k)

    def _go_on(self, k: int) -> None:
        block = self._placed.part.cueing.blocks[k]
        self._next[k] = next(self._orders[k])
        while self._next[k] in self.over and not {*block.main, *block.between} <= self.over:
            self._next[k] = next(self._orders[k])
