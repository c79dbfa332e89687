"""The screens of the plan: today's run, and all weeks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.events import Key
from textual.worker import get_current_worker

from cadence_cue.app.choices import read_cadence
from cadence_cue.app.plan import kept_plan, plan_text
from cadence_cue.app.plan.kept_plan import Today
from cadence_cue.app.plan.plan_session import options_of, session_of, title_of
from cadence_cue.app.plan.planning import MISSED, TODAY
from cadence_cue.app.preparing import Prepared
from cadence_cue.app.sessions.session_store import find
from cadence_cue.app.settings import assumed, user_folder
from cadence_cue.errors import UserError, WayOut
from cadence_cue.season.plan import Wish, build
from cadence_cue.tui.after.sore import ask_sore
from cadence_cue.tui.file_question import write_to_file
from cadence_cue.tui.pages import Ask, Confirm
from cadence_cue.tui.rows import TextPage
from cadence_cue.tui.ways_out import worded

_ABOUT = (
    "",
    (
        "A plan raises your cadence in small steps of two weeks each, and takes the click away as "
        "you learn them."
    ),
    "Its runs begin with drills and take the place of easy runs.",
    "It changes with what you run and miss, how that felt, and what is sore.",
)

_FIND = "The session “Find your cadence” finds yours."


class TodayScreen(TextPage):
    """What the plan asks for today, with why it changed; Enter plays it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "play", "play", tooltip="play the next run", id="today.play"),
        Binding("p", "drills", "drills", tooltip="play the drills of a day without a run",
                id="today.drills"),
        Binding("d", "done", "done", tooltip="you ran today's run, or a missed one, to a track",
                id="today.done"),
        Binding("a", "sore", "sore", tooltip="something is sore: the plan gets gentler",
                id="today.sore"),
        Binding("W", "app.open('WeeksScreen')", "weeks", id="app.weeks"),
        Binding("c", "calendar", "calendar", tooltip="write the plan as a calendar",
                id="today.calendar"),
        Binding("n", "new", "new plan", tooltip="make a new plan", id="today.new"),
        Binding("u", "resume", "go on", tooltip="go on with a plan that paused",
                id="today.resume"),
        Binding("escape", "app.back", "back", id="app.back"),
    ]  # fmt: skip
    TYPED = ("1-5", "you ran today's run: how it felt, 1 hard … 5 easy")

    def __init__(self) -> None:
        super().__init__(name="Today")
        self._today: Today | None = None
        self._prepared: Prepared | None = None
        self._of: tuple[object, ...] = ()  # what it was prepared of
        self._play_when_planned = False

    def on_screen_resume(self) -> None:
        """Read the plan, which follows from what was run since."""
        self._read()

    def _read(self) -> None:
        """Show the plan as it is today, and plan its next run, unless that is planned already."""
        try:
            self._today = kept_plan.today(user_folder())
        except (OSError, UserError) as error:
            self._today = self._prepared = None
            if isinstance(error, UserError) and error.way_out is WayOut.MAKE_PLAN:
                self.show([_sentence(f"{error}; n makes one"), *_ABOUT])
            else:
                self.show([_sentence(worded(error))])
        else:
            for why in self._today.news:
                self.notify(why)
            self.show(self._lines(self._today))
            host, plan, run = self.cadence_app, self._today.plan, self._today.due.next
            of = (run, plan.title, plan.own, plan.drills, plan.paused,
                  host.library, host.settings, host.rate)  # fmt: skip
            if of != self._of or self._prepared is None:
                self._prepared, self._of = None, of
                self._plan(self._today)
        self.refresh_bindings()

    def _lines(self, today: Today) -> Iterator[str]:
        yield from plan_text.today_lines(today)
        yield ""
        if today.plan.paused:
            yield "u goes on with the plan."
        elif today.due.next is None:
            yield "n makes another."
        else:
            yield f"Enter plays: {title_of(today.due.next)}"
            if today.drills_due:
                yield f"p plays today's drills: {today.due.drills}"

    @work(thread=True, exclusive=True)
    def _plan(self, today: Today) -> None:
        """Plan the next run in a thread."""
        run, host = today.due.next, self.cadence_app
        if run is None or today.plan.paused:
            return

        def make() -> Prepared:
            session = session_of(today.plan, run, host.library, host.settings.mastered)
            return host.prepare(session, options_of(today.plan, run))

        self._hand_over(make, self._planned)

    def _hand_over(self, make: Callable[[], Prepared], to: Callable[[Prepared], None]) -> None:
        """Make something to play and hand it over from this thread, or tell why it cannot be."""
        worker = get_current_worker()
        try:
            prepared = make()
        except UserError as error:
            if not worker.is_cancelled:
                self.from_thread(self._refused, worded(error))
            return
        if not worker.is_cancelled:
            self.from_thread(to, prepared)

    def _refused(self, reason: str) -> None:
        self._play_when_planned = False
        self.notify(reason, severity="warning")

    def _planned(self, prepared: Prepared) -> None:
        self._prepared = prepared
        play, self._play_when_planned = self._play_when_planned, False
        if play and self.in_front:
            self.action_play()

    @property
    def exportable(self) -> Prepared | None:
        """The next run, once it is planned."""
        return self._prepared

    def check_action(
        self,
        action: str,
        parameters: tuple[object, ...],  # noqa: ARG002 (Textual's signature)
    ) -> bool | None:
        """Disable the keys that the plan has no use for now."""
        today = self._today
        match action:
            case "play":
                return today is not None and not today.plan.paused and today.due.next is not None
            case "drills":
                return today is not None and today.drills_due
            case "resume":
                return today is not None and today.plan.paused
            case "done":
                return today is not None and any(
                    state in (TODAY, MISSED) for _, state in today.due.week
                )
            case "sore" | "calendar":
                return today is not None
        return True

    def action_play(self) -> None:
        """Play the next run, once it is planned."""
        if self._prepared:
            self.cadence_app.play(self._prepared)
        else:
            self._play_when_planned = True

    @work(thread=True, exclusive=True, group="drills")
    def action_drills(self) -> None:
        """Plan today's drills in a thread, and play them."""
        host, today = self.cadence_app, self._today
        if today:
            self._hand_over(lambda: host.prepare(find(today.due.drills, host.library)), self._play)

    def _play(self, prepared: Prepared) -> None:
        if self.in_front:
            self.cadence_app.play(prepared)

    def on_key(self, event: Key) -> None:
        """Take a mark from 1 to 5."""
        if self._today and event.character and event.character in "12345":
            event.stop()
            self._done(int(event.character))

    def action_done(self) -> None:
        """Keep that today's run was run, or else the one that was missed last, after a question."""
        week = self._today.due.week if self._today else ()
        if any(state == TODAY for _, state in week):
            self._done(None)
            return
        run = [run for run, state in week if state == MISSED][-1]

        def told(yes: bool | None) -> None:
            if yes:
                self._keep(run.day, None)

        asked = Confirm(f"Did you run this one to a track?\n{title_of(run)}", yes="yes", no="no")
        self.app.push_screen(asked, told)

    def _done(self, mark: int | None) -> None:
        if self._keep(kept_plan.now(), mark):
            self._ask_sore()

    def _keep(self, day: date, mark: int | None) -> bool:
        mastered = self.cadence_app.settings.mastered
        return self._kept(lambda folder: kept_plan.done(folder, day, mastered, mark))

    def _ask_sore(self) -> None:
        if kept_plan.asks_after_session(user_folder()):
            ask_sore(self.cadence_app, self._read)

    def action_sore(self) -> None:
        """Ask whether anything is sore; where that was said today, whether to take it back."""
        if self._today is None or self._today.day not in self._today.plan.sore:
            ask_sore(self.cadence_app, self._read)
            return
        asked = Confirm("You said today that something is sore.", yes="take it back", no="keep it")
        self.app.push_screen(asked, self._take_back)

    def _take_back(self, yes: bool | None) -> None:
        if yes:
            self._kept(kept_plan.not_hurt)

    def action_resume(self) -> None:
        """Go on with a plan that paused."""
        self._kept(kept_plan.resume)

    def action_new(self) -> None:
        """Ask for a goal and make the usual plan towards it."""
        wish = self._wish()
        known = self.cadence_app.settings.cadence is not None
        about = f"Your cadence is {wish.own:g}." if known else f"{assumed(wish.own)} {_FIND}"
        asked = f"{about}\nYour goal, in steps a minute, 10 % more at most"
        dialog = Ask(asked, f"{wish.goal:g}", lambda goal: build(self._wish(goal)))
        self.app.push_screen(dialog, self._new)

    def _wish(self, goal: str = "") -> Wish:
        """Return the usual wish, for a goal as it is typed. Raises UserError if it is none."""
        own = self.cadence_app.settings.cadence_spm()
        return kept_plan.wish(own, read_cadence(goal) if goal else None)

    def _new(self, goal: str | None) -> None:
        if not goal:
            return
        if self._today and self._today.due.next:
            asked = Confirm("Make a new plan in place of the one you have?", yes="new", no="keep")
            self.app.push_screen(asked, lambda yes: self._make(goal) if yes else None)
        else:
            self._make(goal)

    def _make(self, goal: str) -> None:
        def make(folder: Path) -> None:
            for note in kept_plan.make(self._wish(goal), folder)[1]:
                self.notify(note)

        self._kept(make)

    def action_calendar(self) -> None:
        """Ask for a file and write the plan to it as a calendar."""
        from cadence_cue.app.plan.calendar_file import write_calendar

        if self._today:
            plan = self._today.plan

            def write(path: Path, replace: bool) -> str:
                write_calendar(plan, path, kept_plan.AT, force=replace)
                return plan_text.runs_of(plan)

            write_to_file(self.cadence_app, "The file, such as plan.ics", "plan.ics", write)

    def _kept(self, act: Callable[[Path], None]) -> bool:
        """Do something to the plan, show it anew, and return whether it could be done."""
        try:
            act(user_folder())
        except (UserError, OSError) as error:
            self.notify(worded(error), severity="warning")
            return False
        self._read()
        return True


class WeeksScreen(TextPage):
    """All weeks of the plan: what was done, what was missed, which are easier, what changed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("T", "app.open('TodayScreen')", "today", id="app.today"),
        Binding("escape", "app.back", "back", id="app.back"),
    ]

    def __init__(self) -> None:
        super().__init__(name="Weeks")

    def on_screen_resume(self) -> None:
        """Read the plan."""
        try:
            self.show(plan_text.weeks_as_run(kept_plan.today(user_folder())))
        except (UserError, OSError) as error:
            self.show([_sentence(worded(error))])


def _sentence(told: str) -> str:
    """Return why no plan is shown as a sentence."""
    return f"{told[0].upper()}{told[1:]}."
