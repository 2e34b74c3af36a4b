"""What is read of a file: plain text, Markdown, and whatever else somebody may hand in."""

from pathlib import Path

import pytest

from wyoming_kokoro.errors import BadRequest, TooLarge
from wyoming_kokoro.job import Part
from wyoming_kokoro.jobs.manuscripts import read_manuscript


def read(path: Path) -> list[Part]:
    return list(read_manuscript(path, 1_000_000).parts)


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
