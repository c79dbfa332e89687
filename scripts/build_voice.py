"""Makes the clips of the shipped voices: every text that the product speaks, once per voice.

    python -m scripts.build_voice            make what is missing or has changed
    python -m scripts.build_voice --prune    and delete what no text needs any more
    python -m scripts.build_voice --list     only say what would be done

Clips and manifests are written to sounds/voice/<name>; an interrupted build continues where it
stopped. The same texts give the same bytes. At the end every anchor is compared with the place
where a recogniser finds that vowel; corrections by ear go into scripts/voice/corrections.toml.
"""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
from collections.abc import Iterable
from dataclasses import replace
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path

from cadence_cue.coaching import wording
from cadence_cue.coaching.catalogue import built_in_sessions, load_library
from cadence_cue.coaching.rehearsal import rehearse
from cadence_cue.coaching.session_file import load
from cadence_cue.coaching.wholes import whole_announcements
from cadence_cue.coaching.wording import vocabulary
from cadence_cue.timing import RATE
from cadence_cue.voice import kokoro
from cadence_cue.voice.manifest import normal
from cadence_cue.voice.shipped import voices_folder
from scripts.voice import hearing, making
from scripts.voice.making import Made

VOICES = {
    "af_heart": "a woman, American English",
    "am_michael": "a man, American English",
}
CORRECTIONS = Path(__file__).parent / "voice" / "corrections.toml"
JOBS = 2
SAVE_EVERY = 20  # clips
FAR = 60 * RATE // 1000  # frames between an anchor and the recogniser's vowel: check by ear


OFTEN = (
    *(wording.SAFETY, wording.SAFETY_AT_HOME, wording.SWITCH_LEGS),
    *(wording.CLICK_STOPS, wording.CLICK_BACK, wording.ONE_STEP_PER_CLICK),
    *(wording.STEP_INDOORS, wording.TIRED, "Shake out your legs", "Walk briskly", "Walk back"),
)
"""What is heard most often and always in the same words: it has several takes."""


def texts() -> list[str]:
    """The vocabulary of the library and the built-in sessions, each text once."""
    library = load_library()
    sessions = [load(path, library) for path in built_in_sessions().values()]
    rehearsed = [rehearse(drill, library) for drill in library.drills.values()]
    spoken = [*vocabulary(library, sessions), *whole_announcements(library, sessions + rehearsed)]
    once = {normal(text): text for text in reversed(spoken)}
    return list(reversed(once.values()))


def read_manifest(name: str) -> dict[str, Made]:
    """The existing clips of a voice, by file name."""
    folder = voices_folder() / name
    if not (folder / "manifest.json").exists():
        return {}
    rows = json.loads((folder / "manifest.json").read_text("utf-8"))["clips"]
    return {
        row["file"]: Made(**{**row, "words": tuple(row["words"])})
        for row in rows
        if (folder / row["file"]).exists()
    }


def write_manifest(name: str, clips: Iterable[Made]) -> None:
    """Write one line per clip, sorted by file, so that diffs are readable."""
    about = {
        "voice": name,
        "who": VOICES[name],
        "licence": "synthetic speech by Kokoro-82M, Apache-2.0 (sounds/LICENSES.md)",
        "rate": RATE,
        "made": f"Kokoro-82M ({kokoro.MODEL}), by scripts/build_voice.py",
    }
    rows = sorted((clip.row() for clip in clips), key=lambda row: str(row["file"]))
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    head = json.dumps(about, indent=1)[:-2]
    manifest = voices_folder() / name / "manifest.json"
    temporary = manifest.with_suffix(".part")
    temporary.write_text(f'{head},\n "clips": [\n{lines}\n]}}\n', "utf-8")
    temporary.replace(manifest)


def corrected(name: str, clips: Iterable[Made]) -> list[Made]:
    """The clips with the anchors that were corrected by ear. Raises RuntimeError."""
    by_hand = tomllib.loads(CORRECTIONS.read_text("utf-8")).get(name, {})
    clips = list(clips)
    unknown = by_hand.keys() - {clip.text for clip in clips}
    if unknown:
        raise RuntimeError(f"{CORRECTIONS.name} corrects what {name} does not say: {unknown}")
    return [
        replace(clip, anchor=round(by_hand[clip.text] * RATE / 1000), corrected=True)
        if clip.text in by_hand
        else clip
        for clip in clips
    ]


def build(name: str, missing: list[tuple[str, int]], clips: dict[str, Made]) -> None:
    """Make the missing takes of texts; finished clips are kept if it is interrupted."""
    folder = voices_folder() / name
    try:
        with get_context("spawn").Pool(JOBS) as pool:
            made_of = partial(_make, name)
            for number, (made, data) in enumerate(pool.imap_unordered(made_of, missing), 1):
                (folder / made.file).write_bytes(data)
                clips[made.file] = made
                print(f"{name}  {number:4} of {len(missing)}  {made.text}", flush=True)
                if number % SAVE_EVERY == 0:
                    write_manifest(name, clips.values())
    finally:
        write_manifest(name, corrected(name, clips.values()))


@cache
def _voice(name: str) -> kokoro.Kokoro:
    """The model, loaded once per process."""
    return kokoro.Kokoro(name)


def _make(name: str, text_and_take: tuple[str, int]) -> tuple[Made, bytes]:
    return making.make(_voice(name), name, *text_and_take)


def bring_up_to_date(name: str, *, prune: bool, only_list: bool) -> None:
    """Make, list or prune the clips of one voice. Raises RuntimeError."""
    folder = voices_folder() / name
    takes = [(text, 0) for text in texts()]
    takes += [(text, take) for text in OFTEN for take in range(1, len(making.MELODIES))]
    wanted = {making.file_name(text, name, take): (text, take) for text, take in takes}
    clips = read_manifest(name)
    missing = [take for file, take in wanted.items() if file not in clips]
    unused = sorted({path.name for path in folder.glob("*.opus")} - set(wanted))
    print(f"{name}: {len(wanted)} clips: {len(missing)} to make, {len(unused)} no longer used.")
    if only_list:
        for line in [f"to make  {text}" for text, _ in missing] + [f"unused   {f}" for f in unused]:
            print(line)
        return
    if prune:
        for file in unused:
            (folder / file).unlink()
            clips.pop(file, None)
    build(name, missing, clips)
    size = sum(path.stat().st_size for path in folder.glob("*.opus"))
    print(f"{name}: {len(clips)} clips, {size / 1e6:.1f} MB, in {folder}")
    for clip, error in hearing.anchor_errors(name):
        if abs(error) > FAR and not clip.corrected:
            print(f"{name}: anchor {error * 1000 // RATE:+d} ms from its vowel: {clip.text}")


def main() -> None:
    """Run the command; see the module's docstring."""
    parser = argparse.ArgumentParser(description="Make the clips of the shipped voices.")
    parser.add_argument("--prune", action="store_true", help="delete clips that no text needs")
    parser.add_argument("--list", action="store_true", help="only say what would be done")
    arguments = parser.parse_args()
    try:
        for name in VOICES:
            bring_up_to_date(name, prune=arguments.prune, only_list=arguments.list)
    except RuntimeError as trouble:
        sys.exit(str(trouble))


if __name__ == "__main__":
    main()
