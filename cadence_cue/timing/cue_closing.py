"""What a part's cues end with: one that relaxes or turns the attention outside."""

from __future__ import annotations

from cadence_cue.timing.cue_room import SpokenCue, ends, free_from, has_room, plain
from cadence_cue.timing.cue_turns import Turns
from cadence_cue.timing.kept import Said
from cadence_cue.timing.layout import Placed
from cadence_cue.timing.speaker import Speaker


def close(
    placed: Placed, speaker: Speaker, turns: Turns, chosen: list[SpokenCue], before: Said | None
) -> None:
    """Make the last cue one that may close the part, or leave out what may not."""
    while chosen:
        last = chosen.pop()
        closing = turns.cues(last.moment[0]).closing
        if not closing or last.text in closing:
            chosen.append(last)
            return
        said = {*turns.said, *(cue.text for cue in chosen)}
        for text in closing:
            if text in said:
                continue
            cue = plain(speaker, text, last.moment)
            if cue is None or cue.end > ends(placed, speaker):
                continue
            if chosen:
                free = free_from(chosen[-1].start, chosen[-1].end, placed, speaker)
            else:
                free = free_from(before.frame, before.end, placed, speaker) if before else 0
            if cue.start >= free and has_room(cue, placed, speaker):
                chosen.append(cue)
                return
