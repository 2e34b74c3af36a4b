"""A German noun and the words before it in, the form of a number that goes with both out.

Of the numbers only one is inflected: "ein Tag", "eine Lampe", "einen Tag lang", "seit einem Tag".
A form is a gender, `m`, `f` or `n`, and the case where it is another than the first: `m4`, `f3`.
"""

import re

from wyoming_kokoro.text.normalize.numbers import Form
from wyoming_kokoro.text.normalize.tables import words

MASCULINE, FEMININE, NEUTER = "m", "f", "n"
DATIVE, ACCUSATIVE = "3", "4"

_ONE = {
    "m": "ein",
    "f": "eine",
    "n": "ein",
    "m3": "einem",
    "f3": "einer",
    "n3": "einem",
    "m4": "einen",
    "f4": "eine",
    "n4": "ein",
}

_NOUNS = {
    MASCULINE: words(
        """
        absatz akku alarm anruf apfel artikel balkon becher befehl beitrag bildschirm brief bus
        cent computer dollar drucker einwohner eintrag esslöffel euro fehler fernseher film filter
        flug freund garten gast hinweis hund kaffee kanal käse keller klick knopf kontakt kunde
        kühlschrank laden lautsprecher link liter löffel mann meter mensch monat name ofen ordner
        platz punkt rauchmelder raum regen roboter rollladen router satz sauger schalter schlüssel
        schrank schritt sensor server song stecker stern stock stuhl tag tee teelöffel teil termin
        thermostat timer tisch titel topf treffer trockner versuch vorhang vorschlag wecker weg
        wind zug zylinder advent fall grund gang weltkrieg geburtstag feiertag weihnachtstag stamm
        stoff start halt buchstabe gedanke junge wille tweet post chat
        """
    ),
    FEMININE: words(
        """
        app art bank batterie butter datei e-mail feder frau frucht hand info kamera kammer kraft
        küche lampe mail mauer nacht nachricht nummer party person pizza playlist schulter schrift
        sim sms stadt sicht tür uhr wand zeit zahl jacht bahn fahrt antwort couch burg welt leiter
        bundesliga liga million milliarde
        """
    ),
    NEUTER: words(
        """
        album alter auge auto bad bett bild brot buch büro café ding ei ende ereignis ergebnis
        fenster feuer foto gebäude gelände gemüse gerät glas gramm grad handy haus interesse jahr
        jahrhundert kabel kapitel kilo kind konto licht lied mal messer muster netz netzwerk paket
        passwort pfund problem programm prozent radio rollo rätsel schloss signal smartphone spiel
        stockwerk stück system tablet telefon theater thema tor update video viertel volt wasser
        watt wetter wort ziel zimmer zeichen quartal semester tor trimester gesetz
        """
    ),
}
_GENDERS = {noun: gender for gender, nouns in _NOUNS.items() for noun in nouns}
_LONGEST = max(map(len, _GENDERS))

_ENDINGS = (
    (NEUTER, re.compile(r"(?:chen|lein|ment|um|nis)\Z")),
    (FEMININE, re.compile(r"(?:ung|heit|keit|schaft|[ts]ion|tät|ik|ei|e)\Z")),
    (MASCULINE, re.compile(r"(?:er|ling|ismus|or|ig|ant|ent|eur|ist)\Z")),
)

_BY_PREPOSITION = {
    **dict.fromkeys(
        words("ab aus bei binnen in mit nach seit von vor zu gegenüber außer unter"), DATIVE
    ),
    **dict.fromkeys(words("auf bis durch für gegen ohne um über"), ACCUSATIVE),
}
_PASSED_OVER = frozenset(
    words(
        """
        nur noch genau etwa circa ungefähr fast rund gut knapp schon bereits mindestens höchstens
        maximal weniger mehr als exakt gerade erst
        """
    )
)
_TAKING_ACCUSATIVE = re.compile(
    r"(?i)(?<!\w)(?:ha(?:be|st|t|ben|bt|tten?|ttest)|gibt|gab|gäbe|brauch\w{1,3}|nimm|nehm\w{1,2}|"
    r"stell\w{0,2}|erstell\w{1,2}|find\w{1,3}|fand\w{0,3}|seh\w{1,2}|sieh\w{1,2}|bekomm\w{1,2}|"
    r"kostet\w{0,2}|dauer\w{1,3}|wieg\w{1,2}|misst|enthält|zeig\w{1,2}|setz\w{1,2}|füg\w{1,2}|"
    r"lösch\w{1,2}|start\w{1,3}|öffne\w{0,2}|kauf\w{0,2}|mach\w{0,2}|hol\w{0,2}|erkenn\w{1,2}|"
    r"melde\w{0,2}|schreib\w{1,2}|send\w{1,3}|wünsch\w{1,3}|hör\w{1,2}|gewann\w{0,2})(?!\w)"
)
_CLAUSE = re.compile(r"[.!?;:]")


def gender_of(noun: str) -> str:
    """Return the gender of `noun` by its last part or its ending, "" where neither tells."""
    lower = noun.lower().rpartition("-")[2] or noun.lower()
    for start in range(max(0, len(lower) - _LONGEST), len(lower)):
        if gender := _GENDERS.get(lower[start:]):
            return gender
    return next((gender for gender, ending in _ENDINGS if ending.search(lower)), "")


def case_after(before: str) -> str:
    """Return the case of what follows the text `before`, "" for the first."""
    clause = _CLAUSE.split(before)[-1]
    for word in reversed(clause.lower().split()):
        if word not in _PASSED_OVER:
            break
    else:
        return ""
    if word in _BY_PREPOSITION:
        return _BY_PREPOSITION[word]
    return ACCUSATIVE if _TAKING_ACCUSATIVE.search(clause) else ""


def inflect(spelled: str, number: int, form: Form) -> str:
    """Say "ein", "eine" ... before what is counted, and "hundert" rather than "einhundert"."""
    if number == 1:
        return _ONE.get(form, spelled)
    return spelled.removeprefix("ein") if spelled.startswith(("einhund", "eintaus")) else spelled
