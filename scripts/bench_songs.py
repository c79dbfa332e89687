"""Writes songs into the current folder, for the benches: SONGS SECONDS.

Of five tempos; all others differ from those by a tag alone, and so by their content.
"""

import subprocess
import sys
from pathlib import Path

import numpy as np
import soundfile as sf

RATE = 44100
TEMPOS = range(164, 184, 4)


def main(songs: int, seconds: int) -> None:
    """Write so many songs of this length."""
    for tempo in TEMPOS:
        plain = Path(f"{tempo}-0.mp3")
        sf.write(plain, played(tempo, seconds), RATE)
        for number in range(1, songs // len(TEMPOS)):
            named = ["-c", "copy", "-metadata", f"title={number}", f"{tempo}-{number}.mp3"]
            subprocess.run(["ffmpeg", "-v", "error", "-i", str(plain), *named], check=True)


def played(
    tempo: int, seconds: int, seed: int = 0
) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Return bass drum, snare, hi-hat and a chord, with their own noise; shape (n, 2)."""
    time = np.arange(RATE // 4) / RATE
    noise = np.random.default_rng((tempo, seed)).normal(0, 0.3, len(time))
    kick = np.sin(2 * np.pi * (48 * time + 6 * (1 - np.exp(-time / 0.02)))) * np.exp(-time / 0.07)
    snare, hat = noise * np.exp(-time / 0.05), noise * np.exp(-time / 0.015) / 4
    whole = np.arange(seconds * RATE) / RATE
    chord = [np.sin(2 * np.pi * pitch * whole) for pitch in (220.0, 277.2, 329.6)]
    out = 0.05 * np.sum(chord, axis=0)
    for k in range(int((seconds - 1) * tempo / 30)):
        at = round(k * 30 / tempo * RATE)
        for sound in (hat,) if k % 2 else (hat, snare if k % 4 else kick):
            out[at : at + len(sound)] += 0.5 * sound
    return np.asarray(np.stack([out, 0.9 * out], axis=1), np.float32)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
