"""Draws what a listener notices of the engines: performance.md in, first-audio.svg out."""

from collections.abc import Iterator

from tests.support.places import ROOT

DOCS = ROOT / "docs"
SENTENCE = 6.7
"""Seconds of speech in the sentence of the table."""

ROWS = {
    "native, int16": "wyoming-kokoro",
    "onnx, fp32": "... on ONNX Runtime",
    "kokoro-onnx": "kokoro-onnx",
    "kokoro": "kokoro",
}
"""Columns of the table, and what they are called here."""

LEFT, TOP, ROW, SECOND = 190, 66, 44, 64
"""Pixels: before the time axis, above the first row, from row to row, a second."""

STYLE = """
  .card { fill: #ffffff; stroke: #d0d7de } .text { fill: #1f2328 } .small { fill: #59636e }
  .wait { fill: #d8dee4 } .ours { fill: #0f8f6f } .theirs { fill: #76838f }
  .line { stroke: #e3e7eb } .in { fill: #ffffff }
  @media (prefers-color-scheme: dark) {
    .card { fill: #0d1117; stroke: #3d444d } .text { fill: #f0f6fc } .small { fill: #9198a1 }
    .wait { fill: #2d343c } .ours { fill: #14805f } .theirs { fill: #59636e }
    .line { stroke: #262c33 }
  }
  text { font: 14px system-ui, sans-serif }
  .title { font-size: 16px; font-weight: 600 }
  .small { font-size: 12px }
"""


def cells(line: str) -> list[str]:
    """Return the cells of a row of a Markdown table."""
    return [cell.strip().strip("*") for cell in line.strip().strip("|").split("|")]


def first_audio(page: str) -> dict[str, float]:
    """Return the seconds until the first audio by column of the page's first table."""
    table = [cells(line) for line in page.splitlines() if line.startswith("|")]
    heads, rows = table[0][1:], {row[0]: row[1:] for row in table}
    return dict(zip(heads, map(float, rows["first audio, s"]), strict=True))


def bars(times: dict[str, float]) -> Iterator[str]:
    """Yield a row for each engine: the time in silence, then the sentence as it is heard."""
    for number, (column, name) in enumerate(ROWS.items()):
        y, start = TOP + number * ROW, LEFT + times[column] * SECOND
        kind = "theirs" if column.startswith("kokoro") else "ours"
        yield f'<text class="text" x="{LEFT - 14}" y="{y + 20}" text-anchor="end">{name}</text>'
        yield f'<rect class="wait" x="{LEFT}" y="{y}" width="{start - LEFT:.0f}" height="30"/>'
        yield (
            f'<rect class="{kind}" x="{start:.0f}" y="{y}" width="{SENTENCE * SECOND:.0f}" '
            f'height="30" rx="3"/>'
        )
        yield (
            f'<text x="{start + 12:.0f}" y="{y + 20}" class="in">'
            f"heard after {times[column]:.2f} s</text>"
        )


def axis(seconds: int) -> Iterator[str]:
    """Yield the lines of full seconds, which go behind the bars."""
    bottom = TOP + len(ROWS) * ROW
    for second in range(seconds + 1):
        x = LEFT + second * SECOND
        yield f'<path class="line" d="M{x} {TOP - 12}V{bottom}"/>'
        unit = " s" if second == seconds else ""
        yield (
            f'<text class="small" x="{x}" y="{bottom + 18}" text-anchor="middle">'
            f"{second}{unit}</text>"
        )


def picture(times: dict[str, float]) -> str:
    """Return the picture."""
    width, height = LEFT + 11 * SECOND + 30, TOP + len(ROWS) * ROW + 34
    title = f"A sentence of {SENTENCE:.1f} s on two processor cores: when it is heard"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">',
            f"<title>{title}</title>",
            f"<style>{STYLE}</style>",
            f'<rect class="card" x=".5" y=".5" width="{width - 1}" height="{height - 1}" rx="8"/>',
            f'<text class="text title" x="24" y="34">{title}</text>',
            f'<rect class="wait" x="{width - 236}" y="24" width="12" height="12"/>',
            f'<text class="small" x="{width - 218}" y="34">silence, while it is being made</text>',
            *axis(11),
            *bars(times),
            "</svg>\n",
        ]
    )


def draw() -> None:
    """Draw the picture from the figures."""
    page = (DOCS / "performance.md").read_text(encoding="utf-8")
    (DOCS / "first-audio.svg").write_text(picture(first_audio(page)), encoding="utf-8")
