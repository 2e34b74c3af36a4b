"""Books in EPUB: what is read of them, and what is said of those that cannot be."""

import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.books import Files, book, document, package
from wyoming_kokoro.errors import BadRequest, KokoroError, TooLarge
from wyoming_kokoro.job import Part
from wyoming_kokoro.jobs import epub
from wyoming_kokoro.jobs.manuscripts import read_manuscript

NAV = 'href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"'
NCX = 'href="toc.ncx" media-type="application/x-dtbncx+xml"'

NAVIGATION = """<nav epub:type="landmarks"><a href="two.xhtml">No</a></nav>
<nav epub:type="toc"><h1>Contents</h1><ol><li><a href="one.xhtml">Part&nbsp;I</a>
<ol><li><a href="one.xhtml#two"><b>Of</b> sub</a></li><li><span>Not a place</span></li></ol></li>
<li><a href="chapter%202.xhtml">Part II</a></li></ol></nav>"""

NCX_DOCUMENT = """<?xml version="1.0"?>
<!DOCTYPE ncx PUBLIC "-//NISO//DTD ncx 2005-1//EN" "http://127.0.0.1:9/ncx-2005-1.dtd">
<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap>
<navPoint><navLabel><text>Part I</text></navLabel><content src="one.xhtml"/>
<navPoint><navLabel><text>Of sub</text></navLabel><content src="one.xhtml#two"/></navPoint>
</navPoint><navPoint><navLabel><text>Part II</text></navLabel><content src="chapter%202.xhtml"/>
</navPoint></navMap></ncx>"""

LAUGHS = "<!DOCTYPE a [<!ENTITY a0 'ha ha ha ha'>{}]>".format(
    "".join(f"<!ENTITY a{n + 1} '{f'&a{n};' * 10}'>" for n in range(9))
)


def parts(folder: Path, files: Files) -> list[Part]:
    return list(read_manuscript(book(folder, files), 1_000_000).parts)


def test_a_book_is_read_in_the_order_of_its_spine(tmp_path: Path) -> None:
    assert parts(tmp_path, {}) == [
        Part("The first chapter.\n\nIt begins & goes on.", "The first chapter"),
        Part("It ends."),
    ]


@pytest.mark.parametrize(
    ("files", "item"),
    [({"OPS/nav.xhtml": document(NAVIGATION)}, NAV), ({"OPS/toc.ncx": NCX_DOCUMENT}, NCX)],
    ids=["EPUB 3", "EPUB 2"],
)
def test_chapters_are_named_by_the_table_of_contents_and_begin_where_it_says(
    tmp_path: Path, files: dict[str, str], item: str
) -> None:
    names = ("cover.xhtml", "one.xhtml", "more.xhtml", "titled.xhtml", "chapter%202.xhtml")
    opf = package(*names, more=f'<item id="toc" {item}/>', spine='<itemref idref="toc"/>')
    if item is NCX:
        opf = opf.replace('<itemref idref="toc"/>', "")
    one = '<p>Beneath one.</p><h2><a id="two"/>Second</h2><p>Beneath two.</p>'
    read = parts(
        tmp_path,
        {
            **files,
            "OPS/book.opf": opf,
            "OPS/cover.xhtml": document("<p>A cover.</p>"),
            "OPS/one.xhtml": document(one),
            "OPS/more.xhtml": document("<p>Still two.</p><h4>Not a chapter</h4>"),
            "OPS/titled.xhtml": document("<h1>By itself</h1>"),
        },
    )
    assert read == [
        Part("A cover."),
        Part("Beneath one.", "Part I"),
        Part("Second.\n\nBeneath two.\n\nStill two.\n\nNot a chapter.", "Of sub"),
        Part("By itself.", "By itself"),
        Part("It ends.", "Part II"),
    ]


def test_what_stands_beside_the_text_is_left_out(tmp_path: Path) -> None:
    more = '<item id="p" href="art.svg" media-type="image/svg+xml"/>'
    spine = '<itemref idref="p"/><itemref idref="i1" linear="no"/>'
    opf = package("one.xhtml", "chapter%202.xhtml", more=more, spine=spine)
    opf = opf.replace('<itemref idref="i1"/>', "")
    assert len(parts(tmp_path, {"OPS/book.opf": opf})) == 1


def test_the_language_and_the_title_of_a_book_are_told(tmp_path: Path) -> None:
    told = read_manuscript(book(tmp_path, {}), 1_000_000)
    assert (told.language, told.title) == ("en-GB", "A book")
    opf = package("one.xhtml").replace("<dc:language>en-GB</dc:language>", "")
    assert read_manuscript(book(tmp_path, {"OPS/book.opf": opf}), 1_000_000).language == ""


def protected(name: str) -> str:
    return (
        '<encryption xmlns:enc="http://www.w3.org/2001/04/xmlenc#"><enc:EncryptedData>'
        f'<enc:CipherData><enc:CipherReference URI="{name}"/></enc:CipherData>'
        "</enc:EncryptedData></encryption>"
    )


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"META-INF/container.xml": None}, "lacks META-INF/container.xml"),
        ({"META-INF/container.xml": "<a"}, "damaged"),
        ({"META-INF/container.xml": "<a/>"}, "lacks"),
        ({"OPS/book.opf": None}, "lacks OPS/book.opf"),
        ({"OPS/book.opf": "<a>" * 300 + "</a>" * 300}, "OPS/book.opf is damaged: Excessive depth"),
        ({"OPS/book.opf": package()}, "has no text"),
        ({"OPS/book.opf": package(spine='<itemref idref="no"/>')}, "spine names 'no'"),
        ({"OPS/chapter 2.xhtml": None}, "lacks OPS/chapter 2.xhtml"),
        ({"OPS/one.xhtml": "", "OPS/chapter 2.xhtml": ""}, "has no text"),
        ({"OPS/one.xhtml": document("<div>" * 300 + "deep" + "</div>" * 300)}, "Excessive depth"),
        ({"OPS/book.opf": package("../../../../etc/passwd")}, r"lacks \.\./\.\./\.\./etc/passwd"),
        ({"OPS/book.opf": package("file:///etc/passwd")}, "lacks .*etc/passwd"),
        ({"OPS/book.opf": package("/etc/passwd")}, "lacks /etc/passwd"),
        ({"META-INF/encryption.xml": protected("OPS/one.xhtml")}, "protected against copying"),
        ({"META-INF/encryption.xml": protected("OPS/chapter%202.xhtml")}, "protected"),
        ({"OPS/one.xhtml": bytes(range(256))}, "OPS/one.xhtml is not in the encoding"),
        ({"OPS/one.xhtml": "a\0b"}, "OPS/one.xhtml is no text"),
    ],
)
def test_what_is_no_whole_book_is_told(tmp_path: Path, files: Files, reason: str) -> None:
    with pytest.raises(BadRequest, match=reason) as told:
        parts(tmp_path, files)
    assert "book.epub" in str(told.value)


def test_protected_letters_of_a_book_do_not_keep_it_from_being_read(tmp_path: Path) -> None:
    files: Files = {
        "META-INF/encryption.xml": protected("OPS/fonts/a.otf"),
        "OPS/fonts/a.otf": b"x",
    }
    assert parts(tmp_path, files) == parts(tmp_path, {})


def test_a_protected_archive_is_told(tmp_path: Path) -> None:
    path = book(tmp_path, {})
    whole = bytearray(path.read_bytes())
    place = -1
    while (place := whole.find(b"PK\1\2", place + 1)) >= 0:
        whole[place + 8] |= 1  # general purpose flags: encrypted
    path.write_bytes(whole)
    with pytest.raises(BadRequest, match="protected against copying"):
        read_manuscript(path, 1_000_000)


@pytest.mark.parametrize("where", ["OPS/book.opf", "OPS/one.xhtml"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize(
    "entities", [LAUGHS, "<!DOCTYPE a [<!ENTITY a9 SYSTEM 'file:///etc/hostname'>]>"]
)
def test_entities_that_grow_or_lie_elsewhere_are_refused(
    tmp_path: Path, where: str, encoding: str, entities: str
) -> None:
    bare = package("one.xhtml", language="&a9;") if "opf" in where else document("<p>&a9;</p>")
    whole = f"{entities}{bare.partition('?>')[2] or bare}"
    with pytest.raises(BadRequest, match=f"{where} is damaged"):
        parts(tmp_path, {where: whole.encode(encoding)})


def test_names_that_lead_out_of_the_archive_write_nothing(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    assert parts(inner, {"../outside.txt": "x", f"{tmp_path}/absolute.txt": "x"})
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["book.epub", "inner"]


def test_a_book_that_unpacks_without_bound_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(epub, "LARGEST_BYTES", 10_000)
    half = document("<p>" + "a" * 6000 + "</p>")
    hostile: list[Files] = [
        {"OPS/one.xhtml": document("a" * 10**6)},  # one that is large
        {"OPS/one.xhtml": half, "OPS/chapter 2.xhtml": half},  # several
        {"OPS/book.opf": package(*["one.xhtml"] * 4), "OPS/one.xhtml": half},  # one, repeatedly
        {"OPS/book.opf": package("one.xhtml", spine='<itemref idref="i0"/>' * 1000)},
        {"OPS/book.opf": package("one.xhtml", more="<item/>" * 10_000)},
        {"META-INF/encryption.xml": protected("a" * 10**5)},
    ]
    for files in hostile:
        with pytest.raises(TooLarge, match="the documents of the book have more than 10000 bytes"):
            parts(tmp_path, files)


def test_what_nobody_reads_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(epub, "LARGEST_BYTES", 10_000)
    picture = '<item id="p" href="p.png" media-type="image/png"/>'
    opf = package("one.xhtml", more=picture)
    assert parts(tmp_path, {"OPS/book.opf": opf, "OPS/p.png": b"\0" * 10**6})


def test_thousands_of_files_in_a_book_are_no_harm(tmp_path: Path) -> None:
    assert parts(tmp_path, {f"many/{number}": "" for number in range(5000)})


def test_a_size_that_is_not_true_is_found_out(tmp_path: Path) -> None:
    path = book(tmp_path, {"OPS/one.xhtml": document("a" * 100_000)})
    true = struct.pack("<I", len(document("a" * 100_000)))
    path.write_bytes(path.read_bytes().replace(true, struct.pack("<I", 100)))
    with pytest.raises(BadRequest, match="damaged"):
        read_manuscript(path, 1_000_000)


def test_what_is_packed_as_books_are_not_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="packed as EPUB does not allow"):
        read_manuscript(book(tmp_path, {}, zipfile.ZIP_LZMA), 1_000_000)


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_the_archive_holds_the_answer_is_chapters_or_a_clear_error(
    tmp_path: Path, data: st.DataObject
) -> None:
    whole = bytearray(book(tmp_path, {}).read_bytes())
    for _ in range(data.draw(st.integers(1, 5))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "damaged.epub"
    path.write_bytes(whole)
    try:
        assert read_manuscript(path, 1_000_000).parts
    except KokoroError as error:
        assert str(path) in str(error)
