import pytest
from hypothesis import given
from hypothesis import strategies as st

from wyoming_kokoro.text.reading.tags import LONGEST_TAG, Tag, TagScanner

MARKUP = st.lists(
    st.sampled_from(
        [*"<>/!?-[]&;#\"'= \nab1é", "<break/>", "</s>", "<!--", "-->", "<![CDATA[", "]]>", "&amp;"]
    )
).map("".join)


def scan(*pieces: str) -> list[str | Tag]:
    scanner = TagScanner()
    tokens = [token for piece in pieces for token in scanner.add(piece)] + scanner.finish()
    joined: list[str | Tag] = []
    for token in tokens:
        if isinstance(token, str) and joined and isinstance(joined[-1], str):
            token = joined.pop() + token  # type: ignore[operator]  # it was just seen to be text
        joined.append(token)
    return [token for token in joined if token]


def spoken(text: str) -> str:
    return "".join(token for token in scan(text) if isinstance(token, str))


def opens(name: str, **attributes: str) -> Tag:
    return Tag(name, "opens", attributes)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("plain", ["plain"]),
        ("a<p>b</p>", ["a", opens("p"), "b", Tag("p", "closes", {})]),
        ("<BREAK/>", [Tag("break", "empty", {})]),
        ("<break />", [Tag("break", "empty", {})]),
        ("<a b='1' C = \"2\">", [opens("a", b="1", c="2")]),
        ("<a b='x > y'>", [opens("a", b="x > y")]),
        ("<a\n  b='1'\n>", [opens("a", b="1")]),
        ("<a b='&lt;&quot;&#65;'>", [opens("a", b='<"A')]),
        ("<mstts:express-as x:y='1'>", [Tag("mstts:express-as", "opens", {"x:y": "1"})]),
    ],
)
def test_tags_are_told_from_text(text: str, tokens: list[str | Tag]) -> None:
    assert scan(text) == tokens


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("5 &lt; 6 &amp;&gt;&quot;&apos;", "5 < 6 &>\"'"),
        ("&#233;&#xE9;&#x1F600;", "éé😀"),
        ("&#0;&#xD800;&#x110000;&#9999999;", ""),
        ("&eacute;&NBSP;&lol; & &; &#; &amp AT&T;", "é & &; &#; &amp AT&T;"),
        ("&averyveryverylongname;", ""),
        (f"&{'a' * 32};", f"&{'a' * 32};"),
    ],
)
def test_there_are_no_entities_but_characters(text: str, said: str) -> None:
    assert spoken(text) == said


@pytest.mark.parametrize(
    "text",
    [
        "a<!-- not this -->b",
        "a<!-- > -- <b> -->b",
        "a<?xml version='1.0'?>b",
        "a<!DOCTYPE speak>b",
        "a<!DOCTYPE x [<!ENTITY y 'z'><!ENTITY w SYSTEM 'file:///etc/passwd'>]>b",
    ],
)
def test_what_is_not_content_is_left_out(text: str) -> None:
    assert spoken(text) == "ab"


def test_cdata_is_text() -> None:
    assert scan("<![CDATA[a <b> & ]] c]]>d") == ["a <b> & ]] cd"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1 < 2", "1 < 2"),
        ("I <3 you", "I <3 you"),
        ("if a <b then c", "if a <b then c"),
        ("<<<p>>", "<<>"),
        ("<your name>", "<your name>"),
        ("<don't do it>", "<don't do it>"),
        ("wait <break time='1", "wait  "),
        ("<break time='500ms/>Hello you", " Hello you"),
        ("<emphasis level='strong Hello you", " Hello you"),
        ("<break time='1s/>Hello <s>you", " Hello you"),
        ("</speak", " "),
        ("Hello <!-- you all", "Hello   you all"),
        ("<![CDATA[Hello you", " Hello you"),
    ],
)
def test_broken_markup_becomes_text(text: str, said: str) -> None:
    assert spoken(text) == said


def test_a_tag_without_end_is_held_only_so_long() -> None:
    scanner = TagScanner()
    held = scanner.add("<x " + "y" * (LONGEST_TAG - 3))
    assert not held
    assert scanner.add("z") == ["<x " + "y" * (LONGEST_TAG - 3) + "z"]


def test_entities_of_a_billion_laughs_do_not_exist() -> None:
    entities = "".join(f'<!ENTITY lol{n + 1} "{f"&lol{n};" * 10}">' for n in range(9))
    bomb = f'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol0 "lol">{entities}]><s>&lol9;</s>'
    assert scan(bomb) == [opens("s"), Tag("s", "closes", {})]


@pytest.mark.parametrize(
    "unit",
    ["<", "<a", "<a ", "<!", "<!--", "<![CDATA[", "<a b='", "&", "&a", "<a>", "<?", ">", "]]>"],
)
def test_the_longest_text_of_one_repetition_is_scanned_at_once_and_by_character(unit: str) -> None:
    text = (unit * 20_000)[:20_000]
    assert scan(*text) == scan(text)


@given(MARKUP, st.integers(1, 7))
def test_tokens_do_not_depend_on_how_the_text_was_cut(text: str, size: int) -> None:
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    assert scan(*pieces) == scan(text)


@given(st.text())
def test_text_without_markup_stays_as_it_is(text: str) -> None:
    plain = text.replace("<", "").replace("&", "")
    assert spoken(plain) == plain
