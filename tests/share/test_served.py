"""The server over real sockets: the page, the file and its parts, and nothing else."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection, HTTPResponse, IncompleteRead
from io import FileIO
from pathlib import Path

import pytest

from cadence_cue.share.served import Served

told: list[str] = []


@pytest.fixture
def served(track: Path) -> Iterator[Served]:
    told.clear()
    with Served(FileIO(track), lambda at, _: f"<p>{at}", told.append, host="127.0.0.1") as running:
        yield running


def ask(
    served: Served, path: str, method: str = "GET", **headers: str
) -> tuple[HTTPResponse, bytes]:
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    with closing(HTTPConnection("127.0.0.1", served.port, timeout=300)) as connection:
        connection.request(method, path, headers=named)
        with connection.getresponse() as response:
            return response, response.read()


def test_the_page_and_the_file_are_there(served: Served, track: Path) -> None:
    response, content = ask(served, served.root)
    assert (response.status, content) == (200, b"<p>track")
    assert "default-src 'none'" in str(response.headers["Content-Security-Policy"])
    response, content = ask(served, f"{served.root}track")
    assert (response.status, response.headers["Content-Type"]) == (200, "audio/mpeg")
    assert response.headers["Accept-Ranges"] == "bytes"
    assert content == track.read_bytes()
    ask(served, f"{served.root}track", Range="bytes=9-")
    assert told == ["127.0.0.1 opens the page", "127.0.0.1 plays Zehn – ü.mp3"]


def test_what_is_kept_has_its_name(track: Path) -> None:
    told.clear()
    with sharing(track) as served:
        response, _ = ask(served, f"{served.root}track?keep")
    assert response.headers["Content-Disposition"] == (
        "attachment; filename*=UTF-8''Zehn%20%E2%80%93%20%C3%BC.mp3"
    )
    assert told == ["127.0.0.1 downloads Zehn – ü.mp3", "127.0.0.1 has all of Zehn – ü.mp3"]


@pytest.mark.parametrize(
    ("query", "asked", "whole"),
    [("?keep", "", True), ("?keep", "bytes=0-9", False), ("", "", False), ("", "bytes=9-", False)],
)
def test_only_a_download_to_the_end_is_complete(
    track: Path, query: str, asked: str, whole: bool
) -> None:
    told.clear()
    with sharing(track) as served:
        ask(served, f"{served.root}track{query}", Range=asked)
    assert any("has all of" in line for line in told) is whole


@pytest.mark.parametrize(
    ("asked", "first", "end"),
    [("bytes=0-9", 0, 10), ("bytes=5-5", 5, 6), ("bytes=100-", 100, None), ("bytes=-7", -7, None),
     ("bytes=10-99999999999", 10, None), ("bytes=-99999999999", 0, None)],
)  # fmt: skip
def test_a_part_is_sent_where_a_part_is_asked_for(
    served: Served, track: Path, asked: str, first: int, end: int | None
) -> None:
    whole = track.read_bytes()
    response, content = ask(served, f"{served.root}track", Range=asked)
    assert response.status == 206
    assert content == whole[first:end]
    begin = first % len(whole)
    span = f"bytes {begin}-{begin + len(content) - 1}/{len(whole)}"
    assert response.headers["Content-Range"] == span


@pytest.mark.parametrize("asked", ["bytes=999999999-", "bytes=9-3", "bytes=-0"])
def test_a_part_that_is_not_there_is_refused(served: Served, asked: str) -> None:
    response, content = ask(served, f"{served.root}track", Range=asked)
    assert (response.status, content) == (416, b"")
    assert response.headers["Content-Range"] == f"bytes */{served.size}"


@pytest.mark.parametrize("asked", ["bytes=", "bytes=-", "bytes=a-b", "bytes=0-1,3-4", "lines=0-1"])
def test_what_is_no_range_is_the_whole(served: Served, asked: str) -> None:
    response, content = ask(served, f"{served.root}track", Range=asked)
    assert (response.status, len(content)) == (200, served.size)


def test_a_part_of_another_file_is_the_whole_of_this(served: Served) -> None:
    etag = str(ask(served, f"{served.root}track")[0].headers["ETag"])
    for given, status in ((etag, 206), ('"other"', 200)):
        response, _ = ask(served, f"{served.root}track", Range="bytes=0-9", If_Range=given)
        assert response.status == status


def test_head_tells_and_sends_nothing(served: Served) -> None:
    response, content = ask(served, f"{served.root}track", "HEAD")
    assert (response.headers["Content-Length"], content) == (str(served.size), b"")
    assert told == []


@pytest.mark.parametrize("path", ["/", "/track", "{}x", "{}track/", "{}../track", "{}%2e%2e/etc",
                                  "//", "{}track%00", "*"])  # fmt: skip
def test_nothing_else_is_there(served: Served, path: str) -> None:
    response, content = ask(served, path.format(served.root))
    assert (response.status, content) == (404, b"")
    assert "Server" not in response.headers


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "XYZ"])
def test_nothing_can_be_done_to_it(served: Served, method: str) -> None:
    for path in (f"{served.root}track", "/"):  # the same answer, so that it tells nothing
        response, content = ask(served, path, method)
        assert (response.status, content) == (405, b"")
        assert response.headers["Allow"] == "GET, HEAD"
        assert "Server" not in response.headers


def test_a_phone_that_goes_away_or_dawdles_disturbs_nobody(
    served: Served, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = asking(served)
    gone.close()
    slow = socket.create_connection(("127.0.0.1", served.port))
    slow.sendall(b"GET /")
    junk = socket.create_connection(("127.0.0.1", served.port))
    junk.sendall(b"\xff\x00\r\n\r\n")
    assert len(ask(served, f"{served.root}track")[1]) == served.size
    slow.close()
    junk.close()
    assert capsys.readouterr().err == ""


def asking(served: Served) -> socket.socket:
    """A phone that asks for the file and has the first bytes."""
    phone = socket.create_connection(("127.0.0.1", served.port))
    phone.sendall(f"GET {served.root}track HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    phone.recv(10)
    return phone


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """More than waits in sockets."""
    file = tmp_path / "large.mp3"
    file.write_bytes(bytes(range(256)) * (1 << 16))
    return file


def sharing(file: Path) -> Served:
    return Served(FileIO(file), lambda *_: "", told.append, host="127.0.0.1")


def test_it_ends_at_once_in_the_middle_of_a_file(large: Path) -> None:
    before = threading.active_count()
    with sharing(large) as running:
        phone = asking(running)
        assert threading.active_count() == before + 2
    assert threading.active_count() == before  # nobody reads the file any more
    with pytest.raises(ConnectionRefusedError):
        ask(running, running.root)
    phone.close()


def test_one_that_takes_nothing_holds_nobody_up(large: Path) -> None:
    with sharing(large) as running, asking(running):
        assert ask(running, f"{running.root}track")[1] == large.read_bytes()


def test_the_file_is_what_it_was_when_it_was_opened(large: Path) -> None:
    before = large.read_bytes()
    with sharing(large) as running:
        other = large.with_name("other")
        other.write_bytes(b"other")
        other.replace(large)  # as an export does
        assert ask(running, f"{running.root}track")[1] == before
        large.unlink()
        assert ask(running, f"{running.root}track")[1] == before


def test_a_file_that_was_cut_short_is_told(large: Path) -> None:
    told.clear()
    with sharing(large) as running:
        os.truncate(large, 1000)
        with pytest.raises(IncompleteRead) as short:
            ask(running, f"{running.root}track")
        assert len(short.value.partial) == 1000
    assert told[-1].startswith("large.mp3 was cut short while it was shared")


def test_a_name_may_hold_any_bytes(large: Path) -> None:
    odd = large.rename(large.with_name(os.fsdecode(b"\xff\r\n.mp3")))
    with Served(FileIO(odd), lambda *_: odd.name, told.append, host="127.0.0.1") as running:
        assert ask(running, running.root)[0].status == 200
        response, content = ask(running, f"{running.root}track?keep")
    assert response.headers["Content-Disposition"] == "attachment; filename*=UTF-8''%3F%0D%0A.mp3"
    assert len(content) == 1 << 24


def test_no_two_addresses_are_alike(track: Path) -> None:
    roots = set()
    for _ in range(3):
        with Served(FileIO(track), lambda *_: "", told.append, host="127.0.0.1") as running:
            roots.add(running.root)
            assert len(running.root) > 20
    assert len(roots) == 3
