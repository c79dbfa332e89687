"""Make the clips of the shipped voice: every text that the product speaks, once.

    python -m scripts.build_voice            make what is missing or has changed
    python -m scripts.build_voice --prune    and delete what no text needs any more
    python -m scripts.build_voice --list     only say what would be done

Clips and their manifest land in sounds/voice/<name>; a build that was stopped goes on where it was.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from functools import cache
from multiprocessing import get_context
from pathlib import Path

from cadence_cue.coaching.catalogue import built_in_sessions, load_library
from cadence_cue.coaching.session_file import load
from cadence_cue.coaching.wording import vocabulary
from cadence_cue.sound.voice import normal
from scripts.voice import kokoro, making
from scripts.voice.making import Made
from scripts.voice.measure import RATE

VOICE = "af_heart"
FOLDER = Path(__file__).parents[1] / "sounds" / "voice" / VOICE
MANIFEST = FOLDER / "manifest.json"
JOBS = 2
SAVE_EVERY = 20  # clips


def texts() -> list[str]:
    """The vocabulary of the library and the built-in sessions, each text once."""
    library = load_library()
    sessions = [load(path, library) for path in built_in_sessions().values()]
    once = {normal(text): text for text in reversed(vocabulary(library, sessions))}
    return list(reversed(once.values()))


def read_manifest() -> dict[str, Made]:
    """The clips that are there, by file name."""
    if not MANIFEST.exists():
        return {}
    rows = json.loads(MANIFEST.read_text("utf-8"))["clips"]
    return {row["file"]: Made(**row) for row in rows if (FOLDER / row["file"]).exists()}


def write_manifest(clips: Iterable[Made]) -> None:
    """One line per clip, in the order of their files, so that changes read well."""
    about = {
        "voice": VOICE,
        "rate": RATE,
        "made": f"Kokoro-82M ({kokoro.MODEL}), speed {kokoro.SPEED}, by scripts/build_voice.py",
    }
    rows = sorted((clip.row() for clip in clips), key=lambda row: str(row["file"]))
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    head = json.dumps(about, indent=1)[:-2]
    text = f'{head},\n "clips": [\n{lines}\n]}}\n'
    temporary = MANIFEST.with_suffix(".part")
    temporary.write_text(text, "utf-8")
    temporary.replace(MANIFEST)


def build(missing: list[str], clips: dict[str, Made]) -> None:
    """Make clips for the missing texts; what is made is kept, however it ends."""
    try:
        with get_context("spawn").Pool(JOBS) as pool:
            for number, (made, data) in enumerate(pool.imap_unordered(_make, missing), 1):
                (FOLDER / made.file).write_bytes(data)
                clips[made.file] = made
                print(f"{number:4} of {len(missing)}  {made.text}", flush=True)
                if number % SAVE_EVERY == 0:
                    write_manifest(clips.values())
    finally:
        write_manifest(clips.values())


@cache
def _voice() -> kokoro.Kokoro:
    """The model, loaded once in each process that needs it."""
    return kokoro.Kokoro(VOICE)


def _make(text: str) -> tuple[Made, bytes]:
    return making.make(_voice(), VOICE, text)


def main() -> None:
    """See the module's text."""
    parser = argparse.ArgumentParser(description="Make the clips of the shipped voice.")
    parser.add_argument("--prune", action="store_true", help="delete clips that no text needs")
    parser.add_argument("--list", action="store_true", help="only say what would be done")
    arguments = parser.parse_args()

    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = {making.file_name(text, VOICE): text for text in texts()}
    clips = read_manifest()
    missing = [text for file, text in wanted.items() if file not in clips]
    unused = sorted({path.name for path in FOLDER.glob("*.ogg")} - set(wanted))
    print(f"{len(wanted)} texts: {len(missing)} to make, {len(unused)} files no longer used.")
    if arguments.list:
        for line in [f"to make  {text}" for text in missing] + [f"unused   {f}" for f in unused]:
            print(line)
        return
    if arguments.prune:
        for file in unused:
            (FOLDER / file).unlink()
            clips.pop(file, None)
    try:
        build(missing, clips)
    except RuntimeError as trouble:
        sys.exit(str(trouble))
    size = sum(path.stat().st_size for path in FOLDER.glob("*.ogg"))
    print(f"{len(clips)} clips, {size / 1e6:.1f} MB, in {FOLDER}")


if __name__ == "__main__":
    main()
