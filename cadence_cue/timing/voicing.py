"""What of a part the voice can speak: only that is planned, the rest is listed.

A session's own texts are checked before anything is planned (see studio); what a runner's own drill
file holds may lack a recording.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace

from cadence_cue.coaching.part import Announcement, Part


def voiced(part: Part, known: Container[str]) -> tuple[Part, tuple[str, ...]]:
    """The part with only those texts that are known, and the texts that were left away."""
    missing: dict[str, None] = {}

    def has(text: str) -> bool:
        if text and text not in known:
            missing[text] = None
        return text in known

    def only(texts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(filter(has, texts))

    announced, cueing = part.announcement, part.cueing
    spoken = replace(
        part,
        announcement=Announcement(only(announced.full), only(announced.short), announced.minor),
        opening=only(part.opening),
        closing=part.closing if has(part.closing) else "",
        say=tuple(say for say in part.say if has(say.text)),
        cueing=replace(cueing, first=only(cueing.first), cycle=only(cueing.cycle)),
    )
    return (spoken, tuple(missing)) if missing else (part, ())
