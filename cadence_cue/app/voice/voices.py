"""The shipped voices: what each has, and how one is heard."""

from __future__ import annotations

from dataclasses import dataclass

from cadence_cue.voice.manifest import voice_names
from cadence_cue.voice.voice import Voice

SAMPLE = "Pull the heel straight up"
"""A text that every voice has a clip of."""


@dataclass(frozen=True, slots=True)
class VoiceFacts:
    """A voice: who it is, its licence, the texts it can speak, and its size in megabytes."""

    name: str
    who: str
    licence: str
    texts: tuple[str, ...]
    megabytes: float


def voices() -> list[VoiceFacts]:
    """All of them. Raises UserError if one is damaged."""
    return [_facts(Voice.load(name)) for name in voice_names()]


def _facts(voice: Voice) -> VoiceFacts:
    return VoiceFacts(
        voice.name,
        voice.about["who"],
        voice.about["licence"],
        tuple(sorted(voice.texts)),
        voice.bytes() / 1e6,
    )
