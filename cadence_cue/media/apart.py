"""A program that decodes a file with libsndfile to its standard output, for `pipes`.

Its libraries may print, for they have a standard error of their own: libmpg123 does.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import soundfile as sf

from cadence_cue.media.pipes import DecoderProcess, head
from cadence_cue.media.samples import BLOCK


def decoding(path: Path, skip: int) -> DecoderProcess:
    """Start to decode a file from frame `skip` on. Raises OSError."""
    return DecoderProcess(
        [sys.executable, "-P", "-m", "cadence_cue.media.apart", str(path.absolute()), str(skip)],
        {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},  # to import from the same places
    )


def main() -> None:
    """Write the file that is named first, from the frame that is named second."""
    path, skip = sys.argv[1:]
    try:
        with sf.SoundFile(path) as file:
            file.seek(min(int(skip), file.frames))
            sys.stdout.buffer.write(head(file.samplerate, file.channels))
            while len(block := file.read(BLOCK, dtype="float32", always_2d=True)):
                sys.stdout.buffer.write(block.astype("<f4").tobytes())
    except BrokenPipeError:
        sys.stderr.close()  # the reader has all it wants
    except (sf.SoundFileError, TypeError, ValueError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
