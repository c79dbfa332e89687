"""The line below what plays: what is being typed, the message of the moment, or the sound."""

from __future__ import annotations

from time import monotonic

from cadence_cue.transport.levels import KNOBS
from cadence_cue.transport.transport import Transport
from cadence_cue.tui.page import Page

_STUTTERING = 10.0  # seconds after the device ran dry in which it is told


class Status:
    """Words the line for a page."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._dry, self._dry_until = 0, 0.0

    def line(self, transport: Transport, typed: str) -> str:
        """Return the tempo being `typed`, else the current message, else the state of the sound.

        Before that it says that what plays stands still, as long as it does.
        """
        host, key_of = self._page.cadence_app, self._page.key_of
        words = [
            f"PAUSED: {key_of('play.pause')} goes on" if transport.paused else "",
            f"WAITING: {key_of('play.wait')} goes on" if transport.waiting else "",
        ]
        if typed:
            words.append(f"tempo {typed}_   Enter takes it")
        elif message := transport.tempo_control.tapping.told or host.message:
            words.append(message)
        else:
            words += self._of_sound(transport)
        return " · ".join(filter(None, words))

    def _of_sound(self, transport: Transport) -> list[str]:
        """Return what there is to say of the sound, "" for what is as usual."""
        host, levels = self._page.cadence_app, transport.levels
        player = host.player
        return [
            "the sound stutters" if self._stutters(player.underruns) else "",
            "" if player.silent else f"sound: {player.device}, {1000 * player.latency:.0f} ms",
            *(
                f"{knob} {levels.decibels(knob):g} dB"
                for knob in transport.knobs
                if levels.decibels(knob) or (knob == transport.knob != KNOBS[0])
            ),
            "" if levels.beat else "beat off",
            "" if levels.voice else "voice off",
            "" if levels.music else "music off",
            transport.music.status,
            host.exports.status,
        ]

    def _stutters(self, underruns: int) -> bool:
        """Whether the device ran dry within the last seconds."""
        now = monotonic()
        if underruns != self._dry:
            self._dry, self._dry_until = underruns, now + _STUTTERING
        return now < self._dry_until
