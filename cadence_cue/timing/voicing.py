"""Removes from a part the texts that the voice cannot speak, so that planning can rely on the rest.

A session's own texts are checked before anything is planned (see studio), but those of a runner's
own drill file may lack a recording.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import replace

from cadence_cue.coaching.part import Cues, Part


def voiced(part: Part, known: Container[str]) -> tuple[Part, tuple[str, ...]]:
    """Return the part with only the texts that are `known`, and the texts that were removed."""
    missing = tuple(dict.fromkeys(text for text in _needed(part, known) if text not in known))
    return (_only_known(part, known), missing) if missing else (part, ())


def _needed(part: Part, known: Container[str]) -> Iterator[str]:
    """Yield every text that must be known to be said; what can be chanted needs only its words."""
    announced = part.announcement
    yield from (*announced.full, *announced.short, *announced.setup, *part.opening)
    if part.closing:
        yield part.closing
    yield from (say.text for say in part.say)
    for block in part.cueing.blocks:
        chanted = _chanted(block, known)
        yield from block.first
        yield from (text for text in block.main if text not in chanted)
        yield from block.between
        yield from (text for text in (*block.closing, *block.alone) if text not in chanted)


def _chanted(block: Cues, known: Container[str]) -> set[str]:
    return {text for text, words in block.chants if all(word in known for word in words)}


def _only_known(part: Part, known: Container[str]) -> Part:
    def only(texts: Iterable[str]) -> tuple[str, ...]:
        return tuple(text for text in texts if text in known)

    def cues(block: Cues) -> Cues:
        chanted = _chanted(block, known)

        def sayable(texts: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(text for text in texts if text in chanted or text in known)

        return replace(
            block,
            first=only(block.first),
            main=sayable(block.main),
            between=only(block.between),
            closing=sayable(block.closing),
            alone=sayable(block.alone),
            chants=tuple(each for each in block.chants if all(word in known for word in each[1])),
        )

    announced, cueing = part.announcement, part.cueing
    return replace(
        part,
        announcement=replace(
            announced,
            full=only(announced.full),
            short=only(announced.short),
            setup=only(announced.setup),
            whole=announced.whole if announced.whole in known else "",
        ),
        opening=only(part.opening),
        closing=part.closing if part.closing in known else "",
        say=tuple(say for say in part.say if say.text in known),
        lines=tuple(line for line in part.lines if line.text in known),
        cueing=replace(cueing, blocks=tuple(filter(_speaks, map(cues, cueing.blocks)))),
    )


def _speaks(cues: Cues) -> bool:
    return bool(cues.main or cues.between)
