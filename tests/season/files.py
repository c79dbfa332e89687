"""Recorded runs as files, written without the product or the library that reads them."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

FIT_EPOCH = 631_065_600
START = 1_790_000_000  # 2026-09-21
RUNNING, CYCLING, SWIMMING = 1, 2, 5


@dataclass(frozen=True, slots=True)
class Point:
    """A record: seconds from the first, steps a minute, metres a second."""

    at: float
    steps: float
    speed: float = 3.0


def fit(
    points: Sequence[Point],
    *,
    fraction: bool = True,
    sport: int = RUNNING,
    pauses: Iterable[tuple[int, int]] = (),
    developer_zeros: bool = False,
) -> bytes:
    """A FIT activity; cadence is in strides, with 1/128 parts of one or without."""
    fields = [(253, 4, 0x86), (4, 1, 0x02), (73, 4, 0x86)]
    if fraction:
        fields.append((53, 1, 0x02))
    out = _definition(0, 0, [(0, 1, 0x00)]) + b"\x00\x04"
    if developer_zeros:  # a field of another maker that is named cadence
        out += _definition(5, 207, [(1, 16, 0x0D), (3, 1, 0x02)]) + bytes([5, *range(16), 0])
        out += _definition(3, 206, [(0, 1, 0x02), (1, 1, 0x02), (2, 1, 0x02), (3, 8, 0x07)])
        out += bytes([3, 0, 0, 2]) + b"cadence\0"
    out += _definition(1, 20, fields, developer=[(0, 1, 0)] if developer_zeros else [])
    out += _definition(2, 18, [(253, 4, 0x86), (2, 4, 0x86), (5, 1, 0x00)])
    out += _definition(4, 21, [(253, 4, 0x86), (0, 1, 0x00), (1, 1, 0x00)])
    first = START - FIT_EPOCH
    events = [(at, kind) for start, end in pauses for at, kind in ((start, 4), (end, 0))]
    for point in points:
        while events and events[0][0] <= point.at:
            at, kind = events.pop(0)
            out += struct.pack("<BIBB", 4, first + at, 0, kind)
        strides = round(point.steps / 2 * 128) / 128 if fraction else round(point.steps / 2)
        whole = int(strides)
        out += struct.pack("<BIBI", 1, first + int(point.at), whole, round(point.speed * 1000))
        out += bytes([round((strides - whole) * 128)]) if fraction else b""
        out += b"\x00" if developer_zeros else b""
    last = first + int(points[-1].at) if points else first
    out += struct.pack("<BIIB", 2, last, first, sport)
    head = struct.pack("<BBHI4s", 14, 0x20, 2132, len(out), b".FIT")
    whole_file = head + struct.pack("<H", _crc(head)) + out
    return whole_file + struct.pack("<H", _crc(whole_file))


def tcx(points: Sequence[Point], sport: str = "Running") -> bytes:
    """A TCX file with whole strides, and with distances instead of speeds."""
    rows, metres, before = [], 0.0, 0.0
    for point in points:
        metres += (point.at - before) * point.speed
        before = point.at
        rows.append(
            f"<Trackpoint><Time>{_iso(point.at)}</Time><Position><LatitudeDegrees>48.1"
            f"</LatitudeDegrees></Position><DistanceMeters>{metres:.3f}</DistanceMeters>"
            f"<Extensions><TPX xmlns='http://www.garmin.com/xmlschemas/ActivityExtension/v2'>"
            f"<RunCadence>{round(point.steps / 2)}</RunCadence></TPX></Extensions></Trackpoint>"
        )
    return (
        "<?xml version='1.0' encoding='UTF-8'?><TrainingCenterDatabase><Activities>"
        f"<Activity Sport='{sport}'><Lap><Track>{''.join(rows)}</Track></Lap></Activity>"
        "</Activities></TrainingCenterDatabase>"
    ).encode()


def gpx(points: Sequence[Point], kind: str = "running", *, steps: bool = False) -> bytes:
    """A GPX file; its cadence is in strides, or in steps, as some apps write it."""
    rows = "".join(
        f"<trkpt lat='48.1' lon='11.5'><time>{_iso(point.at)}</time><extensions>"
        "<gpxtpx:TrackPointExtension xmlns:gpxtpx='http://www.garmin.com/x'>"
        f"<gpxtpx:cad>{round(point.steps / (1 if steps else 2))}</gpxtpx:cad>"
        "</gpxtpx:TrackPointExtension></extensions></trkpt>"
        for point in points
    )
    return f"<gpx><trk><type>{kind}</type><trkseg>{rows}</trkseg></trk></gpx>".encode()


def _iso(at: float) -> str:
    return datetime.fromtimestamp(START + at, UTC).isoformat().replace("+00:00", "Z")


def _definition(
    local: int,
    message: int,
    fields: Sequence[tuple[int, int, int]],
    developer: Sequence[tuple[int, int, int]] = (),
) -> bytes:
    out = bytes([0x40 | local | (0x20 if developer else 0), 0, 0]) + struct.pack("<H", message)
    out += bytes([len(fields)]) + b"".join(map(bytes, fields))
    return out + (bytes([len(developer)]) + b"".join(map(bytes, developer)) if developer else b"")


def _crc(data: bytes) -> int:
    """The checksum of FIT: CRC-16 with the polynomial 0xA001."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0xA001 if crc & 1 else 0)
    return crc
