"""The picture of when engines are heard: the tables of performance.md in, drawn figures out."""

from script.benchmarks.chart import DOCS, ROWS, first_audio, picture


def test_the_picture_shows_the_figures_of_the_table() -> None:
    times = first_audio((DOCS / "performance.md").read_text(encoding="utf-8"))
    drawn = (DOCS / "first-audio.svg").read_text(encoding="utf-8")
    assert drawn == picture(times)
    for column in ROWS:
        assert f"heard after {times[column]:.2f} s" in drawn
