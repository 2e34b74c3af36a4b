"""A word before a full stop in, out comes what its point means: the end, or an abbreviation."""

import re

from wyoming_kokoro.text.normalize.generic.words import NO_WORDS, WORDS
from wyoming_kokoro.text.reading import german
from wyoming_kokoro.text.reading.punctuation import STOPS, Point


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


TITLES = _words(
    "mr mrs ms mx dr prof rev hon gov sen rep pres gen col capt cpt cmdr lt sgt maj messrs mme "
    "mlle mgr sr sra srta dra dott avv mt ft डॉ mmes mlles srs sres drs profa dre av bd boul pça "
    "dña sig sigg ing geom avda ctra ee jj rr eng engª pe srtas dott arch mm pr pl plza pza rod "
    "नं पृ सं श्री प्रो पं स्व रु rs "
    "ए बी सी डी ई एफ़ एफ जी एच आई जे के एल एम एन ओ पी आर एस टी यू वी"
)
LEADING = _words(
    "e.g i.e eg ie viz cf vs approx ca resp incl excl esp p.ej p.ex env aprox c.-à-d ej कि.मी "
    "से.मी मि.मी कि.ग्रा मि.ली ई.पू cda cdas "
    "cdta cdtas xíc col colh cucch cucchi circ सोम मंगल बुध गुरु शुक्र शनि रवि"
)
NUMBERED = _words("no nos")
"""What may be a word as well."""

HAVING_NUMBERS = _words(
    "account parcel package order reference case policy phone model serial invoice ticket flight "
    "tracking booking card customer member claim part item"
)
"""Behind which "no." is no answer."""

NUMBERED_WORDS = _words("art arts cap caps tab ref sec int ext")
NUMBERED_PARTS = _words(
    "nr núm núms num nro fig figs vol vols pp pg pág págs pag pagg ch chap chaps sect seç séc sécs "
    "secc eq bl réf rif s ss t sc esc bat bât n bldg rm"
)
TRAILING = _words(
    "a.m p.m am pm etc inc ltd co corp llc ave blvd rd jr sr bros dept est min mins max avg hr hrs "
    "jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun "
    "al temp tel mi oz lbs tbsp tsp gal yd ste sq ln pkwy opt fl flr appt appts mgr mgmt "
    "misc pkg qty intl univ assn assoc asst attn cont cert rte rt jct gdns cres terr stn "
    "ecc uds ud vds vd p ex ap apto apt appt moy tél réf máx mín obs seg lun ven dim "
    "janv févr fév avr juil août déc fev abr ago dez ene dic gen mag giu lug sett ott "
    "mié jue vie sáb gio sab uu oo hh dpto depto app pers ét"
)
DATED = _words("mar mai may set out")
"""Months that are words as well, but not after a number or "de"."""

WEEKDAYS = _words("sam mer jeu mar merc qua qui sex ter dom")
"""Days that are names or words as well, but are written small where a date follows."""

MEASURED = _words("sec mm art")
"""What is a unit after a number."""

COMPASS = _words("N S E W NE NW SE SW")

_ROMAN = re.compile(r"[IVXLC]{1,7}|[\u2160-\u217f]{1,3}")

POINTED_ORDINALS = _words("cs da et fi fo hr hu is lv nb nn no pl sk sl sr tr bs mk lb")
"""Languages that write ordinals with a point, and months and most nouns small."""

LAST_WORDS = _words("osv jne itd atd enz m.m mv etc a.u.b")
"""Their abbreviations that a sentence may end in."""

NAMES = _words("st ph.d")
OF_TWO = {"es": ("ad", "per"), "c": ("a.", "d.")}
"""Words that a first one makes abbreviations: `ad es.`, `44 a. C.`"""

STARTERS = _words(
    "a after all also although an and are as at because before but by can could did do does "
    "during each every finally first for from good has have he her here his how however i i'd "
    "i'll i'm i've if in is it it's its just let let's maybe my next no not nothing now of oh ok "
    "okay on once one only or our please she should since so some sorry still thanks that that's "
    "the their then there there's these they they're this those though to today tomorrow tonight "
    "two until was we we'll we're were what when where which while who why will with would yes "
    "you you'd you'll you're your"
)
"""English words that begin sentences and no names."""


def meaning_of_point(word: str, previous: str, language: str = "en") -> Point:
    """Say what a point after `word` means; `previous` is the word before it.

    `word` comes without the point and without opening quotes or brackets; `previous` is in lower
    case where it begins the sentence, for then its capital says nothing. `language` is the bare
    code of what is spoken.
    """
    word = word.rpartition(".-")[2]  # "lun.-ven. 8h"
    own = _meaning_in(language, word, previous)
    if own is not None:
        return own
    lower = word.lower().replace("’", "'").rpartition("'")[2]  # "l'ing. Rossi"
    if lower in MEASURED and (previous[-1:].isdigit() or _ROMAN.fullmatch(previous)):
        return Point.CAPITAL
    if lower in LEADING or (lower in TITLES and not (lower == "sr" and previous[:1].isupper())):
        return Point.NEVER
    if previous.lower() in OF_TWO.get(lower, ()):
        return Point.CAPITAL if word.isupper() else Point.NEVER
    if lower in ("a", "d") and (previous[-1:].isdigit() or _ROMAN.fullmatch(previous)):
        return Point.NEVER  # "44 a. C.", "7:05 a. m."
    if lower == "in" and previous[-1:].isdigit():
        return Point.CAPITAL  # inches
    if lower in NUMBERED:
        return Point.CAPITAL if previous.lower() in HAVING_NUMBERS else Point.UNLESS_NUMBER
    if lower in NUMBERED_WORDS:
        return Point.UNLESS_ROMAN
    if lower in NUMBERED_PARTS:
        return Point.UNLESS_NUMERAL
    if word in WEEKDAYS:
        return Point.CAPITAL
    if (lower in TRAILING and len(word) > 1) or (len(word) == 1 and word.islower()):
        return Point.CAPITAL
    if lower in DATED and (previous.isdecimal() or previous == "de"):
        return Point.CAPITAL
    if lower == "st" and previous[:1].isupper() and previous[-1:].isalnum():
        return Point.CAPITAL  # a street, not a saint
    if lower in NAMES or _is_initials(word):
        return Point.STARTER
    return Point.ENDS


def _meaning_in(language: str, word: str, previous: str) -> Point | None:
    """Return what the point means in that language, None where it means what it does in all."""
    if language == "de":
        return german.meaning_in_german(word, previous)
    if f"{word.lower()}." in WORDS.get(language, NO_WORDS).abbreviations:
        return Point.CAPITAL if word.lower() in LAST_WORDS else Point.NEVER
    ordinal = language in POINTED_ORDINALS and word.isdecimal() and len(word) <= len("31")
    return Point.CAPITAL if ordinal else None


def begins_sentence(point: Point, word: str) -> bool:
    """Whether the capitalized `word` begins a sentence behind a point of such a meaning."""
    if point is Point.STARTER:
        return word.lower() in STARTERS
    if point is Point.CAPITAL:
        return word not in COMPASS  # "Main St. NW"
    if point is Point.UNLESS_NOUN:
        return word.lower() in german.STARTERS
    if point is Point.UNLESS_MONTH:
        return word not in german.MONTHS
    numeral = _ROMAN.fullmatch(word) is not None
    if point is Point.UNLESS_NUMERAL:
        return not numeral and word.isalpha() and len(word) > 1  # "fig. B", "n. A-12"
    return not numeral or word in ("I", "C", "L")


def begins_glued(word: str, after: str) -> bool:
    """Whether `word`, right behind a full stop and before `after`, begins a sentence: "It is
    on.Turning it off", for language models glue what they say around a tool's call."""
    capitalized = word.isalpha() and (word[1:].islower() or word in ("A", "I"))
    return capitalized and (after.isspace() or after in ".!?…,;:" or after in STOPS)


def _is_initials(word: str) -> bool:
    """Whether `word` is `J`, `J.R` or `U.S.A`, its last point left out."""
    letters = word.split(".")
    return all(len(letter) == 1 and letter.isalpha() for letter in letters) and (
        len(letters) > 1 or word.isupper()
    )
