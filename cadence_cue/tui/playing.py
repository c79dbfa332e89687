"""The play screen: what a runner sees while a session sounds."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.events import Key
from textual.widgets import Footer, Static

from cadence_cue.app.music import prepared_music
from cadence_cue.coaching import pages
from cadence_cue.coaching.errors import printable
from cadence_cue.coaching.model import Music
from cadence_cue.live.player import Player
from cadence_cue.music.decoding import MusicError
from cadence_cue.music.preparing import pieces_of
from cadence_cue.transport.levels import KNOBS, next_knob
from cadence_cue.transport.transport import Transport
from cadence_cue.tui.figure import Figure
from cadence_cue.tui.lamps import Lamp
from cadence_cue.tui.page import Page
from cadence_cue.tui.pages import Ask, Card
from cadence_cue.tui.scene import SceneBuilder
from cadence_cue.tui.session_bar import Piece, SessionBar
from cadence_cue.tui.theme import KINDS

_SHIFT = Fraction(5, 1000)
_DECIBELS = 2.0
_LONGEST = 6  # characters of a tempo that is typed


class PlayScreen(Page):
    """The largest figure is what the runner needs now; everything else stands around it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "pause", "pause", tooltip="pause; go on, counted in", id="play.pause"),
        Binding("up", "nudge(1)", "tempo", key_display="↑↓", id="play.faster",
                tooltip="one beat a minute more, less; with shift five"),
        Binding("down", "nudge(-1)", show=False, id="play.slower"),
        Binding("shift+up", "nudge(5)", show=False, id="play.faster5"),
        Binding("shift+down", "nudge(-5)", show=False, id="play.slower5"),
        Binding("left", "previous", "phase", key_display="←→", id="play.previous",
                tooltip="this phase again, the one before; the next one"),
        Binding("right", "next", show=False, id="play.next"),
        Binding("t", "tap", "tap", tooltip="tap the tempo", id="play.tap"),
        Binding("w", "wait", "wait", tooltip="hold the end of this rest; go on", id="play.wait"),
        Binding("i", "card", "card", tooltip="how this drill is done", id="play.card"),
        Binding("o", "own", show=False, tooltip="back to your own cadence", id="play.own"),
        Binding("v", "mute('voice')", show=False, tooltip="voice off, on", id="play.voice"),
        Binding("m", "mute('beat')", show=False, tooltip="beat off, on", id="play.beat"),
        Binding("u", "music", show=False, tooltip="your music off, on; or choose it",
                id="play.music"),
        Binding("U", "choose", show=False, tooltip="choose other music", id="play.choose"),
        Binding("plus,equals_sign", "volume(1)", show=False, id="play.louder", key_display="+ -",
                tooltip="louder, softer"),
        Binding("minus", "volume(-1)", show=False, id="play.softer"),
        Binding("tab", "knob", show=False, id="play.knob",
                tooltip="what + and - change: all, the beat, the voice, the music"),
        Binding("comma", "shift(-1)", show=False, id="play.earlier", key_display=", .",
                tooltip="the beat 5 ms earlier, later"),
        Binding("full_stop", "shift(1)", show=False, id="play.later"),
        Binding("h", "half", show=False, tooltip="half a plain beat's tempo", id="play.half"),
        Binding("d", "double", show=False, tooltip="twice a plain beat's tempo", id="play.double"),
        Binding("e", "end", show=False, tooltip="end this session here", id="play.end"),
    ]  # fmt: skip

    def __init__(self) -> None:
        super().__init__(name="Playing")
        self._typed = ""
        self._knob = KNOBS[0]
        self._stage: SceneBuilder | None = None

    def compose(self) -> ComposeResult:
        """Above the name and the time, in the middle what counts, below the way and the state."""
        with Horizontal(id="top"):
            yield Static(id="name", markup=False)
            yield Static(id="time", markup=False)
        yield Static(id="banner", markup=False)
        with Horizontal(id="middle"):
            yield Lamp(id="left")
            with Vertical(id="centre"):
                yield Figure(id="figure")
                yield Static(id="unit", markup=False)
            yield Lamp(id="right")
        yield Static(id="title", markup=False)
        yield Static(id="caption", markup=False)
        yield Static(id="beat", markup=False)
        yield SessionBar(id="bar")
        yield Static(id="coming", markup=False)
        yield Static(id="status", markup=False)
        yield Footer(compact=True, show_command_palette=False)

    def follow(self) -> None:
        """Show what is heard now."""
        transport, playing = self.cadence_app.transport, self.cadence_app.playing
        if transport is None or playing is None:
            return
        stage = self._stage
        if stage is None or transport.performance is not stage.performance:
            stage = self._stage = SceneBuilder(transport.performance, playing.library)
            self.query_one(SessionBar).show([Piece(*each) for each in stage.pieces()])
        scene = stage.at(transport.position.frame)
        figure = self.query_one(Figure)
        figure.draw(scene.figure, self.cadence_app.get_css_variables()[KINDS[scene.kind].colour])
        standing = transport.paused or transport.waiting
        flashing = transport.levels.beat and not (standing or self.cadence_app.settings.still)
        self.query_one("#left", Lamp).show(scene.feet[0], lit=scene.left and flashing)
        self.query_one("#right", Lamp).show(scene.feet[1], lit=scene.right and flashing)
        self.query_one(SessionBar).at = scene.share
        self.write("#name", printable(transport.performance.session.title))
        # A plain beat has no end that anybody waits for.
        self.write(
            "#time", scene.elapsed if transport.plain else f"{scene.elapsed} / {scene.total}"
        )
        self.write("#unit", scene.unit)
        self.write("#title", " · ".join(filter(None, (scene.title, scene.place))))
        self.write("#caption", f"“{scene.caption}”" if scene.caption else "")
        self.write("#beat", f"Next: {scene.how}" if scene.how else scene.beat)
        self.write("#coming", f"Next  {scene.coming}")
        banner = no_sound(self.cadence_app.player)
        self.query_one("#banner").display = bool(banner)
        self.write("#banner", banner)
        self.write("#status", self._status(transport))

    def _status(self, transport: Transport) -> str:
        """What is typed or was answered last, for a moment; else how the sound is."""
        if self._typed:
            return f"tempo {self._typed}_   Enter takes it"
        if told := transport.tempo_control.tapping.told or self.cadence_app.told:
            return told
        levels, player, share = transport.levels, self.cadence_app.player, transport.music.share
        words = [
            "PAUSED: space goes on" if transport.paused else "",
            "WAITING: w goes on" if transport.waiting else "",
            "" if player.silent else f"{player.device}, {1000 * player.latency:.0f} ms",
            *(
                f"{knob} {levels.decibels(knob):g} dB"
                for knob in transport.knobs
                if levels.decibels(knob) or (knob == self._knob != KNOBS[0])
            ),
            "" if levels.beat else "beat off",
            "" if levels.voice else "voice off",
            "" if levels.music else "music off",
            "" if share is None else f"preparing the music, {share:.0%}",
            f"ran dry {player.underruns}×" if player.underruns else "",
        ]
        return " · ".join(filter(None, words))

    def on_key(self, event: Key) -> None:
        """Digits type a tempo."""
        if self.cadence_app.transport is None:
            return
        character = event.character or ""
        if (character.isdigit() or (character == "." and self._typed)) and character.isascii():
            self._typed = (self._typed + character)[:_LONGEST]
        elif self._typed and event.key == "enter":
            typed, self._typed = self._typed, ""
            if typed.count(".") <= 1:
                self._do(self._transport.set_tempo(Fraction(typed.rstrip("."))))
        elif self._typed and event.key == "backspace":
            self._typed = self._typed[:-1]
        elif self._typed and event.key == "escape":
            self._typed = ""
        else:
            self._typed = ""
            return
        event.stop()
        event.prevent_default()

    def on_session_bar_pointed(self, event: SessionBar.Pointed) -> None:
        """Jump to the phase that was clicked."""
        if self.cadence_app.transport:
            self._do(self._transport.jump(event.phase))

    def check_action(
        self,
        action: str,
        parameters: tuple[object, ...],  # noqa: ARG002 (Textual's signature)
    ) -> bool | None:
        """Its keys are for what plays."""
        return self.cadence_app.transport is not None or not hasattr(self, f"action_{action}")

    @property
    def _transport(self) -> Transport:
        transport = self.cadence_app.transport
        if transport is None:
            raise RuntimeError("this screen is shown while something plays")
        return transport

    def _do(self, told: list[str]) -> None:
        self.cadence_app.tell(told)
        self.follow()

    def action_pause(self) -> None:
        """Pause, or go on counted in."""
        self._do(self._transport.pause() or self._transport.go_on())

    def action_nudge(self, by: int) -> None:
        """The tempo up or down."""
        self._do(self._transport.nudge(Fraction(by)))

    def action_tap(self) -> None:
        """A tap in the tempo that shall be."""
        self._do(self._transport.tap())

    def action_next(self) -> None:
        """To the next phase."""
        self._do(self._transport.next())

    def action_previous(self) -> None:
        """To this phase's start, or the one before."""
        self._do(self._transport.previous())

    def action_wait(self) -> None:
        """Wait at the end of a rest, or go on from there."""
        self._do(self._transport.wait())

    def action_own(self) -> None:
        """Back to the own cadence."""
        self._do(self._transport.to_own_cadence())

    def action_mute(self, bus: str) -> None:
        """Voice or beat off and on."""
        self._do(self._transport.mute(bus))

    def action_music(self) -> None:
        """Music off and on; where there is none, choose it."""
        if self._transport.music.there:
            self.action_mute("music")
        else:
            self.action_choose()

    def action_choose(self) -> None:
        """Ask for music to play underneath."""
        question = "Your own music: a file or a folder"
        self.app.push_screen(Ask(question), self._chosen)

    def _chosen(self, place: str | None) -> None:
        if not place or self.cadence_app.transport is None:
            return
        try:
            path = Path(place).expanduser()
            pieces_of(path, None)
        except (MusicError, RuntimeError) as error:  # "~somebody" who is not there
            self.notify(str(error), severity="warning", markup=False)
            return
        self._transport.set_music(partial(prepared_music, Music(str(path))))

    def action_volume(self, steps: int) -> None:
        """Louder or softer."""
        self._do(self._transport.volume(steps * _DECIBELS, self._knob))
        levels = self._transport.levels
        self.cadence_app.keep_levels(levels)

    def action_knob(self) -> None:
        """Choose what louder and softer mean."""
        self._knob, told = next_knob(self._knob, self._transport.knobs)
        self._do([told])

    def action_shift(self, steps: int) -> None:
        """The beat earlier or later."""
        self._do(self._transport.shift(steps * _SHIFT))

    def action_half(self) -> None:
        """Half a plain beat's tempo."""
        self._do(self._transport.half())

    def action_double(self) -> None:
        """Twice a plain beat's tempo."""
        self._do(self._transport.double())

    def action_end(self) -> None:
        """End the session here."""
        self.cadence_app.stop()

    def action_card(self) -> None:
        """How the drill that is heard, or that comes next, is done."""
        transport, playing = self._transport, self.cadence_app.playing
        library = playing.library if playing else self.cadence_app.library
        parts = transport.performance.parts[max(transport.phase, 0) :]
        drill = next((part.drill for part in parts if part.drill), "")
        if drill:
            self.app.push_screen(Card(partial(pages.drill, library.drills[drill], library)))
        else:
            self._do(["no drill is coming"])


def no_sound(player: Player) -> str:
    """Why nothing can be heard, and that all else works; "" while there is sound."""
    if not player.silent:
        return ""
    return player.notices[-1] if player.notices else "Opening the sound ..."
