"""A calibration, step by step, for both faces: what to do, what is shown, and what comes of it.

Each step is a generator: it yields what is shown until there is something to do again, so that a
screen goes on meanwhile, and returns what it found.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from time import monotonic

from cadence_cue.app import playing
from cadence_cue.app.calibrating import Shown, check_sound, measured, play_clicks
from cadence_cue.app.choices import OFFSETS
from cadence_cue.app.score.hearing import keep_room, microphone
from cadence_cue.app.settings import Settings, changed, delays_of, pair
from cadence_cue.coaching.drill import Library
from cadence_cue.coaching.pages import signed
from cadence_cue.errors import UserError
from cadence_cue.live.backends import SILENT
from cadence_cue.live.calibrating import PERIOD, Lag, lag, offset
from cadence_cue.live.player import Player
from cadence_cue.live.room import Room

BEATS = 12
"""Flashes, then as many clicks: less than half a minute in all."""

_FIRST = 1.0  # seconds before the first flash
_LIT = 0.12  # seconds that a flash lasts
_TAPS = 20  # from which it is told how late they usually are
_LED_IN = 4  # clicks before those count
_SPARE = 4  # clicks that nobody needs to meet

_LAMP = "Tap any key with each flash of the lamp, evenly."
_AND_CLICKS = "Now with each click that you hear."
_ONLY_CLICKS = "Tap any key with each click that you hear, evenly."


class Delay(StrEnum):
    """What can be measured: each is the setting that holds it."""

    HEADPHONES = "offsets"
    TAPS = "taps"
    MICROPHONE = "round_trips"


@dataclass(frozen=True, slots=True)
class Found:
    """A delay in milliseconds of a device or of a pair, and how exact it is, in words.

    Of an output and a microphone, with what is known of the room if that could be learnt.
    """

    delay: Delay
    name: str
    milliseconds: float
    exact: str = ""
    devices: tuple[str, str] = ("", "")
    room: Room | None = None

    @property
    def words(self) -> str:
        """Both in a sentence."""
        late = self.milliseconds
        match self.delay:
            case Delay.HEADPHONES:
                told = f"{abs(late):g} ms {'earlier' if late < 0 else 'later'} than it says"
            case Delay.TAPS:
                way = "before" if late < 0 else "after"
                told = f"your taps usually come {abs(late):g} ms {way} the clicks"
            case Delay.MICROPHONE:
                told = f"heard {signed(late, 'g')} ms after it is made"
        return f'"{self.name}": {told}{self.exact}'

    def keep_room(self) -> None:
        """Keep what was learnt of a microphone's room. Raises UserError.

        Where it could not be learnt, an older one is not kept beside the new round trip: it may
        be of another place, and steps heard by it would be guesses.
        """
        if self.delay is Delay.MICROPHONE:
            keep_room(*self.devices, self.room)

    def kept(self, settings: Settings) -> Settings:
        """Return the settings with it. An offset of 0 is none; other delays of 0 are kept."""
        table = self.delay.value
        if self.delay is Delay.HEADPHONES:
            return settings.with_delay(table, self.name, self.milliseconds)
        values = {**dict(getattr(settings, table)), self.name: self.milliseconds}
        return changed(settings, table, values)


class Calibration:
    """Measures a delay of what a player plays on, until `close`. Thread: one."""

    def __init__(
        self,
        delay: Delay,
        player: Player,
        library: Library,
        settings: Settings,
        *,
        name: str = "",
        early: float = 0.0,
    ) -> None:
        """Prepare to measure it, of the microphone `name` if it is that; `poll` begins.

        The lamp is told `early` by so many seconds, in which it is drawn.
        """
        self._player = player
        self._library = library
        self._settings = settings
        self._name = name
        self._early = early
        self._device = ""  # that is measured, once it is known
        self._taps: list[float] = []
        self._steps = {
            Delay.HEADPHONES: self._headphones,
            Delay.TAPS: self._usual_taps,
            Delay.MICROPHONE: self._microphone,
        }[delay]()
        self.by_taps = delay is not Delay.MICROPHONE
        """Whether the runner taps."""
        self.results: list[str] = []
        """What the taps have told so far, a line each."""
        self.shown = Shown("")
        """What is shown now."""

    def close(self) -> None:
        """Give it up, unless it is over: close the microphone and stop the clicks."""
        self._steps.close()
        self._player.rest()

    def tap(self, at: float) -> None:
        """Take a tap at an instant of time.monotonic()."""
        self._taps.append(at)

    def poll(self) -> Found | None:
        """Go on; return what was found once it is. Raises UserError with why nothing can be.

        It has to be called about twenty times a second, and when the lamp changes.
        """
        found: Found | None = None
        try:
            self.shown = next(self._steps)
        except StopIteration as end:
            found = end.value
        if self._device not in ("", self._player.device):
            raise UserError(
                f'the sound moved from "{self._device}" to "{self._player.device}" meanwhile',
                way_out="do it again",
            )
        return found

    def _headphones(self) -> Generator[Shown, None, Found]:
        yield from self._opened()
        lamp = self._checked("lamp", (yield from self._to_the_lamp()))
        taps = yield from self._to_the_clicks(_AND_CLICKS, BEATS)
        late = round(1000 * offset(lamp, self._checked("clicks", taps)))
        return Found(Delay.HEADPHONES, self._device, late)

    def _usual_taps(self) -> Generator[Shown, None, Found]:
        yield from self._opened()
        taps = yield from self._to_the_clicks(_ONLY_CLICKS, _LED_IN + _TAPS + _SPARE)
        counted = [tap for tap in taps if tap > (_LED_IN - 0.5) * PERIOD]
        late = round(1000 * self._checked("clicks", counted, _TAPS).seconds)
        if late < OFFSETS[0]:
            raise UserError(
                f"your taps come {-late} ms before the clicks: rather between them",
                way_out="do it again, and tap with each click",
            )
        return Found(Delay.TAPS, self._device, late)

    def _microphone(self) -> Generator[Shown, None, Found]:
        yield from self._opened()
        with microphone(self._player, self._settings, self._name, learns=True) as ear:
            heard = yield from measured(self._player, ear, self._library)
            devices = self._device, ear.opened.device if ear.opened else ""
        found = heard.round_trip
        exact = f" (±{1000 * found.spread:.1f}, {found.clicks} clicks)"
        if heard.room is None:
            exact += "; what a loudspeaker adds could not be learnt"
        late = round(1000 * found.seconds, 1)
        return Found(Delay.MICROPHONE, pair(*devices), late, exact, devices, heard.room)

    def _opened(self) -> Generator[Shown, None, None]:
        """Wait for the sound, and set its levels."""
        while not self._player.ready:
            yield Shown("Opening the sound…")
        check_sound(self._player)
        self._device = self._player.device
        replace(playing.levels(self._settings), music=False).apply(self._player)

    def _to_the_lamp(self) -> Generator[Shown, None, list[float]]:
        """Flash the lamp, and return the seconds of each tap after the first flash."""
        first = monotonic() + _FIRST
        taps: list[float] = []
        self._taps.clear()
        while (now := monotonic() - first) < BEATS * PERIOD:
            drawn = now + self._early
            into = drawn % PERIOD
            lit = drawn >= 0 and into < _LIT
            change = -drawn if drawn < 0 else (_LIT if lit else PERIOD) - into
            yield Shown(_LAMP, max(now, 0.0) / (BEATS * PERIOD), lit, change)
            taps += [tap - first for tap in self._taken()]
        return taps

    def _to_the_clicks(self, doing: str, count: int) -> Generator[Shown, None, list[float]]:
        """Play clicks, and return the seconds of each tap after the first, by the device."""
        clicks = play_clicks(self._player, self._library, count)
        taps: list[float] = []
        self._taps.clear()
        while not clicks.over:
            yield Shown(doing, clicks.share)
            check_sound(self._player)
            taps += [at for tap in self._taken() if (at := clicks.seconds(tap)) is not None]
        return taps

    def _taken(self) -> list[float]:
        taken, self._taps = self._taps, []
        return taken

    def _checked(self, name: str, taps: Sequence[float], fewest: int = 0) -> Lag:
        """Return how late taps were, and tell it; refuse them if they are too few or unsteady."""
        late = lag(taps)
        if not late.steady or late.taps < fewest:
            off = f", half of them more than {1000 * late.spread:.0f} ms off" if taps else ""
            raise UserError(
                f"{name}: {late.taps} taps{off}: too few or too unsteady",
                way_out="do it again, and tap one key with every beat, from the first on",
            )
        ms = signed(1000 * late.seconds, "+.0f")
        told = f"{ms} ms ±{1000 * late.spread:.0f} ({late.taps} taps)"
        self.results.append(f"{name}: {told}")
        return late


def known(delay: Delay, settings: Settings, device: str) -> list[Found]:
    """Return what the settings know of a device, and of its pairs with microphones."""
    return [Found(delay, *each) for each in delays_of(settings, delay.value, device)]


def typed(device: str, text: str) -> Found:
    """Return how late a device is heard, as it was typed. Raises UserError."""
    ((name, late),) = changed(Settings(), Delay.HEADPHONES.value, {device: text}).offsets
    return Found(Delay.HEADPHONES, name, late)


def check_backend(name: str) -> None:
    """Refuse a back end without sound. Raises UserError."""
    if name == SILENT:
        raise UserError("silence cannot be calibrated", way_out="choose another back end")
