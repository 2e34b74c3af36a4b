"""Japanese numerals in kanji, found and written in figures: 二十一点五度 is 21.5度."""

import re
from collections.abc import Iterator

from wyoming_kokoro.text.normalize.japanese.numbers import COUNTER
from wyoming_kokoro.text.normalize.locale import Rule

_DIGITS = "〇零一二三四五六七八九"
_NUMERALS = f"{_DIGITS}十百千万億兆"
_PLACES = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10**4, "億": 10**8, "兆": 10**12}

_NO_NUMBERS = (
    "三日月|六本木|三軒茶屋|九段|七面鳥|八丁堀|一足先|五十嵐|八百屋|八百長|九十九里|十八番|三十路|千万|"
    "五月雨|五月晴|五月蠅|十六夜|一昨日|一昨年|三味線|八重|四万十|一通り|十中八九|二次会|三次元|二次元|四六時中|二三|三条|四条|五条|三重|千代|八千代|千歳|五輪|五十音|"
    r"(?<!時)十分(?!間|前|後|以内|おき|ごと|ほど|経|遅れ)"
)
"""Words with a numeral in them that is no number."""

NO_COUNTERS = (
    "日本|日曜|日程|時代|時計|時点|時期|時速|時刻|時差|人気|人口|人生|人間|人工|分割|分類|分解|分布|分析|"
    "分野|分の|月曜|年齢|年末|年収|年金|本当|本日|本人|本社|本体|名前|名古|台風|台所|回答|回復|回線|番組|"
    "番号|位置|割引|割合|円形|点灯|点検|点滅|機能|機械|機種|口座|面積|通信|通常|通知|通話|種目|課題|発電|"
    "発売|発生|発表|歩道|着信|階段|次第|等しい|区間|区域|部分|部品|号線|度合|品目|級友|組み|株式|株価|"
    "局所|席次|節約|段階|社会|食事|食品|両方|両替|列車|面倒|便利|合計|合格|語学|巻き|周辺|周囲|周年|"
    "章節|話題|話者|話し|話せ|通勤|通学|足元|丁寧|粒子|束縛|皿洗|箱根"
)
"""Words that begin like something counted."""

_START = rf"(?<![{_NUMERALS}\d.])(?<!\d )(?!{_NO_NUMBERS})"
_RUN = f"[{_NUMERALS}]{{0,20}}"
_END = f"(?![{_NUMERALS}])"


def rules() -> Iterator[Rule]:
    """Yield the rules that write numerals in kanji as figures."""
    yield Rule(
        "ja.decimal",
        re.compile(rf"{_START}([{_NUMERALS}]{_RUN})[点・]([{_DIGITS}]{{1,12}}){_END}"),
        lambda found: f" {_value(found[1])}.{_by_digit(found[2])} ",
    )
    yield Rule(
        "ja.part.kanji",
        re.compile(rf"{_START}([{_NUMERALS}]{_RUN})分の([{_NUMERALS}]{_RUN}){_END}"),
        lambda found: f" {_value(found[1])}分の{_value(found[2])} ",
    )
    yield Rule(
        "ja.numeral",
        re.compile(rf"{_START}([{_DIGITS}十百千]{_RUN}){_END}(?={COUNTER})(?!{NO_COUNTERS})"),
        lambda found: f" {_value(found[1])} ",
    )
    yield Rule(
        "ja.large_numeral",
        re.compile(
            rf"{_START}([{_DIGITS}]?[十百千万億][{_NUMERALS}]{_RUN}|[二三四五六七八九][十百千万億]){_END}"
        ),
        lambda found: f" {_value(found[1])} ",
    )
    yield Rule(
        "ja.myriad",
        re.compile(
            r"(?<![\d.,])(\d{1,3}(?:,\d{3}){1,3}|\d{1,12})(\.\d{1,6})? ?"
            r"((?:[百千万億兆] ?(?:\d[\d,]{0,12}(?= ?[百千万億兆円人個年]))? ?){1,6})"
        ),
        lambda found: f"{_mixed_value(found[1], found[2] or '', found[3])} ",
    )


def _value(kanji: str) -> str:
    """Return the figures of a numeral in kanji: 二〇二六, 二千二十六."""
    return str(_sum(kanji)) if re.search("[十百千万億兆]", kanji) else _by_digit(kanji)


def _by_digit(kanji: str) -> str:
    return "".join(str(_digit(char)) for char in kanji)


def _digit(char: str) -> int:
    """Return the value of a digit; zero has two signs."""
    return max(_DIGITS.index(char) - 1, 0)


def _sum(kanji: str) -> int:
    total = group = digit = 0
    for char in kanji:
        if char in _PLACES:
            group += (digit or 1) * _PLACES[char]
            digit = 0
        elif char in _MYRIADS:
            total += ((group + digit) or 1) * _MYRIADS[char]
            group = digit = 0
        else:
            digit = 10 * digit + _digit(char)
    return total + group + digit


def _mixed_value(whole: str, fraction: str, rest: str) -> str:
    """Return the figures of 1億2,000万 and the like; 1.5万 is 15000."""
    scale = 10 ** len(fraction[1:])
    total, current = 0, int(whole.replace(",", "") + fraction[1:])
    for part in re.findall(r"\d+|[百千万億兆]", rest.replace(",", "")):
        if part.isdigit():
            current += int(part) * scale
        elif part in _PLACES:
            current *= _PLACES[part]
        else:
            total, current = total + current * _MYRIADS[part], 0
    value, left = divmod(total + current, scale)
    return f"{value}.{left:0{len(fraction) - 1}d}".rstrip("0") if left else str(value)
