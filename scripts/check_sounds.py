"""Listen to the shipped clips, as far as a program can.

    python -m scripts.check_sounds           what is new; all takes minutes
    python -m scripts.check_sounds NAME      one voice

Is every text of the product there? Is each clip heard as its text, out of all texts, by a
recogniser that never met the voices' model? Does it start at once, last as long as its words do,
and have the level of every clip? Ends with 1 if not.

What was listened to without a fault is noted in scripts/voice/heard.toml: of each clip, a hash of
all that the verdict follows from. Where that is still the same, the clip is trusted.
"""

from __future__ import annotations

import ast
import hashlib
import inspect
import json
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

from cadence_cue.coaching import wording
from cadence_cue.coaching.catalogue import load_library
from cadence_cue.sound import loudness
from cadence_cue.voice.finish import CEILING, NEAR, TARGET
from cadence_cue.voice.manifest import normal, voice_names
from scripts.build_voice import texts
from scripts.voice import hearing, judging
from scripts.voice.hearing import Label

HEARD = Path(__file__).parent / "voice" / "heard.toml"
_ABOUT = "# Written by scripts/check_sounds.py: what was listened to without a fault.\n"
JUDGES = (judging, hearing, loudness)
"""The modules that a verdict goes by."""


def main() -> None:
    """See the module's text."""
    names = sys.argv[1:] or voice_names()
    notes = noted()
    faults = []
    for name in names:
        now = marks(name)
        found = list(check(name, now, notes.get(name, {})))
        notes[name] = notes.get(name, {}) if found else now
        faults += found
    for fault in faults:
        print(fault)
    write(notes)
    print(f"{', '.join(names)}: {len(faults) or 'no'} faults.")
    sys.exit(bool(faults))


def check(name: str, now: Mapping[str, str], notes: Mapping[str, str]) -> Iterator[str]:
    """All that is wrong with the clips of a voice, a sentence each.

    A clip is trusted if its mark `now` is the one in the `notes`.
    """
    labels = hearing.labels(name)
    yield from missing(name, labels)
    yield from judging.too_many_excuses(name, [label.text for label in labels])
    fresh = {text for text, mark in now.items() if notes.get(text) != mark}
    if not fresh:
        return
    heard = [hearing.decoded(label) for label in labels]
    for clip in heard:
        if clip.text in fresh:
            yield from (f"{name}: {clip.text}: {fault}" for fault in judging.measured(clip))
    yield from judging.recognised(name, heard, fresh)


def missing(name: str, labels: Iterable[Label]) -> Iterator[str]:
    """Which texts of the product a voice has no clip of."""
    there = {normal(label.text) for label in labels}
    yield from (f"{name}: no clip of: {text}" for text in texts() if normal(text) not in there)


def marks(name: str) -> dict[str, str]:
    """Of each clip of a voice, and each row of them, a hash of all that its verdict follows from.

    Those are the clip, what it says, and the judges. It is not what else the voice says: a new text
    is itself without a mark, and the others are listened to for it.
    """
    judges = _judges()
    alone = wording.beat_words(load_library())
    excused = [text for text in judging.excuses(name) if not judging.must_be_heard(text)]
    found: dict[str, str] = {}
    for label in hearing.labels(name):
        said = (label.words, label.phones, label.sentences)
        judged_as = (label.text in alone, label.text in excused)
        found[label.text] = _hash(judges, repr((said, judged_as)), label.file.read_bytes())
    for words in judging.said_in_rows():
        if found.keys() >= set(words):
            found[wording.chant_phrase(words)] = _hash(*(found[word] for word in words))
    return found


def _judges() -> str:
    levels = repr((CEILING, NEAR, TARGET))
    return _hash(levels, version("pocketsphinx"), *map(_code, JUDGES))


def _code(module: ModuleType) -> str:
    """What a module does: all below its imports."""
    source = inspect.getsource(module)
    imports = [
        each for each in ast.parse(source).body if isinstance(each, ast.Import | ast.ImportFrom)
    ]
    return "".join(source.splitlines(keepends=True)[imports[-1].end_lineno :])


def _hash(*parts: str | bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(hashlib.sha256(part.encode() if isinstance(part, str) else part).digest())
    return digest.hexdigest()[:12]


def noted() -> dict[str, dict[str, str]]:
    """The mark of each clip of each voice when it was last listened to without a fault."""
    return tomllib.loads(HEARD.read_text("utf-8")) if HEARD.exists() else {}


def write(notes: Mapping[str, Mapping[str, str]]) -> None:
    """Note these marks, a line for each clip."""
    lines = [_ABOUT]
    for name in sorted(notes):
        lines.append(f"\n[{name}]\n")
        lines += [
            f'{json.dumps(text, ensure_ascii=False)} = "{mark}"\n'
            for text, mark in sorted(notes[name].items())
        ]
    HEARD.write_text("".join(lines), "utf-8")


if __name__ == "__main__":
    main()
