"""A file's ending chooses its format, and what a format cannot hold is refused by name."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cadence_cue.errors import UserError
from cadence_cue.export import formats
from cadence_cue.export.formats import ENDINGS, FORMATS, EncodingOptions, encoding_for


@pytest.mark.parametrize(
    ("name", "bits", "container", "subtype"),
    [
        ("a.wav", None, "WAV", "PCM_16"),
        ("a.wav", 24, "WAV", "PCM_24"),
        ("a.wav", 32, "WAV", "FLOAT"),
        ("a.b.WAV", 16, "WAV", "PCM_16"),
        ("a.flac", None, "FLAC", "PCM_16"),
        ("a.flac", 24, "FLAC", "PCM_24"),
        ("a.ogg", None, "OGG", "VORBIS"),
        ("a.opus", None, "OGG", "OPUS"),
        ("a.Mp3", None, "MP3", "MPEG_LAYER_III"),
    ],
)
def test_the_ending_chooses(name: str, bits: int | None, container: str, subtype: str) -> None:
    encoding = encoding_for(Path(name), 48000, EncodingOptions(bits=bits))
    assert (encoding.container, encoding.subtype) == (container, subtype)


@pytest.mark.parametrize("name", ["a", "a.aac", "a.mp3.txt", ".mp3", "a."])
def test_an_unknown_ending_is_refused_with_the_known_ones(name: str) -> None:
    with pytest.raises(UserError) as refused:
        encoding_for(Path(name), 48000)
    assert str(refused.value).startswith(f"{name}: ")
    assert all(ending in str(refused.value) for ending in ENDINGS)


@pytest.mark.parametrize("rate", [8000, 24000, 44100, 96000])
def test_opus_is_48_khz_only(rate: int) -> None:
    with pytest.raises(UserError, match=rf"a\.opus: .*{rate} Hz.*use .*48000 Hz"):
        encoding_for(Path("a.opus"), rate)


@pytest.mark.parametrize("rate", [44099, 88200, 96000])
def test_mp3_ends_at_48_khz(rate: int) -> None:
    with pytest.raises(UserError, match=rf"{rate} Hz.*44100 or 48000"):
        encoding_for(Path("a.mp3"), rate)


@pytest.mark.parametrize("ending", [".wav", ".flac", ".ogg"])
def test_the_others_take_any_rate(ending: str) -> None:
    encoding_for(Path(f"a{ending}"), 96000)


@pytest.mark.parametrize(
    ("name", "bits", "way_out"),
    [
        ("a.wav", 20, "use 16, 24 or 32 bits"),
        ("a.flac", 32, "use 16 or 24 bits"),
        ("a.mp3", 16, "leave it out"),
        ("a.ogg", 24, "leave it out"),
        ("a.opus", 32, "leave it out"),
    ],
)
def test_bits_that_a_format_has_not_are_refused(name: str, bits: int, way_out: str) -> None:
    with pytest.raises(UserError, match=rf"{name}: .*{way_out}"):
        encoding_for(Path(name), 48000, EncodingOptions(bits=bits))


def test_only_a_size_that_is_certain_is_told_in_advance() -> None:
    for ending in ENDINGS:
        size = encoding_for(Path(f"a{ending}"), 48000).least_size(60 * 48000)
        assert size == (60 * 48000 * 4 if ending == ".wav" else 0)


@pytest.mark.parametrize(("bits", "frame"), [(16, 4), (24, 6), (32, 8)])
def test_wav_turns_to_rf64_where_its_lengths_end(bits: int, frame: int) -> None:
    encoding = encoding_for(Path("a.wav"), 48000, EncodingOptions(bits=bits))
    assert encoding.least_size(1000) == 1000 * frame
    most = (2**32 - 2**22) // frame
    assert encoding.container_for(most) == "WAV"
    assert encoding.container_for(most + 1) == "RF64"


def test_only_wav_turns_to_rf64() -> None:
    for name in ("a.flac", "a.ogg", "a.mp3"):
        encoding = encoding_for(Path(name), 48000)
        assert encoding.container_for(2**40) == encoding.container


# The registry.


def test_each_format_is_a_file_and_knows_its_mime_type() -> None:
    files = {f".{path.stem}" for path in Path(formats.__file__).parent.glob("[!_]*.py")}
    assert set(ENDINGS) == files - {".base"}
    assert {ending: each.mime for ending, each in FORMATS.items()} == {
        ".wav": "audio/wav",
        ".flac": "audio/flac",
        ".ogg": "audio/ogg",
        ".opus": "audio/ogg",
        ".mp3": "audio/mpeg",
        ".m4a": "audio/mp4",
    }


def test_knowing_the_formats_loads_nothing_heavy() -> None:
    heavy = ("numpy", "mutagen", "soundfile", "subprocess")
    code = (
        "import sys, cadence_cue.export.formats; "
        f"print(*(name for name in {heavy} if name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "\n", "")
