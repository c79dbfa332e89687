"""Finds who speaks each text of a session: the coach's recordings, the shipped clips or the model.

Clips that have to be made are made here, before anything plays.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from cadence_cue.coaching import wording
from cadence_cue.coaching.drill import Library
from cadence_cue.coaching.rules import broken
from cadence_cue.coaching.session import Handling, Phase, Session, Take
from cadence_cue.errors import UserError, WayOut, printable, shown
from cadence_cue.sound.clips import Clip
from cadence_cue.voice.manifest import DEFAULT, normal
from cadence_cue.voice.voice import Voice

if TYPE_CHECKING:
    from cadence_cue.voice.cache import Cache

Progress = Callable[[int, int, str], object]
"""Called before each text is spoken by the model, with the number done, the total and the text.

An exception that it raises stops the work; clips that are finished stay in the cache.
"""


class RecordingsError(UserError):
    """Recordings that a session names, or that lie in the coach's folder, cannot be used."""


@dataclass(frozen=True, slots=True)
class Ensemble:
    """The available speakers: a shipped voice, and a folder of recordings that take precedence."""

    voice: str = DEFAULT
    recordings: Path | None = None
    cache: Path | None = None
    """The folder of cached clips; None for no cache."""


@dataclass(frozen=True, slots=True)
class Cast:
    """The voice of one session, and what the runner should know about it."""

    voice: Voice
    recorded: AbstractSet[str] = frozenset()
    """The texts that the coach recorded, in the form that `normal` gives."""
    doubts: tuple[str, ...] = ()
    """Sentences on flaws of recordings that are used all the same."""


def recorded_in(folder: Path) -> dict[str, Path]:
    """Return the files in a folder of recordings, by their name as a slug. Raises UserError."""
    try:
        return {slug(path.stem): path for path in sorted(folder.iterdir()) if path.is_file()}
    except OSError as error:
        raise UserError(
            f"The folder of recordings {printable(str(folder))} cannot be read: {error.strerror}."
        ) from None


def slug(text: str) -> str:
    """Return the file name for a text's recording: "pull-the-heel-up" for "Pull the heel up"."""
    return re.sub(r"[\W_]+", "-", normal(text)).strip("-")[:60].rstrip("-")


def nothing(done: int, total: int, text: str) -> None:
    """Ignore the progress."""


def cast(
    session: Session,
    library: Library,
    ensemble: Ensemble,
    progress: Progress = nothing,
) -> Cast:
    """Find or make a clip for every text of a session that has no shipped clip.

    Raises UserError if a text of the session file can have no clip, or if a recording, the folder
    of recordings or the voice cannot be used.
    """
    return _Casting(session, library, ensemble, progress).cast()


def found(session: Session, library: Library, ensemble: Ensemble) -> Cast:
    """Return the cast of the clips that exist already, for a plan with the voice off.

    Texts without a clip and recordings that cannot be used are no errors. Raises UserError if
    there is no such voice.
    """
    try:
        return _Casting(session, library, ensemble, nothing, makes=False, strict=False).cast()
    except UserError:
        return Cast(Voice.load(ensemble.voice))


def checked(session: Session, library: Library, ensemble: Ensemble) -> Cast:
    """Return the cast of a session as far as it needs no speech model.

    Raises the UserError that `cast` would raise: RecordingsError if recordings are the reason.
    """
    return _Casting(session, library, ensemble, nothing, makes=False).cast()


def _content(file: Path) -> str:
    """Return the hash of a recording; "" if it cannot be read: `recordings.take` says why."""
    try:
        found = file.stat()
        regular = stat.S_ISREG(found.st_mode)
        return _hashed(file, found.st_ino, found.st_size, found.st_mtime_ns) if regular else ""
    except (OSError, ValueError):
        return ""


@lru_cache(maxsize=4096)  # a screen plans each time its cursor rests on a session
def _hashed(file: Path, *_: int) -> str:
    from hashlib import sha256  # noqa: PLC0415  loads a library of its own

    content = file.read_bytes()
    return sha256(content).hexdigest() if content else ""


@dataclass(slots=True)
class _Casting:
    session: Session
    library: Library
    ensemble: Ensemble
    progress: Progress
    makes: bool = True
    strict: bool = True
    """Whether a text that must be spoken and has no clip is an error, as is a bad recording."""
    clips: dict[str, Clip] = field(default_factory=dict)
    """By text, in the form that `normal` gives."""
    recorded: set[str] = field(default_factory=set)
    doubts: list[str] = field(default_factory=list)
    unusable: list[str] = field(default_factory=list)
    """What is wrong with the recordings that cannot be used: a coach is told of all at once."""

    @property
    def cache(self) -> Cache | None:
        """The cache of clips, if there is one."""
        from cadence_cue.voice.cache import Cache  # noqa: PLC0415  most sessions need none

        return Cache(self.ensemble.cache) if self.ensemble.cache else None

    def cast(self) -> Cast:
        voice = Voice.load(self.ensemble.voice)
        takes = self._takes()
        named = wording.session_texts(self.session) if self.strict else ()
        must = {normal(text): phase for phase, text in named}
        wanted = {normal(text): text for text in wording.own_words(self.session, self.library)}
        texts = voice.forms | wanted
        for key, (phase, take) in takes.items():
            if take.sound:
                self._record(key, phase, take)
        self._take_folder(texts)
        if self.unusable and self.strict:
            raise RecordingsError(" ".join(self.unusable))
        speak: dict[str, list[str]] = {}
        for key, text in wanted.items():
            take = takes[key][1] if key in takes else Take(text)
            has_clip = key in self.clips or (key in voice.texts and not take.spoken)
            if not has_clip and (sentences := self._sentences(take, must.get(key))):
                speak[text] = sentences
        self._speak(speak, must)
        if self.clips:
            voice = voice.joined({texts[key]: clip for key, clip in self.clips.items()})
        return Cast(voice, frozenset(self.recorded), tuple(self.doubts))

    def _takes(self) -> dict[str, tuple[Phase, Take]]:
        """Return how each text is to be spoken; UserError if two phases disagree."""
        takes: dict[str, tuple[Phase, Take]] = {}
        for phase in self.session.written():
            for take in phase.takes:
                _, before = takes.setdefault(normal(take.text), (phase, take))
                if before != take:
                    reason = f"{shown(take.text)} is to be spoken in two ways; give one of them"
                    raise broken(self.session, phase, reason)
        return takes

    def _record(self, key: str, phase: Phase, take: Take) -> None:
        """Use the recording that the session file names for a text."""
        source = self.session.source
        file = (source.parent if source else Path()) / take.sound
        try:
            self._take(key, file, take.handling)
        except UserError as error:
            self.unusable.append(str(broken(self.session, phase, str(error))))

    def _take_folder(self, texts: Mapping[str, str]) -> None:
        """Use the recordings in the coach's folder for those of these texts that have one."""
        folder = self.ensemble.recordings
        if folder is None:
            return
        files = recorded_in(folder)
        for key, text in texts.items():
            if key not in self.clips and (file := files.get(slug(text))):
                try:
                    self._take(key, file, Handling())
                except UserError as error:
                    self.unusable.append(str(error))

    def _take(self, key: str, file: Path, handling: Handling) -> None:
        """Make a clip from a recording, unless it is cached. Raises UserError."""
        from cadence_cue.voice import recordings, speaking  # noqa: PLC0415  decoders: few have any
        from cadence_cue.voice.cache import Kept  # noqa: PLC0415

        cache = self.cache
        content = _content(file) if cache else ""
        made_by = f"{speaking.RECIPE}/{recordings.recipe()}"
        recipe = f"{made_by}/{content}/{file.name}/{handling}"
        kept = cache.find(recipe) if cache and content else None
        if kept is None:
            taken = recordings.take(file, handling)
            kept = Kept(taken.clip, taken.doubts)
            if cache and content:
                cache.keep(recipe, kept)
        self.clips[key] = kept.clip
        self.recorded.add(key)
        self.doubts += kept.notes

    def _sentences(self, take: Take, phase: Phase | None) -> list[str]:
        """Return the sentences for the model; none for an optional text that it cannot speak.

        `phase` is that of a text which must be spoken. Raises UserError if the model cannot.
        """
        from cadence_cue.voice.pronunciation import spoken, unspeakable  # noqa: PLC0415  as `_speak`

        words = take.spoken or take.text
        if reason := unspeakable(words):
            if phase is None:
                return []
            what = f"{shown(words)} cannot be spoken: {reason}"
            raise broken(self.session, phase, what, WayOut.RECORD)
        return spoken(words)

    def _speak(self, speak: Mapping[str, list[str]], must: Mapping[str, Phase]) -> None:
        """Speak texts with the model, except those that are cached."""
        if not speak:
            return
        from cadence_cue.voice import kokoro, speaking  # noqa: PLC0415  most sessions have none
        from cadence_cue.voice.cache import Kept  # noqa: PLC0415

        name, cache = self.ensemble.voice, self.cache
        recipes = {text: speaking.recipe(name, sentences) for text, sentences in speak.items()}
        kept = {text: cache.find(recipe) for text, recipe in recipes.items()} if cache else {}
        self.clips.update({normal(text): found.clip for text, found in kept.items() if found})
        left = [text for text in speak if not kept.get(text)]
        if not left:
            return
        if not kokoro.installed():
            if missing := [text for text in left if normal(text) in must]:
                raise self._cannot_speak(missing, must)
            return  # the planner lists optional texts that have no clip
        if not self.makes:
            return
        try:
            model = kokoro.Kokoro(name)
            for done, text in enumerate(left):
                self.progress(done, len(left), text)
                clip = speaking.clip(model, speak[text])
                self.clips[normal(text)] = clip
                if cache:
                    cache.keep(recipes[text], Kept(clip))
        except kokoro.ModelError as error:
            raise UserError(f'The voice "{name}" cannot speak texts of your own: {error}') from None

    def _cannot_speak(self, texts: list[str], must: Mapping[str, Phase]) -> UserError:
        phase = must[normal(texts[0])]
        more = f" (nor {len(texts) - 1} more of its texts)" if len(texts) > 1 else ""
        from difflib import get_close_matches  # noqa: PLC0415  only for this error

        near = get_close_matches(texts[0], Voice.load(self.ensemble.voice).texts, 1)
        but = f', but "{near[0]}"' if near else ""
        what = f"no voice here can speak {shown(texts[0])}{more}{but}"
        return broken(self.session, phase, what, WayOut.INSTALL_VOICE)
