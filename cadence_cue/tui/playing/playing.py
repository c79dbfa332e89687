"""The play screen: what a runner sees and does while a session plays."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import ActiveBinding, BindingType
from textual.containers import Horizontal, Vertical
from textual.events import Key
from textual.widgets import Static

from cadence_cue.coaching import pages
from cadence_cue.errors import UserError, printable
from cadence_cue.transport.actions import NO_DRILL
from cadence_cue.transport.tempo_entry import TempoEntry
from cadence_cue.transport.transport import Transport
from cadence_cue.tui import transport_keys
from cadence_cue.tui.choosing_music import ChooseMusic
from cadence_cue.tui.key_footer import KeyFooter
from cadence_cue.tui.music_ticks import Ticks
from cadence_cue.tui.page import MESSAGES, Page
from cadence_cue.tui.pages import Card
from cadence_cue.tui.playing.figure import Figure
from cadence_cue.tui.playing.headline import Headline
from cadence_cue.tui.playing.lamp_timer import DRAWING, LampTimer
from cadence_cue.tui.playing.lamps import Lamp
from cadence_cue.tui.playing.lights import LampState
from cadence_cue.tui.playing.scene import Scene, SceneBuilder
from cadence_cue.tui.playing.session_bar import Piece, SessionBar
from cadence_cue.tui.short import Short
from cadence_cue.tui.status import Status
from cadence_cue.tui.step_lane import StepLane
from cadence_cue.tui.theme import KINDS
from cadence_cue.tui.ways_out import worded


class PlayScreen(Page):
    """Shows the number that the runner needs now in large digits, and the rest around it."""

    BINDINGS: ClassVar[list[BindingType]] = list(transport_keys.bindings())
    needs_playing = True
    TYPED: ClassVar[tuple[str, str] | None] = ("digits, Enter", "type a tempo: 172, 172.5")
    VERTICAL_BREAKPOINTS: list[tuple[int, str]] | None = [(0, "-flat"), (12, "-short"), (20, "")]  # noqa: RUF012 (Textual's way)

    def __init__(self, name: str = "Playing") -> None:
        super().__init__(name=name)
        self._entry = TempoEntry()
        self._scenes: SceneBuilder | None = None
        self._lamp_timer = LampTimer(self, self.light)
        self._beat, self._late = -1, 0  # the last that was looked at, and how late that was
        self._status = Status(self)
        self._works: tuple[Transport | None, str] = None, ""  # what the keys that are shown are for

    def compose(self) -> ComposeResult:
        """Name and time at the top, digits and lamps in the middle, progress and status below."""
        yield from self.compose_upper()
        yield Short(id="beat", whole="play.card")
        yield from self.compose_steps()
        yield SessionBar(id="bar")
        yield Short(id="coming")
        yield Short(id="status", whole=MESSAGES)
        yield KeyFooter()

    def compose_upper(self) -> ComposeResult:
        """What every screen shows of what plays."""
        with Horizontal(id="top"):
            yield Short(id="name")
            yield Static(id="time", markup=False)
        yield Short(id="banner", whole=MESSAGES)
        with Horizontal(id="middle"):
            yield Lamp(id="left")
            with Vertical(id="centre"):
                yield Figure(id="figure")
                yield Static(id="unit", markup=False)
            yield Lamp(id="right")
        yield Headline(id="title")
        yield Static(id="place", markup=False)
        yield Headline(id="caption")

    def compose_steps(self) -> ComposeResult:
        """What is shown of steps that are listened for."""
        yield Short(id="set", whole=MESSAGES)
        yield StepLane()

    def on_mount(self) -> None:
        """Show what is shown from afar, if only that was shown before."""
        self.set_class(self.cadence_app.far, "-far")

    def follow(self) -> None:
        """Show the scene of the frame that is heard now."""
        transport, playing = self.cadence_app.transport, self.cadence_app.playing
        if transport is None or playing is None:
            return
        self.follow_keys()
        scenes = self._scenes
        if scenes is None or transport.performance is not scenes.performance:
            scenes = SceneBuilder(transport.performance, playing.library)
            self._write_pieces(scenes)
            self._scenes = scenes  # only now: before, the bar may not be there yet
        self._write_scene(scenes.at(transport.position.frame), transport)
        self._write_steps(transport)
        self.write_banner()
        self.write("#status", self._status.line(transport, self._entry.text))
        self.light()

    def _write_pieces(self, scenes: SceneBuilder) -> None:
        """Show what is the same in all scenes."""
        self.query_one(SessionBar).show([Piece(*each) for each in scenes.pieces()])

    def _write_scene(self, scene: Scene, transport: Transport) -> None:
        """Write what a scene says."""
        figure = self.query_one(Figure)
        figure.draw(scene.figure, self.app.theme_variables[KINDS[scene.kind].colour])
        self.query_one(SessionBar).at = scene.share
        self.write("#name", printable(transport.title))
        self.write("#time", f"{scene.elapsed} / {scene.total}")
        unit = " · ".join(filter(None, (scene.unit, scene.count)))
        if cell_len(unit) > self.query_one("#unit").size.width:
            unit = "\n".join(filter(None, (scene.unit, scene.count)))
        self.write("#unit", unit)
        left = f"{scene.left} to go" if scene.left else ""
        titles, places = [scene.title, scene.place, left], []
        if self.cadence_app.far:
            titles = [scene.title, scene.left]
        elif self.query_one("#title", Headline).lines:
            titles, places = [scene.title], [scene.place, left]
        self.query_one("#place").display = bool(places)
        self.write("#title", " · ".join(filter(None, titles)))
        self.write("#place", " · ".join(filter(None, places)))
        self.write("#caption", f"“{scene.caption}”" if scene.caption else "")
        self.write("#beat", f"Next: {scene.how}" if scene.how else scene.beat)
        self.write("#coming", scene.coming)

    def _write_steps(self, transport: Transport) -> None:
        """Show how steps meet the beat, or for a while how those of a set met it."""
        lane, steps = self.query_one(StepLane), self.cadence_app.steps
        lane.show(steps.view(transport.performance.parts))
        timeline = transport.timeline
        told = "" if lane.display else steps.line(transport.position.frame, timeline.rate)
        self.write("#set", told)
        self.query_one("#set").display = bool(told)
        self.set_class(bool(told) or lane.display, "-stepping")

    def light(self) -> None:
        """Light the lamps for the frame that is heard, and look again when that changes."""
        transport, scenes = self.cadence_app.transport, self._scenes
        if transport is None or scenes is None or scenes.performance is not transport.performance:
            return
        rate = scenes.performance.timeline.rate
        frame = transport.position.frame + round(DRAWING * rate)
        dark = transport.standing or self.cadence_app.settings.still or not transport.levels.beat
        beat, late = scenes.lights.beat(frame)
        if beat != self._beat:  # nobody has looked since then
            self._beat, self._late = beat, late
        states = scenes.lamps(frame, self._late)
        for name, state in zip(("#left", "#right"), states, strict=True):
            lamp = self.query_one(name, Lamp)
            shown = LampState(state.label) if dark else state
            if lamp.state != shown:
                lamp.state = shown
                self._draw(lamp)
        change = None if dark else scenes.lights.next_change(frame, self._late)
        if change is not None:
            self._lamp_timer.look_in((change - frame) / rate)

    def _draw(self, lamp: Lamp) -> None:
        """Draw a lamp now: on a busy machine Textual's next frame is late.

        It is left to that frame while Textual draws nothing, until several changes are made.
        """
        if self.is_current and lamp.size and not self.app._batch_count:  # noqa: SLF001 (told nowhere else)
            self._compositor.update_widgets({lamp})
            self._compositor_refresh()
            lamp._repaint_required = False  # noqa: SLF001 (it is drawn)

    def on_key(self, event: Key) -> None:
        """Take a step, or type a tempo with digits."""
        if not self.plays:
            return
        if transport_keys.steps(self.cadence_app, event):
            self.follow()
            return
        key = "." if event.character == "." else event.key
        if not self._entry.takes(key):
            self._entry.leave()
            return
        self.cadence_app.clear_message()  # such as about what was typed before
        if (tempo := self._entry.press(key)) is not None:
            self._show_messages(self._transport.set_tempo(tempo))
        event.stop()
        event.prevent_default()

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        """The keys that work: some of them are steps while those are listened for."""
        active = super().active_bindings
        if self.plays and self.cadence_app.steps.on_keys:
            active = transport_keys.while_stepping(active, self)
        return transport_keys.with_pause_as(self.pause_word, active)

    @property
    def pause_word(self) -> str:
        """What the key that pauses does now."""
        transport = self.cadence_app.transport
        return "go on" if transport is not None and transport.standing else "pause"

    def follow_keys(self) -> None:
        """Show other keys, or another word for one, as soon as that is what they do."""
        works = self.cadence_app.transport, self.pause_word
        if works != self._works:
            self._works = works
            self.refresh_bindings()

    @property
    def plays(self) -> bool:
        """Whether what this screen is for plays."""
        return self.cadence_app.transport is not None

    def action_listen(self) -> None:
        """Listen for steps, or no more."""
        self._show_messages(self.cadence_app.steps.toggle())
        self.refresh_bindings()

    def on_session_bar_pointed(self, event: SessionBar.Pointed) -> None:
        """Jump to the phase that was clicked."""
        if self.cadence_app.transport:
            self._show_messages(self._transport.jump(event.phase))

    def check_action(
        self,
        action: str,
        parameters: tuple[object, ...],  # noqa: ARG002 (Textual's signature)
    ) -> bool | None:
        """Disable the keys of this screen while nothing plays."""
        return self.cadence_app.transport is not None or not hasattr(self, f"action_{action}")

    @property
    def _transport(self) -> Transport:
        transport = self.cadence_app.transport
        if transport is None:
            raise RuntimeError("this screen is shown while something plays")
        return transport

    def _show_messages(self, messages: list[str]) -> None:
        self.cadence_app.show_messages(messages)
        self.follow()

    def action_do(self, name: str) -> None:
        """Run an action of the table."""
        if name == "play.music" and not self._transport.music.there:
            self.action_choose()
        else:
            transport_keys.do(self.cadence_app, name)
        self.follow()

    def action_choose(self) -> None:
        """Ask for music to play underneath."""
        playing = self.cadence_app.playing
        own = playing.session.music if playing else None
        self.app.push_screen(ChooseMusic(own), self._chosen)

    def _chosen(self, chosen: tuple[str, Ticks] | None) -> None:
        playing = self.cadence_app.playing
        place, ticks = chosen or ("", Ticks())
        if not place or playing is None:
            return
        from cadence_cue.app.music.under import live_music, usable_music

        try:
            music = ticks.of(usable_music(place, playing.session))
        except UserError as error:
            self.notify(worded(error), severity="warning", markup=False)
            return
        self._transport.set_music(partial(live_music, music))

    def action_far(self) -> None:
        """Show only what is read from two metres, or everything again."""
        self.cadence_app.far = not self.cadence_app.far
        self.set_class(self.cadence_app.far, "-far")
        told = f"{self.key_of('play.far')} shows everything again"
        if self.cadence_app.far:  # the footer is hidden
            self._show_messages([told])
        elif self.cadence_app.message == told:
            self.cadence_app.clear_message()
        for headline in self.query(Headline):
            headline.refresh(layout=True)
        self.follow()

    def action_card(self) -> None:
        """Show the instructions of the current drill, or of the next."""
        library = self._transport.performance.library
        if drill := self._transport.coming_drill:
            self.app.push_screen(
                Card(lambda columns: [drill.name, *pages.about_drill(drill, library, columns)])
            )
        else:
            self._show_messages([NO_DRILL])
