"""Plans a session for this runner, and collects what the runner should know before it starts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

from cadence_cue import studio
from cadence_cue.app.choices import CADENCES, RATES
from cadence_cue.app.log.climbing import rungs
from cadence_cue.app.log.history import Practice, next_seed
from cadence_cue.app.options import PerformanceOptions, expanded
from cadence_cue.app.settings import Settings, cache_folder
from cadence_cue.coaching.drill import Drill, Library
from cadence_cue.coaching.ladder import Rung, climbed, reach
from cadence_cue.coaching.phase_tempos import follows_cadence
from cadence_cue.coaching.rules import locked, without
from cadence_cue.coaching.session import Session
from cadence_cue.errors import UserError
from cadence_cue.studio import Performance, PerformanceSpec
from cadence_cue.timing import RATE
from cadence_cue.timing.reasons import Reason
from cadence_cue.timing.timeline import Timeline, text_of
from cadence_cue.voice.casting import Ensemble, Progress, nothing
from cadence_cue.voice.manifest import normal


@dataclass(frozen=True, slots=True)
class Prepared:
    """A planned performance with what it was made from; `session` still has all of its drills."""

    session: Session
    library: Library
    options: PerformanceOptions
    performance: Performance
    start: tuple[int, Fraction] | None
    """The frame to start at and the seconds to get ready; None for the whole performance."""
    cadence_assumed: bool
    """Whether tempos follow the runner's cadence and a default had to be used for it."""
    plain: bool = False
    """Whether it is a plain beat, which may be halved and doubled."""
    rungs: Mapping[str, Rung] = field(default_factory=dict)
    """How far the runner has climbed on the ladders of the session's drills."""

    @property
    def left_out(self) -> list[Drill]:
        """The drills that were left out."""
        return [self.library.drills[drill] for drill in self.options.left_out]

    @property
    def notes(self) -> list[str]:
        """Sentences about doubtful recordings and about who speaks which texts."""
        performance = self.performance
        cast, spoken = performance.cast, {text_of(name) for name in performance.spoken}
        notes = [*self.tempos_moved, *cast.doubts]
        recorded = sum(normal(text) in cast.recorded for text in spoken)
        if 0 < recorded < len(spoken):
            notes.append(
                f"Of {len(spoken)} spoken texts {recorded} are your recordings; "
                f"the others are spoken by {performance.spec.ensemble.voice}."
            )
        return notes

    @property
    def tempos_moved(self) -> list[str]:
        """Sentences about the drills whose tempo is not as it is written in the session."""
        moved: dict[int, list[str]] = {}
        for drill, rung in self.rungs.items():
            if rung.above:
                moved.setdefault(rung.above, []).append(self.library.drills[drill].name)
        return [
            f"After your marks, {_rungs(above)} than written: {', '.join(names)}."
            for above, names in moved.items()
        ]

    @property
    def unspoken(self) -> list[str]:
        """The texts that were dropped because no voice can speak them, without duplicates."""
        dropped = self.performance.timeline.dropped if self.options.speaks else ()
        return list(dict.fromkeys(d.text for d in dropped if d.reason is Reason.NO_RECORDING))

    @property
    def first_phase(self) -> int:
        """The index of the phase to start in; -1 for the whole performance."""
        if self.start is None:
            return -1
        from cadence_cue.transport.places import phase_at  # noqa: PLC0415 - `check` plays nothing

        return phase_at(self.performance.timeline, self.start[0])

    @property
    def timeline(self) -> Timeline:
        """The timeline from the chosen start on, with its count-in."""
        if self.start is None:
            return self.performance.timeline
        return self.performance.entered(*self.start)


def prepare(  # noqa: PLR0913 - what to plan, for whom, and for which use
    session: Session,
    library: Library,
    settings: Settings,
    options: PerformanceOptions = PerformanceOptions(),
    *,
    live: bool,
    rate: int = RATE,
    plain: bool = False,
    practices: Sequence[Practice] = (),
    progress: Progress = nothing,
) -> Prepared:
    """Plan a session for this runner, at `rate` frames per second.

    Without a seed, the runner's `practices` tell which turn of the session it is, and today's date
    where there are none.

    `live` is for playing, as opposed to a file; `plain` marks a plain beat. `progress` is called
    for each text that has to be synthesized first. Raises UserError, also if the place to start
    at does not exist.
    """
    kept = without(session, set(options.left_out)) if options.left_out else session
    if not kept.phases:
        raise UserError(f"nothing is left of {kept.title}: all its drills are left out")
    climbs = _rungs_of(kept, library, options, settings, practices)
    kept = climbed(kept, library, climbs)
    spec = performance_spec(settings, options, live=live, rate=rate)
    if options.seed is None and session.seed is None:
        spec = replace(spec, seed=next_seed(practices, session.name))
    try:
        performance = studio.perform(kept, library, spec, progress=progress)
        if options.performed:
            performance = performance.edited(*options.performed.edits)
    except OSError as error:
        raise UserError.of(error) from error
    unknown = options.cadence is None and settings.cadence is None
    assumed = unknown and follows_cadence(kept, library)
    start = _start(performance, options.begin)
    return Prepared(session, library, options, performance, start, assumed, plain, climbs)


def rehearsal_options(
    drill: Drill, settings: Settings, options: PerformanceOptions = PerformanceOptions()
) -> PerformanceOptions:
    """The options for one drill: explained the first time, unless `options` say otherwise."""
    if options.explain is not None:
        return options
    return replace(options, explain=drill.id not in settings.explained)


def waits_for(drill: Drill, library: Library, settings: Settings) -> Drill | None:
    """The drill that has to be mastered before this one is done on its own; None if none has."""
    if not drill.after or drill.after in settings.mastered:
        return None
    return library.drills[drill.after]


def without_waiting(
    session: Session, library: Library, settings: Settings, options: PerformanceOptions
) -> PerformanceOptions:
    """The options that leave out every drill that has to wait for another."""
    waiting = (drill.id for drill in locked(session, library, settings.mastered))
    return replace(options, left_out=(*options.left_out, *waiting))


def _rungs_of(
    session: Session,
    library: Library,
    options: PerformanceOptions,
    settings: Settings,
    practices: Sequence[Practice],
) -> dict[str, Rung]:
    """How far the runner has climbed on this session's drills, or had when it was performed."""
    if options.performed:
        return dict(options.performed.rungs)
    if not practices or options.fixed or settings.fixed or session.level == "race":
        return {}
    return rungs(practices, reach(session, library), session.name)


def _rungs(above: int) -> str:
    count = "one rung" if abs(above) == 1 else f"{abs(above)} rungs"
    return f"{count} {'quicker' if above > 0 else 'slower'}"


def _start(performance: Performance, place: str | None) -> tuple[int, Fraction] | None:
    if place is None:
        return None
    ready = performance.session.get_ready
    return performance.find(place), performance.spec.get_ready if ready is None else ready


def performance_spec(
    settings: Settings,
    options: PerformanceOptions = PerformanceOptions(),
    *,
    live: bool,
    rate: int = RATE,
) -> PerformanceSpec:
    """Combine the settings and these options.

    Raises UserError if the cadence or the rate is out of range.
    """
    cadence = settings.cadence_spm() if options.cadence is None else options.cadence
    _check("cadence", "steps a minute", cadence, CADENCES)
    _check("rate", "frames a second", rate, RATES)
    return PerformanceSpec(
        cadence_spm=Fraction(str(cadence)),
        get_ready=studio.GET_READY_LIVE if live else studio.GET_READY_EXPORT,
        rate=rate,
        ensemble=ensemble(settings, options),
        speaks=options.speaks,
        explain=options.explain,
        safety=options.safety_line and not live,
        seed=options.seed,
        duck_db=settings.duck,
        click=settings.click,
    )


def _check(name: str, unit: str, value: float, limits: tuple[int, int]) -> None:
    low, high = limits
    if not low <= value <= high:
        raise UserError(f"a {name} is {low} to {high} {unit}, not {value:g}")


def ensemble(settings: Settings, options: PerformanceOptions = PerformanceOptions()) -> Ensemble:
    """The voice and the recordings that speak to this runner, and the cache of their clips."""
    sounds = options.sounds
    if sounds is None and settings.sounds and not options.performed:  # its words are as they were
        sounds = Path(settings.sounds)
    folder = expanded(sounds) if sounds else None
    return Ensemble(options.voice or settings.voice, folder, cache_folder())
