"""Checks how fast the announcements are spoken that are said in one breath.

    python -m scripts.check_pace

Each has 150 to 175 words a minute in each shipped voice. Words differ, "Fall to run" has three and
"perception" one, so four syllables count as three words, as they are in all announcements together;
and the pause between two sentences is left out in texts of up to six words, of which it is much.
Prints each text that is too fast or too slow with a speed that mends it: write that into
scripts/voice/speeds.toml and build the voices again. Exits with 1 if there is one.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from cadence_cue.coaching.catalogue import built_in_sessions, load_library
from cadence_cue.coaching.rehearsal import rehearse
from cadence_cue.coaching.session_file import load
from cadence_cue.coaching.wholes import whole_announcements
from cadence_cue.timing import RATE
from cadence_cue.voice.manifest import voice_names
from cadence_cue.voice.pronunciation import VOWELS, spoken
from cadence_cue.voice.speaking import PAUSE, SHORT, speed
from scripts.build_voice import read_manifest
from scripts.voice import making
from scripts.voice.making import Made

SLOWEST, FASTEST = 150, 175  # words a minute
INSIDE = 2  # words a minute from those ends
SYLLABLES = 4 / 3
"""Of a word, in all announcements together."""


def announcements() -> set[str]:
    """Every announcement that a voice speaks in one breath."""
    library = load_library()
    sessions = [load(path, library) for path in built_in_sessions().values()]
    rehearsed = [rehearse(drill, library) for drill in library.drills.values()]
    return set(whole_announcements(library, sessions + rehearsed))


def pace(clip: Made) -> float:
    """The words a minute of a clip."""
    syllables = sum(symbol in VOWELS for symbol in clip.phonemes)
    pauses = (len(spoken(clip.text)) - 1) * PAUSE if len(clip.text.split()) <= SHORT else 0
    return syllables / SYLLABLES * 60 * RATE / (clip.frames - pauses)


def outside(voice: str) -> Iterator[tuple[Made, float, float]]:
    """Yield what a voice announces too fast or too slowly, its pace, and a speed that mends it."""
    wanted = announcements()
    for clip in read_manifest(voice).values():
        if clip.text in wanted and not SLOWEST <= (found := pace(clip)) <= FASTEST:
            aim = FASTEST - INSIDE if found > FASTEST else SLOWEST + INSIDE
            now = making.speed(clip.text, voice) or speed(spoken(clip.text))
            yield clip, found, round(now * aim / found, 2)


def main() -> None:
    """Run the command; see the module's docstring."""
    failed = False
    for voice in voice_names():
        for clip, found, better in outside(voice):
            print(f"{voice}: {found:.0f} words a minute; try speed {better}: {clip.text}")
            failed = True
    sys.exit(failed)


if __name__ == "__main__":
    main()
