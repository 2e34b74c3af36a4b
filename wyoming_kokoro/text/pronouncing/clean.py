"""A sentence as it was sent in, what a person would read aloud of it out.

Markup, emoji and invisible characters go; words, numbers and the marks that shape speech stay.
"""

import html
import re
import unicodedata
from collections.abc import Callable

from wyoming_kokoro.text.pronouncing.formulas import without_tex
from wyoming_kokoro.text.pronouncing.keys import with_keys
from wyoming_kokoro.text.unspoken import without_unspoken

_TAG_NAMES = (
    "a|abbr|article|aside|audio|b|big|blockquote|body|br|break|button|caption|center|cite|code|col|"
    "dd|del|details|div|dl|dt|em|emphasis|figure|font|footer|form|h[1-6]|head|header|hr|html|i|"
    "img|input|ins|kbd|label|lang|li|link|main|mark|meta|nav|ol|p|phoneme|pre|prosody|q|s|samp|"
    "say-as|script|section|small|span|speak|strike|strong|style|sub|summary|sup|svg|table|tbody|"
    "td|tfoot|th|thead|title|tr|u|ul|var|video|voice"
)
_TAG = re.compile(rf"(?i)<(?:!--[^<>]*--|!?/?(?:{_TAG_NAMES})(?=[\s/>])[^<>]*)>")
_INLINE_TAG = re.compile(r"(?i)</?(?:a|abbr|b|big|em|font|i|mark|s|small|span|strong|sub|sup|u)\b")
_BLOCK_TAGS = re.compile(
    r"(?i)(?<=[^\s>.!?…:;,])\s*(?:</(?:p|li|h[1-6]|t[dhr]|d[dt]|div|title|option|summary)\s*>\s*)+"
)
_TAG_OR_WORD = re.compile(r"<[^<>]*+>|(?P<word>\w)")
_CLOSING_TAG = re.compile(r"</([A-Za-z][\w:.-]*)\s*>")
_ANY_TAG = re.compile(r"</?([A-Za-z][\w:.-]*)(?:\s[^<>]*)?/?>")
_UNREAD = re.compile(r"(?is)<(script|style)\b[^<>]*>.*?(?:</\1\s*>|\Z)")
_DESCRIPTION = re.compile(r"""(?i)<img\s[^<>]*?\balt\s*=\s*["']([^"'<>]*)["'][^<>]*>""")
_RAISED = re.compile(r"(?i)<sup>\s*([23])\s*</sup>")

_FENCE = re.compile(r"^\s*(?:`{3,}|~{3,})[\w+#-]*\s*$")
_RULE = re.compile(r"^\s*(?:[-*_=]\s*){3,}$|^[\s|:+-]*\|[\s|:+-]*$")
_BLOCK_START = re.compile(
    r"^\s*(?:>\s*)*(?:#{1,6}\s+|[-*+•‣◦▪·–—:]\s+(?=\S)|・\s*(?=\S))?(?:\[[ xX]\]\s+)?(?=\S|$)"
)
_HEADING_END = re.compile(r"\s#+\s*$")
_IMAGE_OR_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*(?:\s[^()]*)?\)")
_DEFINITION = re.compile(r"^\s*\[[^\[\]]+\]:\s*<?(?:https?://|www\.|mailto:|\.{0,2}/|#)\S*.*$")
_REFERENCE = re.compile(r"\[([^\[\]]+)\]\[[^\[\]]*\]")
_FOOTNOTE = re.compile(r"\[\^[^\[\]\s]*\]:?")
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^<>\s]+|[^<>@\s]+@[^<>@\s]+)>")
_PLACEHOLDER = re.compile(r"<([^\W\d][^<>]*)>")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[A-Za-z][A-Za-z\d]{1,30});")
_EMPHASIS = re.compile(
    r"(?<![\d*])\*++(?=\S)|(?<=[^\s*])\*++(?!\d)|~~+|`+|(?<![^\W_])_++(?=\S)|(?<=\S)_++(?![^\W_])"
    r"|(?<![\d)]) \*+ (?![\d(])|(?<![\w=])==(?=\w)|(?<=[\w.!?])==(?![\w=])"
)
_ESCAPE = re.compile(r"\\(?=[!-/:-@\[-`{-~]|\s*$)")
_POWER = re.compile(r"(?<=\d)\*\*(?=-?\d)")

_KEYCAP = re.compile("([0-9#*])\ufe0f?\u20e3")
_CIRCLED = re.compile("[\u2460-\u249b\u24ea-\u24ff\u2776-\u2793]")
_STYLED = re.compile(
    "[\ufb00-\ufb06\uff05\uff0b\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\U0001d400-\U0001d7ff]+"
)
_WIDE_THOUSANDS = re.compile("(?<=[０-９])，(?=[０-９]{3}(?![０-９]))")
_EMOTICON = re.compile(
    r"""
    (?<![^\s(])
        (?: [:;]['’]?-?[()\[\]DPpOo|/\\*3] | =[()DP] | [xX]D | \^[_-]*\^
          | <[/\\]?3+(?=\s*(?:[.!?,)]|$)) )
        (?=[\s.,!?)]|$)
    | ¯?\\?_{0,3}\(ツ\)_{0,3}/¯?
    | [(（] [^\w\s()]{0,8} ([^\s\d()]) [_.‿ω◡□∇Д﹏]{1,8} \1 [^\w\s()]{0,8} [)）] [^\w\s.,!?]{0,12}
    | (?<!\S) :[a-z][a-z\d_+-]*: (?!\w)                 # :smile:
    """,
    re.VERBOSE,
)
"""Faces, which nobody reads aloud."""
_ARROW_SIGNS = "\u2190-\u21ff\u2794-\u27be\u27f0-\u27ff"
_ARROW = re.compile(
    rf"(?<=[^\s,;:.{_ARROW_SIGNS}]) *(?:[{_ARROW_SIGNS}]| -+> | =+> ){{1,8}}+ *+(?=\w)"
)
_MENU = re.compile(r"(?<=[^\W\d_][^\W\d_]) [>›»] (?=([^\W\d_]))")
"""What leads from one to the next: `Settings > Devices`."""
_CJK_SLASH = re.compile(
    r"(?<=[\u3040-\u9fff])(?<!\d[\u3040-\u9fff])(?<!\d[\u3040-\u9fff]{2})(?<!\d[\u3040-\u9fff]{3})\s*[/／]\s*(?=[\u3040-\u9fff])"
)
"""Between two words; behind a number and its unit it means "per"."""
_BULLET = re.compile(r"(?<=[^\s,;:.!?]) +[•‣◦▪] +")
_NUMBER_SIGN = re.compile(r"№ ?(?=\d)")
_SQUARED = re.compile("[\u3371-\u33df]")
_RAISED_ORDINAL = re.compile(
    "(?<=[\\dIVXLC])[\u00aa\u00ba\u02b0-\u02b8\u02e2\u1d2c-\u1d6a\u1d9c\u207f]+"
)
"""`2ⁿᵈ`, `1ᵉʳ`, `XXᵉ`."""
_PICTURES = re.compile(
    "[\u00a9\u00ae\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u2500-\u2775\u2794-\u27e5"
    "\u27f0-\u297f\u2b00-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001f0ff\U0001f10d-\U0001faff]"
)
_CONTROLS = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffd\ud800-\udfff\ue000-\uf8ff"
    "\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
_LOOSE_JOINER = re.compile("(?<![\u0900-\u0dff])[\u200c\u200d]")
"""Joiners shape the letters of Indic scripts; elsewhere they only hold emoji together."""

_SIGNS = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛ʼ＇", "'"),
        **dict.fromkeys("„‟〝‹", "“"),
        "›": "”",
        "〞": "”",
        "‼": "!",
        "⁉": "?",
        "＂": '"',
        "‐": "-",
        "‑": "-",
        "−": "-",
        "‒": "–",
        "―": "—",
        "،": ",",
        "؛": ";",
        "؟": "?",
    }
)
_DASHES = re.compile(r"-{2,}")
_REPEATS = re.compile(r"([!?,;:])\1+|\.{4,}")
_SPACES = re.compile(r"\s+")
_SPACE_BEFORE_MARK = re.compile(r"(?<=\w)\s+(?=[,.!?](?:\s|$))")


def clean(text: str) -> str:
    """Return what is to be spoken of `text`, one sentence, or "" where nothing can be.

    Links keep their text, images their description, table rows become a list, list items and
    headings lose their signs. Never raises, whatever the characters.
    """
    if _FENCE.match(text) or _RULE.match(text):
        return ""
    for step in _STEPS:
        text = step(text)
    return text if any(map(str.isalnum, text)) else ""


def _unify_characters(text: str) -> str:
    """Give characters of one meaning one form; drop those that cannot be seen."""
    text = _KEYCAP.sub(r"\1 ", text)
    text = _SQUARED.sub(_plain_unit, text)
    text = _RAISED_ORDINAL.sub(_plain_ordinal, text)
    text = _CIRCLED.sub(lambda found: f" {_value(found.group())} ", text)
    text = _CONTROLS.sub("", text)
    text = _WIDE_THOUSANDS.sub(",", text)
    text = _STYLED.sub(lambda found: unicodedata.normalize("NFKC", found.group()), text)
    return unicodedata.normalize("NFC", text)


def _plain_unit(found: re.Match[str]) -> str:
    """Return a unit that is one sign as letters: `㎡` as `m²`."""
    unit = unicodedata.normalize("NFKC", found.group())
    return re.sub("[23]$", lambda power: "²³"[int(power.group()) - 2], unit)


def _plain_ordinal(found: re.Match[str]) -> str:
    """Return raised letters as usual ones, but for those that have a sign: `ª`, `º`."""
    letters = found.group().replace("ᵃ", "ª").replace("ᵒ", "º")
    return letters if letters in "ªº" else unicodedata.normalize("NFKC", letters)


def _value(numeral: str) -> str:
    return f"{unicodedata.numeric(numeral, 0):g}"


def _remove_tags(text: str) -> str:
    text = _AUTOLINK.sub(r"\1", _DESCRIPTION.sub(r"\1", _UNREAD.sub(" ", text)))
    text = _RAISED.sub(lambda found: "²³"[int(found[1]) - 2], text)
    text = _end_blocks(text)
    closed = set(_CLOSING_TAG.findall(text))
    text = _TAG.sub(lambda found: "" if _INLINE_TAG.match(found.group()) else " ", text)
    text = _ANY_TAG.sub(lambda found: " " if found[1] in closed else found[0], text)
    text = _PLACEHOLDER.sub(r"\1", text)
    return _ENTITY.sub(lambda found: html.unescape(found.group()), text)


def _end_blocks(text: str) -> str:
    """Put full stops between the paragraphs, items and cells of a text on one line."""
    if not _BLOCK_TAGS.search(text):
        return text
    words = (found.end() for found in _TAG_OR_WORD.finditer(text) if found["word"])
    end = max(words, default=0)
    return _BLOCK_TAGS.sub(lambda tags: ". " if tags.end() < end else " ", text)


def _remove_block_markup(text: str) -> str:
    text = _HEADING_END.sub("", _BLOCK_START.sub("", _DEFINITION.sub("", text), count=1))
    return ", ".join(cell.strip() for cell in text.split("|") if cell.strip())


def _remove_inline_markup(text: str) -> str:
    text = _FOOTNOTE.sub("", _ESCAPE.sub("", _POWER.sub("^", text)))
    for _ in range(2):  # an image may be a link
        text = _IMAGE_OR_LINK.sub(r"\1", text)
    text = _REFERENCE.sub(r"\1", text)
    return _EMPHASIS.sub(lambda found: " " * found.group().startswith(" "), text)


def _remove_faces(text: str) -> str:
    return _EMOTICON.sub(" ", text)


def _remove_pictures(text: str) -> str:
    text = _MENU.sub(lambda found: found[0] if found[1].islower() else ", ", text)
    text = _CJK_SLASH.sub("、", text)
    text = _BULLET.sub(", ", _ARROW.sub(", ", text))
    return _LOOSE_JOINER.sub("", _PICTURES.sub(" ", _NUMBER_SIGN.sub("#", text)))


def _unify_signs(text: str) -> str:
    text = _DASHES.sub("—", text.translate(_SIGNS))
    return _REPEATS.sub(lambda found: found.group(1) or "...", text)


def _unify_spaces(text: str) -> str:
    return _SPACE_BEFORE_MARK.sub("", _SPACES.sub(" ", text)).strip()


_STEPS: tuple[Callable[[str], str], ...] = (
    without_unspoken,
    without_tex,
    _remove_tags,
    _unify_characters,
    with_keys,
    _remove_faces,
    _remove_block_markup,
    _remove_inline_markup,
    _remove_pictures,
    _unify_signs,
    _unify_spaces,
)
