"""Ways of writing that are other ways of writing the same, which the rules after them know."""

import re
from collections.abc import Iterator
from operator import methodcaller

from wyoming_kokoro.text.normalize.locale import Rule

_DECADES = "music|hits|rock|pop|songs?|movies?|films?|style|playlists?|fashion|party|classics"
_SIDES = r"[\"'″′]|\s?(?:ft|in|yd|cm|mm|m)"
_NO_COMPOUND = "for|in|to|by|and|on|of|or|at|the"
_PER = "day|week|month|year|night|person|hour|minute|second|user|head|room"

_NUMBERED = re.compile(
    r"(?i)\b(?:account|parcel|package|order|reference|ref|case|policy|phone|tel|model|serial|invoice|"
    r"ticket|flight|tracking|booking|card|customer|member|id|claim|job|part|item|reg)\.?\Z"
)
"""What is numbered, before "no."."""

_NOT_WARM = re.compile(
    r"(?i)(?<![^\W\d_])(?:seats?|gate|row|unit|apt\.?|room|flat|platform|exit|building|suite|lot|bay|size|door|"
    r"level|zone|section|bus|line|block|desk|stand|class|grade|number|pier|stop|berth)(?: is)? \Z"
)
"""Before a number and a letter that are no warmth: `seat 14C`."""

_REWRITES = (
    (
        "decade",
        r"(?i)(?<!\w)((?:the|early|late|mid|my|your|his|her|their|our|low(?:er)?|upper|high)[\s-])(?=\d0s\b)",
        r"\1'",
    ),
    ("decade.and", r"(?<=\d0s)(\s(?:and|or|to)\s)(?=\d0s\b)", r"\1'"),
    ("born", r"(?<![\w.])b\.\s?(?=(?:c(?:a|irca)?\.?\s)?[12]\d{3}(?!\d))", "born "),
    ("died", r"(?<![\w.])d\.\s?(?=(?:c(?:a|irca)?\.?\s)?[12]\d{3}(?!\d))", "died "),
    ("circa", r"(?<![\w.])ca?\.\s?(?=\d{3,4}(?!\d))", "circa "),
    ("regarding", r"(?<!\w)R[Ee]:(?=\s)", "Ree:"),
    ("forwarded", r"(?<!\w)F[Ww]d?:(?=\s)", "Forwarded:"),
    ("love", r"(?<=\b[IuU])\s<3\s(?=[a-z])|(?<=\b[Ww]e)\s<3\s(?=[a-z])", " love "),
    ("js", r"\.js(?<=[A-Za-z]\.js)(?!\w)", " J S"),
    ("net", r"\.NET(?<![\w.]\.NET)(?!\w)", "dot net"),
    ("dollar.letter", r"(?<=[A-Za-z])\$(?=[a-z])", "s"),
    ("mark.letter", r"(?<![A-Za-z])([A-Z])!(?=[a-z]{2})", r"\1i"),
    ("decade.music", rf"(?i)(?<![\w'])(?=\d0s\s(?:{_DECADES})\b)", "'"),
    ("clock.point", r"(?i)(?<![\w.,])(\d{1,2})\.(?=[0-5]\d\s?[ap]\.?m\b)", r"\1:"),
    ("per.minute", r"(?<=\d)(\s[a-z]{3,15})\s?/\s?min(?!\w)", r"\1 per minute"),
    ("per.hour", r"(?<=\d)(\s[a-z]{3,15})\s?/\s?hr?(?!\w)", r"\1 per hour"),
    ("per.second", r"(?<=\d)(\s[a-z]{3,15})\s?/\s?s(?:ec)?(?!\w)", r"\1 per second"),
    (
        "per.counted",
        rf"(?<=\d)(\s[a-z]{{3,15}})\s?/\s?(?=(?:{_PER}|kWh|km|mi|kg|lb|L)\b)",
        r"\1 per ",
    ),
    (
        "per.unit",
        rf"(?<=\d)(\s?(?:km|mi|kg|lbs?|oz|m[lL]|m|ft|mg|cal))\s?/\s?(?=(?:{_PER})\b)",
        r"\1 per ",
    ),
    ("per", rf"(?<=[\d²³hlLgB])\s?/\s?(?=(?:{_PER})\b)", " per "),
    ("or", r"(?<=°[CF])\s?/\s?(?=-?\d)", " or "),
    ("by", rf"(?<=\d)({_SIDES})\s?[x×]\s?(?=\d)", r"\1 by "),
    ("rent", r"(£\s?[\d,.]+k?)\s?pcm\b", r"\1 per calendar month"),
    ("rent.week", r"(£\s?[\d,.]+k?)\s?pw\b", r"\1 per week"),
    ("rent.year", r"(£\s?[\d,.]+k?)\s?pa\b", r"\1 a year"),
    ("minus", r"(?<=\d)\s[-–]\s(?=\d+(?:\.\d+)?\s(?:is|equals|makes)\s\d)", " minus "),
    ("fiscal", r"(?<!\w)FY(?=20\d\d\b)", "FY "),
    ("with", r"(?<![\w/])[wW]/(?=\s|[a-z]{2})", "with "),
    ("without", r"(?<![\w/])[wW]/o(?!\w)", "without"),
    ("about", r"(?<=[a-z]{3}\s)≈\s?(?=[$€£]?\d)|\A≈\s?", "about "),
    ("compound", rf"(?<=\d)-(?!(?:{_NO_COMPOUND})\b)(?=[a-z]{{3}})", " "),
    (
        "inch.parts",
        r"(?<![\w./])(?<!\ba )(?<!\bthe )(\d+[ -]\d+/\d+)(?:[\"″”]|'')(?!\w)",
        r"\1 inches",
    ),
    ("inch.part", r"(?<![\w./])(\d+/\d+)(?:[\"″”]|'')(?!\w)", r"\1 inch"),
    ("extension", r"(?<=\d{4}),?\s?(?:[Ee]xt\.?|x)\s?(?=\d{1,6}(?![\w.,]?\d))", ", extension "),
    (
        "number.hash",
        r"(?i)(?<!\w)((?:my|your|his|her|our|their|phone|account|order|tracking)\s)#(?=:|:?\s(?:is|was|to|for|on)\b)",
        r"\1number",
    ),
    (
        "inch.word",
        r"(?<=\d)\sin(?=\s(?:of|tall|wide|long|deep|thick|high|by|per|x)\b|[,;)]|\.?\Z)"
        r"|(?<=\d)\s?in\.(?=\s[a-z])",
        "in",
    ),
    (
        "unit.point",
        r"(?<=\d)(\s?(?:ft|yd|mi|oz|lbs?|tbsp|tsp|qt|gal|min|sec|hrs?))\.(?=\s(?:[a-z]|[NSEW]{1,2}\b))",
        r"\1",
    ),
    ("amp", r"(?<=\d)\sA(?=\s?[,;)]|\.?\Z|\s(?:at|of|on|per|fuse|breaker|circuit)\b)", "A"),
    ("number", r"[Nn]o(?<![\w.]..)(?:\.\s?|(?<=\w\sNo)\s)(?=\d)", "number "),
    ("numbers", r"(?<![\w.])[Nn]os\.\s?(?=\d)", "numbers "),
)
"""Name, pattern, and what to write instead."""


def rules() -> Iterator[Rule]:
    """Yield a rule for each."""
    for name, pattern, instead in _REWRITES:
        yield Rule(f"en.{name}", re.compile(pattern), methodcaller("expand", instead))
    yield Rule(
        "en.number.word",
        re.compile(r"(?<=\w)\s[Nn]o\.(?=:?\s(?:is|was|has|for|on)\b|:)"),
        lambda found: (
            " number"
            if _NUMBERED.search(found.string, max(0, found.start() - 16), found.start())
            else None
        ),
    )
    yield Rule(
        "en.scale",
        re.compile(r"(?<![\w,/:])(-?\d{1,3}(?:\.\d)?)\s?([CF])(?![\w'’+#&-]|[.:]\w)"),
        lambda found: (
            None
            if _NOT_WARM.search(found.string, max(0, found.start() - 16), found.start())
            else f"{found[1]} °{found[2]}"
        ),
    )
