"""What this runner's settings make of levels and sessions; and what is kept afterwards.

Shared by the commands and the screens, so that both play and remember the same.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from pathlib import Path

from cadence_cue import studio
from cadence_cue.app.history import Practice
from cadence_cue.app.settings import Settings, cache_folder
from cadence_cue.coaching.model import Kind, Library
from cadence_cue.studio import Performance, PerformanceSpec
from cadence_cue.transport.levels import Levels
from cadence_cue.transport.transport import Transport
from cadence_cue.voice.casting import Ensemble
from cadence_cue.voice.voice import normal

_LEAST = 10.0  # seconds: less was only a try


def levels(settings: Settings, *, beat: bool = True, voice: bool = True) -> Levels:
    """How loud it begins."""
    return Levels(
        beat_db=settings.beat_level,
        voice_db=settings.voice_level,
        music_db=settings.music_level,
        volume_db=settings.volume,
        beat=beat,
        voice=voice,
    )


def with_speakers(settings: Settings, voice: str | None, sounds: Path | None) -> Settings:
    """The settings with another voice or folder of recordings, where one is named."""
    return replace(
        settings,
        voice=voice or settings.voice,
        sounds=settings.sounds if sounds is None else str(sounds),
    )


def ensemble(settings: Settings) -> Ensemble:
    """Who speaks to this runner."""
    folder = Path(settings.sounds).expanduser() if settings.sounds else None
    return Ensemble(settings.voice, folder, cache_folder())


def mix(performance: Performance) -> str:
    """How many of the spoken texts are the coach's recordings; "" if none or all of them are."""
    recorded = {text for text in performance.spoken if normal(text) in performance.cast.recorded}
    if not recorded or len(recorded) == len(performance.spoken):
        return ""
    return (
        f"Of {len(performance.spoken)} spoken texts {len(recorded)} are your recordings; "
        f"the others are spoken by {performance.spec.ensemble.voice}."
    )


def performance_spec(
    settings: Settings, cadence_spm: Fraction, *, live: bool, rate: int
) -> PerformanceSpec:
    """What a performance is to be, to the ears or as a file."""
    return PerformanceSpec(
        cadence_spm=cadence_spm,
        get_ready=studio.GET_READY_LIVE if live else studio.GET_READY_EXPORT,
        rate=rate,
        ensemble=ensemble(settings),
        safety=not live,
        duck_db=settings.duck,
        click=settings.click,
    )


def explained(performance: Performance, library: Library, settings: Settings) -> Settings:
    """The settings, with the drills that this performance explained."""
    heard = {part.drill for part in performance.parts if part.kind is Kind.EXPLAIN}
    new = studio.unexplained(performance.session, library, settings.explained)
    names = tuple(drill.id for drill in new if drill.id in heard)
    return replace(settings, explained=(*settings.explained, *names))


def mark_mastered(drill: str, settings: Settings, *, yes: bool = True) -> Settings:
    """The settings, with this drill among the mastered ones, or without it."""
    others = tuple(name for name in settings.mastered if name != drill)
    return replace(settings, mastered=(*others, drill) if yes else others)


def practised(transport: Transport) -> Practice | None:
    """What was practised, for the history; None if it was next to nothing."""
    performance, heard = transport.performance, transport.practised
    if heard.seconds < _LEAST:
        return None
    drills = dict.fromkeys(
        part.drill for k, part in enumerate(performance.parts) if k in heard.phases and part.drill
    )
    return Practice(
        date=datetime.now().astimezone().isoformat(timespec="seconds"),
        session=performance.session.name,
        title=performance.session.title,
        share=round(heard.share(performance), 3),
        cadence=round(float(transport.ran_at or performance.spec.cadence_spm), 1),
        drills=tuple(drills),
    )
