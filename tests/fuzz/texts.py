"""A seed in, texts out: what nine languages and their markup are made of, put together wrongly."""

import random
from collections.abc import Iterator
from functools import cache
from itertools import islice

from tests.support import hostile
from tests.support.places import ROOT
from wyoming_kokoro.text.normalize.tables import words

LONGEST = 1_000
"""Characters of a text: about a passage."""

_REPLIES = ROOT / "tests" / "text" / "normalize"

_WORDS = words(
    """
    the lamp a I read 2nd O'Neil co-op naïve café mother-in-law
    NASA iPhone pH µg ﬁne Straße la luz d'eau l'heure qu'il
    n'est àbord São João não às ações città perché già niño
    ¿qué? बत्ती नमस्ते क्ष हज़ार ज़ २३ ५० दो-तीन 今日は 電気 リビング ｶﾞ
    ー っ 々 五 三十 㐂 𠮷 你好 客厅 二〇二六 百分之 한국어 Москва ёлка Ελλάδα שלום
    مرحبا ١٢٣ สวัสดี ๑๒ தமிழ் మాట ქართული հայ አማርኛ မြန်မာ
    """
)
_NUMBERS = words(
    """
    0 1 007 3.14 -5 1,000 1.000.000 1 000 10:30 7:05am 24:00
    20/11/2026 2026-11-20 31.12. 1/2 ½ ² ³ ⁴ 5% $5 €3,50 £1bn
    ¥100 ₹5 3x4 10^6 1e9 -40°C 25km/h 5'10" 192.168.1.1 +49 30
    123456 0800-123 v1.2.3 B12 C-3PO 1st 3rd XIV Ⅷ ①
    99999999999999999999 0.0000001 １２ 4K 802.11ax 50-60 2h 15m
    1990s
    """
)
_MARKUP = words(
    r"""
    ** * _ __ ~~ ` ``` # ## > - + | |-|-| --- === [ ] ( )
    ![a](b) [a](b) [^1] [x] \ \( \) \[ $ $$ \frac{1}{2} \sqrt{
    ^{ _{ } <b> </b> <p> </p> <br/> <!-- --> <script> </script>
    <img alt='x'> & &amp; &#x1F600; &nbsp; http://a.b/c?d=e#f
    www.x.io a@b.cd #tag @me /etc/x.conf light.lamp_1 [pause:1s]
    [pause: [Niamh](/niːv/) (/ʃ/) :) :-( (╯°□°)╯ ¯\_(ツ)_/¯ -> =>
    ← → • ☃ 😀 👩‍👩‍👧 🇩🇪 1️⃣ ©
    """
)
_SSML = (
    "<speak> </speak> <speak",
    "<s> </s>",
    "<p> </p>",
    "<break time='1s'/>",
    "<break strength='x",
    "<prosody rate='200%'>",
    "</prosody>",
    "<phoneme ph='niːv'>",
    "</phoneme>",
    "<say-as interpret-as='date' format='dmy'>",
    "<say-as interpret-as='characters'>",
    "<say-as interpret-as='ordinal'>",
    "<say-as interpret-as='telephone'>",
    "<say-as interpret-as='fraction'>",
    "</say-as>",
    "<sub alias='x'>",
    "</sub>",
    "<lang xml:lang='fr'>",
    "</lang>",
    "<voice name='a'>",
    "</voice>",
    "<emphasis>",
    "</emphasis>",
    "<![CDATA[",
    "]]>",
    "<?xml ?>",
    "<!DOCTYPE x [",
)
_SIGNS = (
    *".,;:!?…'\"’“”«»‹›„‚-–—‑/\\()[]{}<>=+*^~_|@#%&°·•",
    *"。、，！？；：「」『』（）〜・।॥؟،؛¿¡‰№§¶†×÷±≈≤√∞π",
    *" \n\t\r\u00a0\u2003\u3000\u200b\u200d\u200c\u00ad\ufeff\u2028",
    *"\u202a\u202e\u2066\u2069\u200e\u061c\x00\x01\x07\x1b\x7f\x85\ufffd\ud800\udfff\ufe0f",
    *"\u0300\u0301\u0327\u0361\u093c\u094d\u3099\u20e3\U000e0041\U00010600\U00010603\U0001f3fb\u2063",
)
_PAIRS = ("()", "[]", "{}", "<>", "“”", "«»", '""', "''", "**", "``", "$$", "（）", "「」", "__")


def texts(seed: int) -> Iterator[str]:
    """Yield texts without end, the same for the same seed."""
    chance = random.Random(seed)
    kinds = (_joined, _repeated, _nested, _mutated, _of_a_pattern, _of_anything, _spoken)
    while True:
        yield chance.choice(kinds)(chance)[: chance.choice((60, 250, LONGEST))]


def _atom(chance: random.Random) -> str:
    kind = chance.choice((_WORDS, _NUMBERS, _MARKUP, _SIGNS, _SIGNS, _SSML))
    return chance.choice(kind) if chance.random() < 0.8 else _sampled(chance)


def _sampled(chance: random.Random) -> str:
    """Return what one of the front end's own patterns finds."""
    return hostile.sample(hostile.parsed(chance.choice(_patterns())), chance)


@cache
def _patterns() -> tuple[hostile.Pattern, ...]:
    return tuple(hostile.patterns())


def _joined(chance: random.Random) -> str:
    between = chance.choice(("", " ", " ", ", ", "-", "."))
    return between.join(_atom(chance) for _ in range(chance.randint(1, 40)))


def _repeated(chance: random.Random) -> str:
    """Return something, and something else again and again: what quadratic rules are slow for."""
    before = "".join(_atom(chance) for _ in range(chance.randint(0, 2)))
    unit = "".join(_atom(chance) for _ in range(chance.randint(1, 3))) or "."
    return before + unit * (LONGEST // len(unit)) + chance.choice(("", _atom(chance)))


def _nested(chance: random.Random) -> str:
    pairs = chance.choices(_PAIRS, k=chance.randint(1, 3)) * chance.randint(1, 200)
    opened = "".join(pair[0] for pair in pairs)[: LONGEST // 2]
    closed = "".join(pair[1] for pair in reversed(pairs))[: chance.randint(0, LONGEST // 2)]
    return opened + _atom(chance) + closed


def _mutated(chance: random.Random) -> str:
    """Return replies of an assistant, with something done to them a few times."""
    text = " ".join(chance.choices(_replies(), k=chance.randint(1, 3)))
    for _ in range(chance.randint(1, 8)):
        start, end = sorted(chance.randint(0, len(text)) for _ in range(2))
        end = min(end, start + 20)
        piece = chance.choice(("", _atom(chance), text[start:end] * chance.randint(2, 30)))
        text = text[:start] + piece + text[end:]
    return text


@cache
def _replies() -> tuple[str, ...]:
    lines = (
        line
        for file in sorted(_REPLIES.glob("replies.*.tsv"))
        for line in file.read_text(encoding="utf-8").splitlines()
    )
    return tuple(cell for line in lines if line[:1] not in "#" for cell in line.split("\t")[:2])


def _of_a_pattern(chance: random.Random) -> str:
    """Return what makes one of the front end's own patterns try again and again."""
    pattern = chance.choice(_patterns())
    unit = chance.choice(hostile.units(pattern, chance))
    return hostile.repeated(chance.choice(hostile.prefixes(pattern, chance)), unit, LONGEST)


def _of_anything(chance: random.Random) -> str:
    """Return characters of a few blocks of Unicode, assigned or not."""
    starts = [chance.choice((0, 0, 0x20, 0x30)) * 0x100 + chance.randrange(0x100) for _ in range(2)]
    starts += [chance.randrange(0x300) * 0x100 % 0x110000, 0x20]
    length = chance.randint(1, 200)
    return "".join(chr(chance.choice(starts) + chance.randrange(0x60)) for _ in range(length))


def _spoken(chance: random.Random) -> str:
    """Return SSML, or what begins like it."""
    parts = islice(iter(lambda: _atom(chance), None), chance.randint(1, 12))
    return "<speak>" + "".join(part + chance.choice(_SSML) for part in parts)
