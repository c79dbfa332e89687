"""Stretches a piece along its map, keeping its pitch.

Block by block of some beats, each by one ratio, which is never more than 3 ms from the map. Blocks
join a little before a beat, where little happens, and where the two sound most alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

from cadence_cue.media.samples import Samples
from cadence_cue.music.grids import LEAD
from cadence_cue.music.matching import BAR, Span

_LONGEST, _SHORTEST = 16, 2  # beats of a block
_ERROR = 0.003  # seconds from the map, within a block
_MARGIN = 0.15  # seconds of sound around a block, which the stretcher needs
_FADE = 0.012  # seconds over which they do
_ALIKE = 0.002  # seconds within which the most alike join is looked for


class Source:
    """The samples of a piece by their frame, read once and forwards; shape (n, 2)."""

    def __init__(self, blocks: Iterable[Samples]) -> None:
        self._blocks = iter(blocks)
        self._held = np.zeros((0, 2), np.float32)
        self._first = 0
        self._over = False

    def between(self, begin: int, end: int) -> Samples:
        """Return the frames from `begin` to `end`, silent outside of the piece.

        What comes before `begin` is forgotten.
        """
        while self._first + len(self._held) < end and not self._over:
            block = next(self._blocks, None)
            self._over = block is None
            if block is not None:
                drop = min(max(begin - self._first, 0), len(self._held))
                self._held = np.concatenate([self._held[drop:], block])
                self._first += drop
        out = np.zeros((end - begin, 2), np.float32)
        low, high = max(begin, self._first), min(end, self._first + len(self._held))
        if low < high:
            out[low - begin : high - begin] = self._held[low - self._first : high - self._first]
        return out


def length(span: Span, rate: int) -> int:
    """Return how many frames `stretched` or `plain` yields of a span."""
    between = span.frames[-1] - span.frames[0]
    return between + round(_FADE * rate) if span.matched else -(-between // rate) * rate


def stretched(span: Span, source: Source, rate: int) -> Iterator[tuple[int, Samples]]:
    """Yield a span's sound in order: each piece of it with the frame at which it begins.

    The first begins LEAD seconds before the span.
    """
    import python_stretch  # noqa: PLC0415 - only who matches music needs it

    held: Samples | None = None
    fade = round(_FADE * rate)
    for first, last in _blocks(span, rate):
        begin, end = span.source[first], span.source[last]
        length = span.frames[last] - span.frames[first]
        factor = (end - begin) * rate / length
        margin = round(_MARGIN * rate)
        raw = source.between(round(begin * rate) - margin, round(end * rate) + margin)
        stretch = python_stretch.Signalsmith.Stretch()
        # Blocks of 120 ms each 30 ms. Each 20 ms or less keeps attacks 1 dB sharper, but what is
        # beside the lines of a chord rises from -28 dB to -9.
        stretch.preset(2, rate)
        stretch.setTimeFactor(factor)
        sound = np.transpose(stretch.process(np.ascontiguousarray(raw.T)))
        zero = round(margin / factor)  # where in it the first beat lies
        lead = round(LEAD * rate)
        block = sound[zero - lead : zero - lead + length + fade]
        place = span.frames[first] - lead
        if held is not None:
            shift = _most_alike(held, sound, zero - lead, round(_ALIKE * rate))
            block = sound[zero - lead + shift : zero - lead + shift + length + fade]
            rise = np.linspace(0, 1, len(held), dtype=np.float32)[:, np.newaxis]
            block = np.concatenate([held * (1 - rise) + block[: len(held)] * rise,
                                    block[len(held) :]])  # fmt: skip
        held = block[length:]
        yield place, block[:length]
    if held is not None:
        yield span.frames[-1] - round(LEAD * rate), held


def _most_alike(held: Samples, sound: Samples, at: int, most: int) -> int:
    """Return by how many frames a block is shifted to begin as the one before it goes on."""
    ends = held.sum(axis=1)
    begins = sound[at - most : at + most + len(held)].sum(axis=1)
    likeness = np.correlate(begins, ends, "valid")
    energy = np.convolve(begins**2, np.ones(len(held)), "valid")
    return int(np.argmax(likeness / np.sqrt(energy + 1e-9))) - most


def _blocks(span: Span, rate: int) -> Iterator[tuple[int, int]]:
    """Yield the beats from and to which each block goes, while one ratio is true to the map."""
    source = np.array(span.source)
    frames = np.array(span.frames, np.float64) / rate
    at, last = 0, len(source) - 1
    while at < last:
        size = _LONGEST
        while size > _SHORTEST and _strays(source, frames, at, min(at + size, last)):
            size //= 2
        end = min(at + size, last)
        if last - end < _SHORTEST:
            end = last
        yield at, end
        at = end


def _strays(
    source: npt.NDArray[np.float64], frames: npt.NDArray[np.float64], first: int, last: int
) -> bool:
    """Return whether one ratio between two beats is too far from the map at those between."""
    inside = slice(first, last + 1)
    straight = np.interp(frames[inside], frames[[first, last]], source[[first, last]])
    return bool(np.max(np.abs(straight - source[inside])) > _ERROR)


def plain(span: Span, source: Source, rate: int) -> Iterator[tuple[int, Samples]]:
    """Yield a span's sound at its own tempo, as `stretched` does."""
    begin = round(span.source[0] * rate)
    for at in range(0, span.frames[-1] - span.frames[0], rate):
        first = begin + at
        yield span.frames[0] + at, source.between(first, first + rate)


def faded(span: Span, place: int, sound: Samples, rate: int) -> Samples:
    """Return a piece of a span's sound with the fades of the span's ends."""
    first, last = span.frames[0], span.frames[-1]
    if span.matched:  # a bar where pieces overlap and at each end, else at once on the beat
        comes = span.frames[BAR] - first if span.fades_in else 0
        goes = last - span.frames[-1 - BAR]
    else:
        comes = goes = rate
    begins = first if comes else first - round(_FADE * rate)
    at = np.arange(place, place + len(sound), dtype=np.float64)
    rise = np.interp(at, (begins, max(first + comes, begins + 1)), (0, 1))
    gains = np.minimum(rise, np.interp(at, (last - goes, last), (1, 0)))
    return sound * gains.astype(np.float32)[:, np.newaxis]
