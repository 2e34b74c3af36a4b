"""Hindi as people type it in, spelled so that espeak-ng reads it as they say it.

People leave out the dots that make फ़ and ज़ of फ and ज; espeak-ng keeps vowels that nobody says,
and loses some that everybody does. English words are written as Hindi writes them, for its sounds
are the only ones that the Hindi voices have learned.
"""

import re
from collections.abc import Mapping

from wyoming_kokoro.text.normalize.tables import pairs, words

_OWN_PH = words(
    """
    फल फूल फिर फैल फट फाट फाड़ फोड़ फूट फेंक फँस फंस फाँस फांस फेर फीक फिसल फड़ फुस फूँक फूंक फुहार
    फागुन फाल्गुन फन फण फाँक फांक फफ फुदक फुलक फुलाव फुर्त असफल विफल सफल कफ गुफा हाँफ हांफ उफन
    उफान लफंग
    """
)
"""Beginnings of words with फ; almost all others with that letter are borrowed, and have फ़."""

_WITH_Z = words(
    """
    हजार जरूर जरुर आवाज दरवाज रोजाना कमजोर ताजा ताजे ताजी नजर नजदीक बाजार मंजिल अंदाज इजाजत
    जिंदगी जिन्दगी जिंदा जमीन ज्यादा जोर मजा मजे मजबूत अंग्रेजी सब्जी सब्जिय कागज वजन नाराज चीज
    तेज साइज वर्जन म्यूजिक फ्रीजर फ़्रीजर जीरो जोन जूम लेजर ब्राउजर इंतजार इंतजाम आजाद मरीज रजाई
    खजान जिम्मेदार न्यूज अमेजन क्विज रिलीज क्लोज टाइमजोन
    """
)
"""Beginnings of words in which ज is ज़."""

_SPELLINGS = pairs(
    """
    बजकर: बज्कर, लगभग: लग्भग, दशमलव: दशम्लव, पचपन: पच्पन, उनसठ: उन्सठ, इकसठ: इक्सठ, सड़सठ: सड़्सठ,
    अड़सठ: अड़्सठ, उपकरण: उप्करण, उपलब्ध: उप्लब्ध, पासवर्ड: पास्वर्ड, फ़िल्म: फ़िलम, बदलकर: बदल् कर,
    निकलकर: निकल् कर
    """
)
"""Words, and spellings that have no more vowels than are said."""

_WORD = re.compile("[\u0900-\u0963\u0970-\u097f]+")
_UNDOTTED_PH = re.compile("फ(?!\u093c)")
_UNDOTTED_J = re.compile("ज(?!\u093c)")
_LOST_NASAL = ((re.compile("एँ"), "एं"), (re.compile("(?<=.)ई[ंँ](?=\\Z)"), "यीं"))

_SOUNDS: Mapping[str, tuple[str, str]] = {
    "æ": ("ऐ", "ै"),
    "ɑ": ("आ", "ा"),
    "ɔ": ("ऑ", "ॉ"),
    "ɛ": ("ए", "े"),
    "ə": ("अ", ""),
    "ɜ": ("अ", ""),
    "ʌ": ("अ", ""),
    "i": ("ई", "ी"),
    "ɪ": ("इ", "ि"),
    "ᵻ": ("इ", "ि"),
    "u": ("ऊ", "ू"),
    "ʊ": ("उ", "ु"),
    "A": ("ए", "े"),
    "I": ("आइ", "ाइ"),
    "W": ("आउ", "ाउ"),
    "Y": ("ऑइ", "ॉइ"),
    "O": ("ओ", "ो"),
}
"""By vowel, in misaki's American notation: as a letter, and as the sign on a consonant."""

_CONSONANTS: Mapping[str, str] = pairs(
    """
    b: ब, d: ड, f: फ़, h: ह, j: य, k: क, l: ल, m: म, n: न, p: प, s: स, t: ट, v: व, w: व, z: ज़,
    ɡ: ग, ŋ: ङ, ð: द, ɹ: र, ʃ: श, ʒ: ज़, ʤ: ज, ʧ: च, θ: थ, T: ट
    """
)
_VIRAMA = "\u094d"
_NEAREST = (
    (re.compile("[ˈˌ]"), ""),
    (re.compile("(.)(?=\\1)"), ""),
    (re.compile("ᵊ"), "ə"),
    (re.compile("ɑ(?!ɹ)"), "ɔ"),
    (re.compile("ə\\Z"), "ɑ"),
    (re.compile("(?<=[td])(?=[nl]\\Z)"), "ə"),
    (re.compile("ŋ(?![ɡk])"), "ŋɡ"),
)
"""Sounds that Hindi has not, or writes otherwise; tried in this order."""


def with_its_vowels(text: str) -> str:
    """Return Hindi text with its words as espeak-ng needs them."""
    return _WORD.sub(lambda word: _respelled(word.group()), text)


def devanagari(phonemes: str) -> str:
    """Return how Hindi writes an English word, given in misaki's American notation."""
    for sounds, nearest in _NEAREST:
        phonemes = sounds.sub(nearest, phonemes)
    written = ""
    for sound in phonemes:
        if sound in _CONSONANTS:
            written += _CONSONANTS[sound] + _VIRAMA
        elif sound in _SOUNDS:
            letter, sign = _SOUNDS[sound]
            written = written[:-1] + sign if written.endswith(_VIRAMA) else written + letter
    return written.removesuffix(_VIRAMA)


def _respelled(word: str) -> str:
    if not word.startswith(_OWN_PH):
        word = _UNDOTTED_PH.sub("फ़", word)
    if word.startswith(_WITH_Z):
        word = _UNDOTTED_J.sub("ज़", word, count=1)
    word = _SPELLINGS.get(word, word)
    for lost, heard in _LOST_NASAL:
        word = lost.sub(heard, word)
    return word
