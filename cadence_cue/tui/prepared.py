"""A session made ready to be heard by this runner, and what has to be said about it before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from cadence_cue import studio
from cadence_cue.app import runner
from cadence_cue.app.settings import Settings
from cadence_cue.coaching.model import Drill, Library, Session
from cadence_cue.coaching.rules import locked, without
from cadence_cue.studio import Performance
from cadence_cue.voice.casting import Progress, nothing


@dataclass(frozen=True, slots=True)
class Prepared:
    """What plays when Enter is pressed."""

    performance: Performance
    library: Library
    left_out: tuple[Drill, ...] = ()
    """Drills that wait until the one before them is perfected."""
    advice: tuple[str, ...] = ()
    plain: bool = False
    """Whether it is a plain beat, which may be halved and doubled."""

    @property
    def session(self) -> Session:
        """The session without what is left out."""
        return self.performance.session


def prepare(
    session: Session,
    library: Library,
    settings: Settings,
    rate: int,
    *,
    explain: bool | None = None,
    plain: bool = False,
    progress: Progress = nothing,
) -> Prepared:
    """Plan a session as it will be heard; `progress` hears of texts that are spoken first.

    Raises UserError.
    """
    left_out = () if plain else locked(session, library, settings.mastered)
    kept = without(session, {drill.id for drill in left_out}) if left_out else session
    cadence_spm = Fraction(str(settings.cadence_spm()))
    spec = runner.performance_spec(settings, cadence_spm, live=True, rate=rate)
    spec = replace(spec, explain=explain)
    performance = studio.Performance(kept, library, spec, progress=progress)
    advice = (each.text for each in performance.advice())
    told = (*performance.cast.doubts, runner.mix(performance), *advice)
    return Prepared(performance, library, left_out, tuple(filter(None, told)), plain)
