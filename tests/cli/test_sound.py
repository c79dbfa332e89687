"""--device, --backend, --latency and --block: as asked, else as set, else as usual."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from cadence_cue.app.choices import BACKENDS
from cadence_cue.app.device import DeviceOptions
from cadence_cue.app.settings import Settings
from cadence_cue.cli.manual import KEYS
from cadence_cue.live import player
from cadence_cue.live.backends import AUDIBLE, SILENT
from cadence_cue.live.output import Output
from tests.cli.conftest import Run

SET = Settings(
    device="USB", backend="miniaudio", latency=80.0, block=512, offsets=(("Box", 180.0),)
)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Output, Mapping[str, float]]]:
    """What each player is made with."""
    made: list[tuple[Output, Mapping[str, float]]] = []

    def make(output: Output, *, offsets: Mapping[str, float], started: None) -> None:
        made.append((output, offsets))

    monkeypatch.setattr(player, "Player", make)
    return made


def test_the_sound_is_as_asked_else_as_set(made: list[tuple[Output, Mapping[str, float]]]) -> None:
    DeviceOptions(None, None, None, None).player(Settings())
    DeviceOptions(None, None, None, None).player(SET)
    DeviceOptions("2", "silent", 12.5, 64).player(SET)
    assert made == [
        (Output(), {}),
        (Output("USB", "miniaudio", 0.08, 512, remembered=True), {"Box": 0.18}),
        (Output("2", "silent", 0.0125, 64), {"Box": 0.18}),
    ]


@pytest.mark.parametrize("command", [("play", "daily-ten"), ("drill", "perception"), ("beat", 172)])
@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        (("--backend", "alsa"), "'alsa' is not one of 'portaudio', 'miniaudio', 'silent'"),
        (("--latency", "0"), "0.0 is not in the range 1<=x<=1000"),
        (("--latency", "long"), "'long' is not a valid float"),
        (("--block", "8"), "8 is not in the range 16<=x<=8192"),
    ],
)
def test_what_no_device_can_do_is_refused(
    refused: Callable[..., str], command: tuple[object, ...], typed: tuple[str, ...], reason: str
) -> None:
    assert reason in refused(*command, *typed)


def test_every_back_end_can_be_chosen() -> None:
    assert (*AUDIBLE, SILENT) == BACKENDS


@pytest.mark.parametrize("command", ["play", "drill", "beat"])
def test_the_keys_are_told_before_one_needs_them(run: Run, command: str) -> None:
    told = run(command, "--help").stdout
    for line in KEYS:
        assert line in told
