"""An Italian noun in, the form of "one" before it out: un, uno, una, un'."""

import re

from wyoming_kokoro.text.normalize.numbers import Form
from wyoming_kokoro.text.normalize.tables import words
from wyoming_kokoro.text.normalize.words import is_roman

MASCULINE, FEMININE = "m", "f"
UNO: Form = "z"
"""Masculine before an s with a consonant, z, gn, ps, x and y: "uno zaino"."""

ELIDED: Form = "e"
"""Feminine before a vowel: "un'ora"."""

_ONE = {MASCULINE: "un", UNO: "uno", FEMININE: "una", ELIDED: "un'"}

_IMPURE = re.compile(r"(?:s[^aeiouàèéìòùh]|z|gn|ps|pn|x|y)", re.IGNORECASE)
_VOWEL = re.compile(r"[aeiouàèéìòù]", re.IGNORECASE)

_NO_NOUNS = frozenset(
    words(
        """
        a ad al alla alle allo ai agli anche ancora c che chi ci col come con contro cui da
        dal dalla dalle dai del della delle dello dei di dove due durante e è ed era erano
        fa fino fra fu ha hanno i il in invece l la le lo lei lui ma mentre nel nella nelle
        nei non né o ogni oltre oppure per perché più può possono prima quando quindi resta
        restano rimane rimangono sarà saranno se si sono sopra sotto su sul sulla sulle sui
        tra un una uno va verso viene vengono adesso oggi domani ieri fuori dentro circa
        funziona funzionano meno punto virgola
        """
    )
)
_MASCULINE_IN_A = re.compile(
    r"(?:blema|stema|tema|schema|gramma|clima|dramma|aroma|diploma|ista|pigiama|panorama|pianeta|"
    r"promemoria|cinema|delta|poeta|pilota|atleta|collega|[ai]sma|gma|plasma)\Z"
)
_FEMININE_ENDINGS = re.compile(r"(?:[zsg]ione|zone|tà|tù|trice|[^h]ie|a)\Z")
_FEMININE_WORDS = frozenset(
    words(
        """
        analisi ape app arte auto base bici capitale card carne cattedrale cenere centrale
        chat chiave classe clip conquista corrente crisi croce cute dinamo dose eco effige
        email estate fame fase febbre finale fine fonte foto frase fronte gente grandine gru
        immagine immersione indagine intervista ipotesi lavagna legge lista luce madre mail
        mano mente moglie morte moto nave neve newsletter notte opinione origine parete
        parte password patente pelle pista playlist polvere provvista quiete radio rete
        riunione rivista salute sete siepe sim sorgente sorte specie spirale superficie
        svista tangente tesi torre tosse tv unione usb valle vista vocale voce webcam
        """
    )
)


def article_form(noun: str, gender: Form) -> Form:
    """Return the form of "one" before `noun`, whose gender is known."""
    if gender == MASCULINE:
        return UNO if _IMPURE.match(noun) else MASCULINE
    return ELIDED if _VOWEL.match(noun) else FEMININE


def form_before(noun: str, plural: bool = False) -> Form:
    """Return the form of "one" before a word, by its ending; "" where it is no noun.

    Of "1 o 2 ore" the word is `plural`.
    """
    if not noun.islower() or noun in _NO_NOUNS:
        return ""
    if plural and noun.endswith("e"):
        return article_form(noun, FEMININE)
    feminine = noun in _FEMININE_WORDS or (
        _FEMININE_ENDINGS.search(noun) and not _MASCULINE_IN_A.search(noun)
    )
    return article_form(noun, FEMININE if feminine else MASCULINE)


def form_of_acronym(noun: str) -> Form:
    """Return the form of "one" before letters: "un SMS", "una TV"."""
    if len(noun) < 2 or not noun.isupper() or noun in _NO_ACRONYMS or is_roman(noun):
        return ""
    return FEMININE if noun in _FEMININE_ACRONYMS else MASCULINE


_NO_ACRONYMS = frozenset(words("HD UHD FM AM PM KM CV OFF ON E O A DI IL LA IN"))
_FEMININE_ACRONYMS = frozenset(words("TV SIM VPN URL USB"))


def inflect(spelled: str, number: int, form: Form) -> str:
    """Say "un", "una", "un'" before a noun, and "un milione di"."""
    if not form:
        return spelled
    if number == 1:
        return _ONE[form]
    return f"{spelled} di" if number and number % 1_000_000 == 0 else spelled
