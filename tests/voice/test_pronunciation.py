from __future__ import annotations

import pytest

from cadence_cue.voice.pronunciation import below_hundred, onset, spoken, stressed_vowel, tempo


@pytest.mark.parametrize(
    ("beats", "words"),
    [
        (40, "forty"),
        (60, "sixty"),
        (72, "seventy two"),
        (99, "ninety nine"),
        (100, "one hundred"),
        (101, "one oh one"),
        (105, "one oh five"),
        (109, "one oh nine"),
        (110, "one ten"),
        (115, "one fifteen"),
        (120, "one twenty"),
        (165, "one sixty five"),
        (173, "one seventy three"),
        (200, "two hundred"),
        (208, "two oh eight"),
        (220, "two twenty"),
    ],
)
def test_tempos_are_said_as_coaches_say_them(beats: int, words: str) -> None:
    assert tempo(beats) == words
    assert spoken(f"At {beats}") == [f"At {words}."]


def test_no_two_tempos_sound_alike() -> None:
    assert len({tempo(beats) for beats in range(40, 221)}) == 181


def test_a_text_may_be_said_in_another_way_than_it_is_shown() -> None:
    assert spoken("1") == ["One:"]


def test_other_numbers_are_left_to_the_voice() -> None:
    assert spoken("45 seconds") == ["45 seconds."]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("½ mile", "One half mile."),
        ("Run 2½ laps", "Run 2 and one half laps."),
        ("Run 2 ½ laps, then ¾.", "Run 2 and one half laps, then three quarters."),
        ("10²", "10 squared."),
        ("Swim 3 m³, slowly", "Swim 3 m cubed, slowly."),
        ("10¹²", "10 12."),
        ("H₂O", "H 2 O."),
        ("1⁄2 a lap", "1/2 a lap."),
        ("3\u00d720 steps", "3 times 20 steps."),
        ("From 5→3", "From 5 3."),
    ],
)
def test_fractions_and_raised_digits_do_not_join_the_number_before(text: str, words: str) -> None:
    assert spoken(text) == [words]


@pytest.mark.parametrize(("number", "words"), [(0, "zero"), (19, "nineteen"), (20, "twenty")])
def test_small_numbers(number: int, words: str) -> None:
    assert below_hundred(number) == words


def test_a_text_is_said_sentence_by_sentence() -> None:
    assert spoken("well done. Were both sides smooth? If not, stop") == [
        "Well done.",
        "Were both sides smooth?",
        "If not, stop.",
    ]


@pytest.mark.parametrize(
    ("symbols", "heard"),
    [
        ("ɹəlˈæks jʊɹ ʃˈOldəɹz.", "ˈæks"),  # relax your shoulders
        ("ɪmˈæʤən hˈɑt.", "ˈæʤən"),  # imagine hot
        ("ˌʌnfˈOld.", "ˈOld"),  # unfold: its full stress, not the half one before
        ("ˌæt wˈʌn ˈO fˈIv.", "ˈʌn"),  # at one oh five
        ("ðˈɛn, pˈʊl.", "ˈʊl"),  # then pull
        ("wˌɛn ju ɹˈʌn.", "ˈʌn"),  # when you run
        ("ˌænd ɡˌO.", "ˌO"),  # and go
        ("mˌAk ðə bˈWns smˈɔl.", "ˌAk"),  # make the bounce small
        ("stˈɑp.", "ˈɑp"),  # stop
        ("ðə.", "ə"),  # the
    ],
)
def test_the_first_stressed_vowel_is_that_of_a_word_with_weight(symbols: str, heard: str) -> None:
    mark, vowel = stressed_vowel(symbols)
    assert symbols[mark:].split(maxsplit=1)[0].strip(".,").endswith(heard)
    assert symbols[vowel] == heard.strip("ˈˌ")[0]


@pytest.mark.parametrize(
    ("symbols", "consonants"),
    [("skɹˈAp.", "skɹ"), ("ɹəlˈæks.", "l"), ("ˈʌp.", ""), ("ðɛn skɹˈAp.", "skɹ"), ("sˈɪks:", "s")],
)
def test_a_stressed_syllable_begins_with_its_consonants(symbols: str, consonants: str) -> None:
    mark, _ = stressed_vowel(symbols)
    assert symbols[onset(symbols, mark) : mark] == consonants
