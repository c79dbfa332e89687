"""Removes from a part the texts that the voice cannot speak, so that planning can rely on the rest.

A session's own texts are checked before anything is planned (see studio), but those of a runner's
own drill file may lack a recording.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace

from cadence_cue.coaching.part import Cues, Part


def voiced(part: Part, known: Container[str]) -> tuple[Part, tuple[str, ...]]:
    """Return the part with only the texts that are `known`, and the texts that were removed."""
    missing: dict[str, None] = {}

    def has(text: str) -> bool:
        if text and text not in known:
            missing[text] = None
        return text in known

    def only(texts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(filter(has, texts))

    def cues(block: Cues) -> Cues:
        chants = tuple(each for each in block.chants if all(word in known for word in each[1]))
        chanted = {text for text, _ in chants}  # needs no recording as a sentence

        def sayable(texts: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(text for text in texts if text in chanted or has(text))

        return replace(
            block,
            first=only(block.first),
            main=sayable(block.main),
            between=only(block.between),
            closing=sayable(block.closing),
            alone=sayable(block.alone),
            chants=chants,
        )

    announced, cueing = part.announcement, part.cueing
    spoken = replace(
        part,
        announcement=replace(
            announced,
            full=only(announced.full),
            short=only(announced.short),
            setup=only(announced.setup),
            whole=announced.whole if announced.whole in known else "",
        ),
        opening=only(part.opening),
        closing=part.closing if has(part.closing) else "",
        say=tuple(say for say in part.say if has(say.text)),
        lines=tuple(line for line in part.lines if line.text in known),
        cueing=replace(cueing, blocks=tuple(filter(_speaks, map(cues, cueing.blocks)))),
    )
    return (spoken, tuple(missing)) if missing else (part, ())


def _speaks(cues: Cues) -> bool:
    return bool(cues.main or cues.between)
