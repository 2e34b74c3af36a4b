"""What streams of the native generator refuse, and how they end."""

import gc
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.engines.native.conftest import FRAMES, Sentence
from tests.support.places import ROOT
from wyoming_kokoro.engines.kokoro.plan import Floats
from wyoming_kokoro.engines.kokoro.weights import Weights
from wyoming_kokoro.engines.native.generator import NativeGenerator
from wyoming_kokoro.engines.native.library import INT8, NativeLibrary
from wyoming_kokoro.errors import ModelUnavailable, SynthesisFailed


@pytest.mark.parametrize("wrong", ["shape", "infinite", "zero"])
def test_statistics_that_cannot_be_are_refused(
    generator: NativeGenerator,
    nine: Sentence,
    own: tuple[Floats, Floats, Floats],
    wrong: str,
) -> None:
    statistics = own[1].copy()
    if wrong == "shape":
        statistics = statistics[:, 1:]
    else:
        statistics[1, 100] = np.inf if wrong == "infinite" else 0
    with pytest.raises(SynthesisFailed):
        generator.stream(nine.style, statistics)


def test_own_statistics_want_the_whole_sentence(generator: NativeGenerator, nine: Sentence) -> None:
    with (
        generator.stream(nine.style) as stream,
        pytest.raises(SynthesisFailed, match="ended or is in use"),
    ):
        stream.push(nine.hidden[:4], nine.source[:240])


def test_a_sentence_that_has_ended_takes_nothing_more(
    generator: NativeGenerator, nine: Sentence
) -> None:
    with generator.stream(nine.style) as stream:
        stream.push(nine.hidden, nine.source, last=True)
        with pytest.raises(SynthesisFailed, match="ended or is in use"):
            stream.push(nine.hidden[:0], nine.source[:0], last=True)


@pytest.mark.parametrize("columns", [0, 120 * FRAMES, 120 * FRAMES + 2])
def test_a_source_of_another_length_is_refused(
    generator: NativeGenerator, nine: Sentence, columns: int
) -> None:
    source = np.zeros((columns, 22), np.float32)
    with generator.stream(nine.style) as stream, pytest.raises(SynthesisFailed, match="argument"):
        stream.push(nine.hidden, source, last=True)


def test_columns_of_another_width_are_refused(generator: NativeGenerator, nine: Sentence) -> None:
    with generator.stream(nine.style) as stream, pytest.raises(SynthesisFailed, match="hidden"):
        stream.push(nine.hidden[:, 1:], nine.source, last=True)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_columns_that_are_no_numbers_are_refused(
    any_precision: NativeGenerator, nine: Sentence, bad: float
) -> None:
    hidden = nine.hidden.copy()
    hidden[3, 4] = bad
    with (
        any_precision.stream(nine.style) as stream,
        pytest.raises(SynthesisFailed, match="not finite"),
    ):
        stream.push(hidden, nine.source, last=True)


def test_a_stream_that_was_closed_says_so(generator: NativeGenerator, nine: Sentence) -> None:
    stream = generator.stream(nine.style)
    stream.close()
    stream.close()
    with pytest.raises(SynthesisFailed, match="closed"):
        stream.push(nine.hidden, nine.source, last=True)


def test_closing_waits_for_the_call_that_is_running(
    library: NativeLibrary,
    architecture: dict[str, Any],
    weights: Weights,
    nine: Sentence,
    own: tuple[Floats, Floats, Floats],
) -> None:
    """Which of both comes first does not matter: the call is whole, or refused."""
    generator = NativeGenerator(library, architecture, weights)
    stream, begun = generator.stream(nine.style), threading.Event()
    made: list[Floats | SynthesisFailed] = []

    def speak() -> None:
        begun.set()
        try:
            made.append(stream.push(nine.hidden, nine.source, last=True, threads=2))
        except SynthesisFailed as refusal:
            made.append(refusal)

    speaker = threading.Thread(target=speak)
    speaker.start()
    begun.wait()
    generator.close()
    speaker.join()
    (result,) = made
    if isinstance(result, SynthesisFailed):
        assert "closed" in str(result)
    else:
        assert np.array_equal(result, own[0])


def test_closing_a_generator_closes_its_streams(
    library: NativeLibrary, architecture: dict[str, Any], weights: Weights, nine: Sentence
) -> None:
    generator = NativeGenerator(library, architecture, weights)
    stream = generator.stream(nine.style)
    generator.close()
    with pytest.raises(SynthesisFailed, match="closed"):
        stream.push(nine.hidden, nine.source, last=True)
    with pytest.raises(SynthesisFailed, match="closed"):
        generator.stream(nine.style)


def test_a_generator_and_its_stream_are_collected_together(
    library: NativeLibrary, architecture: dict[str, Any], weights: Weights, nine: Sentence
) -> None:
    generator = NativeGenerator(library, architecture, weights)
    circle: list[Any] = [generator, generator.stream(nine.style)]
    circle.append(circle)
    gone = weakref.ref(generator)
    del generator, circle
    gc.collect()  # what is finalized first is nobody's to say; an error in that fails the test
    assert gone() is None


def test_an_end_of_python_with_an_open_stream_says_nothing(
    library: NativeLibrary, checkpoints: Callable[[str, bool], Path]
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LEFT_OPEN, str(checkpoints("v1.0", True)), str(library.path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert (done.returncode, done.stderr) == (0, "")


LEFT_OPEN = """
import sys
from pathlib import Path
import numpy as np
from tests.support import synthetic
from wyoming_kokoro.engines.native.generator import NativeGenerator
from wyoming_kokoro.engines.native.library import NativeLibrary
from wyoming_kokoro.engines.kokoro.weights import Weights
from wyoming_kokoro.models.checkpoint import read_checkpoint

weights = Weights(read_checkpoint(Path(sys.argv[1])))
library = NativeLibrary(Path(sys.argv[2]))
generator = NativeGenerator(library, synthetic.architecture("v1.0", small=True), weights)

def speaking():
    with generator.stream(np.zeros(128, np.float32)) as stream:
        yield stream

left = speaking()
next(left)
"""


def test_an_architecture_of_another_kind_is_refused(
    library: NativeLibrary, architecture: dict[str, Any], weights: Weights
) -> None:
    settings = {**architecture["istftnet"], "upsample_kernel_sizes": [16, 12]}
    with pytest.raises(ModelUnavailable, match="not written for"):
        NativeGenerator(library, {**architecture, "istftnet": settings}, weights)


def test_integers_need_ranges(
    library: NativeLibrary, architecture: dict[str, Any], weights: Weights
) -> None:
    with pytest.raises(SynthesisFailed, match="argument"):
        NativeGenerator(library, architecture, weights, precisions=INT8)
