"""What only Japanese writes: numerals in kanji, counters, dates and times with their signs."""

import re
from collections.abc import Iterator

from wyoming_kokoro.text.normalize.japanese_numbers import (
    COUNTER,
    counted,
    counter_form,
    kana,
    plain_counter,
    things,
)
from wyoming_kokoro.text.normalize.japanese_words import WORDS, spell
from wyoming_kokoro.text.normalize.locale import Rule
from wyoming_kokoro.text.normalize.unspaced import HAN, KANA

_KANJI_DIGITS = "〇零一二三四五六七八九"
_KANJI_NUMERALS = f"{_KANJI_DIGITS}十百千万億兆"
_NO_NUMERALS = (
    "十分(?!間|前|後|以内|おき|ごと|ほど|経|遅れ|で着)|三日月|万年筆|六本木|三軒茶屋|九段|七面鳥|八丁堀|一足先|一石|"
    "五十嵐|八百屋|八百長|九十九里|十八番|三十路|千万|一通り|一言|十中八九|二次会|三次元|二次元|四六時中|"
    "二三|三条|四条|五条|三重|千代|八千代|千歳|五輪"
)
"""Words with a numeral in them that is no number."""

_NO_COUNTERS = (
    "日本|日曜|日程|時代|時計|時点|時期|時速|時刻|時差|人気|人口|人生|人間|人工|分割|分類|分解|分布|分析|分野|分の|月曜|年齢|年末|"
    "年収|年金|本当|本日|本人|本社|本体|名前|名古|台風|台所|回答|回復|回線|番組|番号|位置|割引|割合|円形|点灯|点検|点滅|機能|"
    "機械|機種|口座|面積|通信|通常|通知|通話|種目|課題|発電|発売|発生|発表|歩道|着信|階段|次第|等しい|区間|区域|部分|部品|"
    "号線|度合|品目|級友|組み|株式|株価|局所|席次|節約|段階|石油|社会|食事|食品|両方|両替|列車|面倒|便利|合計|合格|語学|巻き|"
    "周辺|周囲|周年|章節|通勤|通学|足元|丁寧|戸籍|粒子|束縛|皿洗|箱根|袋小"
)
"""Words that begin like something counted."""

_NUMBER = r"\d{1,3}(?:,\d{3})+|\d+"
_BEFORE = r"(?<![\w.,:/])(?<![\d.,:/] )"
_WEEKDAYS = "月火水木金土日祝"
_SMALL_UNITS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10**4, "億": 10**8, "兆": 10**12}
_SCORED = re.compile("スコア|得点|勝ち|勝利|勝っ|負け|敗れ|リード|同点|引き分け|試合")
_NEAR = 40
"""Characters between a score and a word that says what it is, at most."""


def rules() -> Iterator[Rule]:
    """Yield the rules in the order in which they are tried, before those of all languages."""
    yield from _kanji_rules()
    yield from _sign_rules()
    yield from _phone_rules()
    yield from _measure_rules()
    yield from _counter_rules()


def last_rules() -> Iterator[Rule]:
    """Yield the rules for foreign words, which are tried last."""
    yield Rule(
        "ja.word",
        re.compile(r"(?<![A-Za-z])[A-Za-z][A-Za-z'’]*"),
        lambda found: _say_word(found.group()),
    )


def _kanji_rules() -> Iterator[Rule]:
    """Yield the rules that write numerals in kanji as figures."""
    yield Rule(
        "ja.decimal",
        re.compile(rf"([{_KANJI_NUMERALS}]+)[点・]([{_KANJI_DIGITS}]+)(?=[^{_KANJI_NUMERALS}]|\Z)"),
        lambda found: f" {_value(found[1])}.{_value(found[2], by_digit=True)} ",
    )
    counted_too = f"[{_KANJI_DIGITS}十百千][{_KANJI_NUMERALS}]*"
    yield Rule(
        "ja.numeral",
        re.compile(
            rf"(?<![{_KANJI_NUMERALS}\d.])(?<!\d )(?!(?<!時)(?:{_NO_NUMERALS}))({counted_too})(?={COUNTER})(?!{_NO_COUNTERS})"
        ),
        lambda found: f" {_value(found[1])} ",
    )
    yield Rule(
        "ja.large_numeral",
        re.compile(
            rf"(?<![{_KANJI_NUMERALS}\d.])(?<!\d )(?!{_NO_NUMERALS})([{_KANJI_DIGITS}]?[十百千万億][{_KANJI_NUMERALS}]+|[二三四五六七八九][十百千万億])"
            rf"(?![{_KANJI_NUMERALS}])"
        ),
        lambda found: f" {_value(found[1])} ",
    )
    yield Rule(
        "ja.myriad",
        re.compile(rf"(?<![\d.,])((?:{_NUMBER})(?:\.\d+)?) ?([百千万億兆][\d,百千万億兆 ]*)"),
        lambda found: f"{_mixed_value(found[1], found[2])} ",
    )


def _sign_rules() -> Iterator[Rule]:
    yield Rule(
        "ja.weekday",
        re.compile(rf"(?<=[日\d]) ?[(（]([{_WEEKDAYS}])(?:曜日?)?[)）]"),
        lambda found: f" {found[1]}曜日 ",
    )
    yield Rule(
        "ja.short_date",
        re.compile(
            rf"(?<![\w./-])(1[0-2]|0?[1-9])/(?:(1[3-9]|2\d|3[01])|(\d{{1,2}})(?= [{_WEEKDAYS}]曜))(?![\d./%])"
        ),
        lambda found: f"{int(found[1])} 月 {int(found[2] or found[3])} 日",
    )
    yield Rule(
        "ja.weekdays",
        re.compile(rf"(?<![{HAN}])([{_WEEKDAYS}]) ?[~～〜–-] ?([{_WEEKDAYS}])(?![{HAN}])"),
        lambda found: f"{found[1]}曜カラ{found[2]}曜",
    )
    yield Rule(
        "ja.score",
        re.compile(r"(?<![\w.,:/-])(\d{1,3}) ?[-–:] ?(\d{1,3})(?![\w.,:/%°-])"),
        _say_score,
    )
    yield Rule(
        "ja.until",
        re.compile(rf"(?<=[{HAN}{KANA})）]) ?[~～〜] ?(?=\S)|(?<=\S) ?[~～〜] ?(?=[{HAN}{KANA}])"),
        lambda _: "カラ",
    )
    yield Rule("ja.wave", re.compile(r"(?<=[\w%°]) ?[~～〜] ?(?=[-+¥$€]?\d)"), lambda _: "–")


def _phone_rules() -> Iterator[Rule]:
    yield Rule(
        "ja.phone",
        re.compile(r"(?<![\w.,-])(?:\+81[ -]?\d|0\d)\d{0,3}[-( ]\d{1,4}[-) ]\d{3,4}(?![\w.-])"),
        lambda found: _say_phone(found.group()),
    )
    yield Rule(
        "ja.called",
        re.compile(r"(?<![\w.,-])110 ?番"),
        lambda _: "ヒャクトーバン",
    )


def _measure_rules() -> Iterator[Rule]:
    for sign, kanji in (
        ("h|hr|hrs|hours?", "時間"),
        ("min|mins|minutes?", "分"),
        ("s|sec|secs|seconds?", "秒"),
    ):
        yield Rule(
            f"ja.{kanji}",
            re.compile(rf"(?<=\d) ?(?:{sign})(?![A-Za-z/])"),
            lambda _, kanji=kanji: kanji,
        )
    yield Rule(
        "ja.minutes",
        re.compile(r"(?<=時間 )(\d+) ?m(?![A-Za-z/²³])"),
        lambda found: f"{found[1]}分",
    )
    yield Rule(
        "ja.speed",
        re.compile(
            rf"(?:時速 ?)?{_BEFORE}((?:{_NUMBER})(?:\.\d+)?(?: ?[-–] ?\d[\d.,]*)?) ?(?:km/h|kmh|kph)(?!\w)"
        ),
        lambda found: f"時速 {found[1]} km",
    )
    yield Rule(
        "ja.wind",
        re.compile(
            rf"(?:秒速 ?)?{_BEFORE}((?:{_NUMBER})(?:\.\d+)?(?: ?[-–] ?\d[\d.,]*)?) ?m/s(?!\w)"
        ),
        _say_wind,
    )
    yield Rule(
        "ja.fahrenheit",
        re.compile(r"(?:華氏 ?)?(?<![\w.,])([-+]?\d[\d.,]*(?: ?[-–] ?\d[\d.,]*)?) ?[°º] ?F(?!\w)"),
        lambda found: f"華氏 {found[1]}度",
    )


def _counter_rules() -> Iterator[Rule]:
    yield Rule(
        "ja.part",
        re.compile(rf"{_BEFORE}(\d{{1,4}}) ?分の ?(\d{{1,4}})(?![\d.])"),
        lambda found: f"{kana(int(found[1]))}ブンノ{kana(int(found[2]))}",
    )
    yield Rule(
        "ja.things",
        re.compile(rf"{_BEFORE}([1-9]) ?つ(?!の?づ)"),
        lambda found: things(int(found[1])),
    )
    sign = r"(?:(?<![\w)%])(?P<sign>[-−+±]) ?)?"
    number = rf"(?:{_NUMBER})(?:\.\d+)?"
    yield Rule(
        "ja.counter",
        re.compile(
            rf"(?<![\w.,:/]){sign}(?:(?P<start>{number}) ?(?P<first>{COUNTER})? ?[-–—] ?)?"
            rf"(?P<number>{number}) ?(?!{_NO_COUNTERS})(?P<counter>{COUNTER})"
        ),
        _say_counted,
    )


def _say_score(found: re.Match[str]) -> str | None:
    if not _SCORED.search(found.string, max(0, found.start() - _NEAR), found.end() + _NEAR):
        return None
    return f" {kana(int(found[1]))}タイ{kana(int(found[2]))} "


def _say_counted(found: re.Match[str]) -> str:
    sign = {"-": "マイナス", "−": "マイナス", "+": "プラス", "±": "プラスマイナス"}.get(
        found["sign"] or "", ""
    )
    dated = found.string[: found.start()].rstrip().endswith("月")
    words = _say_count(found["number"], found["counter"], dated)
    if not found["start"]:
        return f" {sign}{words} "
    if found["first"]:
        start = _say_count(found["start"], found["first"], dated)
    else:
        start = _say_figure(found["start"], "")
    return f" {sign}{start}カラ{words} "


def _say_count(number: str, counter: str, dated: bool) -> str:
    if "." in number:
        return _say_figure(number, counter_form(counter)) + plain_counter(counter)
    return counted(int(number.replace(",", "")), counter, dated=dated)


def _say_figure(number: str, form: str) -> str:
    whole, point, fraction = number.replace(",", "").partition(".")
    if not point:
        return kana(int(whole), form)
    return f"{kana(int(whole), 'point')}テン{_say_digits(fraction)}"


def _say_digits(digits: str) -> str:
    return "".join(kana(int(digit), "digit" if len(digits) > 1 else "") for digit in digits)


def _say_phone(text: str) -> str:
    plus = "プラス" if text.startswith("+") else ""
    return f"{plus}{'、'.join(map(_say_digits, re.findall(r'[0-9]+', text)))}"


def _say_wind(found: re.Match[str]) -> str:
    near = found.string[max(0, found.start() - 8) : found.start()]
    return f"{found[1]} m" if "風速" in near else f"秒速 {found[1]} m"


def _say_word(word: str) -> str | None:
    known = WORDS.get(word.lower().replace("’", "'"))
    if known:
        return known
    if len(word) < 2 or word.isupper():
        return spell(word)
    return None


def _value(kanji: str, *, by_digit: bool = False) -> str:
    """Return the figures of a numeral in kanji: 二〇二六, 二千二十六."""
    if by_digit or not re.search("[十百千万億兆]", kanji):
        return "".join(str(max(_KANJI_DIGITS.index(digit) - 1, 0)) for digit in kanji)
    return str(_sum(kanji))


def _mixed_value(number: str, rest: str) -> str:
    """Return the figures of `1億2,000万`; those of 1.5 and 万 are 15000."""
    from decimal import Decimal

    rest = re.sub("[, ]", "", rest)
    total = Decimal(0)
    current = Decimal(number.replace(",", ""))
    for part in re.findall(r"\d+|\D", rest):
        if part.isdigit():
            current += int(part)
        elif part in _SMALL_UNITS:
            current *= _SMALL_UNITS[part]
        else:
            total += current * _MYRIADS[part]
            current = Decimal(0)
    return f"{(total + current).normalize():f}"


def _sum(kanji: str) -> int:
    total = group = digit = 0
    for char in kanji:
        if char in _SMALL_UNITS:
            group += (digit or 1) * _SMALL_UNITS[char]
            digit = 0
        elif char in _MYRIADS:
            total += ((group + digit) or 1) * _MYRIADS[char]
            group = digit = 0
        else:
            digit = digit * 10 + max(_KANJI_DIGITS.index(char) - 1, 0)
    return total + group + digit
