"""The beat screen: everything that a metronome is for, while it plays and before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import partial
from time import monotonic
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.events import Key

from cadence_cue.app.choices import CADENCES
from cadence_cue.coaching.drill import Side
from cadence_cue.coaching.pages import clock
from cadence_cue.coaching.rehearsal import plain_beat, with_other_clicks
from cadence_cue.coaching.session import Session
from cadence_cue.coaching.values import FASTEST, SLOWEST
from cadence_cue.errors import UserError
from cadence_cue.transport.actions import ACTIONS
from cadence_cue.transport.places import beat_title, tempo_number
from cadence_cue.transport.tapping import Tapping
from cadence_cue.transport.transport import Transport
from cadence_cue.tui import transport_keys
from cadence_cue.tui.key_footer import KeyFooter
from cadence_cue.tui.page import MESSAGES
from cadence_cue.tui.playing.beat_cues import CuesScreen
from cadence_cue.tui.playing.figure import Figure
from cadence_cue.tui.playing.lamps import Lamp
from cadence_cue.tui.playing.lights import LampState
from cadence_cue.tui.playing.playing import PlayScreen
from cadence_cue.tui.playing.scene import Scene, SceneBuilder, per_foot
from cadence_cue.tui.short import Short
from cadence_cue.tui.ways_out import worded

_LONG = "3h"
_ACCENTS = (0, 2, 3, 4, 5)
_FEET = (Side.NONE, Side.LEFT, Side.RIGHT)
_NUDGES = {"play.faster": 1, "play.slower": -1, "play.faster5": 5, "play.slower5": -5}
_FACTORS = {"play.half": Fraction(1, 2), "play.double": Fraction(2)}
_OF_SOUND = (("play.louder",), ("play.softer",), ("play.voice",))  # parameters of their action
_OF_SESSIONS = ("play.previous", "play.next", "play.wait", "play.card")


class BeatScreen(PlayScreen, inherit_bindings=False):
    """A plain beat, its tempo in large digits; the keys are the same before and while it plays."""

    TYPED: ClassVar[tuple[str, str] | None] = ("digits", "type a tempo")

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "start", "start", show=False, id="beat.play"),
        *transport_keys.bindings([name for name in ACTIONS if name not in _OF_SESSIONS]),
        Binding("a", "accent", "accent", tooltip="a higher click every 2, 3, 4 or 5",
                id="beat.accent"),
        Binding("k", "foot", "foot", tooltip="clicks for both feet, the left, the right",
                id="beat.foot"),
        Binding("c", "cues", "cues", tooltip="choose the cues", id="beat.cues"),
    ]  # fmt: skip
    needs_playing = False

    def __init__(self) -> None:
        super().__init__("A plain beat")
        self._tapping = Tapping()
        self._shown: tuple[object, ...] = ()  # the tempo that is written, and what it depends on

    def compose(self) -> ComposeResult:
        """Name and time at the top, digits and lamps in the middle, what is heard below."""
        yield from self.compose_upper()
        yield from self.compose_steps()
        yield Short(id="status", whole=MESSAGES)
        yield KeyFooter()

    def follow(self) -> None:
        """Show the beat that is heard now, or the one that can be started."""
        if self._playing is not None:
            super().follow()
            return
        self.follow_keys()
        if (over := self._tapping.over(monotonic())) is not None:
            tempo, told = over
            self.cadence_app.show_messages([told, *(self._choose(tempo) if tempo else [])])
        typed = self._entry.text
        self._show_tempo(Fraction(typed) if typed.strip(".") else self._tempo)
        self.write("#name", beat_title(self._tempo))
        self.write("#time", "")
        self.write("#title", f"{self.key_of('play.pause')} starts it")
        self.write("#caption", "")
        foot = self.cadence_app.beat.foot
        for name, label, other in (("#left", "LEFT", Side.RIGHT), ("#right", "RIGHT", Side.LEFT)):
            self.query_one(name, Lamp).state = LampState("" if foot is other else label)
        self.write_banner()
        self.write("#status", self._tapping.told or self.cadence_app.message)

    def _write_pieces(self, scenes: SceneBuilder) -> None:
        """Show nothing: there is no bar."""

    def _write_scene(self, scene: Scene, transport: Transport) -> None:
        """Write what a scene says."""
        tempo = transport.cadence
        self._show_tempo(tempo)
        self.write("#name", beat_title(tempo))
        self.write("#time", "")
        self.write("#title", clock(scene.seconds))
        self.write("#caption", f"“{scene.caption}”" if scene.caption else "")

    def _show_tempo(self, tempo: Fraction) -> None:
        """Write a tempo and what is heard with it, if that is not what stands there."""
        choice = self.cadence_app.beat
        colour = self.app.theme_variables["run"]
        shown = tempo, choice, self.cadence_app.settings, colour
        if shown == self._shown:
            return
        figure = self.query_one(Figure)
        figure.draw(tempo_number(tempo), colour)
        self.write("#unit", per_foot(tempo))
        words = [
            self._compared(tempo),
            f"accent every {choice.accent}" if choice.accent else "",
            "" if choice.foot is Side.NONE else f"{choice.foot.value} foot only",
            f"cues every {choice.every}" if choice.cues else "",
        ]
        self.query_one("#place").display = True
        self.write("#place", " · ".join(filter(None, words)))
        self._shown = shown

    def _compared(self, tempo: Fraction) -> str:
        """How far a tempo is from the runner's own cadence."""
        if not CADENCES[0] <= tempo <= CADENCES[1]:
            return "a beat, not a cadence"
        own, apart = "your own cadence", tempo - self._own
        if self.cadence_app.settings.cadence is None:
            own = f"{tempo_number(self._own)} (yours is not set)"
        if not apart:
            return own
        return f"{tempo_number(abs(apart))} {'above' if apart > 0 else 'below'} {own}"

    @property
    def _playing(self) -> Transport | None:
        """The plain beat that plays; None while none does."""
        transport = self.cadence_app.transport
        return transport if transport and transport.plain else None

    @property
    def plays(self) -> bool:
        """Whether a plain beat plays."""
        return self._playing is not None

    @property
    def pause_word(self) -> str:
        """What the key that pauses does now."""
        return super().pause_word if self.plays else "start"

    @property
    def _own(self) -> Fraction:
        return Fraction(str(self.cadence_app.settings.cadence_spm()))

    @property
    def _tempo(self) -> Fraction:
        """The tempo that was chosen."""
        tempo = self.cadence_app.beat.tempo
        return self._own if tempo is None else tempo

    def _choose(self, tempo: Fraction) -> list[str]:
        """Choose a tempo, up to the limits."""
        within = min(max(tempo, Fraction(SLOWEST)), Fraction(FASTEST))
        self._update(tempo=within)
        if tempo == within:
            return []
        return [f"{int(within)}, the {'fastest' if within == FASTEST else 'slowest'} there is"]

    def _update(self, **changes: object) -> None:
        self.cadence_app.beat = replace(self.cadence_app.beat, **changes)  # type: ignore[arg-type]

    def check_action(
        self,
        action: str,
        parameters: tuple[object, ...],
    ) -> bool | None:
        """Disable what starts it while it plays, and the keys of sound while there is none.

        The others are kept: what they need is started, or they say that nothing plays.
        """
        if action == "start":
            return self._playing is None
        return parameters not in _OF_SOUND or self.cadence_app.transport is not None

    def on_key(self, event: Key) -> None:
        """Type a tempo with digits; Enter takes it, and starts it if nothing plays."""
        if self._playing is not None:
            super().on_key(event)
            return
        key = "." if event.character == "." else event.key
        if key == "space" and self._entry.text:
            key = "enter"
        if not self._entry.takes(key):
            if typed := self._entry.press("enter"):
                self._choose(typed)
            return
        if (tempo := self._entry.press(key)) is not None:
            self._show_messages(self._choose(tempo))
            self.action_start()
        event.stop()
        event.prevent_default()
        self.follow()

    def action_do(self, name: str) -> None:
        """Run an action of the table; before it plays, choose what it would change."""
        if self._playing is not None:
            super().action_do(name)
        elif name == "play.pause":
            self.action_start()
        elif name == "play.tap":
            self._tapping.tap(monotonic())
        elif name == "play.own":
            self._update(tempo=None)
        elif (name,) in _OF_SOUND:  # of a session that plays meanwhile
            super().action_do(name)
        elif name in _NUDGES:
            self._show_messages(self._choose(self._tempo + _NUDGES[name]))
        elif name in _FACTORS:
            self._show_messages(self._choose(self._tempo * _FACTORS[name]))
        else:
            self._show_messages(["nothing plays yet"])
        self.follow()

    def action_end(self) -> None:
        """End the beat; its tempo stays chosen."""
        if transport := self._playing:
            self._update(tempo=transport.cadence)
            super().action_end()

    def action_choose(self) -> None:
        """Ask for music to play underneath."""
        if self._playing is not None:
            super().action_choose()

    def action_start(self) -> None:
        """Play the beat, unless it plays."""
        if self._playing is None:
            self._start()

    def action_accent(self) -> None:
        """Choose the next accent."""
        following = _ACCENTS.index(self.cadence_app.beat.accent) + 1
        self._change(accent=_ACCENTS[following % len(_ACCENTS)])

    def action_foot(self) -> None:
        """Choose which foot clicks: both, the left, the right."""
        following = _FEET.index(self.cadence_app.beat.foot) + 1
        self._change(foot=_FEET[following % len(_FEET)])

    def action_cues(self) -> None:
        """Choose the cues."""
        self.app.push_screen(CuesScreen(), self._with_cues)

    def _with_cues(self, chosen: tuple[tuple[str, ...], str] | None) -> None:
        if chosen is not None:
            self._change(cues=chosen[0], every=chosen[1])

    def _change(self, **changes: object) -> None:
        """Choose this; what plays goes on with it from the next beat."""
        before, transport = self.cadence_app.beat, self._playing
        self._update(**changes)
        if transport is not None:
            beat = transport.performance.session
            try:
                transport.become(self._made(partial(with_other_clicks, beat)))
            except UserError as error:
                self.cadence_app.beat = before
                self._show_messages([worded(error)])
        self.follow()

    def _made(self, make: Callable[..., Session]) -> Session:
        """The session of what is chosen, apart from its tempo. Raises UserError."""
        choice = self.cadence_app.beat
        return make(
            self.cadence_app.library,
            cues=choice.cues,
            cue_every=choice.every,
            stride=choice.foot.value or None,
            accent=choice.accent,
        )

    def _start(self) -> None:
        """Play what is chosen, after a count-in."""
        tempo = f"{round(float(self._tempo), 3):g}"  # as it is read in the beat's title
        try:
            session = self._made(partial(plain_beat, tempo=tempo, time=_LONG))
            prepared = self.cadence_app.prepare(session, plain=True)
        except UserError as error:
            self._show_messages([worded(error)])
            return
        first = prepared.performance.timeline.marks[0].start
        self.cadence_app.play(replace(prepared, start=(first, Fraction(0))))
