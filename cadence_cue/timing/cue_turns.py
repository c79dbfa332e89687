"""Whose turn it is among the cues of a part, and which have had theirs."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from cadence_cue.coaching.part import Cues
from cadence_cue.timing.kept import Said
from cadence_cue.timing.layout import Placed
from cadence_cue.timing.reasons import Reason
from cadence_cue.timing.speaker import Speaker

_BLOCK = 300  # seconds, at most, that several ideas of one run have in turn


class Turns:
    """Whose turn it is: each of a part's blocks goes on where it was when it was last its time."""

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
        """Chants without a sentence that were chanted or did not fit: they have no second turn."""
        self._next = [""] * len(blocks)
        for k, block in enumerate(blocks):
            self._go_on(k)
            texts = set(block.texts())
            for _ in range(sum(text in texts for text in self.said) + (chanted and k == 0)):
                self._take(k)

    def block(self, instant: Fraction) -> int:
        """Which block an instant belongs to."""
        count, length = len(self._orders), self._placed.end - self._placed.start
        if count == 1:
            return 0
        share = min(Fraction(_BLOCK), length / count)
        return int((instant - self._placed.start) / share) % count

    def cues(self, instant: Fraction) -> Cues:
        """The cues that are spoken at this time."""
        return self._placed.part.cueing.blocks[self.block(instant)]

    def text(self, instant: Fraction) -> str:
        """The cue whose turn it is."""
        return self._setup[0] if self._setup else self._next[self.block(instant)]

    def chant(self, instant: Fraction) -> tuple[str, ...]:
        """Its words, where it can be chanted and nothing was chanted in this part yet."""
        chants = dict(self.cues(instant).chants)
        return () if self.chanted else chants.get(self.text(instant), ())

    def take(self, instant: Fraction) -> None:
        """It was said: another one's turn."""
        self.said.append(self.text(instant))
        if self._setup:
            self._setup.pop(0)
        else:
            self._take(self.block(instant))

    def pass_over(self, instant: Fraction) -> None:
        """It is a chant without a sentence and does not fit: another one's turn."""
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
