"""A German word or number before a point in, out comes what the point means there.

An ordinal has a point as well, which no capital tells from a full stop: all nouns have capitals.
The word before the number tells it, or the month after it.
"""

import re

from wyoming_kokoro.text.normalize.tables import pairs, words
from wyoming_kokoro.text.reading.punctuation import Point

_BEFORE_ORDINAL = frozenset(
    words(
        """
        am im vom zum zur beim ins ans aufs fürs der die das den dem des jeder jede jedes jedem
        jeden dieser diese dieses diesem diesen mein meine meinem meinen meiner dein deine deinem
        deinen deiner sein seine seinem seinen seiner ihr ihre ihrem ihren ihrer unser unsere
        unserem unseren unserer eine einem einen einer eines ab seit
        """
    )
)
MONTHS = frozenset(
    words(
        """
        Januar Februar März April Mai Juni Juli August September Oktober November Dezember Jan Feb
        Mär Apr Jun Jul Aug Sep Sept Okt Nov Dez Jänner
        """
    )
)
_LEADING = frozenset(
    words(
        """
        z.b d.h u.a u.u i.d.r v.a z.t s.o s.u n.chr v.chr bsp bspw bzw evtl ggf inkl exkl zzgl
        abzgl einschl insb allg vgl sog bes gem mind durchschn tägl dipl hr hrn frl fam abb bd abs
        aufl anm geb verh str bhf kap nrn lt max ca st
        """
    )
)
"""Abbreviations that lead on."""

_APART = pairs(
    """
    b: z, h: d, a: u/i/v, u: u/s, ä: u/o, r: d, d: i/ü, t: z, chr: v/n, v: e, o: s, e: m, m: d
    """
)
"""The last part of an abbreviation that is written apart, and the parts that may stand before it:
`z. B.`, `i. d. R.`"""

_BEGUN = frozenset(words("z d u i o v n s e m ü"))
"""First parts of those."""

_MAY_END = frozenset(words("ä v chr"))
"""Last parts that a sentence may end in: `oder Ä.`"""

_TRAILING = frozenset(
    words(
        """
        usw usf etc std min sek jh jhd stk pkt tel temp mwst whg zi app hbf mo di mi do
        fr sa so jan feb mär apr jun jul aug sep sept okt nov dez uff pl
        """
    )
)
"""Those after which a sentence may end, if a capital follows."""

_BEFORE_NOUN = frozenset(words("fr mio mrd tsd"))
"""Frau, or a day with its date; and what is counted in thousands."""

_WORDS = frozenset(words("so do mi di mo sa"))
"""Days that are words as well."""

STARTERS = frozenset(
    words(
        """
        aber alle alles also am auch auf aus außerdem bei bis bitte da dabei dadurch dafür dagegen
        daher damit danach dann das dein deine den denn der derzeit deshalb dem des die dies diese
        dieser dieses dort du durch ein eine einen einige er es euer falls für ganz gerade gib heute
        hier ich ihr ihre im in ist ja jede jeder jedes jetzt kann kannst kein keine könnte mach man
        mehr mein meine mit morgen möchtest möglicherweise nach nein nicht nichts noch nun nur ob
        oder ohne schalte sei seit sein seine sie sind so sobald soll sonst stell und unser unsere
        viel viele vielleicht vom von vor wann war warum was wegen weil weiter welche wenn wer werde
        wie willst wir wird wo zu zum zur zuerst zuletzt zudem zurzeit übrigens über
        """
    )
)
"""Words that begin sentences, in lower case."""

_PERHAPS_BEFORE_ORDINAL = frozenset(words("und oder bis sowie in auf aus mit von zu nach"))
_DAY_AND_MONTH = re.compile(r"\d{1,2}\.\s?\d{1,2}")
_STREET = re.compile(r"(?i)[a-zäöüß]{3,40}str")
_ROMAN = re.compile(r"[IVX]{1,6}")


def meaning_in_german(word: str, previous: str) -> Point | None:
    """Say what a point after `word` means in German, None where it means what it does elsewhere;
    `previous` is the word before it, with its marks."""
    lower, before = word.lower(), previous.lower().rstrip(".,")
    if word.isdecimal() and len(word) <= len("1000"):
        listed = previous.endswith(".,") and before.isdecimal()
        ordered = listed or before in _BEFORE_ORDINAL or before in _PERHAPS_BEFORE_ORDINAL
        return Point.UNLESS_NOUN if ordered else Point.UNLESS_MONTH
    if _ROMAN.fullmatch(word) and previous:
        return Point.UNLESS_NOUN if before in _BEFORE_ORDINAL else Point.CAPITAL
    if _DAY_AND_MONTH.fullmatch(word):
        return Point.CAPITAL
    if previous.endswith(".") and before in _APART.get(lower, "").split("/"):
        return Point.CAPITAL if lower in _MAY_END else Point.NEVER
    if (lower in _BEGUN and word.islower()) or lower in _LEADING or _STREET.fullmatch(word):
        return Point.NEVER
    if lower in _BEFORE_NOUN:
        return Point.UNLESS_NOUN
    trailing = lower in _TRAILING and not (lower in _WORDS and word.islower())
    return Point.CAPITAL if trailing else None
