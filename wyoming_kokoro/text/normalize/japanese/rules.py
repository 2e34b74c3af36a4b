"""What only Japanese writes: counters, dates and times with their signs, telephone numbers."""

import re
import unicodedata
from collections.abc import Iterator

from wyoming_kokoro.text.normalize.codes import CODE
from wyoming_kokoro.text.normalize.figures import is_near
from wyoming_kokoro.text.normalize.japanese import kanji
from wyoming_kokoro.text.normalize.japanese.kanji import NO_COUNTERS
from wyoming_kokoro.text.normalize.japanese.numbers import (
    COUNTER,
    digits_in_kana,
    figure_counted,
    figure_in_kana,
    kana,
    things,
)
from wyoming_kokoro.text.normalize.japanese.words import WORDS, spell
from wyoming_kokoro.text.normalize.locale import Rule
from wyoming_kokoro.text.normalize.tables import choice, pairs
from wyoming_kokoro.text.normalize.unspaced import GAP, HAN, KANA

_WEEKDAYS = "月火水木金土日祝"
_WEEKDAY_NAMES = pairs(
    "月: ゲツ, 火: カ, 水: スイ, 木: モク, 金: キン, 土: ド, 日: ニチ, 祝: シュク"
)
_BEFORE = r"(?<![\w.,:/])"
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_MEASURE = rf"{_BEFORE}({_NUMBER}(?: ?[-–] ?{_NUMBER})?)"
_SIGNS = {"-": "マイナス", "−": "マイナス", "+": "プラス", "±": "プラスマイナス"}
_SCORED = re.compile("スコア|得点|勝ち|勝利|勝っ|負け|敗れ|リード|同点|引き分け|試合")
_WIND = re.compile("風速|秒速")
_TIME_UNITS = pairs(
    """
    h: 時間, hr: 時間, hrs: 時間, hour: 時間, hours: 時間, min: 分, mins: 分, minute: 分,
    minutes: 分, s: 秒, sec: 秒, secs: 秒, second: 秒, seconds: 秒
    """
)


def rules() -> Iterator[Rule]:
    """Yield the rules in the order in which they are tried, before those of all languages."""
    yield Rule(
        "ja.half_day",
        re.compile(r"(?<![A-Za-z])([AP])\.?M\.? ?(\d{1,2}:[0-5]\d)(?![:\d])", re.IGNORECASE),
        lambda found: f" {found[2]} {found[1]}M",
    )
    yield Rule(
        "ja.countdown",
        re.compile(r"(?<![\w.,:/-])(?:5-)?(?:4-)?3-2-1(?![\w.,:/-])"),
        lambda found: digits_in_kana(found.group().replace("-", "")),
    )
    yield from kanji.rules()
    yield from _date_rules()
    yield from _sign_rules()
    yield from _digit_rules()
    yield from _measure_rules()
    yield from _counter_rules()


def last_rules() -> Iterator[Rule]:
    """Yield the rule for foreign words, which is tried last."""
    yield Rule(
        "ja.word",
        re.compile(r"([A-Za-zÀ-ɏ][A-Za-zÀ-ɏ'’]*)( (?=[A-Za-zÀ-ɏ]{2}))?"),
        lambda found: _say_word(found[1]) + (GAP if found[2] else ""),
    )


def _date_rules() -> Iterator[Rule]:
    yield Rule(
        "ja.weekday",
        re.compile(rf"(?<=[日\d]) ?[(（]([{_WEEKDAYS}])(?:曜日?)?[)）]"),
        lambda found: f" {found[1]}曜日 ",
    )
    yield Rule(
        "ja.short_date",
        re.compile(
            r"(?<![\w./-])(1[0-2]|0?[1-9])/"
            rf"(?:(1[3-9]|2\d|3[01])|([12]\d|3[01]|[1-9])(?= [{_WEEKDAYS}]曜| (?:は|から|まで|が)"
            r"| に(?!し|設定|な|変|上|下|減|増|分|等|縮)))(?![\d./%])"
        ),
        lambda found: f"{int(found[1])} 月 {int(found[2] or found[3])} 日",
    )
    yield Rule(
        "ja.short_dates",
        re.compile(
            r"(?<![\w./-])(1[0-2]|0?[1-9])/(3[01]|[12]\d|0?[1-9]) ?[~～〜] ?"
            r"(1[0-2]|0?[1-9])/(3[01]|[12]\d|0?[1-9])(?![\d./%])"
        ),
        lambda found: "{} 月 {} 日〜 {} 月 {} 日".format(*map(int, found.groups())),
    )
    yield Rule(
        "ja.weekdays",
        re.compile(rf"(?<![{HAN}])([{_WEEKDAYS}]) ?[~～〜–-] ?([{_WEEKDAYS}])(?![{HAN}])"),
        lambda found: f"{found[1]}曜カラ{found[2]}曜",
    )
    yield Rule(
        "ja.weekday_list",
        re.compile(
            rf"(?:(?<=毎週)|(?<![{HAN}]))[{_WEEKDAYS}](?:[・、][{_WEEKDAYS}]){{1,7}}(?![{HAN}])"
        ),
        lambda found: "、".join(_WEEKDAY_NAMES[day] for day in found.group()[::2]),
    )


def _sign_rules() -> Iterator[Rule]:
    yield Rule(
        "ja.score",
        re.compile(
            rf"{_BEFORE}(?<!-)(\d{{1,3}}) ?(?:[-–] ?|:(?![0-5]\d))(\d{{1,3}})(?![\w.,:/%°-])"
            r"(?! ?(?:分|秒|時間|歳|日|個|人|枚|本))"
        ),
        _say_score,
    )
    own = f"[{HAN}{KANA}"
    yield Rule(
        "ja.until",
        re.compile(rf"(?<={own})）]) ?[~～〜] ?(?=\S)|(?<=\S) ?[~～〜] ?(?={own}])"),
        lambda _: f" カラ{GAP} ",
    )
    yield Rule("ja.wave", re.compile(r"(?<=[\w%°]) ?[~～〜] ?(?=[-+¥$€]?\d)"), lambda _: "–")


def _digit_rules() -> Iterator[Rule]:
    """Yield the rules for numbers that are said digit by digit."""
    yield Rule(
        "ja.phone",
        re.compile(r"(?<![\w.,-])(?:\+81[ -]?\d|0\d)\d{0,3}[-( ]\d{1,4}[-) ]\d{3,4}(?![\w.-])"),
        lambda found: _say_phone(found.group()),
    )
    yield Rule(
        "ja.code",
        re.compile(
            rf"((?:コード|番号|パスワード|ピン|便名|ID)(?:は|が|を|:|：)?[{GAP} ]{{0,2}})"
            rf"({CODE}|\d{{4,12}})(?![\w.,:/-])(?! ?[個件人円])"
        ),
        lambda found: found[1] + _spell(found[2]),
    )
    yield Rule(
        "ja.address",
        re.compile(r"(?<![\w.,:/-])\d{1,3}(?:-\d{1,3}){2,3}(?![\w.:/-])"),
        lambda found: "ノ".join(kana(int(part)) for part in found.group().split("-")),
    )
    yield Rule("ja.police", re.compile(r"(?<![\w.,-])110 ?番"), lambda _: "ヒャクトーバン")


_EACH = {"月": "月", "年": "年", "週": "1週間"}
"""What goes before a price for it; before other prices goes one of what it is for."""


def _measure_rules() -> Iterator[Rule]:
    """Yield the rules that write units as Japanese does, with kanji or before the number."""
    yield Rule(
        "ja.time_unit",
        re.compile(rf"(?<=\d) ?({choice(_TIME_UNITS)})(?![A-Za-z/])"),
        lambda found: _TIME_UNITS[found[1]],
    )
    yield Rule(
        "ja.minutes",
        re.compile(r"(?<=時間) ?(\d{1,4}) ?m(?![A-Za-z/²³])"),
        lambda found: f" {found[1]}分",
    )
    yield Rule(
        "ja.speed",
        re.compile(rf"(?:時速 ?)?{_MEASURE} ?(?:km/h|kmh|kph)(?!\w)"),
        lambda found: f"時速 {found[1]} km",
    )
    yield Rule(
        "ja.wind",
        re.compile(rf"{_MEASURE} ?m/s(?!\w)"),
        lambda found: f"{'' if is_near(_WIND, found) else '秒速 '}{found[1]} m",
    )
    yield Rule(
        "ja.price",
        re.compile(
            rf"{_BEFORE}(\d[\d,.]{{0,12}}) ?円 ?/ ?"
            rf"(月|年|日|週間?|時間|[人個本泊台回枚名分])(?![{HAN}])"
        ),
        lambda found: f"{_EACH.get(found[2], '1' + found[2])} {found[1]}円",
    )
    yield Rule(
        "ja.per",
        re.compile(rf"(?<=[{HAN}{KANA}]) ?/ ?(?=(?:kWh|min|h|m2|m²|kg|日|月|年|分|時間)(?!\w))"),
        lambda _: "パー ",
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
        lambda found: f"{kana(int(found[1]))}ブンノ{GAP}{kana(int(found[2]))}",
    )
    yield Rule(
        "ja.things", re.compile(rf"{_BEFORE}([1-9]) ?つ"), lambda found: things(int(found[1]))
    )
    yield Rule(
        "ja.counter",
        re.compile(
            rf"{_BEFORE}(?:(?<![\w)%])(?P<sign>[-−+±]) ?)?"
            rf"(?:(?P<start>{_NUMBER}) ?(?P<first>{COUNTER})? ?[-–—] ?)?"
            rf"(?P<number>{_NUMBER}) ?(?!{NO_COUNTERS})(?P<counter>{COUNTER})"
        ),
        _say_counted,
    )


def _say_score(found: re.Match[str]) -> str | None:
    if not is_near(_SCORED, found):
        return None
    return f" {kana(int(found[1]))}タイ{kana(int(found[2]))} "


def _say_counted(found: re.Match[str]) -> str:
    dated = found.string[max(0, found.start() - 2) : found.start()].rstrip().endswith("月")
    words = figure_counted(found["number"], found["counter"], dated=dated)
    if found["start"] and found["first"]:
        words = f"{figure_counted(found['start'], found['first'], dated=dated)}カラ{GAP}{words}"
    elif found["start"]:
        words = f"{figure_in_kana(found['start'])}カラ{GAP}{words}"
    after = found.string[found.end() : found.end() + 2].lstrip()
    gap = GAP if after[:1].isdigit() else ""
    return f" {_SIGNS.get(found['sign'], '')}{words}{gap} "


def _spell(code: str) -> str:
    """Say a code: its figures one by one, its letters by their names."""
    return "、".join(
        "".join(
            digits_in_kana(part) if part.isdecimal() else spell(part)
            for part in re.findall(r"\d+|[A-Z]+", group)
        )
        for group in re.split("[ -]", code)
    )


def _say_phone(text: str) -> str:
    plus = "プラス" if text.startswith("+") else ""
    return plus + "、".join(map(digits_in_kana, re.findall(r"\d+", text)))


def _say_word(word: str) -> str:
    """Say a foreign word as Japanese does if that is known, else spell it if it is short."""
    plain = "".join(
        char for char in unicodedata.normalize("NFD", word) if not unicodedata.combining(char)
    )
    known = WORDS.get(plain.lower()) if len(plain) > 1 else None
    if known:
        return known
    return spell(plain) if len(plain) < 2 or plain.isupper() else plain
