"""What only Mandarin writes: telephone numbers, ranges, 两, dates with their signs, scores."""

import re
from collections.abc import Callable, Iterator

from wyoming_kokoro.text.normalize.capitals import READABLE
from wyoming_kokoro.text.normalize.codes import CODE
from wyoming_kokoro.text.normalize.figures import is_near
from wyoming_kokoro.text.normalize.locale import Rule
from wyoming_kokoro.text.normalize.mandarin.words import MEASURES
from wyoming_kokoro.text.normalize.unspaced import HAN

Say = Callable[[int], str]
"""The words of a number."""

_DIGITS = "零一二三四五六七八九"
_CALLS = "拨打|致电|拨|打|热线|客服|电话|号码|报警|急救|火警|手机|手机号|密码|验证码|尾号|编号"
_CODES = (
    "房间号?|订单号?|单号|运单号?|快递号?|邮编|邮政编码|卡号|账号|帐号|会员号|序列号|车牌号?|取件码|提取码|"
    "激活码|邀请码|优惠码|代码|预订号|学号|工号|身份证号?|会议号|房号|流水号|发票号|PIN "
    "?码?|验证码|密码|编号|编码"
)
"""What a code follows, of letters too."""
_SHORTEST_READ = 3
"""Letters of a name that may be read as a word."""

_MONEY = "元|块|美元|欧元|英镑|日元|卢比|人民币"
_YEAR = r"(?:1[1-9]|20|21)\d\d"
_SCORED = re.compile("比分|[赢输胜平]|击败|领先|落后")
_AFTER_HAN = re.compile(rf"(?<=[{HAN}]) ?[~～〜]")


def rules(cardinal: Say) -> Iterator[Rule]:
    """Yield the rules in the order in which they are tried, before those of all languages."""
    yield Rule("zh.zero", re.compile("〇"), lambda _: "零")
    yield Rule(
        "zh.born",
        re.compile(r"(?<![\w.,-])([0-9][05])(?= ?后(?!面|[天年来]))"),
        lambda found: digit_by_digit(found[1]),
    )
    yield Rule(
        "zh.half_day",
        re.compile(r"(?<![A-Za-z])([AaPp])[Mm] ?(\d{1,2}:[0-5]\d)(?![:\d]| ?[ap]m)"),
        lambda found: f"{found[2]} {found[1]}M",
    )
    yield Rule(
        "zh.hours",
        re.compile(r"(?<![A-Za-z])(UTC|GMT) ?([+-]) ?(\d{1,2})(?::([0-5]\d))?(?![\w:]|[.,]\d)"),
        lambda found: (
            f"{found[1]} {'加' if found[2] == '+' else '减'}{cardinal(int(found[3]))}"
            + (cardinal(int(found[4])) if int(found[4] or 0) else "")
        ),
    )
    yield Rule(
        "zh.name",
        re.compile(r"[A-Z](?<![\w./_-].)[A-Z]{4,19}(?![\w/_]|[.-]\w)"),
        lambda found: found.group().capitalize() if READABLE.fullmatch(found.group()) else None,
    )
    yield from _phone_rules()
    yield from _name_rules()
    yield from _date_rules(cardinal)
    yield from _range_rules()
    yield from _number_rules(cardinal)


def digit_by_digit(digits: str) -> str:
    """Return the name of every digit."""
    return "".join(_DIGITS[int(digit)] for digit in digits)


def _phone_rules() -> Iterator[Rule]:
    yield Rule(
        "zh.mobile",
        re.compile(r"(?<![\w.,-])((?:\+86[ -]?)?1[3-9]\d)([ -]?)(\d{4})\2(\d{4})(?![\w.-])"),
        lambda found: _say_phone(" ".join(found.group(1, 3, 4))),
    )
    yield Rule(
        "zh.landline",
        re.compile(
            r"(?<![\w.,-])(?:\(?0\d{2,3}\)?[ -]?\d{7,8}|[48]00-?\d{3,4}-?\d{3,4})(?![\w.-])"
        ),
        lambda found: _say_phone(found.group()),
    )
    yield Rule(
        "zh.called",
        re.compile(
            rf"((?:{_CALLS})(?:是|为|"
            rf"了)?[ :：]{{0,2}})(\d{{3,12}}(?: ?[、或和及] ?\d{{3,5}}){{0,4}})"
            r"(?![\d.,:/-]| \d)(?! ?[个次元块分])"
        ),
        lambda found: found[1] + _spell(found[2]),
    )
    yield Rule(
        "zh.code",
        re.compile(
            rf"((?:{_CODES})(?:是|为|：|:| ){{0,3}})({CODE}|\d{{3}}(?: \d{{3,4}}){{1,4}})"
            r"(?![\w.,:/%°-])(?! ?[个次元块分])"
        ),
        lambda found: found[1] + _spell(found[2]),
    )
    yield Rule(
        "zh.flight",
        re.compile(
            r"((?:航班|班机|车次|列车)号?(?:是|为|：|:| ){0,3})([A-Z]{1,2}) ?(\d{2,5})(?!\w)"
        ),
        lambda found: f"{found[1]}{' '.join(found[2])} {digit_by_digit(found[3])}",
    )
    yield Rule(
        "zh.flight.after",
        re.compile(
            r"(?<![A-Za-z\d])([A-Z]{1,2}|\d[A-Z]) ?(\d{2,5})(?= ?[号次]?(?:航班|班机|列车))"
        ),
        lambda found: f"{' '.join(found[1])} {digit_by_digit(found[2])}",
    )
    yield Rule(
        "zh.countdown",
        re.compile(r"(?<![\w.,:/-])(?:[5-9]-)*+(?:5-)?(?:4-)?3-2-1(?![\w.,:/-])"),
        lambda found: digit_by_digit(found.group().replace("-", "")),
    )


def _name_rules() -> Iterator[Rule]:
    """Yield the rules for numbers that name something: trains and flights, rooms, parts."""
    yield Rule(
        "zh.numbered",
        re.compile(r"(?<![\w.])([A-Z]{1,4}) ?(\d{3,4})(?![\w.,:%°/-]| ?[度瓦年米克元])"),
        lambda found: (
            f"{' '.join(found[1]) if len(found[1]) < _SHORTEST_READ else found[1]} "
            f"{digit_by_digit(found[2])}"
        ),
    )
    yield Rule(
        "zh.room",
        re.compile(r"(?<![\w.,:/-])(\d{3,4})(?= ?[室房])|(?<=房间 )(\d{3,4})(?![\d.,:%°/-])"),
        lambda found: digit_by_digit(found[1] or found[2]),
    )
    yield Rule(
        "zh.parts",
        re.compile(r"(?<![\w.,:/-])\d{1,3}(?:-\d{1,3}){2,3}(?![\w.:/-])"),
        lambda found: found.group().replace("-", " 杠 "),
    )


def _range_rules() -> Iterator[Rule]:
    degrees = r"(\d{1,3}(?:\.\d{1,2})?) ?"
    yield Rule(
        "zh.frost",  # with one unit behind it the minus would seem to go for both ends
        re.compile(rf"(?<![\w.,°%)])[-−]{degrees}(?:°[CF])? ?[~～〜–到至-] ?{degrees}(°[CF])"),
        lambda found: f"零下 {found[1]}{found[3]} 到 {found[2]}{found[3]}",
    )
    yield Rule(
        "zh.span",
        re.compile(r"(?<=[\w°%)]) ?[~～〜] ?(?=[-+$¥€£]?\d)"),
        lambda found: "到" if _AFTER_HAN.match(found.string, found.start()) else "–",
    )
    yield Rule(
        "zh.until",
        re.compile(
            # A dash between other words is a pause.
            r"(?<=[\w°%)]) ?[~～〜–] ?(?=[^\W\d])|(?<=周[一二三四五六日])—(?=周)"
            r"|(?<=[年月日号时点分秒周楼层]) ?[-–—] ?(?=\d)"
        ),
        lambda _: "到",
    )


def _date_rules(cardinal: Say) -> Iterator[Rule]:
    month_day = r"(1[0-2]|0?[1-9])/(3[01]|[12]\d|0?[1-9])"
    yield Rule(
        "zh.days",
        re.compile(rf"(?<![\w./-]){month_day} ?[~～〜] ?{month_day}(?![\d./%])"),
        lambda found: "{} 月 {} 日到 {} 月 {} 日".format(*map(int, found.groups())),
    )
    yield Rule(
        "zh.day.bracketed",
        re.compile(
            rf"(?<=[周期拜][一二三四五六日天])(?:([（(]){month_day}[)）]| ?{month_day}(?![\d./%]))"
        ),
        lambda found: (
            f"{(found[1] and '，') or ''}{cardinal(int(found[2] or found[4]))}月"
            f"{cardinal(int(found[3] or found[5]))}日{(found[1] and '，') or ''}"
        ),
    )
    yield Rule(
        "zh.day",
        re.compile(
            r"(?<![\d./-])(1[0-2]|0?[1-9])/(?:(1[3-9]|2\d|3[01])(?![\d./%])(?! ?(?:分|页|个|$))"
            r"|([12]\d|3[01]|0?[1-9])(?= ?[(（](?:周|星期|礼拜)|"
            r" (?![的个杯勺份升页分匙茶汤瓶块倍左以和或])"
            rf"[{HAN}]))"
        ),
        lambda found: f"{cardinal(int(found[1]))}月{cardinal(int(found[2] or found[3]))}日",
    )
    yield Rule(
        "zh.year",
        re.compile(rf"(?<![\d.,])({_YEAR})(?: ?[-–到至] ?({_YEAR}))? ?(?=年(?!前|后|来))"),
        lambda found: "到".join(digit_by_digit(year) for year in found.groups() if year),
    )
    yield Rule(
        "zh.minute",
        re.compile(r"(?<=[点时] )(?<![计定]时 )0?([1-9])(?= ?分)"),
        lambda found: f"零{cardinal(int(found[1]))}",
    )


def _number_rules(cardinal: Say) -> Iterator[Rule]:
    yield Rule(
        "zh.processor",
        re.compile(r"(?<![\w-])([iI][3579])-(\d{4,5})(?=[A-Z]{0,2}(?![\w]))"),
        lambda found: f"{found[1]} {digit_by_digit(found[2])} ",
    )
    yield Rule(
        "zh.score",
        re.compile(
            r"(?<![\w.,:/-])(\d{1,3}) ?(?:[-–] ?|:(?![0-5]\d))(\d{1,3})(?![\w.,:/%°-]| ?"
            + MEASURES
            + ")"
        ),
        lambda found: _say_score(cardinal, found),
    )
    yield Rule(
        "zh.price",
        re.compile(
            rf"([$€£¥₹] ?\d[\d,]{{0,20}}+|\d[\d,]{{0,20}}+(?=\.\d+ ?(?:{_MONEY})))\.(\d??)0*(?!\d)"
        ),
        lambda found: f"{found[1]}.{found[2]}" if found[2] else found[1],
    )
    yield Rule(
        "zh.two",
        re.compile(rf"(?<![\w.,:/第-])(?<![第-] )2 ?(?={MEASURES})"),
        lambda _: "两",
    )
    yield Rule(
        "zh.per",
        re.compile(
            rf"(?<=\d) ?([{HAN}]{{1,3}}) ?/ ?(?=[{HAN}]|(?:kWh|min|h|m2|m²|m3|kg|km|L)(?!\w))"
        ),
        lambda found: f" {found[1]}每 ",
    )
    yield Rule(
        "zh.per.measured",
        re.compile(rf"(?<=\d)( ?[A-Za-zµ°]{{1,4}}[²³]?) ?/ ?(?=[{HAN}])"),
        lambda found: f"{found[1]} 每",
    )
    yield Rule("zh.below_zero", re.compile(r"(?<=零下) ?-(?=\d)"), lambda _: "")


def _say_phone(text: str) -> str:
    """Say digits one by one, 1 as 幺, with a rest between groups."""
    plus = "加" if text.startswith("+") else ""
    groups = re.findall(r"\d+", text)
    return plus + "，".join(digit_by_digit(group).replace("一", "幺") for group in groups)


def _spell(code: str) -> str:
    """Say a code, letters as they are; 1 as 幺 where there are none."""
    one = "一" if re.search("[A-Z]", code) else "幺"
    said = re.sub(r"\d+", lambda run: digit_by_digit(run.group()).replace("一", one), code)
    return re.sub(r"(?<=[A-Z])(?=[A-Z])", " ", said).replace("-", " ").replace(" 、", "、")


def _say_score(cardinal: Say, found: re.Match[str]) -> str | None:
    if not is_near(_SCORED, found):
        return None
    return f"{cardinal(int(found[1]))}比{cardinal(int(found[2]))}"
