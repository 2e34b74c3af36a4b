"""A number and what it counts in, their reading in Japanese, in katakana, out.

What is read depends on what follows: 10分 is ジュップン, 3本 サンボン, 20日 ハツカ. A long vowel
is written with ー, for it is one even where a reader does not know the word.
"""

from wyoming_kokoro.text.normalize.figures import LONGEST_NUMBER
from wyoming_kokoro.text.normalize.japanese.counters import COUNTERS, ENDINGS
from wyoming_kokoro.text.normalize.numbers import Form
from wyoming_kokoro.text.normalize.tables import choice, pairs, words

_ONES = ("", *words("イチ ニ サン ヨン ゴ ロク ナナ ハチ キュー"))
_HUNDREDS = {3: "サンビャク", 6: "ロッピャク", 8: "ハッピャク"}
_THOUSANDS = {3: "サンゼン", 8: "ハッセン"}
_MYRIADS = ("", "マン", "オク", "チョー")

_READINGS = {
    counter: (form, reading.split())
    for form, table in COUNTERS.items()
    for counter, reading in pairs(table).items()
}
_THINGS = words("ヒトツ フタツ ミッツ ヨッツ イツツ ムッツ ナナツ ヤッツ ココノツ")
_DAYS = dict(
    enumerate(words("フツカ ミッカ ヨッカ イツカ ムイカ ナノカ ヨーカ ココノカ トーカ"), 2)
)
_DAYS |= {14: "ジューヨッカ", 20: "ハツカ", 24: "ニジューヨッカ"}
_FIRST_DAY = "ツイタチ"
_PEOPLE = {1: "ヒトリ", 2: "フタリ"}
_NATIVE = {1: "ヒト", 2: "フタ"}

COUNTER = choice(_READINGS)
"""Pattern of what is counted, as it is written."""


def kana(number: int, form: Form = "") -> str:
    """Return the reading of `number`, below 10¹⁶, in a form of counting."""
    return _ended(_reading(number), form)


def digits_in_kana(digits: str) -> str:
    """Return the reading of every digit; in a row, 2 and 5 are long."""
    return "".join(kana(int(digit), "digit" if len(digits) > 1 else "") for digit in digits)


def figure_in_kana(number: str, form: Form = "") -> str:
    """Return the reading of a number as it is written: `1,250`, `0.5`."""
    whole, point, fraction = number.replace(",", "").partition(".")
    if len(whole) > LONGEST_NUMBER:
        words = digits_in_kana(whole)
    else:
        words = kana(int(whole), "point" if point else form)
    return f"{words}テン{digits_in_kana(fraction)}" if point else words


def counted(number: int, counter: str, *, dated: bool = False) -> str:
    """Return the reading of a number and `counter`. `dated`: 日 is a day of a month."""
    form, readings = _READINGS[counter]
    special = _special(number, counter, dated)
    if special:
        return special
    words = kana(number, _form_of_number(form))
    return words + _voiced(words, readings)


def figure_counted(number: str, counter: str, *, dated: bool = False) -> str:
    """Return the reading of a number as it is written, and `counter`."""
    if number.isdigit() and len(number) <= LONGEST_NUMBER:
        return counted(int(number), counter, dated=dated)
    form, readings = _READINGS[counter]
    return figure_in_kana(number, _form_of_number(form)) + readings[0]


def things(number: int) -> str:
    """Return the reading of `number` with つ, 1 to 9."""
    return _THINGS[number - 1]


def _reading(number: int) -> str:
    words = ""
    for power in reversed(range(len(_MYRIADS))):
        group = number // 10 ** (4 * power) % 10_000
        if group:
            words += _ended(_below_myriad(group, bool(power)), "s" if power == 3 else "")
            words += _MYRIADS[power]
    return words or "ゼロ"


def _below_myriad(group: int, counts: bool) -> str:
    """Return the reading of 1 to 9,999; where that `counts` myriads, 1,000 is イッセン."""
    thousands, hundreds, tens, ones = (group // place % 10 for place in (1000, 100, 10, 1))
    words = "イッセン" if counts and thousands == 1 else ""
    words = words or _THOUSANDS.get(thousands) or _times(thousands, "セン")
    words += _HUNDREDS.get(hundreds) or _times(hundreds, "ヒャク")
    return words + _times(tens, "ジュー") + _ONES[ones]


def _times(digit: int, place: str) -> str:
    return (_ONES[digit] if digit > 1 else "") + place if digit else ""


def _ended(words: str, form: Form) -> str:
    """Return `words` with the ending that they have in `form`."""
    for ending, instead in ENDINGS.get(form, {}).items():
        if words.endswith(ending):
            return words.removesuffix(ending) + instead
    return words


def _form_of_number(form: Form) -> Form:
    return "k" if form == "h" else form


def _special(number: int, counter: str, dated: bool) -> str:
    """Return the reading of words older than counting: 二日, 一人, 二十歳, 一部屋."""
    form, (reading, *_) = _READINGS[counter]
    if form == "day":
        day = _FIRST_DAY if dated and number == 1 else _DAYS.get(number, "")
        return day and day + reading.removeprefix("ニチ")
    if form == "people" and counter != "人前" and number in _PEOPLE:
        return _PEOPLE[number] + reading.removeprefix("ニン")
    if form == "native" and number in _NATIVE:
        return _NATIVE[number] + reading
    return "ハタチ" if number == 20 and counter in ("歳", "才") else ""


def _voiced(number: str, readings: list[str]) -> str:
    """Return the reading of a counter after `number`: ホン, after ッ ポン, after サン ボン."""
    if number.endswith("ッ"):
        return readings[min(1, len(readings) - 1)]
    if number.endswith(("サン", "セン", "ゼン", "マン")):
        return readings[min(2, len(readings) - 1)]
    return readings[3] if number.endswith("ヨン") and len(readings) > 3 else readings[0]
