"""A pause in the text never changes what is said; and what is whole is said at a pause."""

import random
import re
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.pausing import (
    LANGUAGES,
    at_all_tokens,
    at_each_token,
    at_random_tokens,
    changed,
    read,
    replies,
    words,
)
from tests.support.places import SHARED_DIR
from wyoming_kokoro.text.passage import Passage, Span
from wyoming_kokoro.text.reading.reader import TextReader

SAMPLE = 40
"""Replies of a language; `pausing` as a program tries all of them."""

SHARED = SHARED_DIR / "text"

CODES = {code[:2]: code for code in reversed(LANGUAGES)}

EVERYWHERE = (at_each_token, at_all_tokens, at_random_tokens)

HOSTS = ("example.com", "api.example.co.uk", "home-assistant.io", "nabucasa.com", "my-nas.local")
FILES = ("config.yaml", "my_notes.txt", "README.md", "report2.final.pdf", "Node.js", "photo.jpg")
ENTITIES = ("light.kitchen", "input_number.target", "binary_sensor.front_door")
IN_TEXT = (
    *("See {} for more. Then go.", "Open {}.", "The {} is on. It works.", "Is it {}? Yes!"),
    *("(It is {}.) Then go.", 'He said "{}." Then he left.', "**{}** is here.", "- {}\n- b. c"),
    *("Look in `{}` now. Bye.", "<b>{}</b> is here.", "Which {}!Or not?", "**Open {}.** Then go."),
)
LINKS = (
    *(
        "Go to https://{}/a/b.c?d=e.f#g. Then wait.",
        "[the docs. All](https://{}/x.html) help. Bye.",
    ),
    *("![A pic.](http://{}/a.png) is it.", "Mail bob.smith@{}. Thanks.", "At {}/a.b/c, ask."),
    *("[docs][1.2] of {}. Bye.", "<a href='http://{}/a.b'>this. one</a> is on.", "www.{}. Bye."),
)

SHORTENED = {
    "en_US": (
        "I met Dr. Smith, e.g. at 5 p. m. on Jan. 5, i.e. No. 7 of vol. 3.",
        "U.S.A. and U.K.-based J.R.R. Tolkien wrote 3.14 and 1,000.50 at 192.168.1.10:8123.",
        "v2026.11.2b3 is out. It's 5 p.m. EST. It is 21.5°C. Add 2 tbsp. 5 oz. of it.",
        "So $x.5 + y.2$ is it. And \\(a.b\\) too. It costs $5.50. Ke$ha is on.",
        "<think>The user wants it.</think>It is noon. <answer>It is on.</answer> Bye.",
        "Wait...what is that? 1...5 or 1..5. Is x!=3 or a==b?c:d. Yahoo!mail is on. Really?!No.",
        '"Stop!" he cried. "Go." said she. (It was.) said. It is on.Turning it off.Done.',
        "1. Eggs 2. Bread 3. Milk. Turn on lamp 2. 5 is next. He sat. She sat.down. I am. 5.",
        "Fri. 5/7 at noon. Sat. 3 Nov. is ok. On Elm Dr. near St. Louis. It is 4 in. tall.",
    ),
    "es_ES": (
        "Son las 7:05 p. m. en Lima. El Sr. Ruiz, p. ej. en la pág. 5, n.º 3, av. 2.",
        "Vale 1.000.000 de euros. Los EE. UU. ganaron. En el 44 a. C. murió. El art. 5.3. ¿Sí?¡Sí!",
    ),
    "fr_FR": (
        "M. Dupont et Mme. X, p. ex. la 5. Le 20 juil. à 10h. Du mar. au sam., 9h. Le mer. 3 juin.",
        "2 c. à s. de sucre. env. 5 min. de plus. Ça va ? Oui ! « Bien. » dit-il. 1.000,5 et 3.5.",
    ),
    "it_IT": (
        "Ad es. Roma. Chiama l'ing. Neri e il sig. Rossi al n. 5, ecc. e poi. Il 3.11.2026.",
    ),
    "pt_BR": ("É em 3 de out. de 2026. Na Av. Paulista, p. ex. isso. R$ 1.000,50. De seg. a sex.",),
    "hi_IN": ("यह ठीक है। डॉ. राव आए। नं. 5 है। ३.५ और example.com है. रु. 500 दो। क्या?हाँ!",),
    "de_DE": (
        "Am 3. Juni, d. h. z. B. um 7.30 Uhr, kommt Dr. Weiß in die 2. Etage der Hauptstr. 5.",
        "Ludwig II. baute es. Platz 3. Danach kommt Nr. 4 usw. Vom 3.-5. Mai, ca. 5 Min. Ja!",
        "Am 24.12. essen wir. Es ist der 3. Das ist gut. Es sind 1.000,5 m o. Ä. im 2. Stock. Hm.",
    ),
    "sv_SE": ("Ta t.ex. mjölk, osv. Kl. 9 den 3 juni kommer ca. 5 st. Det är 1 000,5 m. Bra!",),
    "ja_JP": ("「はい。」と言った。次へ。１．５です。example.comです。本当?はい!3.5度。",),
    "zh_CN": ("“好。”他说。config.yaml在这里。v1.2.3。温度是3.5度。好的!我来了",),
}


def sample_of(code: str) -> list[str]:
    known = replies(code)
    return random.Random(code).sample(known, min(SAMPLE, len(known)))


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_pause_changes_the_words_of_a_reply(code: str) -> None:
    sample = sample_of(code)
    assert changed(sample, code, *EVERYWHERE) == []


@pytest.mark.parametrize("name", ["replies.en", "heteronyms.en", "faults"])
def test_no_pause_changes_the_words_of_what_others_found_misread(name: str) -> None:
    path = SHARED / f"{name}.tsv"
    if not path.exists():
        pytest.skip("shared/text is not here")
    rows = [re.split(r"[\t|]", row) for row in path.read_text(encoding="utf-8").splitlines()]
    texts = defaultdict[str, list[str]](list)
    for first, second, *_ in (row for row in rows if len(row) > 1):
        code = CODES.get(first[:2]) if name == "faults" else "en_US"
        texts[code or "en_US"].append(second if name == "faults" else first)
    assert [changed(said, code, *EVERYWHERE) for code, said in texts.items()] == [[]] * len(texts)


@pytest.mark.parametrize("code", ["en_US", "fr_FR", "zh_CN"])
def test_no_pause_changes_the_words_of_several_replies_in_a_row(code: str) -> None:
    sample = sample_of(code)
    rows = [" ".join(row) for row in zip(*[iter(sample)] * 4, strict=True)]
    assert changed(rows, code, *EVERYWHERE) == []


@pytest.mark.parametrize("text", [*IN_TEXT, *LINKS])
def test_no_pause_changes_the_words_of_an_address(text: str) -> None:
    names = HOSTS if text in LINKS else (*HOSTS, *FILES, *ENTITIES)
    assert changed(map(text.format, names), "en_US", *EVERYWHERE) == []


@pytest.mark.parametrize(("code", "texts"), SHORTENED.items())
def test_no_pause_changes_the_words_of_abbreviations_numbers_and_markup(
    code: str, texts: tuple[str, ...]
) -> None:
    assert changed(texts, code, *EVERYWHERE) == []


PIECES = st.sampled_from(
    (
        *(" It is done.", " Yes!", " no", "com", ".", " ", "!", "?", '"', ")", " (", " Then", "x"),
        *(
            " 5",
            " p.m.",
            " e.g.",
            " Dr.",
            "\n",
            "`",
            "[",
            "](",
            "<b>",
            "</b>",
            "，",
            "。",
            "好",
            "🎉",
        ),
    )
)


@given(st.lists(PIECES, max_size=40), st.sampled_from([20, 1000]))
def test_a_pause_loses_no_text_and_repeats_none(pieces: list[str], limit: int) -> None:
    reader = TextReader(sentence_characters=limit)
    found = []
    for piece in pieces:
        found += reader.add(piece) + reader.idle(long=True)
    found += reader.finish()
    text = "".join(part.text for part in found if isinstance(part, Passage))
    assert _letters(text) == _letters("".join(pieces))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def at_a_pause(text: str) -> str:
    """When a text is spoken up to its end that pauses there."""
    reader = TextReader()
    said = reader.add(text)
    for when in ("at once", "soon"):
        said += reader.idle(long=when == "soon")
        if said and isinstance(said[-1], Passage) and text.endswith(said[-1].text):
            return when
    return "later"


@pytest.mark.parametrize(
    ("text", "when"),
    [
        *((text, "at once") for text in ("It is done.", "Let me check the weather.", "Vediamo.")),
        *((text, "at once") for text in ("I turn off the light.", "One moment...", "Ça va ?")),
        *((text, "at once") for text in ('He said "yes."', "**Done.**", "It is 5 p.m.", "好的。")),
        *((text, "at once") for text in ("Really?!", "यह ठीक है।", "¡Hola!", "「はい。」", "Etc.")),
        *((text, "soon") for text in ("See example.com.", "Open config.", "It is 21.5°C.")),
        *((text, "soon") for text in ("(It is late.", '"It is late.', "It is on 👍", "I am.")),
        *(
            (text, "soon")
            for text in ("See https://a.io/b.", "Check light.kitchen.", "Check Wi-Fi.")
        ),
        *((text, "later") for text in ("It is 5 p.", "No.", "i.", "I met Dr.", "It is 21.", "J.")),
        *((text, "later") for text in ("[docs](https://docs.", "[It is on.", "Try `light.", "2.")),
        *((text, "later") for text in ("<think>It is on.", "So $x.", "So \\(x.", "See www.")),
        *((text, "later") for text in ("<a href='http://a.", "See a.io/?b=c.", "Use .", "On Jan.")),
        *((text, "later") for text in ("I will look", "I will", "https://a.io/?", "![A pic!](a!")),
    ],
)
def test_what_is_whole_is_spoken_at_a_pause_and_what_may_be_soon_after(
    text: str, when: str
) -> None:
    assert at_a_pause(text) == when


def test_what_goes_on_after_all_is_read_as_it_would_have_been() -> None:
    [first, rest] = read(["See example", ".", "com now"], {2}, long=True)
    assert (first.text, rest.text) == ("See example.", "com now")
    assert rest.spans[0] == Span("See example.", said=True)
    assert words([rest], "en_US") == ["dot", "com", "now"]
    [_, rest] = read(["यह ठीक है!", "तो चलो"], {1})
    assert words([rest], "hi_IN") == ["तो", "चलो"]


def test_what_closes_behind_a_sentence_is_no_sentence() -> None:
    assert [part.text for part in read(["It is on.", '"', " It is late"], {1})] == [
        "It is on.",
        "It is late",
    ]


def test_markup_goes_on_in_its_own_manner_after_a_pause() -> None:
    reader = TextReader("ssml")
    found = reader.add("<prosody rate='slow'>It is on!") + reader.idle()
    found += reader.add("so</prosody> it is") + reader.finish()
    assert [(part.text, part.manner.rate) for part in found if isinstance(part, Passage)] == [
        ("It is on!", 0.75),
        ("so", 0.75),
        ("it is", 1.0),
    ]


@pytest.mark.parametrize("space", [" ", "  ", "\t", "\u00a0"])
@pytest.mark.parametrize("text", ["I will look", "No.", "It is 5 p.", "See [the docs."])
def test_a_space_on_its_own_ends_no_sentence(text: str, space: str) -> None:
    reader = TextReader()
    found = reader.add(text) + reader.add(space) + reader.idle() + reader.idle(long=True)
    assert found == []


@pytest.mark.parametrize(
    "unit", ["x!", "x! ", "a.b!", "\\(a! ", "[!a", "<a!", "$x! ", "(a!", "`a!"]
)
def test_pauses_everywhere_cost_no_more_than_in_proportion(unit: str) -> None:
    def characters(length: int) -> int:
        found = read((unit * length)[:length], range(length + 1), long=True)
        return sum(len(span.text) for part in found for span in part.spans)

    assert characters(4_000) < 2.5 * characters(2_000) + 2_000
