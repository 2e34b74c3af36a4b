"""Documents of books: their encodings, and those that are not as they should be."""

import codecs

import pytest

from wyoming_kokoro.jobs.markup import BadManuscript, parse, text_of


def text(content: bytes) -> str:
    return text_of(parse(content, "a.xhtml"))


@pytest.mark.parametrize(
    ("content", "read"),
    [
        ("<p>Café</p>".encode(), "Café"),
        (codecs.BOM_UTF8 + "<p>Café</p>".encode(), "Café"),
        ("<?xml version='1.0' encoding='UTF-16'?><p>Café</p>".encode("utf-16"), "Café"),
        ("<?xml version='1.0' encoding='utf-16'?><p>Café</p>".encode(), "Café"),
        ("<?xml version='1.0' encoding='ISO-8859-1'?><p>Café</p>".encode("latin-1"), "Café"),
        ("<meta charset=windows-1252><p>“€5”</p>".encode("cp1252"), "“€5”"),
        ("<meta charset='iso-8859-1'><p>“€5”</p>".encode("cp1252"), "“€5”"),
        ('<?xml version="1.0" encoding="Shift_JIS"?><p>猫</p>'.encode("cp932"), "猫"),
        ('<?xml version="1.0" encoding="GBK"?><p>猫</p>'.encode("gbk"), "猫"),
    ],
)
def test_a_document_is_read_in_its_encoding(content: bytes, read: str) -> None:
    assert text(content) == read


@pytest.mark.parametrize(
    "content",
    [
        "<p>Café</p>".encode("latin-1"),
        *(
            f"<?xml version='1.0' encoding='{name}'?><p>a</p>".encode()
            for name in (
                "nonsense",
                "zlib",
                "idna",
                "punycode",
                "unicode_escape",
                "utf-7",
                "a" * 40,
            )
        ),
        codecs.BOM_UTF16_LE + b"odd",
    ],
)
def test_an_encoding_that_is_wrong_or_unknown_is_told(content: bytes) -> None:
    with pytest.raises(BadManuscript, match=r"a\.xhtml is not in the encoding"):
        text(content)


def test_names_of_characters_are_read_as_html_has_them() -> None:
    assert text(b"<p>caf&eacute;&nbsp;&mdash; a &lt; b &amp; &nowhere; &#233;</p>") == (
        "café — a < b & &nowhere; é"
    )
    assert text(b"<p>&eacute;<br>x & y <b>open<p>next") == "éx & y opennext"


def test_entities_of_its_own_are_read() -> None:
    assert text(b"<!DOCTYPE p [<!ENTITY pub 'A &amp; B'>]><p>&pub;</p>") == "A & B"


@pytest.mark.parametrize(
    "unit",
    ["<a ", "<!--", "<![CDATA[", "</", "<?", '<a b="', "<b/>", "<div>", "<meta ", "&", "<p>"],
)
def test_repeated_fragments_take_time_in_proportion(unit: str) -> None:
    # Python's own parser takes hours for some of these, and the test would be ended.
    try:
        assert len(text((unit * 100_000).encode())) <= 200
    except BadManuscript as error:
        assert "a.xhtml is damaged" in str(error)
