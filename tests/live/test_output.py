"""Which device a wish means."""

from dataclasses import replace

import pytest

from cadence_cue.live.output import Device, NoSoundError, name_of, pick


def device(index: int, name: str, host_api: str, *, default: bool = False) -> Device:
    return Device("portaudio", index, name, host_api, 2, 48000, 0.01, default)


FOUND = [
    device(0, "Microphone", "ALSA"),
    device(3, "Headphones", "ALSA"),
    device(4, "Headphones", "JACK", default=True),
    device(7, "Headphones Pro", "ALSA"),
]


@pytest.mark.parametrize(
    ("wanted", "index"),
    [(None, 4), ("3", 3), ("Headphones, ALSA", 3), ("Headphones, JACK", 4), ("pro", 7)],
)
def test_a_device_is_found(wanted: str | None, index: int) -> None:
    assert pick(FOUND, wanted).index == index


def test_what_a_device_calls_itself_in_full_finds_it_again() -> None:
    assert [pick(FOUND, each.full) for each in FOUND] == FOUND


def test_a_device_is_named_so_that_its_own_back_end_finds_it() -> None:
    both = [*FOUND, *(replace(each, backend="another", host_api="its") for each in FOUND[:1])]
    for each in both:
        there = [other for other in both if other.backend == each.backend]
        assert pick(there, name_of(each, both)) == each
    assert name_of(both[-1], both) == both[-1].name


@pytest.mark.parametrize("wanted", ["Headphones", "head", "1"])
def test_a_wish_that_means_none_or_several_is_refused(wanted: str) -> None:
    with pytest.raises(NoSoundError, match=f'"{wanted}"'):
        pick(FOUND, wanted)


def test_without_a_default_the_first_is_taken() -> None:
    assert pick(FOUND[:2], None).index == 0
