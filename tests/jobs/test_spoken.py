"""What is read aloud of a document."""

import pytest

from wyoming_kokoro.jobs.markup import parse
from wyoming_kokoro.jobs.spoken import pieces


def read(body: str) -> str:
    page = f"<html xmlns:epub='http://www.idpf.org/2007/ops'><body>{body}</body></html>"
    (piece,) = pieces(parse(page.encode(), "a"), {})
    return piece.text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<p>One\nline</p>next<div>an<i>oth</i>er</div>", "One line\n\nnext\n\nanother"),
        ("<h1>Title</h1><h2>Question?</h2>", "Title.\n\nQuestion?"),
        ("<p>a<script>x</script><style>x</style><!-- x --><?x x?>b</p>", "ab"),
        ("<svg><text>x</text></svg><math><mi>x</mi></math><p hidden='hidden'>x</p>a", "a"),
        ("<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp>字<rt>ji</rt></ruby>です", "漢字です"),
        ("<p><img src='o.png' alt='O'/>nce upon</p>", "Once upon"),
        ("<p><img alt='A map\n of it'/>.</p><img alt='a.png'/><img alt='Cover'/>", "A map of it."),
        ("<p>Word<a epub:type='noteref' href='#n'>1</a> on.</p>", "Word on."),
        ("<p>Word<a role='doc-noteref' href='#n'>x</a> on.</p>", "Word on."),
        ("<p>Word<sup><a href='#n'>12</a></sup> on.</p>", "Word on."),
        ("<p>Word<a href='n.xhtml#n'><sup>12</sup></a> on.</p>", "Word on."),
        ("<p>Word<a href='#n'>[12]</a> on.<a href='#b'>↩</a></p>", "Word on."),
        ("<p>See part <a href='c3.xhtml#s'>3</a>, <a href='#m'>map</a>.</p>", "See part 3, map."),
        ("<sup hidden=''>x</sup><p>10<sup>2</sup> m, part <a href='#s'>3</a></p>", "102 m, part 3"),
        ("<aside epub:type='footnote' id='n'><p>A note.</p></aside><p>a</p>", "a"),
        ("<section role='doc-endnotes'><h2>Notes</h2></section><p>a</p>", "a"),
        ("<p>One<span epub:type='pagebreak' title='12'>12</span> two</p>", "One two"),
        ("<nav><a href='x'>Contents</a></nav><p>a</p>", "a"),
    ],
)  # fmt: skip
def test_what_a_reader_would_say_is_read(body: str, text: str) -> None:
    assert read(body) == text


def test_a_chapter_begins_at_each_mark() -> None:
    page = (
        "<body><p>Before.</p><h2 id='a'>One</h2><p>Text.</p>"
        "<h2>T<a name='b'></a>wo</h2><aside epub:type='footnote' id='c'>x</aside></body>"
    )
    found = pieces(parse(page.encode(), "a"), {"a": "First", "b": "Second", "zz": "Nowhere"})
    assert [(piece.title, piece.text, piece.begins) for piece in found] == [
        ("", "Before.", False),
        ("First", "One.\n\nText.\n\nT", True),
        ("Second", "wo.", True),
    ]


def test_a_heading_begins_a_chapter_where_nothing_stands_before_it() -> None:
    def first(body: str) -> tuple[str, bool]:
        piece = pieces(parse(f"<body>{body}</body>".encode(), "a"), {})[0]
        return piece.title, piece.begins

    assert first("<h1> A \n title</h1><h2>Second</h2>") == ("A title", True)
    assert first("<p>Text.</p><h1>Later</h1>") == ("Later", False)
    assert first("<p> </p><h1></h1><h4>No</h4>") == ("", True)
    assert first(f"<h1>{'long ' * 100}</h1>")[0] == ("long " * 100)[:200]
