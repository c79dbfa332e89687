"""The shipped clips are listened to; and a clip that is wrong in any way is found."""

from __future__ import annotations

import inspect
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from cadence_cue.coaching import wording
from cadence_cue.voice.manifest import voice_names
from cadence_cue.voice.shipped import voices_folder
from scripts import check_sounds
from scripts.voice import hearing, judging
from scripts.voice.hearing import Heard, Label
from scripts.voice.judging import measured, must_be_heard, recognised, too_many_excuses
from tests.matrix import matrix

Samples = npt.NDArray[np.float32]
Fresh = Callable[[], set[str]]
RATE = 48000
TEXTS = ("15 seconds", "50 seconds", "13", "Left leg", "Right leg", "Stand tall, soft knees",
         "On to toe taps, left leg", "On to toe taps, right leg", "Pull the heel up",
         "At 113", "At 130", "30 seconds", "Switch legs", "Close your eyes")  # fmt: skip


@pytest.fixture(scope="module")
def clips() -> list[Heard]:
    return hearing.clips("af_heart", TEXTS)


def silent(samples: Samples) -> Samples:
    return np.zeros_like(samples)


def late(samples: Samples) -> Samples:
    return np.concatenate([np.zeros(RATE // 50, np.float32), samples])


def loud(samples: Samples) -> Samples:
    return samples * np.float32(1.03)


def peaked(samples: Samples) -> Samples:
    changed = samples.copy()
    changed[np.argmax(np.abs(samples))] *= 1.6
    return changed


def run_on(samples: Samples) -> Samples:
    return np.concatenate([samples, samples[::-1]])


def head_cut(samples: Samples) -> Samples:
    return samples[len(samples) * 6 // 10 :]


def reversed_(samples: Samples) -> Samples:
    return samples[::-1].copy()


@pytest.mark.parametrize("spoil", [silent, late, loud, peaked, run_on, head_cut])
def test_what_is_wrong_with_a_clip_s_length_start_or_level_is_told(
    clips: list[Heard], spoil: Callable[[Samples], Samples]
) -> None:
    clip = next(clip for clip in clips if clip.text == "Stand tall, soft knees")
    assert list(measured(clip)) == []
    assert list(measured(replace(clip, samples=spoil(clip.samples)))) != []


@pytest.mark.parametrize("spoil", matrix([reversed_, silent, head_cut]))
def test_what_is_not_understood_is_told(
    clips: list[Heard], spoil: Callable[[Samples], Samples]
) -> None:
    assert list(recognised("af_heart", clips)) == []
    for k, clip in enumerate(clips[:3]):
        spoilt = [*clips[:k], replace(clip, samples=spoil(clip.samples)), *clips[k + 1 :]]
        (fault,) = recognised("af_heart", spoilt)
        assert fault.startswith(f"af_heart: {clip.text}: heard as")


@pytest.mark.parametrize(
    ("text", "other"),
    matrix([("15 seconds", "50 seconds"), ("At 113", "At 130"), ("Left leg", "Right leg"),
            ("On to toe taps, left leg", "On to toe taps, right leg")]),
)  # fmt: skip
def test_near_pairs_are_not_taken_for_each_other(clips: list[Heard], text: str, other: str) -> None:
    samples = {clip.text: clip.samples for clip in clips}
    swapped = [
        replace(clip, samples=samples[other]) if clip.text == text else clip for clip in clips
    ]
    (fault,) = recognised("af_heart", swapped)
    assert fault.startswith(f"af_heart: {text}: heard as")


def test_a_missing_text_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    labels = hearing.labels("af_heart", TEXTS)
    there = [label.text for label in labels]
    monkeypatch.setattr(check_sounds, "texts", lambda: [*there, "Brand new"])
    assert list(check_sounds.missing("af_heart", labels)) == ["af_heart: no clip of: Brand new"]


def excuse(monkeypatch: pytest.MonkeyPatch, folder: Path, *texts: str) -> None:
    file = folder / "misheard.toml"
    file.write_text(f"af_heart = {list(texts)}")
    monkeypatch.setattr(judging, "MISHEARD", file)


def test_the_list_of_excuses_only_shrinks(
    clips: list[Heard], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    excuse(monkeypatch, tmp_path, "Switch legs")
    faults = [*recognised("af_heart", clips), *too_many_excuses("af_heart", TEXTS)]
    assert faults[0] == "af_heart: Switch legs: heard right; take it off misheard.toml"
    assert faults[1] == "af_heart: 1 texts are excused on misheard.toml, too many"  # of 14


def test_numbers_sides_and_names_of_drills_have_no_excuse(
    clips: list[Heard], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    excuse(monkeypatch, tmp_path, "15 seconds")
    spoilt = [replace(c, samples=silent(c.samples)) if c.text == "15 seconds" else c for c in clips]
    assert any("15 seconds: heard as" in fault for fault in recognised("af_heart", spoilt))
    assert all(must_be_heard(t) for t in ("At 173", "Next: butt kicks", "Switch to your left"))
    assert not must_be_heard("Stop")


@pytest.mark.parametrize("name", voice_names())
def test_every_shipped_clip_is_heard_as_what_it_says(
    name: str, pytestconfig: pytest.Config
) -> None:
    """Trusting what is noted, of which the long run listens to a part again."""
    noted = check_sounds.noted().get(name, {})
    assert list(check_sounds.check(name, check_sounds.marks(name), noted)) == []
    if pytestconfig.option.all:
        certain = [label for label in hearing.labels(name) if must_be_heard(label.text)]
        part = [hearing.decoded(label) for label in certain[::8]]
        assert [fault for clip in part for fault in measured(clip)] == []
        assert list(recognised(name, part)) == []


@pytest.fixture
def labels(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Label]:
    """A shipped voice of few texts."""
    found = hearing.labels("af_heart", ("Left leg", "Right leg", "Switch legs", "1", "2"))
    few = [replace(each, file=Path(shutil.copy(each.file, tmp_path))) for each in found]
    monkeypatch.setattr(hearing, "labels", lambda _: few)
    monkeypatch.setattr(wording, "COUNTED", (1, 2))
    return few


@pytest.fixture
def fresh(labels: list[Label]) -> Fresh:
    """What has another mark than it had at first."""
    before = check_sounds.marks("af_heart")
    assert before.keys() == {*(label.text for label in labels), "1 · 2"}
    return lambda: {
        text for text, mark in check_sounds.marks("af_heart").items() if before[text] != mark
    }


def test_a_changed_clip_is_listened_to_again_alone_and_in_its_row(
    labels: list[Label], fresh: Fresh
) -> None:
    assert fresh() == set()
    for text, changed in (("Left leg", {"Left leg"}), ("2", {"2", "1 · 2"})):
        file = next(label.file for label in labels if label.text == text)
        content = file.read_bytes()
        file.write_bytes(content[:-1] + b"x")
        assert fresh() == changed
        file.write_bytes(content)
    labels[0] = replace(labels[0], words="something else")
    assert labels[0].text in fresh()


def test_what_is_not_noted_is_listened_to_and_what_is_noted_is_trusted(
    labels: list[Label], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check_sounds, "texts", list)
    before = check_sounds.marks("af_heart")
    files = {label.text: label.file for label in labels}
    shutil.copy(files["Right leg"], files["Left leg"])
    now = check_sounds.marks("af_heart")
    (fault,) = check_sounds.check("af_heart", now, before)
    assert fault == "af_heart: Left leg: heard as 'right leg'"
    assert list(check_sounds.check("af_heart", now, now)) == []


def test_a_text_that_is_newly_excused_is_listened_to_again(
    labels: list[Label], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, fresh: Fresh
) -> None:
    excuse(monkeypatch, tmp_path, "Switch legs", "Left leg")  # which nothing excuses
    assert fresh() == {"Switch legs"}


@pytest.mark.parametrize("change", ["recogniser", "level", "judges"])
def test_all_is_listened_to_again_by_another_judge(
    monkeypatch: pytest.MonkeyPatch, labels: list[Label], fresh: Fresh, change: str
) -> None:
    if change == "recogniser":
        monkeypatch.setattr(check_sounds, "version", lambda _: "5.2")
    elif change == "level":
        monkeypatch.setattr(check_sounds, "TARGET", -16)
    else:
        monkeypatch.setattr(check_sounds, "JUDGES", check_sounds.JUDGES[1:])
    assert fresh() == {*(label.text for label in labels), "1 · 2"}


def test_a_judge_is_all_of_its_module_but_what_it_imports(monkeypatch: pytest.MonkeyPatch) -> None:
    code = check_sounds._code(judging)
    source = inspect.getsource(judging)
    sources = {
        "imports": source.replace("import re\n", "import re, os\n"),
        "text": source.replace("What is wrong with a clip:", "All that is wrong with a clip:"),
        "number": source.replace("LATEST = 15 * MS", "LATEST = 16 * MS"),
    }
    told = {}
    for name, changed in sources.items():
        assert changed != source
        monkeypatch.setattr(inspect, "getsource", lambda _, changed=changed: changed)
        told[name] = check_sounds._code(judging) == code
    assert told == {"imports": True, "text": True, "number": False}


def test_what_was_heard_is_listened_to_for_a_new_text_alone(clips: list[Heard]) -> None:
    samples = {clip.text: clip.samples for clip in clips}
    known = [
        replace(clip, samples=samples["15 seconds"]) if clip.text == "50 seconds" else clip
        for clip in clips
    ]
    assert list(recognised("af_heart", known, {"Left leg"})) == []
    assert list(recognised("af_heart", known, set())) == []
    (fault,) = recognised("af_heart", known, {"15 seconds"})
    assert fault == "af_heart: 50 seconds: heard as 'fifteen seconds'"


def stressed(name: str) -> list[tuple[str, int, list[int], int]]:
    """Of texts whose stress is not on the first syllable: anchor, vowels, and which is stressed."""
    manifest = json.loads((voices_folder() / name / "manifest.json").read_text("utf-8"))
    texts = [row["text"] for row in manifest["clips"] if 1 < row["syllable"] <= 3]
    seldom = [text for text in texts if not any(letter.isdigit() for letter in text)][:12]
    found = hearing.vowels(hearing.clips(name, seldom))
    return [(c.text, c.anchor, vowels, c.syllable) for c, vowels in found]


@pytest.mark.parametrize("name", matrix(voice_names()))
def test_the_anchor_lies_on_the_stressed_vowel_not_on_the_first(name: str) -> None:
    found = stressed(name)
    assert len(found) >= 10
    for text, anchor, vowels, syllable in found:
        first, right = abs(anchor - vowels[0]), abs(anchor - vowels[syllable - 1])
        assert right < first, text
        # Into "way" the voice glides: there is no edge for the recogniser to find.
        assert right <= (90 if text == "Halfway through this part" else 60) * RATE // 1000, text
