"""Mandarin: the words for figures and signs."""

import re

from wyoming_kokoro.text.normalize.figures import cardinal
from wyoming_kokoro.text.normalize.locale import Clock, Dates, Locale
from wyoming_kokoro.text.normalize.mandarin.rules import digit_by_digit, rules
from wyoming_kokoro.text.normalize.mandarin.words import ACRONYMS, COUNTED, MONEY, UNITS
from wyoming_kokoro.text.normalize.numbers import Form, Numbers
from wyoming_kokoro.text.normalize.tables import pairs, words
from wyoming_kokoro.text.normalize.unspaced import join, part

_LEADING_TWO = re.compile("^二(?=[千万亿])")
_DAY_HALVES = ((5, "凌晨"), (12, "上午"), (13, "中午"), (18, "下午"), (24, "晚上"))
"""The hour at which a part of the day ends."""


def _inflect(words: str, number: int, form: Form) -> str:
    """Say 2 as 两 before what is counted, and before thousands."""
    if number == 2 and form == COUNTED:
        return "两"
    return _LEADING_TWO.sub("两", words)


def _say_year(number: int) -> str:
    return digit_by_digit(str(number))


def _say_date(day: int, month: int, of_year: int | None) -> str:
    words = f"{cardinal(CN, month)}月{cardinal(CN, day)}日"
    return f"{_say_year(of_year)}年{words}" if of_year else words


def _say_clock(hour: int, minute: int, second: int | None, half: str) -> str:
    """Say "七点零五分", "两点", "下午三点三十分"."""
    words = ""
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
        words = next(name for end, name in _DAY_HALVES if hour < end)
        hour = hour % 12 or 12 * (half == "pm")
    words += f"{cardinal(CN, hour, COUNTED)}点"
    if minute or second:
        words += f"{'零' if 0 < minute < 10 else ''}{cardinal(CN, minute)}分"
    return words + (f"{cardinal(CN, second)}秒" if second else "")


CN: Locale = Locale(
    numbers=Numbers(
        language="zh",
        cardinals={"": "spellout-cardinal"},
        ordinals={"": "spellout-ordinal"},
        year=_say_year,
        inflect=_inflect,
        groups=",",
        point="点",
    ),
    dates=Dates(
        months=words("一月 二月 三月 四月 五月 六月 七月 八月 九月 十月 十一月 十二月"),
        month_signs={},
        order="ymd",
        say=_say_date,
    ),
    clock=Clock(say=_say_clock),
    units=UNITS,
    money=MONEY,
    minus="负",
    plus="正",
    subtracted="减",
    added="加",
    span="{start}到{end}",
    score="{start}比{end}",
    ratio="{start}比{end}",
    rating="{total}分之{number}",
    over="{total}分之{number}",
    fraction=lambda number, total: f"{cardinal(CN, total)}分之{cardinal(CN, number)}",
    mixed="{whole}又{fraction}",
    signs=pairs(
        """
        =: 等于, &: 和, ×: 乘以, ÷: 除以, ±: 正负, <: 小于, >: 大于, ≤: 小于等于, ≥: 大于等于,
        ≈: 约等于, ≠: 不等于, √: 根号, +: 加, ∞: 无穷大, π: 派, °: 度, @: 艾特, ~: 约, µ: 微, μ: 微,
        €: 欧元, £: 英镑, $: 美元, ¥: 元, ₹: 卢比, §: 节, ^: 的幂, №: 编号, ‰: 千分比, →: 到,
        *: 星号, \\: 反斜杠, ′: 分, ″: 秒, ¢: 分, ₿: 比特币, Ω: 欧姆, Δ: 德尔塔, #: 井号
        """
    ),
    power={"2": "{base}的平方", "3": "{base}的立方", "": "{base}的{exponent}次方"},
    times="{number}倍",
    by="{start}乘{end}",
    number_sign="编号",
    dot="点",
    at="艾特",
    slash="斜杠",
    dash="横杠",
    colon="冒号",
    hashtag="话题",
    star="星号",
    hash="井号",
    compass=pairs("N: 北纬, S: 南纬, E: 东经, W: 西经"),
    angles=("′", "s"),
    position="{point}{angle}",
    factorial="{number}的阶乘",
    version_point="点",
    abbreviations={"No.": "第", "no.": "第"},
    acronyms=ACRONYMS,
    preprocess=part,
    postprocess=join,
    rules=lambda zh: rules(lambda number: cardinal(zh, number)),
)
