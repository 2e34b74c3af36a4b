"""What is read byte by byte, and bytes that nobody wrote: valid files in, mutated ones out, each
read by the reader that would meet it.

    seeds of a target -> mutated -> its reader -> a value, or an error that it promises
"""

import asyncio
import random
import struct
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.support.exports import FLOAT, INT32, write_export
from tests.support.voice_files import LIMIT, described, pack, write_npz, write_pt, write_torch
from wyoming_kokoro.config import Limits
from wyoming_kokoro.errors import (
    BadModelFile,
    BadRequest,
    BadVoiceFile,
    ConfigurationError,
    TooLarge,
)
from wyoming_kokoro.jobs.markup import BadManuscript, links, parse
from wyoming_kokoro.jobs.spoken import pieces
from wyoming_kokoro.models.catalog import VERSIONS
from wyoming_kokoro.models.checkpoint import read_checkpoint
from wyoming_kokoro.models.languages import Readable, declared_beside
from wyoming_kokoro.models.onnx_file import read_onnx
from wyoming_kokoro.models.tensors import read_tensors
from wyoming_kokoro.network.wire import EventReader
from wyoming_kokoro.speech import LANGUAGES, US_ENGLISH
from wyoming_kokoro.text.pronouncing.lexicon import UserLexicon
from wyoming_kokoro.text.reading.reader import TextReader
from wyoming_kokoro.voices.formats import archived_names, read_archived, read_voice
from wyoming_kokoro.web.asking import asked_in, fields_in
from wyoming_kokoro.web.failures import NotFound

ROWS = 8
"""Of the packs: small, so that most mutations meet what describes them."""

MOST_SECONDS = 5.0
"""For one file; none of them is as large as a megabyte."""

MOST_BYTES = 64 * 1024 * 1024
"""Of memory that Python takes for one file."""

_TEXTS = (b"9" * 30, b"-1", b"{" * 50, b"\0\n", b"1e999")
_NUMBERS = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 2**31 - 1, 2**31, 2**32 - 1, 2**40, 2**63)


@dataclass(frozen=True, slots=True)
class Target:
    """Something that reads bytes."""

    seeds: tuple[bytes, ...]
    read: Callable[[Path], object]
    suffix: str
    promised: tuple[type[Exception], ...]
    """All that it may raise."""


def mutated(seed: bytes, chance: random.Random) -> bytes:
    """Return `seed` with one to four things changed in it."""
    content = bytearray(seed)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(content) + 1)
        match chance.randrange(7):
            case 0:  # a bit
                content[place : place + 1] = bytes(
                    byte ^ 1 << chance.randrange(8) for byte in content[place : place + 1]
                )
            case 1:  # cut short
                del content[place:]
            case 2:  # something left out
                del content[place : place + chance.randint(1, 64)]
            case 3:  # something twice, elsewhere
                start = chance.randrange(len(content) + 1)
                content[place:place] = content[start : start + chance.randint(1, 256)]
            case 4:  # a number that is an edge
                number = struct.pack("<Q", chance.choice(_NUMBERS))[: chance.choice((1, 2, 4, 8))]
                content[place : place + len(number)] = number
            case 5:  # anything
                content[place : place + 4] = chance.randbytes(chance.randint(0, 8))
            case _:  # a text of digits or signs
                content[place:place] = chance.choice(_TEXTS)
    return bytes(content)


def targets() -> dict[str, Target]:
    """Return what may be tried, by name."""
    with tempfile.TemporaryDirectory() as name:
        return _targets(Path(name))


def _targets(folder: Path) -> dict[str, Target]:
    voice = pack(1, ROWS)
    torch_file = write_pt(folder / "voice.pt", voice).read_bytes()
    archive = write_npz(folder / "voices.npz", {"af_one": voice, "bm_two": voice}).read_bytes()
    packed = write_npz(folder / "voice.npz", {"arr": voice}, compressed=True).read_bytes()
    export = write_export(folder / "a.onnx", ids=("tokens", INT32), speed=(FLOAT, (1,)))
    described_pack = described((ROWS, 1, 256), (256, 256, 1), voice.size)
    return {
        "voice .pt": Target((torch_file,), _read_voice, ".pt", (BadVoiceFile,)),
        "pickle of a voice": Target(
            (described_pack,), _read_pickle(voice.tobytes()), ".pkl", (BadModelFile,)
        ),
        "voice .npz": Target((archive, packed), _read_archive, ".npz", (BadVoiceFile,)),
        "voice .bin": Target((voice.tobytes(),), _read_voice, ".bin", (BadVoiceFile,)),
        "checkpoint": Target((torch_file,), read_checkpoint, ".pth", (BadModelFile,)),
        "export": Target((export.read_bytes(),), _read_export, ".onnx", (BadModelFile,)),
        "lexicon": Target((_LEXICON,), _read_lexicon, ".txt", ()),
        "events": Target(_FRAMES, _read_events, ".jsonl", (BadRequest, TooLarge)),
        "markup": Target(_MARKUP, _read_markup, ".ssml", (BadRequest,)),
        "languages": Target(_LANGUAGES, _read_languages, ".json", (ConfigurationError,)),
        "document of a book": Target(_DOCUMENTS, _read_document, ".xhtml", (BadManuscript,)),
        "HTTP body": Target(_BODIES, _read_body, ".json", (BadRequest, NotFound, TooLarge)),
    }


_DOCUMENTS = (
    b"""<?xml version="1.0" encoding="UTF-8"?><html xmlns="http://www.w3.org/1999/xhtml"
xmlns:epub="http://www.idpf.org/2007/ops"><body><h1 id="a">One&nbsp;&amp; two</h1><p>Word<sup>
<a href="#n">1</a></sup> <ruby>a<rt>b</rt></ruby><img alt="c"/></p><nav epub:type="toc"><a
href="x">y</a></nav></body></html>""",
    b"<meta charset=gbk><p>unclosed <b>text<br><table><td>x & y<!-- z --><script>1</script>",
)

_LEXICON = (
    "# how we call things\nNiamh = Neev\nen_GB: Leicester = /ˈlɛstə/\nGif = jif\nfr: Lidl = lidèl\n"
).encode()

_LANGUAGES = (
    (
        b'{"languages": [{"code": "de_DE", "name": "German", "letter": "d", "espeak": "de", '
        b'"notation": "espeak", "replace": {"x": "k"}, "voices": ["df_anna"], "locale": "de"}, '
        b'{"code": "en_GB", "name": "English", "letter": "b", "reader": "misaki"}]}'
    ),
)

_FRAMES = (
    b'{"type": "describe"}\n{"type": "synthesize", "data": {"text": "1", "voice": {"name": ""}}}\n',
    b'{"type": "synthesize-chunk", "data_length": 15, "payload_length": 3}\n{"text": "2"}\n \0\1\2',
    b'{"type": "ping", "version": "1.10.2", "data": {"text": null, "n": [1, 2.5, {"a": []}]}}\n',
)

_MARKUP = (
    b'<speak>One <break time="1s"/> <prosody rate="120%">two</prosody> <voice name="af_sky">3'
    b'</voice> <say-as interpret-as="date" format="dmy">1/2/2026</say-as> &amp; <p>4</p></speak>',
    b"# Title\n\n* one **two** `three`\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n[link](http://x.y)",
)

_BODIES = (
    b'{"model": "kokoro-v1.0", "input": "One. Two?", "voice": "nova", "response_format": "flac", '
    b'"speed": 1.25, "stream_format": "sse", "lang_code": "b", "instructions": null}',
    b'{"model": "tts-1", "input": "\\ud83d\\ude00 \xc3\xa9", "voice": {"id": "af_heart"}, '
    b'"ssml": true, "stream": false, "format": "srt", "return_timestamps": [1, -2e3, {"a": []}]}',
)


def _read_voice(path: Path) -> object:
    return read_voice(path, LIMIT, ROWS)


def _read_archive(path: Path) -> object:
    return [read_archived(path, name, LIMIT) for name in archived_names(path, LIMIT)]


def _read_pickle(data: bytes) -> Callable[[Path], object]:
    def read(path: Path) -> object:
        return read_tensors(write_torch(path.with_suffix(".pt"), path.read_bytes(), data))

    return read


def _read_export(path: Path) -> object:
    read_onnx(path)
    return dict(read_checkpoint(path))


def _read_lexicon(path: Path) -> object:
    return UserLexicon(path).spans("Niamh went to Leicester by Gif.", US_ENGLISH)


def _read_events(path: Path) -> object:
    content = path.read_bytes()

    async def read() -> int:
        stream = asyncio.StreamReader(limit=Limits().header_bytes)
        stream.feed_data(content)
        stream.feed_eof()
        reader, count = EventReader(stream, Limits(), lambda: 0.0), 0
        while await reader.read() is not None:
            count += 1
        return count

    return asyncio.run(read())


def _read_body(path: Path) -> object:
    versions = {version.name: version.default_voice for version in VERSIONS}
    fields, known = fields_in(path.read_bytes()), ("af_heart", "nova")
    return asked_in(fields, Limits(), versions, LANGUAGES, known)


def _read_languages(path: Path) -> object:
    path.with_name("languages.json").write_bytes(path.read_bytes())
    return declared_beside(path, Readable({"de", "sv"}, {"de", "sv"}))


def _read_document(path: Path) -> object:
    root = parse(path.read_bytes(), path.name)
    return [piece.text for piece in pieces(root, {"a": "A"})], list(links(root))


def _read_markup(path: Path) -> object:
    text = path.read_bytes().decode("utf-8", "replace")
    items = []
    for kind in ("ssml", "text"):
        reader = TextReader(kind, Limits().sentence_characters)
        for start in range(0, len(text), 7):
            items += reader.add(text[start : start + 7])
        items += reader.finish()
    return items


def tries(target: Target, seed: int) -> Iterator[tuple[bytes, str]]:
    """Yield, without end, what was read, and what was wrong with that, nothing if nothing was."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"file{target.suffix}"
        for content in target.seeds:
            path.write_bytes(content)
            with suppress(*target.promised):  # loads what is loaded once
                target.read(path)
        while True:
            content = mutated(chance.choice(target.seeds), chance)
            path.write_bytes(content)
            yield content, wrong_with(target, path)


def wrong_with(target: Target, path: Path) -> str:
    """Return what is wrong with how `target` reads a file, nothing if nothing is."""
    started = time.process_time()
    tracemalloc.start()
    try:
        target.read(path)
    except target.promised:
        pass
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    finally:
        taken = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    if taken > MOST_BYTES:
        return f"took {taken >> 20} MiB"
    seconds = time.process_time() - started
    return f"took {seconds:.1f} s" if seconds > MOST_SECONDS else ""
