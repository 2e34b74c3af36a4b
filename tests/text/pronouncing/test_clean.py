import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wyoming_kokoro.text.pronouncing.clean import clean


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("Hello, world.", "Hello, world."),
        # Markdown
        ("**Done!** The `lamp` is *on*.", "Done! The lamp is on."),
        ("__Very__ _nice_ ~~old~~ new", "Very nice old new"),
        ("**Half of it", "Half of it"),
        ("and the rest**.", "and the rest."),
        ("## Weather ##", "Weather"),
        ("- [x] Buy **milk**", "Buy milk"),
        ("• Feed the cat", "Feed the cat"),
        ("To do: • Feed the cat • Go.", "To do: • Feed the cat, Go."),
        ("> quoted", "quoted"),
        ("3. Third step", "3. Third step"),
        ("See [the manual](https://a.io/b_c 'x') now[^2].", "See the manual now."),
        ("![A red door](door.png) opens", "A red door opens"),
        ("[the manual][1]", "the manual"),
        ("| Room | 21 °C |", "Room, 21 °C"),
        ("Room: 21 °C | 45 % |", "Room: 21 °C, 45 %"),
        ("[![Build](https://a.io/b.svg)](https://a.io) is green", "Build is green"),
        ("[1]: https://a.io/docs 'The docs'", ""),
        ("[Note]: it is late", "[Note]: it is late"),
        ("the end of a line\\", "the end of a line"),
        # formulas
        (r"Its area is $\pi r^2$, so \(x \times 2\).", "Its area is π r^2, so x × 2."),
        (r"$$\frac{1}{2} \leq \sqrt{3}$$ at $21^\circ$", "1/2 ≤ √3 at 21°"),
        ("From $5 to $10, or US$7$.", "From $5 to $10, or US$7$."),
        ("Is $HOME/$USER or $5 and $ more", "Is $HOME/$USER or $5 and $ more"),
        # what leads from one to the next
        ("Settings > Devices › Add, A → B ⇒ C", "Settings, Devices, Add, A, B, C"),
        ("a > b", "a > b"),
        ("設定 > デバイス, はい／いいえ", "設定, デバイス, はい、いいえ"),
        ("・りんご", "りんご"),
        (": a definition of ==this== or x==y", "a definition of this or x==y"),
        # faces
        ("Hi :) you ;-) (^_^) ¯\\_(ツ)_/¯ :D", "Hi you"),
        ("I do <3. It is <3 degrees :thumbs_up:", "I do. It is <3 degrees"),
        ("at 10:30 (a: b) x:y", "at 10:30 (a: b) x:y"),
        (r"\*not bold\*", "not bold"),
        # what looks like markup and is none
        ("5*3=15 and 2**10", "5*3=15 and 2^10"),
        ("sensor.living_room_temp", "sensor.living_room_temp"),
        ("C# and C++", "C# and C++"),
        ("-5 degrees", "-5 degrees"),
        ("3 < 5 and 7 > 2", "3 < 5 and 7 > 2"),
        ("Say <name> twice", "Say name twice"),
        # HTML
        ("<ul><li>One</li><li>Two!</li> <li>Three</li></ul>", "One. Two! Three"),
        ("<answer>The <x-y z='1'>lamp</x-y> is <on></answer>", "The lamp is on"),
        ("<p>Hi <b>you</b><br/>there</p>", "Hi you there"),
        ("a<!-- not this -->b", "a b"),
        ("<script>alert('x')</script>Hi <style>p {}</style>", "Hi"),
        ("<img src='a.png' alt='A red door'> is open", "A red door is open"),
        ("5 m<sup>2</sup> of CO<sub>2</sub>", "5 m² of CO2"),
        ("R&D &amp; &lt;b&gt; R&notes", "R&D & <b> R&notes"),
        # emoji and invisible characters
        ("Hi 👍🏽 there 👨‍👩‍👧 🇩🇪!", "Hi there!"),
        ("1️⃣ First, ② second, ❸ third", "1 First, 2 second, 3 third"),
        ("→ next ✅", "next"),
        ("a\u202eb\u200bc\u00add\x07e", "abcde"),
        ("lone\ud800surrogate", "lonesurrogate"),
        ("one\u00a0two\tthree\u3000four", "one two three four"),
        ("क्\u200dष", "क्\u200dष"),
        # signs
        ("It’s ‘so’ „fine“", "It's 'so' “fine“"),
        ("−3 – 5 -- 6 ―", "-3 – 5 — 6 —"),
        ("What?????? No!!!! Wait.......", "What? No! Wait..."),
        ("done 👍 .", "done."),
        ("𝐁𝐨𝐥𝐝 ﬁt", "Bold fit"),
        ("ＡＢＣ１２３％、です。", "ABC123%、です。"),
        ("مرحبا؟", "مرحبا?"),
        ("№ 5 ‹so›", "#5 “so”"),
        ("cafe\u0301", "café"),
    ],
)
def test_what_a_person_would_say_is_left(text: str, spoken: str) -> None:
    assert clean(text) == spoken


@pytest.mark.parametrize(
    "text",
    ["", " ", "👍", "🎉🎉!", "***", "---", "...", "?!", "```yaml", "|---|:-:|", "<br>", "“”"],
)
def test_text_without_anything_to_say_is_empty(text: str) -> None:
    assert clean(text) == ""


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFC", text)))


PLAIN = st.characters(categories=["L", "Nd", "Zs"]) | st.sampled_from(".,!?*_~`#+-:;'\"%$€ \t\n🎉")


@given(st.text(PLAIN, max_size=80))
def test_no_letter_and_no_digit_is_lost(text: str) -> None:
    styled = unicodedata.normalize("NFKC", text) != unicodedata.normalize("NFC", text)
    if not styled:
        assert letters(clean(text)) == letters(text)


MARKUP = (
    *("{}", "**{}**", "*{}*", "_{}_", "`{}`", "~~{}~~", "[{}](http://x.y/z)", "({})", "“{}”"),
    *("<b>{}</b>", "<span class='a'>{}</span>", "# {}", "- {}", "> {}", "{} 🎉"),
)
WORDS = ("lamp", "Küche", "température", "21", "客厅", "बत्ती", "don't")


@given(st.lists(st.tuples(st.sampled_from(MARKUP), st.sampled_from(WORDS)), max_size=8))
def test_no_word_is_lost_with_its_markup(marked: list[tuple[str, str]]) -> None:
    text = " ".join(markup.format(word) for markup, word in marked)
    spoken = clean(text)
    place = 0
    for _, word in marked:
        place = spoken.index(word, place) + len(word)
    assert "http" not in spoken
    assert "span" not in spoken


@given(st.text(st.characters(), max_size=200))
def test_any_text_is_cleaned_without_an_error_and_once_is_enough(text: str) -> None:
    once = clean(text)
    assert once == once.strip()
    once.encode()
    assert letters(clean(once)) == letters(once) or "&" in once or "<" in once or "[" in once


@pytest.mark.parametrize(
    "unit", ["*", "[ ", "<a ", "([", "- ", "_ ", "&", "|", "[a](", "<!--", "> ", "-", "#", " ", "`"]
)
def test_hostile_repetition_does_not_stall(unit: str) -> None:
    clean(unit * 4000)
    clean(f"x{unit * 4000}x")


@pytest.mark.parametrize(
    "unit",
    [
        *(r"\(", "$a ", "$$", "[a](", "<img ", "<script>", "a</p> ", "<a>", "_", "a -> ", " > "),
        *("| ", "(^", " :", "[1]: ", "(o_", "&a", "1**", "**", "=="),
    ],
)
def test_20000_hostile_characters_are_cleaned_in_linear_time(unit: str) -> None:
    assert len(clean((unit * 20_000)[:20_000])) <= 20_000
