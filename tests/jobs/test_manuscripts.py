"""What is read of a file: plain text, Markdown, EPUB, and whatever else somebody may hand in."""

import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wyoming_kokoro.errors import BadRequest, KokoroError, TooLarge
from wyoming_kokoro.job import Part
from wyoming_kokoro.jobs import manuscripts
from wyoming_kokoro.jobs.manuscripts import read_manuscript

CONTAINER = """<?xml version="1.0"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="OPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>"""

PACKAGE = """<?xml version="1.0"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><manifest>
<item id="two" href="text/chapter%202.xhtml" media-type="application/xhtml+xml"/>
<item id="one" href="one.xhtml" media-type="application/xhtml+xml"/>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="art" href="art.svg" media-type="image/svg+xml"/></manifest>
<spine><itemref idref="one"/><itemref idref="art"/><itemref idref="two"/>
<itemref idref="nav" linear="no"/></spine></package>"""

ONE = """<html xmlns="http://www.w3.org/1999/xhtml"><head><title>No</title><style>p{}</style></head>
<body><h1>The <em>first</em>
chapter</h1><p>It begins &amp; goes
on.</p><p>Next<br/>line<ruby>漢<rt>kan</rt></ruby>.</p><script>alert(1)</script></body></html>"""

TWO = "<html><body><p>It ends.</p></body></html>"

GOOD = {
    "mimetype": "application/epub+zip",
    "META-INF/container.xml": CONTAINER,
    "OPS/book.opf": PACKAGE,
    "OPS/one.xhtml": ONE,
    "OPS/text/chapter 2.xhtml": TWO,
    "OPS/nav.xhtml": "<html><body>Contents</body></html>",
}


def book(folder: Path, files: dict[str, str]) -> Path:
    path = folder / "book.epub"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def read(path: Path) -> list[Part]:
    return list(read_manuscript(path, 1_000_000))


def test_a_text_is_a_chapter_and_form_feeds_divide_it(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("﻿One.\n\fTwo.\f\n", encoding="utf-8")
    assert read(path) == [Part("One.\n"), Part("Two.")]


def test_headings_of_markdown_begin_chapters(tmp_path: Path) -> None:
    path = tmp_path / "a.MD"
    path.write_text("Before.\n\n# One #\n\nText.\n\n### Within\n\n## Two\nEnd.\n", encoding="utf-8")
    assert read(path) == [
        Part("Before.\n\n"),
        Part("One.\n\n\n\nText.\n\n### Within\n\n", "One"),
        Part("Two.\n\n\nEnd.\n", "Two"),
    ]


def test_a_book_is_read_in_the_order_of_its_spine(tmp_path: Path) -> None:
    assert read(book(tmp_path, GOOD)) == [
        Part("The first chapter.\n\nIt begins & goes on.\n\nNext\n\nline漢.", "The first chapter"),
        Part("It ends."),
    ]


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"mimetype": "x"}, "META-INF/container.xml"),
        ({**GOOD, "META-INF/container.xml": "<a"}, "damaged"),
        ({**GOOD, "META-INF/container.xml": "<a/>"}, "lacks"),
        ({**GOOD, "OPS/book.opf": f"<!DOCTYPE a [<!ENTITY b 'c'>]>{PACKAGE[21:]}"}, "entities"),
        ({name: text for name, text in GOOD.items() if "chapter" not in name}, "chapter 2.xhtml"),
        ({**GOOD, "OPS/one.xhtml": "", "OPS/text/chapter 2.xhtml": ""}, "no text"),
        (
            {**GOOD, "OPS/book.opf": PACKAGE.replace("one.xhtml", "../../../../etc/passwd")},
            "etc/passwd",
        ),
    ],
)
def test_what_is_no_book_is_told(tmp_path: Path, files: dict[str, str], reason: str) -> None:
    with pytest.raises(BadRequest, match=reason):
        read(book(tmp_path, files))


def test_a_book_that_unpacks_without_bound_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(manuscripts, "LARGEST_BYTES", 10_000)
    with pytest.raises(TooLarge):
        read(book(tmp_path, {**GOOD, "OPS/one.xhtml": "<p>" + "a" * 10**6}))
    half = "<p>" + "a" * 6000
    with pytest.raises(TooLarge):
        read(book(tmp_path, {**GOOD, "OPS/one.xhtml": half, "OPS/text/chapter 2.xhtml": half}))


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.pdf", b"%PDF", r"must end in \.txt, \.md"),
        ("a.txt", b"\xff\xfe", "UTF-8"),
        ("a.txt", b" \n", "no text"),
        ("a.epub", b"PK\3\4", "no EPUB"),
    ],
)
def test_what_cannot_be_read_is_told(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadRequest, match=reason):
        read(tmp_path / name)
    with pytest.raises(BadRequest, match="cannot be read"):
        read(tmp_path / "missing.txt")


def test_too_long_a_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a" * 101)
    with pytest.raises(TooLarge, match="more than 100 characters"):
        read_manuscript(tmp_path / "a.txt", 100)


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_the_archive_holds_the_answer_is_chapters_or_a_clear_error(
    tmp_path: Path, data: st.DataObject
) -> None:
    whole = bytearray(book(tmp_path, GOOD).read_bytes())
    for _ in range(data.draw(st.integers(1, 5))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "damaged.epub"
    path.write_bytes(whole)
    try:
        assert read(path)
    except KokoroError as error:
        assert str(path) in str(error) or "documents" in str(error)
