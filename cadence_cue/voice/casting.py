"""Who speaks which text of a session: the coach's recordings, the shipped clips, or the model.

All that has to be made is made here, before anything plays.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from cadence_cue.coaching import wording
from cadence_cue.coaching.model import Handling, Library, Phase, Session, Take
from cadence_cue.coaching.rules import broken
from cadence_cue.errors import UserError, WayOut, printable, shown
from cadence_cue.sound.clips import Clip
from cadence_cue.voice import kokoro, recordings, speaking
from cadence_cue.voice.cache import Cache, Kept
from cadence_cue.voice.kokoro import Kokoro, ModelError
from cadence_cue.voice.pronunciation import spoken, unspeakable
from cadence_cue.voice.voice import DEFAULT, Voice, normal

Progress = Callable[[int, int, str], object]
"""Hears before each text that is made: how many are done, of how many, and which it is.

Whatever it raises ends the making; what was made is kept.
"""


@dataclass(frozen=True, slots=True)
class Ensemble:
    """Who is there to speak: a shipped voice, and a folder of recordings that goes before it."""

    voice: str = DEFAULT
    recordings: Path | None = None
    cache: Path | None = None
    """Where what was made is kept; None: nowhere."""


@dataclass(frozen=True, slots=True)
class Cast:
    """The voice of one session, and what the runner should know of it."""

    voice: Voice
    recorded: AbstractSet[str] = frozenset()
    """The texts, as `normal` has them, that the coach recorded."""
    doubts: tuple[str, ...] = ()
    """What is wrong with recordings that can be used all the same."""


def recorded_in(folder: Path) -> dict[str, Path]:
    """The recordings in a folder, by the name that `slug` gives their text. Raises UserError."""
    try:
        return {slug(path.stem): path for path in sorted(folder.iterdir()) if path.is_file()}
    except OSError as error:
        raise UserError(
            f"The folder of recordings {printable(str(folder))} cannot be read: {error.strerror}."
        ) from None


def slug(text: str) -> str:
    """The name under which a text is recorded: "Pull the heel up" as "pull-the-heel-up"."""
    return re.sub(r"[\W_]+", "-", normal(text)).strip("-")[:60].rstrip("-")


def nothing(done: int, total: int, text: str) -> None:
    """Nobody hears."""


def cast(
    session: Session,
    library: Library,
    ensemble: Ensemble,
    progress: Progress = nothing,
) -> Cast:
    """Find or make a clip for every text of a session that is not simply a shipped one.

    Raises UserError where a text of the file has none, or where a recording, their folder or the
    voice cannot be used.
    """
    return _Casting(session, library, ensemble, progress).cast()


def found(session: Session, library: Library, ensemble: Ensemble) -> Cast:
    """The clips that are there already, for a plan that nobody hears: no text is refused.

    Raises UserError where there is no such voice.
    """
    try:
        return _Casting(session, library, ensemble, nothing, makes=False).cast()
    except UserError:
        return Cast(Voice.load(ensemble.voice))


def trouble(session: Session, library: Library, ensemble: Ensemble) -> UserError | None:
    """Why nobody can speak a text of the session, None if all can be; nothing is made for it."""
    try:
        _Casting(session, library, ensemble, nothing, makes=False).cast()
    except UserError as error:
        return error
    return None


@dataclass(slots=True)
class _Casting:
    session: Session
    library: Library
    ensemble: Ensemble
    progress: Progress
    makes: bool = True
    clips: dict[str, Clip] = field(default_factory=dict)
    """By the text as `normal` has it."""
    recorded: set[str] = field(default_factory=set)
    doubts: list[str] = field(default_factory=list)

    @property
    def cache(self) -> Cache | None:
        """Where what was made is kept."""
        return Cache(self.ensemble.cache) if self.ensemble.cache else None

    def cast(self) -> Cast:
        voice = Voice.load(self.ensemble.voice)
        takes = self._takes()
        must = {normal(text): phase for phase, text in wording.session_texts(self.session)}
        wanted = {normal(text): text for text in wording.own_words(self.session, self.library)}
        texts = {normal(text): text for text in voice.texts} | wanted
        for key, (phase, take) in takes.items():
            if take.sound:
                self._record(key, phase, take)
        self._take_folder(texts)
        speak: dict[str, list[str]] = {}
        for key, text in wanted.items():
            take = takes[key][1] if key in takes else Take(text)
            has_clip = key in self.clips or (key in voice.texts and not take.spoken)
            if not has_clip and (sentences := self._sentences(take, must.get(key))):
                speak[text] = sentences
        self._speak(speak, must)
        clips = {texts[key]: clip for key, clip in self.clips.items()}
        return Cast(voice.joined(clips), frozenset(self.recorded), tuple(self.doubts))

    def _takes(self) -> dict[str, tuple[Phase, Take]]:
        """How each text is to be spoken; twice differently is a mistake."""
        takes: dict[str, tuple[Phase, Take]] = {}
        for phase in self.session.written():
            for take in phase.takes:
                _, before = takes.setdefault(normal(take.text), (phase, take))
                if before != take:
                    reason = f"{shown(take.text)} is to be spoken in two ways; give one of them"
                    raise broken(self.session, phase, reason)
        return takes

    def _record(self, key: str, phase: Phase, take: Take) -> None:
        """Take the recording that the file names for a text."""
        source = self.session.source
        file = (source.parent if source else Path()) / take.sound
        try:
            self._take(key, file, take.handling)
        except UserError as error:
            raise broken(self.session, phase, str(error)) from None

    def _take_folder(self, texts: Mapping[str, str]) -> None:
        """Take the recordings of the coach's folder that are of any of these texts."""
        folder = self.ensemble.recordings
        if folder is None:
            return
        files = recorded_in(folder)
        for key, text in texts.items():
            if key not in self.clips and (file := files.get(slug(text))):
                self._take(key, file, Handling())

    def _take(self, key: str, file: Path, handling: Handling) -> None:
        """Make a clip of a recording, unless the same bytes were once handled so. May raise."""
        cache = self.cache
        try:
            content = file.read_bytes() if cache and file.is_file() else b""
        except OSError:
            content = b""  # the reader tells what is wrong with it
        recipe = f"{speaking.RECIPE}/{sha256(content).hexdigest()}/{file.name}/{handling}"
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
        """What the model is to say; nothing for a text that it cannot, and that need not be."""
        words = take.spoken or take.text
        if reason := unspeakable(words):
            if phase is None:
                return []
            what = f"{shown(words)} cannot be spoken: {reason}"
            raise broken(self.session, phase, what, WayOut.RECORD)
        return spoken(words)

    def _speak(self, speak: Mapping[str, list[str]], must: Mapping[str, Phase]) -> None:
        """Say texts with the model, as far as they are not kept from before."""
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
            return  # what need not be said is listed by the planner
        if not self.makes:
            return
        try:
            model = Kokoro(name)
            for done, text in enumerate(left):
                self.progress(done, len(left), text)
                clip = speaking.clip(model, speak[text])
                self.clips[normal(text)] = clip
                if cache:
                    cache.keep(recipes[text], Kept(clip))
        except ModelError as error:
            raise UserError(f'The voice "{name}" cannot speak texts of your own: {error}') from None

    def _cannot_speak(self, texts: list[str], must: Mapping[str, Phase]) -> UserError:
        phase = must[normal(texts[0])]
        more = f" (nor {len(texts) - 1} more of its texts)" if len(texts) > 1 else ""
        near = difflib.get_close_matches(texts[0], Voice.load(self.ensemble.voice).texts, 1)
        but = f', but "{near[0]}"' if near else ""
        what = f"no voice here can speak {shown(texts[0])}{more}{but}"
        return broken(self.session, phase, what, WayOut.INSTALL_VOICE)
