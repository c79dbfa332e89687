"""What is asked for reaches those who make it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from cadence_cue.app.options import FileOptions, MusicOptions, PerformanceOptions
from cadence_cue.app.preparing import performance_spec
from cadence_cue.app.settings import Settings
from cadence_cue.coaching.catalogue import load_library
from cadence_cue.coaching.session import Music
from cadence_cue.coaching.session_file import parse
from cadence_cue.export.formats import EncodingOptions


def test_the_encoder_hears_of_bits_quality_and_channels() -> None:
    assert FileOptions().encoding == EncodingOptions()
    assert FileOptions(bits=24).encoding == EncodingOptions(bits=24)
    assert FileOptions(quality="high").encoding == EncodingOptions(quality="high")
    assert FileOptions(mono=True).encoding == EncodingOptions(mono=True)


def test_music_that_is_asked_for_goes_before_the_session_s() -> None:
    data = {
        "title": "Run",
        "phase": [{"run": "", "time": "40s", "tempo": "own"}],
        "music": {"file": "tune.wav", "level": "-6 dB", "shuffle": True},
    }
    session = parse(data, name="run", library=load_library())
    own = Music("tune.wav", -6.0, shuffle=True)
    assert MusicOptions().music_for(session) == own
    assert MusicOptions(level=-9).music_for(session) == Music("tune.wav", -9, shuffle=True)
    assert MusicOptions(Path("other.wav")).music_for(session) == Music("other.wav")
    assert MusicOptions(Path("tune.wav")).music_for(session) == own
    asked = MusicOptions(Path("other.wav"), -3, shuffle=True)
    assert asked.music_for(session) == Music("other.wav", -3, shuffle=True)


def test_the_safety_line_is_for_tracks_alone() -> None:
    assert performance_spec(Settings(), live=False).safety
    assert not performance_spec(Settings(), live=True).safety
    without = PerformanceOptions(safety_line=False)
    assert not performance_spec(Settings(), without, live=False).safety


def test_a_performance_is_as_the_settings_say() -> None:
    chosen = Settings(cadence=172.5, voice="am_michael", duck=9, click="low", sounds="/cues")
    spec = performance_spec(chosen, live=True)
    assert (spec.cadence_spm, spec.duck_db, spec.click) == (Fraction("172.5"), 9, "low")
    assert (spec.ensemble.voice, spec.ensemble.recordings) == ("am_michael", Path("/cues"))
    once = PerformanceOptions(cadence=158, voice="af_heart", sounds=Path("/other"))
    spec = performance_spec(chosen, once, live=True)
    assert spec.cadence_spm == 158
    assert (spec.ensemble.voice, spec.ensemble.recordings) == ("af_heart", Path("/other"))
