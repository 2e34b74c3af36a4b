"""Chinese or Japanese text in, parted where figures and foreign letters begin and end; and back.

Rules find numbers, units and words by what is around them, which has to be a space. So `part`
puts one there, and `join` takes it, and those that rules have put between words, out again.
"""

import re
import unicodedata

HAN = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_KATAKANA = "\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f"
KANA = f"\u3041-\u3096\u309d-\u309f{_KATAKANA}"

_OWN = f"[{HAN}{KANA}]"
_MARKS = "、。，．！？：；・「」『』（）〈〉《》【】〔〕…—"
_BEGINS_FIGURE = r"[-−+±#~≈<>≤≥√$€£¥₹₩₽₺₫฿@(]\s?[\w.]|[¼-¾⅐-⅞]"
_FOREIGN = r"[0-9A-Za-z\u00b5\u00c0-\u024f\u0370-\u03ff_]"
_ENDS_UNIT = "[%°²³′″'\"$€£¥₹₩₽₺₫฿¼-¾⅐-⅞]"
GAP = "\u2063"
"""In place of a space that stays: one that somebody wrote between two words of the language."""

_WIDE = str.maketrans(
    {
        **{chr(wide): chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F)},
        "￠": "¢",
        "￡": "£",
        "￥": "¥",
        "℃": "°C",
        "℉": "°F",
    }
)
_WIDE_SIGN = re.compile("[０-９Ａ-Ｚａ-ｚ＃-＆＊＋－／＜-＠＾＿￠￡￥℃℉]")
_COMPATIBLE = re.compile("[ℓｦ-ﾟ㌀-㏟㈱㈲]+")
_ROMAN = re.compile("[Ⅰ-Ⅻⅰ-ⅻ]")
_WIDE_IN_NUMBER = re.compile(r"(?<=[０-９])，(?=[０-９]{3}(?![０-９]))|(?<=\d)[．：](?=\d)")
"""Between usual figures a wide comma parts a list: 100，200，300."""

_NAMED_DECIMAL = re.compile(
    r"(?<![\w./@-])(?!PM\d)[A-Z][A-Za-z]{0,5}(?=\d{1,3}\.\d{1,3}(?![\dA-Za-z_.]))"
)
"""A name that a number goes with: `M5.2`, `USB3.0`."""

_PARTING: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(rf"(?<={_OWN})\s+(?={_OWN})"), GAP),
    (re.compile(rf"(?<=[{_KATAKANA}])\s?(?=\d)"), f"{GAP} "),
    (re.compile(rf"(?<={_OWN})(?={_FOREIGN}|{_BEGINS_FIGURE})"), " "),
    (re.compile(rf"(?<={_FOREIGN})(?={_OWN})|(?<={_ENDS_UNIT})(?={_OWN})"), " "),
)
_JOINING: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(rf"(?<={_OWN}) (?={_OWN})|(?<=[{_MARKS}]) | (?=[{_MARKS}])"), ""),
    (re.compile(rf"(?:(?<!\s)\s++)?+{GAP}\s*+"), " "),
    (re.compile(rf"(?<={_OWN})(?={_FOREIGN})|(?<={_FOREIGN})(?={_OWN})"), " "),
)


def part(text: str) -> str:
    """Return `text` with full-width figures as usual ones, and spaces around them."""
    text = _COMPATIBLE.sub(lambda found: unicodedata.normalize("NFKC", found.group()), text)
    text = _ROMAN.sub(lambda found: f" {unicodedata.numeric(found.group()):g} ", text)
    text = _WIDE_IN_NUMBER.sub(lambda found: found.group().translate(_WIDE), text)
    text = _WIDE_SIGN.sub(lambda found: found.group().translate(_WIDE), text)
    text = _NAMED_DECIMAL.sub(r"\g<0> ", text)
    for pattern, space in _PARTING:
        text = pattern.sub(space, text)
    return text


def join(text: str) -> str:
    """Return `text` without the spaces that its script does not have."""
    for pattern, space in _JOINING:
        text = pattern.sub(space, text)
    return text.strip()
