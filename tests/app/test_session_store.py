"""The shelf: what may be kept under which name, and what is found by one."""

from __future__ import annotations

from pathlib import Path

import pytest

from cadence_cue.app.sessions import session_store
from cadence_cue.app.settings import user_folder
from cadence_cue.coaching.catalogue import built_in_sessions, load_library
from cadence_cue.coaching.session_file import load
from cadence_cue.errors import UserError, WayOut
from tests.homes import move_into

LIBRARY = load_library()

OWN = """\
title = "Own"

[[phase]]
rest = ""
time = "10s"
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where own sessions are kept; we stand somewhere else."""
    move_into(tmp_path / "home", monkeypatch)
    monkeypatch.chdir(tmp_path)
    return user_folder() / "sessions"


def keep(path: Path, text: str = OWN) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


@pytest.mark.parametrize("name", ["a", "7", "my-ten", "My_Ten", "früh", "daily-ten-2", "x" * 60])
def test_a_new_file_is_named_after_its_session_and_not_made_yet(folder: Path, name: str) -> None:
    assert session_store.new_file(name, LIBRARY) == folder / f"{name}.toml"
    assert not folder.exists()


@pytest.mark.parametrize(
    "name",
    ["", " ", "-", "..", "/", "a\n", "a\x1b", "\u202ea b", "\udcff", "a " * 101, "🏃"],
)
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(UserError, match=r"name of a session must|name a session's file") as caught:
        session_store.new_file(name, LIBRARY)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Morning: hills", "morning-hills"),
        ("4 × 400 m / easy", "4-400-m-easy"),
        ("../up", "up"),
        ('Früh "am" [Morgen]', "früh-am-morgen"),
        ("Fru\u0308h am Fluss", "früh-am-fluss"),
        ("C:\\runs", "c-runs"),
        ("word " * 30, "-".join(["word"] * 12)),
        ("朝の ラン", "朝の-ラン"),
    ],
)
@pytest.mark.parametrize("model", [None, "daily-ten"])
def test_a_file_is_named_after_any_title(
    folder: Path, title: str, name: str, model: str | None
) -> None:
    path = session_store.create(title, LIBRARY, built_in_sessions()[model] if model else None)
    assert path == folder / f"{name}.toml"
    assert load(path, LIBRARY).title == title


@pytest.mark.parametrize(
    "written", ["'Two'", '"Say \\"hi\\" # now"', '"Two"  # the second', '"""Two"""', '"Two"']
)
def test_a_copy_is_a_session_however_its_title_was_written(tmp_path: Path, written: str) -> None:
    model = tmp_path / "model.toml"
    model.write_text(OWN.replace('"Own"', written))
    copy = load(session_store.create("mine", LIBRARY, model), LIBRARY)
    assert copy.title == "Mine"


@pytest.mark.parametrize("name", sorted(built_in_sessions()))
def test_the_name_of_a_built_in_session_is_taken(name: str) -> None:
    with pytest.raises(UserError, match=f'"{name}" is a built-in session'):
        session_store.new_file(name, LIBRARY)


@pytest.mark.parametrize(
    "name",
    sorted({*LIBRARY.drills, *LIBRARY.elements, session_store.WHY} - set(built_in_sessions())),
)
def test_the_name_of_another_page_is_taken(name: str) -> None:
    with pytest.raises(UserError, match=f'"{name}" is a drill, an element or another page'):
        session_store.new_file(name, LIBRARY)


def test_the_name_of_an_own_session_is_taken(folder: Path) -> None:
    path = keep(folder / "mine.toml", "broken")
    with pytest.raises(UserError, match='you have a session "mine" already: ') as caught:
        session_store.new_file("mine", LIBRARY)
    assert str(caught.value).endswith(str(path))
    assert session_store.new_file("mine-2", LIBRARY)


def test_a_session_begins_with_a_template_that_is_good(folder: Path) -> None:
    path = session_store.create("my-long-morning", LIBRARY)
    assert path == folder / "my-long-morning.toml"
    session = load(path, LIBRARY)
    assert session.title == "My long morning"
    assert [phase.drill for phase in session.written()] == ["perception", "", "change-of-support"]
    assert list(folder.iterdir()) == [path]


@pytest.mark.parametrize("name", sorted(built_in_sessions()))
def test_a_session_begins_as_a_copy_of_its_model(name: str) -> None:
    model = built_in_sessions()[name]
    path = session_store.create("mine", LIBRARY, model)
    copy, original = load(path, LIBRARY), load(model, LIBRARY)
    assert copy.phases == original.phases
    assert copy.title == "Mine"
    assert path.read_text().replace('"Mine"', f'"{original.title}"', 1) == model.read_text()


def test_a_copy_has_no_byte_order_mark(folder: Path) -> None:
    model = Path("sent.toml")
    model.write_bytes(b"\xef\xbb\xbf" + OWN.encode())
    own = OWN.replace('"Own"', '"Mine"').encode()
    assert session_store.create("mine", LIBRARY, model).read_bytes() == own


def test_nothing_is_begun_under_a_name_that_is_refused(folder: Path) -> None:
    path = keep(folder / "mine.toml")
    for name in ("mine", "Daily Ten", "why", "?"):
        for model in (None, built_in_sessions()["daily-ten"]):
            with pytest.raises(UserError):
                session_store.create(name, LIBRARY, model)
    assert list(folder.iterdir()) == [path]
    assert path.read_text() == OWN


def test_what_is_kept_is_whole_and_in_its_place(folder: Path) -> None:
    path = folder / "mine.toml"
    session_store.save(path, OWN)
    session_store.save(path, OWN + "# früh\n")
    assert path.read_text(encoding="utf-8") == OWN + "# früh\n"
    assert list(folder.iterdir()) == [path]


def test_what_cannot_be_kept_is_told_with_its_place(folder: Path) -> None:
    keep(folder, "no folder")
    with pytest.raises(UserError, match="cannot be written: ") as caught:
        session_store.create("mine", LIBRARY)
    assert str(caught.value).startswith(str(folder / "mine.toml"))


def test_without_a_home_nothing_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be written: there is no home folder"):
        session_store.save(Path("~/mine.toml"), OWN)
    assert not list(tmp_path.iterdir())


def test_sessions_are_the_built_in_ones_then_the_own(folder: Path) -> None:
    keep(folder / "zebra.toml")
    keep(folder / "apple.toml")
    keep(folder / "notes.txt")
    keep(folder / "deeper" / "hidden.toml")
    files = session_store.session_files()
    assert list(files) == [*built_in_sessions(), "apple", "zebra"]
    assert files["apple"] == folder / "apple.toml"


def test_an_own_session_hides_the_built_in_one_of_its_name(folder: Path) -> None:
    path = keep(folder / "daily-ten.toml")
    assert session_store.session_files()["daily-ten"] == path
    assert session_store.find("daily-ten", LIBRARY).title == "Own"


@pytest.mark.parametrize("name", sorted(built_in_sessions()))
def test_every_built_in_session_is_found(name: str) -> None:
    found = session_store.find(name, LIBRARY)
    assert (found.name, found.source) == (name, built_in_sessions()[name])


def test_a_session_is_found_by_its_name_or_its_path(folder: Path) -> None:
    keep(folder / "mine.toml")
    keep(Path("sent.toml"), OWN.replace("Own", "Sent"))
    keep(Path("plain"), OWN.replace("Own", "Plain"))
    assert session_store.find("mine", LIBRARY).title == "Own"
    for path in ("sent.toml", "./sent.toml", str(Path.cwd() / "sent.toml")):
        assert session_store.find(path, LIBRARY).title == "Sent"
    assert session_store.find("plain", LIBRARY).title == "Plain"


def test_the_shelf_comes_before_a_file_where_we_stand(folder: Path) -> None:
    keep(folder / "mine.toml")
    for name in ("mine", "daily-ten"):
        keep(Path(name), OWN.replace("Own", "Here"))
    assert session_store.find("mine", LIBRARY).title == "Own"
    assert session_store.find("daily-ten", LIBRARY).title == "Daily ten"
    assert session_store.find("./mine", LIBRARY).title == "Here"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (
            "dialy-ten",
            'there is no session, drill or element "dialy-ten"; did you mean "daily-ten"?',
        ),
        ("DAILY-TEN", 'did you mean "daily-ten"?'),
        ("min", 'did you mean "mine"?'),
        ("settigns", 'did you mean "settings"?'),
        ("nowhere.toml", "there is no such file"),
        ("no/where", "there is no such file"),
        ("./", "is not a file that can be read"),
        ("", "there is no session, drill or element"),
    ],
)
def test_what_is_not_found_is_told_with_what_was_meant(folder: Path, name: str, told: str) -> None:
    keep(folder / "mine.toml")
    with pytest.raises(UserError) as caught:
        session_store.find(name, LIBRARY, ["settings"])
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("name", "way_out"),
    [
        ("qqqq", WayOut.LIST_SESSIONS),
        ("x" * 5000, WayOut.LIST_SESSIONS),
        (".", WayOut.LIST_SESSIONS),
        ("toe-taps", WayOut.REHEARSE),
    ],
)
def test_what_no_name_is_near_is_refused_with_a_way_out(
    folder: Path, name: str, way_out: WayOut
) -> None:
    with pytest.raises(UserError) as caught:
        session_store.find(name, LIBRARY)
    assert caught.value.way_out is way_out
    assert caught.value.name == (name if way_out is WayOut.REHEARSE else "")


def test_what_is_broken_is_told_when_it_is_found(folder: Path) -> None:
    keep(folder / "mine.toml", "title = 5\n")
    with pytest.raises(UserError, match=r"mine\.toml"):
        session_store.find("mine", LIBRARY)
    assert "mine" in session_store.session_files()


def test_a_broken_own_drill_is_left_out_of_the_library_and_told() -> None:
    keep(user_folder() / "drills" / "hops.toml", "name = 5\n")
    told: list[str] = []
    found = session_store.library(lambda error: told.append(str(error)))
    assert found.drills.keys() == LIBRARY.drills.keys()
    assert len(told) == 1
    assert told[0].startswith("hops.toml: ")
