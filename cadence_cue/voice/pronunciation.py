"""How a displayed text is pronounced, and which of its vowels is the first stressed one.

Pure functions on texts, separate from the model that speaks them.
"""

from __future__ import annotations

import re
import unicodedata

# A text as it is displayed, and what the voice says instead.
SPOKEN = {
    "1": "One:",  # with any other mark one of the voices was not understood
}

_LONG_NUMBER = re.compile(r"\d(?:,?\d){18}")  # beyond quadrillions the dictionary has no words

_TYPEWRITTEN = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019", "'"),
        **dict.fromkeys("\u201c\u201d", '"'),
        **dict.fromkeys("\u2013\u2014", "-"),
        "\u2026": ".",
        "\u00df": "s",
        "\u2044": "/",
        "\u00d7": " times ",
    }
)
_FRACTION = "[\u00bc-\u00be\u2150-\u215e]"
_RAISED = "[\u00b2\u00b3\u00b9\u2070\u2074-\u2079\u2080-\u2089]+"
_POWERS = {"\u00b2": "squared", "\u00b3": "cubed"}

VOWELS = frozenset("AIOQWYaeiouæɐɑɒɔəɚɛɜɪʊʌᵊᵻ")
STRESS, HALF_STRESS = "ˈ", "ˌ"
# Words with a stress mark that are not stressed in a sentence: at of your on with and from for by
# as if when this it than is are be not you we they their but or so which were, then that into just.
WEAK = (
    "ˌæt ˌʌv jˌʊɹ ˌɔn wˌɪð ˌænd fɹˌʌm fˌɔɹ bˌI ˌæz ˌɪf wˌɛn ðˌɪs ˌɪt ðˌən ˌɪz ˌɑɹ bˌi nˌɑt "
    "jˌu wˌi ðˌA ðˌɛɹ bˌʌt ˌɔɹ sˌO wˌɪʧ wˌɜɹ ðˈɛn ðˈæt ˈɪntu ʤˈʌst"
)

SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve "
    "thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
)
TENS = "twenty thirty forty fifty sixty seventy eighty ninety"


def unspeakable(text: str) -> str:
    """Return why the voice, which reads only English, cannot say a text; "" if it can."""
    for character in text:
        kind = "letters" if character.isalpha() else "digits" if character.isdecimal() else ""
        if kind and not _plain(character).isascii():
            script = unicodedata.name(character, "unknown").split()[0].title()
            return f"the voice reads English, not {script} {kind}"
    if not any(character.isalnum() for character in _plain(text)):
        return "there is nothing in it to pronounce"
    if _LONG_NUMBER.search(_plain(text)):
        return "it has a number of more than 18 digits"
    return ""


def _plain(text: str) -> str:
    """Return a text without accents, and with typewriter quotes, dashes and numerals."""
    letters = unicodedata.normalize("NFKD", _numerals_written_out(text.translate(_TYPEWRITTEN)))
    letters = "".join(character for character in letters if not unicodedata.combining(character))
    return re.sub(r"(?<=\d)[^\x00-\x7f]+(?=\d)", " ", letters)


def _numerals_written_out(text: str) -> str:
    """Return a text with its fractions in words, and raised digits in words or apart.

    Without this, normalization makes "2½" into 212 and "10²" into 102.
    """
    text = re.sub(rf"(?<=\d)\s?(?={_FRACTION})", " and ", text)
    text = re.sub(rf"(?<=[0-9A-Za-z])(?={_FRACTION}|{_RAISED})", " ", text)
    text = re.sub(rf"({_FRACTION}|{_RAISED})(?=[0-9A-Za-z])", r"\1 ", text)
    text = re.sub(_FRACTION, lambda sign: _fraction(sign[0]), text)
    return re.sub(_RAISED, lambda sign: _POWERS.get(sign[0], sign[0]), text)


def _fraction(sign: str) -> str:
    """Return the sign of a fraction in words: "three quarters"."""
    return unicodedata.name(sign).removeprefix("VULGAR FRACTION ").lower()


def spoken(text: str) -> list[str]:
    """Return the sentences to be spoken for a text, each with a closing mark.

    Sentences are spoken one by one: the voice is clearest that way, and the pause between them is
    under our control.
    """
    words = SPOKEN.get(text) or _plain(text).encode("ascii", "ignore").decode()
    words = re.sub(r"(?:(?<=^At )|(?<=, to ))\d+", lambda number: tempo(int(number[0])), words)
    sentences = re.split(r"(?<=[.!?])\s+", words.strip())
    return [s[0].upper() + s[1:] + ("" if s[-1] in ".!?:" else ".") for s in sentences]


def tempo(beats: int) -> str:
    """Return a tempo as coaches say it: "one hundred", "one oh five", "one sixty five"."""
    hundreds, rest = divmod(beats, 100)
    if not hundreds:
        return below_hundred(rest)
    if not rest:
        return f"{_small(hundreds)} hundred"
    oh = "oh " if rest < 10 else ""
    return f"{_small(hundreds)} {oh}{below_hundred(rest)}"


def below_hundred(number: int) -> str:
    """Return a number from 0 to 99 in words: "sixty five".

    Without a hyphen, because the dictionary stresses some hyphenated words on their first part and
    others on their last.
    """
    if number < 20:
        return _small(number)
    tens, units = divmod(number, 10)
    return TENS.split()[tens - 2] + (f" {_small(units)}" if units else "")


def _small(number: int) -> str:
    return SMALL.split()[number]


def stressed_vowel(symbols: str) -> tuple[int, int]:
    """Return the indices of the first stressed syllable's mark and vowel in a phonemic sentence.

    Weak words are skipped, marked or not. A word's full stress is preferred to its half stress, but
    a word with only a half stress ("make", "put", "go") counts. If there is no such word, the first
    vowel is taken.
    """
    weak = WEAK.split()
    mark = 0
    for word in re.finditer(r"[^\s.,:;!?—]+", symbols):
        stress = STRESS if STRESS in word[0] else HALF_STRESS
        if stress in word[0] and word[0] not in weak:
            mark = word.start() + word[0].index(stress)
            break
    vowel = next((at for at in range(mark, len(symbols)) if symbols[at] in VOWELS), mark)
    return mark, vowel


def onset(symbols: str, mark: int) -> int:
    """Return the index of the first consonant of the syllable whose stress mark is at `mark`.

    All consonants before a vowel count as its own: that of "astride" begins with the s.
    """
    while mark and symbols[mark - 1].isalpha() and symbols[mark - 1] not in VOWELS:
        mark -= 1
    return mark
