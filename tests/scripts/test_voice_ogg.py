from __future__ import annotations

import numpy as np
import pytest

from scripts.voice import ogg


def noise(frames: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Something with edges in it, so that a shift shows."""
    samples = np.random.default_rng(frames).normal(0, 0.01, frames)
    samples[frames // 3 : frames // 3 + 400] *= 20
    return samples


def test_the_same_clip_is_the_same_file() -> None:
    assert ogg.encode(noise(30000), 7, 0.9) == ogg.encode(noise(30000), 7, 0.9)


def test_less_compression_makes_a_larger_file() -> None:
    sizes = [len(ogg.encode(noise(96000), 7, compression)) for compression in ogg.COMPRESSIONS]
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[-1]


def test_the_serial_number_is_in_every_page() -> None:
    data = ogg.encode(noise(96000), 0x01020304, 0.9)
    pages = data.split(b"OggS")[1:]
    assert len(pages) > 2
    assert {page[10:14] for page in pages} == {b"\x04\x03\x02\x01"}


@pytest.mark.parametrize(("compression", "off"), [(0.9, 1), (0.8, 0), (0.6, 0)])
@pytest.mark.parametrize("frames", [1000, 18432, 48000, 123457])
def test_a_clip_comes_back_with_its_length_and_in_its_place(
    frames: int, compression: float, off: int
) -> None:
    samples = noise(frames)
    # A page whose checksum is wrong would be skipped by the decoder.
    decoded = ogg.decode(ogg.encode(samples, 1, compression)) / 32768
    assert len(decoded) == frames
    likeness = [float(np.dot(np.roll(decoded, by), samples)) for by in range(-3, 4)]
    assert abs(int(np.argmax(likeness)) - 3) <= off  # its narrowest mode shifts by a frame
