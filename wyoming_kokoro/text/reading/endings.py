"""A text that has paused in, and whether its last marks end a sentence; nothing follows them yet.

What is given out while the text pauses cannot be taken back, so it goes by what might follow the
marks without a space, and what that would do to the words before them:

- After `!`, `?`, `…` or `。`, and after a full stop behind an ordinary word, whatever follows
  leaves those words as they are. The sentence has ended.
- `config.`, `example.com.` or `(It is late.` are most likely whole, but the name of a file, a host
  or an entity may go on, or a bracket close. Only time can tell.
- In `5 p.`, `No.`, `i.`, `J.`, `3.` and inside of a link, code, a tag or a formula the words before
  the marks depend on those after them: `No. 7` is "number seven", `[docs](https://docs.` no more
  than "docs". That waits for more text, however long.
"""

import re
from enum import Enum, auto

from wyoming_kokoro.text.normalize.addresses import DOMAINS
from wyoming_kokoro.text.reading.punctuation import CLOSERS, MARKS, OPENERS, STOPS, Point


class Ending(Enum):
    """Whether a sentence ends, as far as one can tell before anything follows."""

    CERTAIN = auto()
    """It ends, or what follows leaves its words as they are."""

    LIKELY = auto()
    """It ends if nothing follows soon."""

    OPEN = auto()
    """What follows may change its words."""


class Rest(str):
    """What goes on with a sentence whose beginning was given out when the stream paused. A space
    in front of it counts: `.com` goes on with a word, ` he said` does not."""

    __slots__ = ()


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


_COMPLETE = _words("a.m p.m etc ecc")
"""Abbreviations that nothing after them changes."""

_ALSO_WORDS = _words("am sat sun")
"""Words in small letters that abbreviations are spelled like."""

_SHORTENED = _words("dom merc sam")
"""Weekdays that sentences may end in, but are not at their end before a comma."""

_DOMAINS = frozenset(DOMAINS.split("|"))
_NAMES = _DOMAINS | _words(
    "amazon automations bbc config configuration customize docs example github google "
    "home-assistant index main mqtt node notes readme secrets settings wikipedia youtube"
)
"""What files, hosts and entities are often called before their first point."""

_DETERMINERS = _words("a an any each every his her its my our that the their this which your")
"""English words after which one of those is a thing: "I turn off the light."."""

_SIGN = re.compile(r"[\d!-&(-,./:-@\[-`{-~]")
"""What addresses, names of entities and numbers have within them, and words have not."""

_OPEN_MARKUP = re.compile(
    r"""
      \[ [^\[\]]* \Z                            # [the docs
    | \] (?: \( [^()]* | \[ [^\[\]]* )? \Z      # [the docs](https://a
    | < [/!?]? [A-Za-z] [^<>]* \Z               # <a href="x
    | (?<! [\w$\\] ) \$ (?= [^\s\d$] ) [^$]* \Z # $x
    """,
    re.VERBOSE,
)
_ELEMENT = re.compile(r"<(/?)([A-Za-z][\w:.-]*)(?:\s[^<>]*)?>")
_VOID = _words("br hr img input li p td th tr")
"""Elements that are not closed, or need not be."""

_LINK = re.compile(r"(?i)(?<![a-z])[a-z]++://|www\.")
_ADDRESS = re.compile(
    r"""(?xi) \A
    (?: [^@.]* \Z                                   # my_file, AT&T
    | [\d.,]+ (?: [%°] [CF]? | [^\W\d_]{1,3} ) \Z # 21.5°C
    | .* \. (?: app|br|cn|com|de|dev|edu|es|eu|fr|gov|home|in|info|io|it|jp|lan|local|net|org|tv|uk
      | us|cfg|conf|csv|db|docx?|exe|gif|gz|html?|ini|jpe?g|js|json|log|md|mp[34]|onnx|pdf|php|png
      | py|sh|txt|wav|xlsx?|xml|ya?ml|zip ) \Z )
    """
)
"""An address that has its last part, a number with its unit, and names without a point."""

_FORMULAS = ((r"\(", r"\)"), (r"\[", r"\]"))
_PAIRS = (("(", ")"), ("“", "”"), ("«", "»"), ("「", "」"), ("『", "』"), ("（", "）"))


def ending_of(before: str, run: str, point: Point) -> Ending:
    """Say whether a sentence ends.

    `before` is the sentence up to the marks, `run` the marks and the quotes and brackets that
    close with them, `point` what a single full stop means there once white space follows.
    """
    if _is_open(before, run):
        return Ending.OPEN
    marks = "".join(mark for mark in run if mark in MARKS)
    if not marks:
        return Ending.LIKELY  # an emoji
    word = re.split(r"\s", before)[-1].lstrip("".join(OPENERS)).rstrip("".join(CLOSERS))
    if marks == ".":
        ending = _after_full_stop(before, word, point)
    elif STOPS.isdisjoint(marks) or marks == "．":
        ending = _after_other_marks(word, marks)
    else:
        ending = Ending.CERTAIN
    return Ending.LIKELY if ending is Ending.CERTAIN and _is_within(before + run) else ending


def _after_full_stop(before: str, word: str, point: Point) -> Ending:
    if point is Point.CAPITAL:
        if word.lower() in _COMPLETE:
            return Ending.CERTAIN
        return Ending.LIKELY if word in _ALSO_WORDS else Ending.OPEN
    if point is not Point.ENDS or len(word) < 2 or word[-1].isdigit():
        return Ending.OPEN
    if word.lower() in _SHORTENED:
        return Ending.OPEN
    if _LINK.search(word):
        return Ending.OPEN if "?" in word or "#" in word else Ending.LIKELY
    if _SIGN.search(word):
        entity = word.partition(".")[0] in _DOMAINS
        return Ending.LIKELY if entity or _ADDRESS.match(word) else Ending.OPEN
    name = word.lower()
    if "-" in name:
        return Ending.OPEN if name in _NAMES else Ending.LIKELY
    thing = not _DETERMINERS.isdisjoint(before.lower().split()[-2:-1])
    return Ending.LIKELY if name in _NAMES and not thing else Ending.CERTAIN


def _after_other_marks(word: str, marks: str) -> Ending:
    number = word[-1:].isdigit() and {"!", "?"}.isdisjoint(marks)
    if _LINK.search(word) or number or (not word and marks[0] in ".…"):
        return Ending.OPEN
    return Ending.LIKELY if _SIGN.search(word) or len(word) == 1 else Ending.CERTAIN


def _is_open(before: str, run: str) -> bool:
    """Whether a link, code, a tag or a formula has begun and not ended."""
    text = before + run
    if text.count("`") % 2 or _OPEN_MARKUP.search(text):
        return True
    formula = any(text.rfind(opens) > text.rfind(closes) for opens, closes in _FORMULAS)
    return formula or before.lower().endswith("www") or _has_open_element(before)


def _has_open_element(text: str) -> bool:
    opened: list[str] = []
    for closes, name in _ELEMENT.findall(text):
        if not closes and name.lower() not in _VOID:
            opened.append(name)
        elif name in opened:
            opened.remove(name)
    return bool(opened)


def _is_within(text: str) -> bool:
    """Whether a quotation or bracket has begun and not ended."""
    unequal = any(text.count(opens) > text.count(closes) for opens, closes in _PAIRS)
    return unequal or text.count('"') % 2 == 1
