"""Who speaks which text, with real recordings; and the real model where it matters."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from cadence_cue.coaching.catalogue import load_library
from cadence_cue.coaching.session_file import parse
from cadence_cue.errors import UserError, WayOut
from cadence_cue.voice import casting, kokoro
from cadence_cue.voice.casting import Cast, Ensemble, recorded_in, slug
from cadence_cue.voice.kokoro import Kokoro
from cadence_cue.voice.voice import Voice
from tests.matrix import matrix

LIBRARY = load_library()
OWN = "Float over the line"


def played(
    ensemble: Ensemble, *texts: object, source: Path | None = None, told: list[str] | None = None
) -> Cast:
    phase: dict[str, Any] = {"run": "", "tempo": 170, "time": "60s", "words": list(texts)}
    session = parse(
        {"title": "Mine", "phase": [phase]}, name="mine", library=LIBRARY, source=source
    )

    def progress(done: int, total: int, text: str) -> None:
        if told is not None:
            told.append(f"{done + 1} of {total}: {text}")

    return casting.cast(session, LIBRARY, ensemble, progress)


def samples(cast: Cast, text: str) -> np.ndarray[Any, np.dtype[np.int16]]:
    return cast.voice.clips([text], 48000)[text].samples


def recording(text: str, file: Path, voice: str = "am_michael") -> None:
    """Somebody else's recording of some text."""
    clip = Voice.load(voice).clips([text], 48000)[text].samples
    soundfile.write(file, np.concatenate([np.zeros(9600, np.int16), clip]), 48000)


def test_a_text_of_ones_own_is_spoken_once_and_kept(
    tmp_path: Path, speaker: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    ensemble = Ensemble(cache=tmp_path)
    told: list[str] = []
    first = played(ensemble, OWN, "Drop your shoulders", told=told)
    assert told == [f"1 of 1: {OWN}"]  # the other has a clip
    utterance = first.voice.utterances([OWN], 48000)[OWN]
    assert utterance.frames == len(samples(first, OWN))
    assert 0 < utterance.anchor < utterance.frames
    monkeypatch.setattr(kokoro, "installed", lambda: False)
    again = played(ensemble, OWN, told=told)
    assert len(told) == 1
    assert np.array_equal(samples(again, OWN), samples(first, OWN))


def test_a_damaged_entry_is_made_anew(tmp_path: Path, speaker: None) -> None:
    ensemble = Ensemble(cache=tmp_path)
    first = played(ensemble, OWN)
    (entry,) = tmp_path.iterdir()
    entry.write_bytes(entry.read_bytes()[:-50])
    assert np.array_equal(samples(played(ensemble, OWN), OWN), samples(first, OWN))


def test_each_voice_speaks_for_itself(tmp_path: Path, speaker: None) -> None:
    woman, man = (
        played(Ensemble(name, cache=tmp_path), OWN) for name in ("af_heart", "am_michael")
    )
    assert len(list(tmp_path.iterdir())) == 2
    assert len(samples(woman, OWN)) != len(samples(man, OWN))


def test_without_a_cache_it_is_spoken_all_the_same(speaker: None) -> None:
    assert OWN in played(Ensemble(), OWN).voice.texts


def test_the_progress_can_end_it_and_what_was_made_is_kept(tmp_path: Path, speaker: None) -> None:
    phase = {"run": "", "tempo": 170, "time": "60s", "words": ["Float on", "Skip over"]}
    session = parse({"title": "Mine", "phase": [phase]}, name="mine", library=LIBRARY)

    def stop(done: int, total: int, text: str) -> None:
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        casting.cast(session, LIBRARY, Ensemble(cache=tmp_path), stop)
    assert len(list(tmp_path.iterdir())) == 1


def test_without_the_extra_it_is_told_how_to_get_it(without_extra: None) -> None:
    with pytest.raises(UserError) as refused:
        played(Ensemble(), OWN, "And again", source=Path("mine.toml"))
    told = str(refused.value)
    assert told.startswith(f'mine.toml, phase 1: no voice here can speak "{OWN}" (nor 1 more of')
    assert refused.value.way_out is WayOut.INSTALL_VOICE


def test_a_respelling_is_what_is_spoken(tmp_path: Path, speaker: None) -> None:
    respelled = played(Ensemble(), {"text": "A-skips", "spoken": "ay skips"})
    spoken = played(Ensemble(), "Ay skips")
    assert np.array_equal(samples(respelled, "A-skips"), samples(spoken, "Ay skips"))


def test_a_respelling_goes_before_a_shipped_clip(speaker: None) -> None:
    cast = played(Ensemble(), {"text": "Drop your shoulders", "spoken": "Loosen your shoulders"})
    shipped = Voice.load().clips(["Drop your shoulders"], 48000)["Drop your shoulders"]
    assert not np.array_equal(samples(cast, "Drop your shoulders"), shipped.samples)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Привет", "the voice reads English, not Cyrillic letters"),
        ("走れ", "the voice reads English, not Cjk letters"),
        ("Lap ٣", "the voice reads English, not Arabic-Indic digits"),
        ("1,234567890123456789", "it has a number of more than 18 digits"),
        ("???", "there is nothing in it to pronounce"),
    ],
)
def test_what_the_voice_cannot_read_is_refused_by_name(text: str, reason: str) -> None:
    with pytest.raises(UserError, match="cannot be spoken") as refused:
        played(Ensemble(), text)
    assert str(refused.value).endswith(f'"{text}" cannot be spoken: {reason}')
    assert refused.value.way_out is WayOut.RECORD


def test_it_can_be_recorded_or_respelled_then(tmp_path: Path, speaker: None) -> None:
    recording("Switch legs", tmp_path / "hallo.wav")
    session = tmp_path / "mine.toml"
    cast = played(
        Ensemble(),
        {"text": "Привет", "sound": "hallo.wav"},
        {"text": "走れ", "spoken": "hashi-reh"},
        source=session,
    )
    assert {"Привет", "走れ"} <= set(cast.voice.texts)


def test_a_named_recording_goes_before_everything(tmp_path: Path) -> None:
    recording("Left leg", tmp_path / "mine.wav")
    recording("Rest", tmp_path / "drop-your-shoulders.wav")
    take = {"text": "Drop your shoulders", "sound": "mine.wav"}
    ensemble = Ensemble(recordings=tmp_path, cache=tmp_path / "cache")
    cast = played(ensemble, take, source=tmp_path / "mine.toml")
    michael = Voice.load("am_michael").utterances(["Left leg"], 48000)["Left leg"]
    utterance = cast.voice.utterances(["Drop your shoulders"], 48000)["Drop your shoulders"]
    assert utterance.frames == pytest.approx(michael.frames, abs=2000)
    assert utterance.anchor == pytest.approx(michael.anchor, abs=1500)
    assert cast.recorded == {"drop your shoulders"}


def test_the_place_of_a_recording_is_told_when_it_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(UserError) as refused:
        played(Ensemble(), {"sound": "gone.wav"}, source=tmp_path / "mine.toml")
    assert str(refused.value).startswith(f"{tmp_path / 'mine.toml'}, phase 1: ")
    assert "gone.wav" in str(refused.value)


def test_a_folder_of_recordings_replaces_texts_by_their_names(
    tmp_path: Path, speaker: None
) -> None:
    recording("Switch legs", tmp_path / "Drop-Your-Shoulders.flac")
    recording("Rest", tmp_path / "float-over-the-line.wav")
    (tmp_path / "notes.txt").write_text("not a cue")
    cast = played(Ensemble(recordings=tmp_path, cache=tmp_path / "c"), OWN, "Keep going")
    assert cast.recorded == {"drop your shoulders", "float over the line"}
    plain = played(Ensemble(cache=tmp_path / "c"), "Keep going")
    assert np.array_equal(samples(cast, "Keep going"), samples(plain, "Keep going"))


def test_a_recording_that_stays_as_it_is_is_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ensemble = Ensemble(recordings=tmp_path / "mine", cache=tmp_path / "c")
    (tmp_path / "mine").mkdir()
    recording("Rest", tmp_path / "mine" / "relax.wav")
    first = samples(played(ensemble, "Relax"), "Relax")
    read: list[Path] = []
    really = Path.read_bytes

    def noted(path: Path) -> bytes:
        read.append(path)
        return really(path)

    monkeypatch.setattr(Path, "read_bytes", noted)
    assert np.array_equal(samples(played(ensemble, "Relax"), "Relax"), first)
    assert tmp_path / "mine" / "relax.wav" not in read
    recording("Switch legs", tmp_path / "mine" / "relax.wav")
    assert not np.array_equal(samples(played(ensemble, "Relax"), "Relax"), first)
    assert tmp_path / "mine" / "relax.wav" in read


def test_all_recordings_that_cannot_be_used_are_told_at_once(tmp_path: Path) -> None:
    for name in ("relax.wav", "gone-flat.wav"):
        (tmp_path / name).write_bytes(b"junk")
    with pytest.raises(UserError) as refused:
        played(Ensemble(recordings=tmp_path), "Relax", "Gone flat", {"sound": "gone.wav"})
    named = re.findall(r"[\w-]+\.wav", str(refused.value))
    assert sorted(named) == ["gone-flat.wav", "gone.wav", "relax.wav"]


def test_a_changed_recording_is_taken_anew(tmp_path: Path) -> None:
    ensemble = Ensemble(recordings=tmp_path, cache=tmp_path / "c")
    file = tmp_path / "float-over-the-line.wav"
    recording("Switch legs", file)
    first = samples(played(ensemble, OWN), OWN)
    recording("Rest", file)
    assert len(samples(played(ensemble, OWN), OWN)) != len(first)


def test_what_was_read_without_ffmpeg_is_read_again_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ensemble = Ensemble(recordings=tmp_path, cache=tmp_path / "c")
    source, target = tmp_path / "source.wav", tmp_path / "float-over-the-line.flac"
    recording("Rest", source)
    command = ["ffmpeg", "-loglevel", "error", "-i", str(source), "-f", "flac", "pipe:1"]
    target.write_bytes(subprocess.run(command, check=True, capture_output=True).stdout)
    source.unlink()
    with monkeypatch.context() as patched:
        patched.setenv("PATH", "")
        (doubt,) = played(ensemble, OWN).doubts
    assert "ffmpeg, which is not installed, may read more" in doubt
    assert played(ensemble, OWN).doubts == ()


def test_what_is_doubtful_is_told_each_time(tmp_path: Path) -> None:
    clip = Voice.load().clips(["Switch legs"], 48000)["Switch legs"].samples / 32768.0
    loud = np.clip(clip * 20, -1, 1)
    soundfile.write(tmp_path / "float-over-the-line.wav", loud, 48000)
    ensemble = Ensemble(recordings=tmp_path, cache=tmp_path / "c")
    first, again = (played(ensemble, OWN).doubts for _ in range(2))
    assert first == again
    assert "float-over-the-line.wav" in first[0]
    assert "clipped" in first[0]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"^The folder of recordings .*gone cannot be read"):
        played(Ensemble(recordings=tmp_path / "gone"), OWN)


def test_a_text_is_spoken_in_one_way_only(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r'"up up" is to be spoken in two ways'):
        played(Ensemble(), {"text": "Up up", "spoken": "a"}, {"text": "up up", "spoken": "b"})


def test_a_title_and_a_drill_of_ones_own_are_spoken_too(tmp_path: Path, speaker: None) -> None:
    session = parse(
        {"title": "M", "phase": [{"run": "Past the old mill", "tempo": 170, "time": "60s"}]},
        name="mine",
        library=LIBRARY,
    )
    cast = casting.cast(session, LIBRARY, Ensemble())
    assert "Next: past the old mill" in cast.voice.texts


def test_for_a_plan_without_a_voice_nothing_is_made_or_refused(
    tmp_path: Path, without_extra: None
) -> None:
    phase = {"talk": "Привет", "time": "9s"}
    session = parse({"title": "M", "phase": [phase]}, name="mine", library=LIBRARY)
    assert casting.found(session, LIBRARY, Ensemble()).voice.texts == Voice.load().texts
    with pytest.raises(UserError, match="Cyrillic"):
        casting.checked(session, LIBRARY, Ensemble())


def test_for_a_plan_without_a_voice_one_bad_recording_spoils_no_other(tmp_path: Path) -> None:
    recording("Pull the heel up", tmp_path / "pull-the-heel-up.wav")
    (tmp_path / "drop-your-shoulders.wav").write_bytes(b"damaged")
    phase = {"run": "", "tempo": 170, "time": "60s", "words": ["Pull the heel up", "Hop, Привет"]}
    session = parse({"title": "M", "phase": [phase]}, name="mine", library=LIBRARY)
    ensemble = Ensemble(recordings=tmp_path)
    with pytest.raises(UserError, match=r"drop-your-shoulders\.wav"):
        casting.cast(session, LIBRARY, ensemble)
    assert casting.found(session, LIBRARY, ensemble).recorded == {"pull the heel up"}


def test_names_of_recordings() -> None:
    assert slug("Pull the heel straight up.") == "pull-the-heel-straight-up"
    assert slug("Next: toe taps, left leg") == "next-toe-taps-left-leg"
    assert slug("Привет!") == "привет"


def test_names_in_a_folder_are_read_as_people_write_them(tmp_path: Path) -> None:
    for name in ("Pull the heel up.m4a", "switch_legs.WAV"):
        (tmp_path / name).touch()
    assert set(recorded_in(tmp_path)) == {"pull-the-heel-up", "switch-legs"}


def test_damaged_weights_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kokoro, "Kokoro", Kokoro)
    monkeypatch.setattr(kokoro, "MODEL_SHA256", "0" * 64)
    with pytest.raises(UserError, match=r"cannot speak texts of your own: .* reinstall kokoro"):
        played(Ensemble(), OWN)


def test_the_runtime_reports_to_nobody(tmp_path: Path) -> None:
    """It keeps an identity in the home folder where it may report."""
    load = "from cadence_cue.voice import kokoro; kokoro.Kokoro('af_heart')"
    home = {**os.environ, "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
    subprocess.run([sys.executable, "-c", load], env=home, check=True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", matrix(["am_michael", "af_heart"]))
def test_the_model_says_the_same_as_the_shipped_clips(name: str, model: None) -> None:
    text = "Switch legs"
    shipped = Voice.load(name).clips([text], 48000)[text]
    cast = played(Ensemble(name), {"text": text, "spoken": text})
    made = cast.voice.clips([text], 48000)[text]
    assert made.anchor == shipped.anchor
    assert len(made.samples) == len(shipped.samples)
    likeness = np.corrcoef(made.samples, shipped.samples)[0, 1]
    assert likeness > 0.9  # both are coded lossily, and limited
