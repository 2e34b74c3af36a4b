"""Books in EPUB as tests want them."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

CONTAINER = """<?xml version="1.0"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="OPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>"""

ONE = "<h1>The <em>first</em>\nchapter</h1><p>It begins &amp; goes\non.</p>"
TWO = "<p>It ends.</p>"

Files = Mapping[str, str | bytes | None]


def document(body: str, head: str = "") -> str:
    return (
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">'
        f"<head><title>No</title>{head}</head><body>{body}</body></html>"
    )


def package(*names: str, more: str = "", spine: str = "", language: str = "en-GB") -> str:
    items = "".join(
        f'<item id="i{number}" href="{name}" media-type="application/xhtml+xml"/>'
        for number, name in enumerate(names)
    )
    references = "".join(f'<itemref idref="i{number}"/>' for number in range(len(names)))
    return (
        '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata'
        f' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>A\nbook</dc:title>'
        f"<dc:language>{language}</dc:language>"
        f"</metadata><manifest>{items}{more}</manifest><spine>{references}{spine}</spine></package>"
    )


GOOD: Files = {
    "mimetype": "application/epub+zip",
    "META-INF/container.xml": CONTAINER,
    "OPS/book.opf": package("one.xhtml", "chapter%202.xhtml"),
    "OPS/one.xhtml": document(ONE),
    "OPS/chapter 2.xhtml": document(TWO),
}


def book(folder: Path, files: Files, compression: int = zipfile.ZIP_DEFLATED) -> Path:
    """Write a book: GOOD, with `files` instead of or beside its own; None leaves one out."""
    path = folder / "book.epub"
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in {**GOOD, **files}.items():
            if content is not None:
                archive.writestr(name, content)
    return path
