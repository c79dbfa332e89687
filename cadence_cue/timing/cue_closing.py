"""Chooses a part's last cue: one that relaxes, or that directs attention outside the body.

An only cue is about the movement instead.

Separate from `cues` because it revises a choice that has already been made.
"""

from __future__ import annotations

from dataclasses import replace

from cadence_cue.timing.cue_room import SpokenCue, ends, free_from, has_room, plain
from cadence_cue.timing.cue_turns import Turns
from cadence_cue.timing.kept import Said
from cadence_cue.timing.layout import Placed
from cadence_cue.timing.speaker import Speaker

_TWO = 2  # cues, of which the second may be a correction


def close(
    placed: Placed, speaker: Speaker, turns: Turns, chosen: list[SpokenCue], before: Said | None
) -> None:
    """Drop cues from the end of `chosen` until the last one may close the part.

    Where another closing cue fits in place of a dropped one, it is used. `before` is what was said
    before the first of `chosen`.
    """
    while chosen:
        last = chosen.pop()
        block = turns.cues(last.moment[0])
        only = not chosen and before is None
        closing = block.alone if only else block.closing
        pair = block.second if len(turns.said) == _TWO and not only else ()
        kept = closing[:1] if only else (*closing, *pair)
        if not closing or last.text in kept:
            chosen.append(last)
            return
        said = {*turns.said, *(cue.text for cue in chosen)}
        for text in closing:
            if text == last.text:
                chosen.append(last)
                return
            if text in said:
                continue
            cue = plain(speaker, text, last.moment, placed.index)
            if cue is None or cue.end > ends(placed, speaker):
                continue
            if chosen:
                free = free_from(chosen[-1].start, chosen[-1].end, placed, speaker)
            else:
                free = free_from(before.frame, before.end, placed, speaker) if before else 0
            if cue.start >= free and has_room(cue, placed, speaker):
                chosen.append(replace(cue, block=last.block))
                return
