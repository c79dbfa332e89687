"""The texts that can be spoken and how long they take, as mappings that planning reads.

Lengths are looked up text by text, so that only those that are needed are computed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction
from itertools import chain

from cadence_cue.timing.timeline import Utterance
from cadence_cue.voice.voice import Voice

# Seconds that a text without a clip is estimated to last when the voice is off anyway.
_SILENT_START, _SILENT_LETTER = 0.35, 0.065


class Lines(Mapping[str, Utterance]):
    """Every text that can be spoken, with its length and anchor in frames at one rate.

    `unvoiced` are additional texts that the voice does not have; their length is estimated.
    """

    def __init__(self, voice: Voice, rate: int, unvoiced: Collection[str] = ()) -> None:
        self._voice = voice
        self.rate = rate
        """Frames per second."""
        self._known = {
            text: Utterance(text, round((_SILENT_START + _SILENT_LETTER * len(text)) * rate), 0)
            for text in unvoiced
            if text not in voice.texts
        }
        self._unvoiced = tuple(self._known)

    def __getitem__(self, text: str) -> Utterance:
        if text not in self._known:
            if text not in self._voice.texts:
                raise KeyError(text)
            self._known.update(self._voice.utterances([text], self.rate))
        return self._known[text]

    def __contains__(self, text: object) -> bool:
        return text in self._known or text in self._voice.texts

    def __iter__(self) -> Iterator[str]:
        return chain(self._voice.texts, self._unvoiced)

    def __len__(self) -> int:
        return len(self._voice.texts) + len(self._unvoiced)


class Seconds(Mapping[str, Fraction]):
    """The same texts with their exact length in seconds."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines

    def __getitem__(self, text: str) -> Fraction:
        return Fraction(self._lines[text].frames, self._lines.rate)

    def __contains__(self, text: object) -> bool:
        return text in self._lines

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)
