"""Which files a folder or a playlist plays, and what is said of those that are left out."""

from __future__ import annotations

import socket
import unicodedata
from pathlib import Path
from typing import Literal

import pytest

from cadence_cue.errors import UserError
from cadence_cue.music.pieces import Pieces, pieces_of


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


def names(pieces: Pieces) -> list[str]:
    return [pieces.name(file) for file in pieces.files]


def test_what_is_protected_or_unknown_is_named_once(tmp_path: Path) -> None:
    touch(tmp_path, "a.mp3", "b.m4p", "old/c.M4P", "d.xyz", "noending")
    pieces = pieces_of(tmp_path, None)
    assert names(pieces) == ["a.mp3"]
    assert pieces.left_out == (
        "Left out: b.m4p, old/c.M4P, protected against other players (DRM).",
        "Left out: d.xyz, noending, whose ending is not that of a music file.",
    )


def test_what_lies_beside_music_is_passed_over(tmp_path: Path) -> None:
    touch(tmp_path, "a.mp3", "cover.jpg", "Folder.PNG", "a.lrc", "a.cue", "all.m3u", ".DS_Store")
    assert pieces_of(tmp_path, None).left_out == ()


def test_of_many_the_number_is_told(tmp_path: Path) -> None:
    touch(tmp_path, "a.mp3", *(f"{k}.xyz" for k in range(10, 40)))
    (told,) = pieces_of(tmp_path, None).left_out
    named = ", ".join(f"{k}.xyz" for k in range(10, 30))
    assert told.startswith(f"Left out: {named} and 10 more, ")


def test_a_link_to_nothing_is_a_piece_that_will_be_named_and_a_folder_is_none(
    tmp_path: Path,
) -> None:
    touch(tmp_path, "a.mp3", "c.mp3/d.mp3")
    (tmp_path / "b.mp3").symlink_to("gone.mp3")
    assert names(pieces_of(tmp_path, None)) == ["a.mp3", "b.mp3", "c.mp3/d.mp3"]


def test_a_folder_of_nothing_else_is_refused_with_what_is_there(tmp_path: Path) -> None:
    touch(tmp_path, "b.m4p")
    with pytest.raises(UserError, match=r"no audio file in this folder.*b\.m4p.*DRM"):
        pieces_of(tmp_path, None)


def test_a_protected_file_alone_is_refused_as_what_it_is(tmp_path: Path) -> None:
    touch(tmp_path, "b.M4P")
    with pytest.raises(UserError, match=r"b\.M4P: this is protected.*DRM.*; choose another file"):
        pieces_of(tmp_path / "b.M4P", None)


@pytest.mark.parametrize(
    "name",
    ["x.aif", "x.AMR", "x.ape", "x.caf", "x.mka", "x.mpc", "x.tta", "x.w64", "x.3gp", "x.au"],
)
def test_what_can_be_read_is_music_by_its_ending(tmp_path: Path, name: str) -> None:
    touch(tmp_path, name)
    assert names(pieces_of(tmp_path, None)) == [name]


@pytest.fixture
def songs(tmp_path: Path) -> Path:
    touch(tmp_path, "a.mp3", "sub/b c.flac", "ü.ogg", "lists/z.m3u")
    return tmp_path


def listed(folder: Path, name: str, content: str | bytes) -> Pieces:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return pieces_of(folder / name, None)


@pytest.mark.parametrize("name", ["x.m3u", "x.m3u8", "X.M3U8"])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_playlist_is_played_in_its_order(songs: Path, name: str, start: bytes, end: str) -> None:
    lines = ["#EXTM3U", "", "#EXTINF:123,B", "sub/b c.flac", "  a.mp3 ", f"{songs}/ü.ogg", "a.mp3"]
    pieces = listed(songs, name, start + end.join(lines).encode())
    assert names(pieces) == ["b c.flac", "a.mp3", "ü.ogg", "a.mp3"]
    assert pieces.files[2] == songs / "ü.ogg"
    assert (pieces.left_out, pieces.alone) == ((), False)


def test_a_playlist_of_pls_is_played_in_its_order(songs: Path) -> None:
    text = "[playlist]\nFile1=a.mp3\nTitle1=A\nLength1=9\nfile2 = sub/b c.flac\nNumberOfEntries=2\n"
    assert names(listed(songs, "x.pls", text)) == ["a.mp3", "b c.flac"]
    text = "[playlist]\r\nFile10=a.mp3\r\nFile9=ü.ogg\r\nFile8=\r\nVersion=2\r\n"
    assert names(listed(songs, "x.pls", text)) == ["ü.ogg", "a.mp3"]


@pytest.mark.parametrize(
    "content",
    [b"sub\\b c.flac", "file://{}/sub/b%20c.flac", "../{0.name}/sub/b c.flac",
     "file://localhost{}/sub/b c.flac", "sub/b c.flac".encode("utf-16")],
)  # fmt: skip
def test_other_ways_to_write_a_path(songs: Path, content: str | bytes) -> None:
    text = content.format(songs) if isinstance(content, str) else content
    assert listed(songs, "x.m3u", text).files[0].samefile(songs / "sub" / "b c.flac")


def test_a_playlist_of_an_older_player_has_its_letters(songs: Path) -> None:
    assert names(listed(songs, "x.m3u", "ü.ogg".encode("cp1252"))) == ["ü.ogg"]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("listed_as", ["NFC", "NFD"])
def test_accents_are_found_in_whichever_way_they_are_written(
    tmp_path: Path, form: Literal["NFC", "NFD"], listed_as: Literal["NFC", "NFD"]
) -> None:
    touch(tmp_path, unicodedata.normalize(form, "é.mp3"))
    pieces = listed(tmp_path, "x.m3u8", unicodedata.normalize(listed_as, "é.mp3"))
    assert pieces.files[0].is_file()


def test_what_is_missing_or_elsewhere_is_named_and_nothing_is_fetched(songs: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/a.mp3"
        lines = [
            *(address, "a.mp3", "gone.mp3", "sub", "lists/z.m3u", "SMB://host/x.mp3", "x\0.mp3"),
            *("http://[x", "shop/b.m4p"),
        ]
        touch(songs, "shop/b.m4p")
        pieces = listed(songs, "x.m3u", "\n".join(lines))
        server.settimeout(0)
        with pytest.raises(BlockingIOError):
            server.accept()
    assert names(pieces) == ["a.mp3"]
    elsewhere = "in a network, from which nothing is fetched"
    assert pieces.left_out == (
        f"Left out: {address}, SMB://host/x.mp3, http://[x, {elsewhere}.",
        "Left out: gone.mp3, x\\u0000.mp3, not to be found.",
        "Left out: sub, no file: name a folder instead of the playlist.",
        "Left out: lists/z.m3u, because a playlist in a playlist is not played.",
        "Left out: shop/b.m4p, protected against other players (DRM).",
    )


@pytest.mark.parametrize("content", ["", "#EXTM3U\n", "gone.mp3\n", "http://x/a.mp3"])
def test_a_playlist_without_a_file_is_refused(songs: Path, content: str) -> None:
    with pytest.raises(UserError, match="this playlist has no file that can be played") as caught:
        listed(songs, "x.m3u8", content)
    assert content.startswith("#") or content.strip() in str(caught.value)


def test_a_playlist_is_shuffled_by_a_seed(songs: Path) -> None:
    listed(songs, "x.m3u", "a.mp3\nsub/b c.flac\nü.ogg\n")
    orders = {pieces_of(songs / "x.m3u", seed).files for seed in range(20)}
    assert len(orders) > 3
