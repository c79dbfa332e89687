"""Tags that several formats share: ID3 and Vorbis comments.

Chapters are in milliseconds here. Only this module and `export.formats` write with mutagen, and
only `share.file_tags` reads with it.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import mutagen
from mutagen import id3
from mutagen.flac import Picture

from cadence_cue.export.track import Track, lrc

if TYPE_CHECKING:
    from mutagen.oggopus import OggOpus
    from mutagen.oggvorbis import OggVorbis

TagError = mutagen.MutagenError

_UTF16 = id3.Encoding.UTF16  # the only Unicode encoding of ID3v2.3, which every player reads
_LANGUAGE = "eng"
_IN_A_LIST = 255  # chapters that one ID3 table of contents can count
_VORBIS_CHAPTERS = 999  # their numbers have three digits


def id3_tags(track: Track) -> id3.ID3:
    """ID3 tags with everything but the chapters."""
    tags = id3.ID3()

    def add(frame: type[id3.Frame], **values: object) -> None:
        tags.add(frame(encoding=_UTF16, **values))

    for frame, text in (
        (id3.TIT2, track.title),
        (id3.TPE1, track.artist),
        (id3.TALB, track.album),
        (id3.TDRC, track.date),
        (id3.TCON, track.genre),
        (id3.TRCK, str(track.number or "")),
        (id3.TBPM, str(track.bpm or "")),
        (id3.TLEN, str(track.milliseconds(track.frames))),
    ):
        if text:
            add(frame, text=[text])
    if track.comment:
        add(id3.COMM, lang=_LANGUAGE, desc="", text=[track.comment])
    if track.cover:
        kind = id3.PictureType.COVER_FRONT
        add(id3.APIC, mime="image/png", type=kind, desc="", data=track.cover)
    if track.lines:
        timed = [(line.text, track.milliseconds(line.start)) for line in track.lines]
        add(id3.SYLT, lang=_LANGUAGE, format=2, type=1, desc="", text=timed)
        plain = "\n".join(line.text for line in track.lines)
        add(id3.USLT, lang=_LANGUAGE, desc="", text=plain)
    return tags


def add_chapters(tags: id3.ID3, track: Track) -> None:
    """Add the chapters and their tables of contents."""
    names = _names(track)
    for name, chapter in zip(names, track.chapters, strict=True):
        tags.add(
            id3.CHAP(
                element_id=name,
                start_time=track.milliseconds(chapter.start),
                end_time=track.milliseconds(chapter.end),
                start_offset=0xFFFFFFFF,
                end_offset=0xFFFFFFFF,
                sub_frames=[id3.TIT2(encoding=_UTF16, text=[chapter.title])],
            )
        )
    lists = [names[k : k + _IN_A_LIST] for k in range(0, len(names), _IN_A_LIST)]
    top = lists[0] if len(lists) == 1 else [f"toc{k}" for k in range(len(lists))]
    ordered, first = id3.CTOCFlags.ORDERED, id3.CTOCFlags.TOP_LEVEL
    if top is not lists[0]:
        for name, children in zip(top, lists, strict=True):
            tags.add(id3.CTOC(element_id=name, flags=ordered, child_element_ids=children))
    tags.add(id3.CTOC(element_id="toc", flags=ordered | first, child_element_ids=top))


def _names(track: Track) -> list[str]:
    """An id for each chapter, padded so that id and title together always have the same length.

    mutagen sorts frames by their length and then by their id, and some players show the chapters
    in the order of the file.
    """
    lengths = [len(chapter.title.encode("utf-16")) for chapter in track.chapters]
    most = max(lengths, default=0)
    return [f"chp{k:04d}{'-' * (most - length)}" for k, length in enumerate(lengths)]


def comments(track: Track) -> dict[str, str]:
    """Comments for Vorbis, Opus and FLAC; see https://xiph.org/vorbis/doc/v-comment.html."""
    values = {
        "TITLE": track.title,
        "ARTIST": track.artist,
        "ALBUM": track.album,
        "DATE": track.date,
        "GENRE": track.genre,
        "TRACKNUMBER": str(track.number or ""),
        "BPM": str(track.bpm or ""),
        "COMMENT": track.comment,
        "LYRICS": lrc(track),
    }
    for k, chapter in enumerate(track.chapters[:_VORBIS_CHAPTERS]):
        seconds, rest = divmod(track.milliseconds(chapter.start), 1000)
        hours, minutes = seconds // 3600, seconds // 60 % 60
        values[f"CHAPTER{k:03d}"] = f"{hours:02d}:{minutes:02d}:{seconds % 60:02d}.{rest:03d}"
        values[f"CHAPTER{k:03d}NAME"] = chapter.title
    return {key: value for key, value in values.items() if value}


def picture(track: Track) -> Picture:
    """The cover as FLAC and Ogg comments store it."""
    picture = Picture()
    picture.type = id3.PictureType.COVER_FRONT
    picture.mime, picture.data = "image/png", track.cover
    picture.width = picture.height = int.from_bytes(track.cover[16:20])  # it is a square
    picture.depth = 24
    return picture


def write_comments(file: OggOpus | OggVorbis, track: Track) -> None:
    """Write the track's tags and cover into the comments of an Ogg file. Raises TagError."""
    file.update(comments(track))
    if track.cover:
        file["METADATA_BLOCK_PICTURE"] = base64.b64encode(picture(track).write()).decode()
    file.save()
