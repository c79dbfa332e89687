"""Turns a session into a performance: voice, plan, timeline and renderer.

The one place that puts them together, for commands and screens, playing and exporting.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from cadence_cue.coaching import program, wording
from cadence_cue.coaching.advice import Advice, advice
from cadence_cue.coaching.drill import Library
from cadence_cue.coaching.explaining import explains
from cadence_cue.coaching.program import Outline, safety_line
from cadence_cue.coaching.session import Say, Session
from cadence_cue.coaching.tempi import Tempi
from cadence_cue.sound.beats import beat_lengths, beat_sounds
from cadence_cue.timing import RATE
from cadence_cue.timing.editing import Edit, running
from cadence_cue.timing.planner import Plan, plan, replan
from cadence_cue.timing.talking import talk_advice
from cadence_cue.timing.timeline import Bus, EventKind, Timeline, text_of
from cadence_cue.voice import casting
from cadence_cue.voice.casting import Cast, Ensemble, Progress
from cadence_cue.voice.lines import Lines, Seconds

if TYPE_CHECKING:
    from cadence_cue.coaching.part import Part
    from cadence_cue.sound.clips import Clip
    from cadence_cue.sound.renderer import Renderer

GET_READY_EXPORT = Fraction(10)  # seconds: the phone can go into the pocket
GET_READY_LIVE = Fraction(3, 2)

_DAYS = 7  # after this many days every cue has come up: no drill has more ideas

_RECENT = 16  # edits that can be taken back without planning any of the others again


@dataclass(frozen=True, slots=True)
class PerformanceSpec:
    """How a session is to be performed.

    `cadence_spm` is the runner's own cadence in steps per minute, `get_ready` the seconds before
    the ready signal, `rate` the frames per second, and `duck_db` how far the beat is turned down
    under speech. `speaks` turns the voice on, `explain` overrides whether drills are explained,
    `safety` allows the safety line, and `click` names one of sound.beats.KITS. Without a `seed` the
    session's own is used, or else the date.
    """

    cadence_spm: Fraction
    get_ready: Fraction
    rate: int = RATE
    ensemble: Ensemble = Ensemble()
    speaks: bool = True
    explain: bool | None = None
    safety: bool = True
    seed: int | None = None
    duck_db: float = 6.0
    click: str = "knock"


def perform(
    session: Session,
    library: Library,
    spec: PerformanceSpec,
    *,
    progress: Progress = casting.nothing,
    cast: Cast | None = None,
) -> Performance:
    """Plan a session for a runner.

    Texts without a clip are spoken by the model first, and `progress` is called before each of
    them. A `cast` made for the same session is used as it is. Raises UserError, for example for a
    text that no voice can speak.
    """
    seed = next(seed for seed in (spec.seed, session.seed, _today()) if seed is not None)
    cast = cast or _cast(session, library, spec, progress)
    lines = _lines(session, spec, cast)
    explained = explains(session, spec.explain)
    outline = program.outlined(session, library, seed)
    parts = _parts(session, library, Tempi(spec.cadence_spm), seed, explained, lines, outline)
    planned = plan(
        parts,
        spec.rate,
        seed,
        lengths=beat_lengths(spec.rate),
        utterances=lines,
        get_ready=session.get_ready if session.get_ready is not None else spec.get_ready,
        opening=_opening(session, parts) if spec.safety else {},
        duck_db=spec.duck_db,
    )
    return Performance(
        session, library, spec, seed, explained, cast, lines, outline, parts, planned
    )


def _cast(session: Session, library: Library, spec: PerformanceSpec, progress: Progress) -> Cast:
    if spec.speaks:
        return casting.cast(session, library, spec.ensemble, progress)
    return casting.found(session, library, spec.ensemble)


def _lines(session: Session, spec: PerformanceSpec, cast: Cast) -> Lines:
    unplanned = () if spec.speaks else [text for _, text in wording.session_texts(session)]
    return Lines(cast.voice, spec.rate, unplanned)


def _opening(session: Session, parts: Sequence[Part]) -> dict[str, EventKind]:
    """Return what a track opens with: the safety line, and what the session needs."""
    said = {
        safety_line(session, parts): EventKind.SAFETY,
        wording.needs_phrase(session): EventKind.NEEDS,
    }
    return {text: kind for text, kind in said.items() if text}


def _parts(
    session: Session,
    library: Library,
    tempi: Tempi,
    seed: int,
    explained: bool,
    lines: Lines,
    outline: Outline = (),
) -> tuple[Part, ...]:
    return program.perform(
        session,
        library,
        tempi.cadence_spm,
        seed,
        explain=explained,
        speech=Seconds(lines),
        offsets=dict(tempi.offsets),
        outline=outline,
    )


def _thinned(earlier: Sequence[Performance]) -> tuple[Performance, ...]:
    """Return the last 16 and, of those before, each that has a multiple of 16 edits.

    A plan of two hours takes half a megabyte: a long run with many nudges must not keep them all.
    """
    old, recent = earlier[:-_RECENT], earlier[-_RECENT:]
    return (*(each for each in old if len(each.edits) % _RECENT == 0), *recent)


@dataclass(frozen=True, slots=True, repr=False)
class Performance:
    """A session as this runner will hear it, including the tempo changes made while it plays.

    A value: `perform` makes it, and every change returns a new one.
    """

    session: Session
    library: Library
    spec: PerformanceSpec
    seed: int
    explains: bool
    """Whether drills are explained."""
    cast: Cast
    lines: Lines = field(compare=False)
    """What can be said, and how long it takes at this rate."""
    outline: Outline = field(compare=False)
    """What of the parts does not follow from tempos, and stays as it is when they change."""
    parts: tuple[Part, ...]
    plan: Plan
    edits: tuple[Edit, ...] = ()
    earlier: tuple[Performance, ...] = field(default=(), compare=False)
    """Performances with fewer of the edits, to go back to: each recent one, a few of the others."""

    def __repr__(self) -> str:
        """Return one line that identifies the performance."""
        cadence, edits = float(self.spec.cadence_spm), len(self.edits)
        return (
            f"<Performance of {self.session.name!r}: cadence {cadence:g}, seed {self.seed}, "
            f"{self.spec.rate} Hz, {edits} edit{'' if edits == 1 else 's'}>"
        )

    def edited(self, *edits: Edit) -> Performance:
        """Return the performance with these edits added, in order.

        Existing edits at the same instant or later are removed. Raises UserError if an edit leads
        to a tempo or a length outside the limits, or brings a text that no voice can speak.
        """
        after = self
        for edit in edits:
            after = after.until(edit.at).followed_by(edit)
        return after

    def until(self, at: Fraction) -> Performance:
        """Return the performance with only those of its edits that are before an instant."""
        count = sum(edit.at < at for edit in self.edits)
        if count == len(self.edits):
            return self
        *fewer, kept = (each for each in self.earlier if len(each.edits) <= count)
        again = self.edits[len(kept.edits) : count]
        return replace(kept, earlier=tuple(fewer)).edited(*again)

    def followed_by(self, edit: Edit) -> Performance:
        """Return the performance with one more edit, which must be later than all it has."""
        edit = replace(edit, says=tuple(dict.fromkeys((*self.says, *edit.says))))
        session = edit.session or self.session
        cast, lines, outline = self.cast, self.lines, self.outline
        if session != self.session_now:
            said = [self.session, *(each.session for each in self.edits if each.session), session]
            phases = tuple(phase for each in said for phase in each.phases)
            both = replace(self.session, phases=phases)  # what was said before is still needed
            cast = _cast(both, self.library, self.spec, casting.nothing)
            lines = _lines(both, self.spec, cast)
            outline = program.outlined(session, self.library, self.seed)
        parts = _parts(session, self.library, edit.tempi, self.seed, self.explains, lines, outline)
        for index, say in edit.says:
            part = parts[index]
            parts = (*parts[:index], replace(part, say=(*part.say, say)), *parts[index + 1 :])
        after = replan(
            self.plan,
            parts,
            edit,
            lengths=self.lengths,
            utterances=lines,
            duck_db=self.spec.duck_db,
        )
        return replace(
            self,
            cast=cast,
            lines=lines,
            outline=outline,
            parts=tuple(placed.part for placed in after.layout),
            plan=after,
            edits=(*self.edits, edit),
            earlier=_thinned((*self.earlier, replace(self, earlier=()))),
        )

    def joined(self, at: Fraction, followed: Collection[Edit] = ()) -> Performance:
        """Return it with music that is on the beat again at an instant, after its last edits.

        Those are the edits for which it was not yet, without those that it `followed` at once.
        """
        edits = tuple(
            replace(edit, joins=at) if edit.joins is None and edit not in followed else edit
            for edit in self.edits
        )
        return replace(self, edits=edits)

    def stages(self, since: int) -> Iterator[tuple[int, Performance]]:
        """Yield what was performed at a frame, and after each later edit, with where it begins."""
        frames = [self.plan.clock.frame(edit.at) for edit in self.edits]
        count = bisect_right(frames, since)
        yield from zip((since, *frames[count:]), self.stages_from(count), strict=True)

    def stages_from(self, count: int) -> Iterator[Performance]:
        """Yield the performance with its first `count` edits, and then with each later one."""
        coming = self.edits[count:]
        if coming:
            stage = self.until(coming[0].at)
            yield stage
            for edit in coming[:-1]:
                stage = stage.followed_by(edit)
                yield stage
        yield self

    def at_rate(self, rate: int) -> Performance:
        """Return the same performance at another rate: the same instants, rounded again."""
        spec = replace(self.spec, rate=rate, seed=self.seed)
        return perform(self.session, self.library, spec, cast=self.cast).edited(*self.edits)

    def _parts(self, tempi: Tempi, seed: int) -> tuple[Part, ...]:
        return _parts(self.session_now, self.library, tempi, seed, self.explains, self.lines)

    @property
    def session_now(self) -> Session:
        """The session as it is after the last edit: the same phases, maybe with other clicks."""
        return (self.edits[-1].session if self.edits else None) or self.session

    @property
    def tempi(self) -> Tempi:
        """The cadence and tempo changes that hold after the last edit."""
        return self.edits[-1].tempi if self.edits else Tempi(self.spec.cadence_spm)

    @property
    def says(self) -> tuple[tuple[int, Say], ...]:
        """What was added to be said while it played."""
        return self.edits[-1].says if self.edits else ()

    def tempo_at(self, frame: int) -> Fraction | None:
        """Return the beats per minute at a frame; None where no beat grid is running."""
        instant = self.plan.clock.instant(frame)
        grid = running(self.plan.layout, instant)
        return grid.tempo_at(instant) if grid else None

    def advice(self) -> list[Advice]:
        """Return advice on what would be better done otherwise in this session."""
        of_parts = advice(self.parts, self.library, self.spec.cadence_spm)
        return [*of_parts, *talk_advice(self.timeline)]

    @property
    def timeline(self) -> Timeline:
        """The timeline of the whole performance."""
        return self.plan.timeline

    @property
    def beats(self) -> dict[str, Clip]:
        """The clips of the beat bus, by name."""
        return beat_sounds(self.spec.rate, self.spec.click)

    @property
    def lengths(self) -> dict[str, int]:
        """The length in frames of each sound of the beat bus, by name."""
        return beat_lengths(self.spec.rate)

    @property
    def voice(self) -> dict[str, Clip]:
        """The clips of all that is spoken, by name; none with the voice off."""
        return self.cast.voice.clips(self.spoken, self.spec.rate)

    @property
    def spoken(self) -> list[str]:
        """The names of all spoken takes; none with the voice off."""
        if not self.spec.speaks:
            return []
        events = self.timeline.events
        # Not np.unique, which imports masked arrays: 10 ms and 1.3 MB of every start.
        spoken = np.flatnonzero(np.bincount(events["sound"][events["bus"] == Bus.VOICE]))
        return [self.timeline.sounds[k] for k in spoken]

    @property
    def script(self) -> list[str]:
        """Every text that may be spoken on any day, once, also titles that no voice has."""
        titles = [wording.title_phrase(phase) for phase in self.session.written() if phase.title]
        events = self.timeline.events
        planned = events["sound"][events["bus"] == Bus.VOICE]
        texts = [text_of(self.timeline.sounds[k]) for k in planned]
        parts = [part for day in range(_DAYS) for part in self._parts(self.tempi, day)]
        return list(dict.fromkeys([*texts, *titles, *(t for part in parts for t in part.texts())]))

    def find(self, place: str) -> int:
        """Return the frame of a phase or of a time (see timing.places). Raises UserError."""
        from cadence_cue.timing.places import frame_of  # noqa: PLC0415 - most begin at the start

        return frame_of(place, self.timeline, self.session.title)

    def entered(self, frame: int, get_ready: Fraction = Fraction(0)) -> Timeline:
        """Return the timeline from a frame on, with a count-in (see timing.entry)."""
        from cadence_cue.timing.entry import entering  # noqa: PLC0415 - `check` enters nothing

        return entering(self.plan, frame, self.lengths, get_ready)

    def renderer(self, timeline: Timeline | None = None) -> Renderer:
        """Return a renderer for a timeline of this performance, the whole one by default."""
        from cadence_cue.sound.renderer import Renderer  # noqa: PLC0415 - `check` renders nothing

        return Renderer(timeline or self.timeline, self.beats, self.voice)


def _today() -> int:
    """Return the local date as a number: the default seed, so that cues differ from day to day."""
    return int(datetime.now().astimezone().strftime("%Y%m%d"))
