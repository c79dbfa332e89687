"""The shipped clips as they decode, and the reader of a voice on small voices of its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from cadence_cue.coaching.catalogue import built_in_sessions, load_library
from cadence_cue.coaching.rehearsal import rehearse
from cadence_cue.coaching.session_file import load
from cadence_cue.coaching.wholes import whole_announcements
from cadence_cue.coaching.wording import vocabulary
from cadence_cue.errors import UserError
from cadence_cue.sound.clips import Clip
from cadence_cue.sound.loudness import loudness, true_peak
from cadence_cue.timing.timeline import Utterance, take
from cadence_cue.voice.manifest import normal, voice_names
from cadence_cue.voice.shipped import sounds_folder
from cadence_cue.voice.voice import Voice

RATE = 48000
VOWELS = "aeiouæɑɐɒɔəɚɛɜɪʊʌᵊᵻAIOQWY"
"""The vowels of the phonemes that a manifest has, diphthongs as capitals."""
FOLDER = sounds_folder() / "voice" / "af_heart"


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    manifest = json.loads((FOLDER / "manifest.json").read_text("utf-8"))
    assert manifest["rate"] == RATE
    return list(manifest["clips"])


@pytest.fixture(scope="module")
def clips(rows: list[dict[str, Any]], pytestconfig: pytest.Config) -> dict[str, Clip]:
    """Every clip, or in the quick run a few."""
    few = rows if pytestconfig.option.all else rows[::16]
    return Voice.load().clips([name_of(row) for row in few], RATE)


def name_of(row: dict[str, Any]) -> str:
    """What the take of a text is called."""
    return take(row["text"], row.get("take", 0))


def test_the_voice_speaks_all_that_the_product_says() -> None:
    library = load_library()
    sessions = [load(path, library) for path in built_in_sessions().values()]
    texts = Voice.load().texts
    assert [text for text in vocabulary(library, sessions) if text not in texts] == []


@pytest.mark.parametrize("name", voice_names())
def test_announcements_in_one_breath_are_spoken_calmly(name: str) -> None:
    library = load_library()
    sessions = [load(path, library) for path in built_in_sessions().values()]
    sessions += [rehearse(drill, library) for drill in library.drills.values()]
    whole = set(whole_announcements(library, sessions))
    manifest = json.loads((FOLDER.parent / name / "manifest.json").read_text("utf-8"))
    told = [row for row in manifest["clips"] if row["text"] in whole]
    assert len(told) > 40
    minutes = sum(row["frames"] for row in told) / RATE / 60
    assert 150 <= sum(len(row["text"].split()) for row in told) / minutes <= 175
    for row in told:
        # "Fall to run" has three words and "perception" one: four syllables count as three words.
        words = sum(phoneme in VOWELS for phoneme in row["phonemes"]) * 3 / 4
        few = len(row["text"].split()) <= 6  # of which a pause of 0.35 s is much
        pauses = 0.35 * few * row["text"].count(". ")
        assert 150 <= 60 * words / (row["frames"] / RATE - pauses) <= 175, row["text"]


def test_every_clip_has_its_file_and_every_file_its_clip(rows: list[dict[str, Any]]) -> None:
    files = [row["file"] for row in rows]
    assert len(set(files)) == len(files)
    assert len({(normal(row["text"]), row.get("take", 0)) for row in rows}) == len(rows)
    assert set(files) == {path.name for path in FOLDER.iterdir()} - {"manifest.json", "style.npy"}


def test_every_clip_decodes_to_its_frames(
    rows: list[dict[str, Any]], clips: dict[str, Clip]
) -> None:
    by_name = {name_of(row): row for row in rows}
    for name, clip in clips.items():
        row = by_name[name]
        about = soundfile.info(FOLDER / row["file"])
        assert (about.samplerate, about.channels) == (RATE, 1), row
        assert clip.samples.dtype == np.int16, row
        assert clip.samples.shape == (row["frames"],), row


def test_every_clip_is_as_loud_as_the_others_and_leaves_room(clips: dict[str, Clip]) -> None:
    for text, clip in clips.items():
        samples = clip.samples / 32768
        assert loudness(samples) == pytest.approx(-17.0, abs=0.3), text
        assert true_peak(samples) <= -5.3, text


def test_every_clip_starts_and_ends_in_silence(clips: dict[str, Clip]) -> None:
    for text, clip in clips.items():
        edges = np.abs(np.concatenate([clip.samples[:24], clip.samples[-48:]]))
        assert np.max(edges) < 0.01 * 32768, text


def test_every_anchor_lies_on_a_sounding_vowel(clips: dict[str, Clip]) -> None:
    for text, clip in clips.items():
        assert 0 <= clip.anchor < len(clip.samples), text
        vowel = clip.samples[clip.anchor : clip.anchor + 2400].astype(float)
        # Short of 18 dB below the clip's mean, nothing would be felt to fall there.
        assert np.std(vowel) > np.std(clip.samples.astype(float)) / 8, text


def test_no_vowel_is_late_enough_to_be_another_word(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        assert row["anchor"] < 0.56 * RATE, row  # "On to change", spoken slowly


# Text, stressed vowel, and in milliseconds from the clip's start: where the vowel of the first
# syllable begins, and where the stressed one does, by forced alignment with a speech recogniser.
LATE_STRESS = [
    ("15 seconds", "i", 30, 210),
    ("At 60", "ɪ", -30, 240),
    ("At 73", "ɛ", -30, 260),
    ("Imagine hot ground", "æ", -30, 90),
    ("Perception", "ɛ", 30, 190),
    ("Relax the standing foot", "æ", 20, 130),
    ("Relax your ankles", "æ", 30, 130),
    ("Relax your calves", "æ", 30, 150),
    ("Relax your face", "æ", 30, 140),
    ("Relax your neck", "æ", 30, 150),
    ("Relax your toes", "æ", 30, 140),
    ("Unclench your jaw", "ɛ", -10, 260),
]


@pytest.mark.parametrize(("text", "vowel", "first", "stressed"), LATE_STRESS)
def test_the_anchor_is_the_stressed_vowel_and_not_the_first(
    text: str, vowel: str, first: float, stressed: float, rows: list[dict[str, Any]]
) -> None:
    row = next(row for row in rows if row["text"] == text)
    anchor = row["anchor"] * 1000 / RATE
    assert row["vowel"] == vowel
    assert anchor == pytest.approx(stressed, abs=50)
    assert anchor != pytest.approx(first, abs=50)


def test_the_recordings_of_late_stress_are_still_said(rows: list[dict[str, Any]]) -> None:
    late = {row["text"] for row in rows if row["syllable"] > 1 and not row["text"].startswith("At")}
    assert len(late & {text for text, *_ in LATE_STRESS}) >= 10


def small_voice(folder: Path, samples: np.ndarray[Any, Any], anchor: int, rate: int = RATE) -> Path:
    """A voice "test" that says "Go" with these samples."""
    (folder / "test").mkdir()
    soundfile.write(folder / "test" / "go.wav", samples, rate, subtype="PCM_16")
    clip = {"text": "Go.", "file": "go.wav", "frames": len(samples), "anchor": anchor}
    manifest = {"rate": rate, "clips": [clip]}
    (folder / "test" / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return folder


def test_at_its_own_rate_a_clip_is_its_file(tmp_path: Path) -> None:
    samples = np.random.default_rng(1).integers(-20000, 20000, 1234, dtype=np.int16)
    voice = Voice.load("test", small_voice(tmp_path, samples, 500))
    clip = voice.clips(["go"], RATE)["go"]
    assert clip.anchor == 500
    assert np.array_equal(clip.samples, samples)


@pytest.mark.parametrize("rate", [8000, 22050, 44100, 44123, 48000, 88200, 96000, 192000])
@pytest.mark.parametrize("frames", [4801, 4802, 5333])
def test_at_any_rate_a_clip_has_the_length_that_was_promised(
    tmp_path: Path, rate: int, frames: int
) -> None:
    voice = Voice.load("test", small_voice(tmp_path, np.zeros(frames, np.int16), 777))
    promised = voice.utterances(["go"], rate)["go"]
    clip = voice.clips(["go"], rate)["go"]
    assert (len(clip.samples), clip.anchor) == (promised.frames, promised.anchor)
    assert abs(promised.frames - frames * rate / RATE) <= 0.5
    assert abs(promised.anchor - 777 * rate / RATE) <= 0.5


@pytest.mark.parametrize("rate", [16000, 44100, 96000])
def test_resampling_moves_nothing(tmp_path: Path, rate: int) -> None:
    samples = np.zeros(9600, np.int16)
    samples[4410] = 30000
    voice = Voice.load("test", small_voice(tmp_path, samples, 4410))
    clip = voice.clips(["go"], rate)["go"]
    assert abs(int(np.argmax(clip.samples)) - clip.anchor) <= 1


def test_resampling_that_swings_over_full_scale_does_not_wrap(tmp_path: Path) -> None:
    samples = np.repeat(np.array([32767, -32768] * 50, np.int16), 48)
    voice = Voice.load("test", small_voice(tmp_path, samples, 0))
    resampled = voice.clips(["go"], 44100)["go"].samples.astype(int)
    assert np.max(np.abs(np.diff(resampled[20:40]))) < 5000
    assert resampled[20:40].min() > 30000


def test_planning_needs_no_file(tmp_path: Path) -> None:
    folder = small_voice(tmp_path, np.zeros(480, np.int16), 48)
    (folder / "test" / "go.wav").unlink()
    voice = Voice.load("test", folder)
    assert voice.utterances(["Go"], 24000) == {"Go": Utterance("Go", 240, 24)}
    with pytest.raises(UserError, match=r'"Go\." cannot be read'):
        voice.clips(["Go"], RATE)


@pytest.mark.parametrize("text", ["Go", "go", "go.", " GO ", "Go.\n"])
def test_case_spacing_and_the_last_stop_do_not_matter(tmp_path: Path, text: str) -> None:
    voice = Voice.load("test", small_voice(tmp_path, np.zeros(480, np.int16), 48))
    assert text in voice.texts
    assert set(voice.clips([text], RATE)) == set(voice.utterances([text], RATE)) == {text}


def test_what_is_heard_matters() -> None:
    texts = ["toe taps", "toe, taps", "toe taps?", "toe taps. now", "toe-taps"]
    assert len({normal(text) for text in texts}) == len(texts)
    assert normal("Toe   taps.") == normal("toe\ttaps")


@pytest.mark.parametrize("text", ["Jump", "", "Go!"])
def test_an_unknown_text_is_named(tmp_path: Path, text: str) -> None:
    voice = Voice.load("test", small_voice(tmp_path, np.zeros(480, np.int16), 48))
    assert text not in voice.texts
    for ask in (voice.utterances, voice.clips):
        with pytest.raises(UserError) as caught:
            ask(["Go", text], RATE)
        assert str(caught.value) == f'The voice "test" has no clip for "{text}".'


def test_the_texts_are_listed_as_they_are_written(tmp_path: Path) -> None:
    voice = Voice.load("test", small_voice(tmp_path, np.zeros(480, np.int16), 48))
    assert (list(voice.texts), len(voice.texts)) == (["Go."], 1)


def test_takes_are_no_texts_of_their_own_and_go_where_the_text_is_replaced(tmp_path: Path) -> None:
    folder = small_voice(tmp_path, np.zeros(480, np.int16), 48)
    manifest = folder / "test" / "manifest.json"
    data = json.loads(manifest.read_text())
    data["clips"].append({**data["clips"][0], "take": 1})
    manifest.write_text(json.dumps(data))
    voice = Voice.load("test", folder)
    assert (list(voice.texts), len(voice.texts)) == (["Go."], 1)
    assert take("go", 1) in voice.texts
    assert take("go", 2) not in voice.texts
    assert voice.clips([take("Go", 1)], RATE)[take("Go", 1)].anchor == 48
    own = voice.joined({"go": Clip(np.ones(10, np.int16), 3)})
    assert take("go", 1) not in own.texts


def test_an_unknown_voice_is_refused_with_those_that_are_there(tmp_path: Path) -> None:
    folder = small_voice(tmp_path, np.zeros(480, np.int16), 48)
    assert voice_names(folder) == ["test"]
    with pytest.raises(UserError, match=r'no voice "tset" in .*\(there: test\)\.$'):
        Voice.load("tset", folder)


NO_ANCHOR = '{"rate": 48000, "clips": [{"text": "Go", "file": "go.wav", "frames": 480}]}'


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"rate": 48000, "clips": ["Go"]}', NO_ANCHOR])
def test_a_damaged_manifest_is_told(tmp_path: Path, text: str) -> None:
    folder = small_voice(tmp_path, np.zeros(480, np.int16), 48)
    (folder / "test" / "manifest.json").write_text(text, "utf-8")
    with pytest.raises(UserError, match=r'^The manifest of the voice "test" in .* is damaged'):
        Voice.load("test", folder)


@pytest.mark.parametrize("frames", [479, 481])
def test_a_clip_of_another_length_is_refused(tmp_path: Path, frames: int) -> None:
    folder = small_voice(tmp_path, np.zeros(480, np.int16), 48)
    soundfile.write(folder / "test" / "go.wav", np.zeros(frames, np.int16), RATE)
    with pytest.raises(UserError, match=f'"Go." has {frames} frames and should have 480'):
        Voice.load("test", folder).clips(["Go"], RATE)


def test_samples_cannot_be_changed_by_those_who_play_them(tmp_path: Path) -> None:
    voice = Voice.load("test", small_voice(tmp_path, np.zeros(480, np.int16), 48))
    for rate in (RATE, 44100):
        with pytest.raises(ValueError, match="read-only"):
            voice.clips(["Go"], rate)["Go"].samples[0] = 1
