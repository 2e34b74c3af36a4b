"""Mandarin: the words for figures and signs."""

import re

from wyoming_kokoro.text.normalize.figures import cardinal, say_digits
from wyoming_kokoro.text.normalize.locale import Clock, Dates, Form, Locale, Numbers, Rule
from wyoming_kokoro.text.normalize.mandarin_words import ACRONYMS, COUNTED, MEASURES, MONEY, UNITS
from wyoming_kokoro.text.normalize.tables import pairs
from wyoming_kokoro.text.normalize.unspaced import HAN, join, part

_LEADING_TWO = re.compile("^二(?=[千万亿])")
_OWN_BEFORE = re.compile(f"[{HAN}]")
_MONEY = "元|块|美元|欧元|英镑|日元|卢比|人民币"
_NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
_CALLS = "拨打|致电|拨|打|热线|客服|电话|号码|报警|急救|火警|手机|手机号|房间号|密码|验证码"
_SCORED = re.compile("比分|[赢输胜平]|击败|领先|落后")
_NEAR = 40
"""Characters between a score and a word that says what it is, at most."""
_DAY_HALVES = ((5, "凌晨"), (12, "上午"), (13, "中午"), (18, "下午"), (24, "晚上"))
"""The hour at which a part of the day ends."""


def _inflect(words: str, number: int, form: Form) -> str:
    """Say 2 as 两 before what is counted, and before thousands."""
    if number == 2 and form == COUNTED:
        return "两"
    return _LEADING_TWO.sub("两", words)


def _say_year(number: int) -> str:
    return say_digits(CN, str(number))


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


def _say_phone(text: str) -> str:
    """Say digits one by one, 1 as 幺, with a rest between groups."""
    groups = re.findall(r"\d+", text)
    plus = "加" if text.startswith("+") else ""
    return plus + "，".join(say_digits(CN, group).replace("一", "幺") for group in groups)


def _say_called(found: re.Match[str]) -> str:
    return found[1] + _say_phone(found[2])


def _say_score(found: re.Match[str]) -> str | None:
    if not _SCORED.search(found.string, max(0, found.start() - _NEAR), found.end() + _NEAR):
        return None
    return f"{cardinal(CN, int(found[1]))}比{cardinal(CN, int(found[2]))}"


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
        months=tuple(f"{number}月" for number in "一二三四五六七八九")
        + ("十月", "十一月", "十二月"),
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
    underscore="下划线",
    colon="冒号",
    hashtag="话题",
    version_point="点",
    acronyms=ACRONYMS,
    prepare=part,
    mend=join,
    rules=(
        Rule(
            "zh.mobile",
            re.compile(r"(?<![\w.,-])(?:\+86[ -]?)?1[3-9]\d([ -]?)\d{4}\1\d{4}(?![\w.-])"),
            lambda found: _say_phone(found.group()),
        ),
        Rule(
            "zh.landline",
            re.compile(
                r"(?<![\w.,-])(?:\(?0\d{2,3}\)?[ -]?\d{7,8}|[48]00-?\d{3,4}-?\d{3,4})(?![\w.-])"
            ),
            lambda found: _say_phone(found.group()),
        ),
        Rule(
            "zh.called",
            re.compile(
                rf"((?:{_CALLS})(?:是|为|了)?[ :：]{{0,2}})(\d{{3,12}})(?![\d.,:/-])(?! ?[个次元块])"
            ),
            _say_called,
        ),
        Rule(
            "zh.approximately",
            re.compile(rf"(?<=[\w°%)]) ?[~～〜] ?(?=[-+$¥€£]?\d)"),
            lambda found: (
                "到" if _OWN_BEFORE.search(found.string, found.start() - 1, found.start()) else "–"
            ),
        ),
        Rule(
            "zh.until",
            re.compile(
                r"(?<=[\w°%)]) ?[~～〜—–] ?(?=[^\W\d])|(?<=[年月日号时点分秒周楼层]) ?[-–—] ?(?=\d)"
            ),
            lambda _: "到",
        ),
        Rule(
            "zh.score",
            re.compile(r"(?<![\w.,:/-])(\d{1,3}) ?[-–:] ?(\d{1,3})(?![\w.,:/%°-])"),
            _say_score,
        ),
        Rule(
            "zh.day",
            re.compile(
                r"(?<![\d./-])(1[0-2]|0?[1-9])/(1[3-9]|2\d|3[01])(?![\d./%])(?! ?(?:分|页|个|$))"
            ),
            lambda found: _say_date(int(found[2]), int(found[1]), None),
        ),
        Rule(
            "zh.year",
            re.compile(
                r"(?<![\d.,])((?:1[1-9]|20|21)\d\d)(?: ?[-–到至] ?((?:1[1-9]|20|21)\d\d))? ?(?=年(?!前|后|来))"
            ),
            lambda found: "到".join(_say_year(int(digits)) for digits in found.groups() if digits),
        ),
        Rule(
            "zh.minute",
            re.compile(r"(?<=[点时] )0?([1-9])(?= ?分)"),
            lambda found: f"零{cardinal(CN, int(found[1]))}",
        ),
        Rule(
            "zh.price",
            re.compile(
                rf"((?:[$€£¥₹] ?)\d[\d,]*+|\d[\d,]*+(?=\.\d+ ?(?:{_MONEY})))\.(\d??)0*(?!\d)"
            ),
            lambda found: f"{found[1]}.{found[2]}" if found[2] else found[1],
        ),
        Rule(
            "zh.two",
            re.compile(rf"(?<![\w.,:/第-])(?<![第-] )2 ?(?={MEASURES})"),
            lambda _: "两",
        ),
        Rule(
            "zh.below_zero",
            re.compile(rf"(?<=零下) ?-?({_NUMBER})"),
            lambda found: found[1],
        ),
    ),
)
