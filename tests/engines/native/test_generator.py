"""The native generator against the ONNX stage, and against itself in any division into blocks."""

import gc
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.engines.native.conftest import FRAMES, Sentence
from tests.support import synthetic
from tests.support.places import ROOT
from wyoming_kokoro.engines.kokoro.plan import Floats
from wyoming_kokoro.engines.native.generator import GeneratorStream, NativeGenerator
from wyoming_kokoro.engines.native.library import FLOAT, INT8, INT16, NativeLibrary
from wyoming_kokoro.engines.onnx.graph.weights import Weights
from wyoming_kokoro.engines.onnx.sessions import OnnxSession
from wyoming_kokoro.errors import ModelUnavailable, SynthesisFailed
from wyoming_kokoro.models.checkpoint import read_checkpoint

PLACES, CHANNELS = 48, 9216


@pytest.fixture(scope="module")
def nine(sentence: Callable[[int], Sentence]) -> Sentence:
    return sentence(FRAMES)


@pytest.fixture(scope="module")
def own(generator: NativeGenerator, nine: Sentence) -> tuple[Floats, Floats, Floats]:
    """Samples of the sentence, its own statistics, and the ranges of its channels."""
    with generator.stream(nine.style) as stream:
        samples = stream.push(nine.hidden, nine.source, last=True)
        return samples, stream.statistics(), stream.ranges()


@pytest.fixture(scope="module", params=[FLOAT, INT8, INT16], ids=["float", "int8", "int16"])
def any_precision(
    request: pytest.FixtureRequest,
    library: NativeLibrary,
    architecture: dict[str, Any],
    weights: Weights,
    own: tuple[Floats, Floats, Floats],
) -> Iterator[NativeGenerator]:
    ranges = np.maximum(own[2], 1e-3)
    made = NativeGenerator(library, architecture, weights, ranges=ranges, precisions=request.param)
    yield made
    made.close()


def in_blocks(
    stream: GeneratorStream, sentence: Sentence, blocks: Sequence[int], ahead: int = 0
) -> list[Floats]:
    """Push blocks of so many columns, the source `ahead` columns of the front's further."""
    made, begin, given, total = [], 0, 0, len(sentence.hidden)
    for length in blocks:
        end = min(begin + length, total)
        reach = len(sentence.source) if end + ahead >= total else 60 * (end + ahead)
        made.append(
            stream.push(sentence.hidden[begin:end], sentence.source[given:reach], last=end == total)
        )
        begin, given = end, reach
    assert begin == total
    return made


@pytest.mark.parametrize("frames", [1, 2, 5, FRAMES, 40])
def test_own_statistics_give_what_the_onnx_stage_gives(
    generator: NativeGenerator,
    onnx_generator: OnnxSession,
    sentence: Callable[[int], Sentence],
    frames: int,
) -> None:
    given = sentence(frames)
    samples, statistics = generator.whole(given.hidden, given.source, given.style)
    expected, observed = onnx_generator.run(
        hidden=given.hidden.T,
        source=given.source.T,
        style=given.style[None],
        statistics=np.ones((2, CHANNELS), np.float32),
        own=np.array(True),
    )
    assert samples.shape == (600 * frames,)
    np.testing.assert_allclose(samples, expected, atol=1e-4)
    np.testing.assert_allclose(statistics, observed, rtol=1e-3, atol=1e-4)


def test_the_statistics_that_a_sentence_had_give_the_same_samples(
    generator: NativeGenerator, nine: Sentence, own: tuple[Floats, Floats, Floats]
) -> None:
    samples, statistics = generator.whole(nine.hidden, nine.source, nine.style, own[1])
    assert np.array_equal(samples, own[0])
    assert np.array_equal(statistics, own[1])


def test_statistics_are_means_and_deviations_in_the_order_of_the_places(
    generator: NativeGenerator, own: tuple[Floats, Floats, Floats]
) -> None:
    names = [place.path.removeprefix("decoder.generator.") for place in generator.places]
    assert names[:3] == [f"noise_res.0.adain{i}" for i in ("1.0", "2.0", "1.1")]
    assert names[12] == "resblocks.0.adain1.0"
    assert len(names) == PLACES
    assert own[1].shape == (2, CHANNELS) == (2, generator.channels)
    assert (own[1][1] > 0).all()


@pytest.mark.parametrize("blocks", [[1] * 18, [7, 1, 10], [2, 16], [0, 5, 0, 13], [17, 1]])
def test_any_division_into_blocks_gives_the_same_samples(
    any_precision: NativeGenerator,
    nine: Sentence,
    own: tuple[Floats, Floats, Floats],
    blocks: list[int],
) -> None:
    whole, _ = any_precision.whole(nine.hidden, nine.source, nine.style, own[1])
    with any_precision.stream(nine.style, own[1]) as stream:
        made = in_blocks(stream, nine, blocks)
    assert np.array_equal(np.concatenate(made), whole)


@pytest.mark.parametrize("ahead", [4, 9, 18])
def test_a_source_that_runs_ahead_changes_only_the_moment(
    generator: NativeGenerator, nine: Sentence, own: tuple[Floats, Floats, Floats], ahead: int
) -> None:
    lengths = {}
    for name, columns in (("beside", 0), ("ahead", ahead)):
        with generator.stream(nine.style, own[1]) as stream:
            made = in_blocks(stream, nine, [12, 6], columns)
        assert np.array_equal(np.concatenate(made), own[0])
        lengths[name] = len(made[0])
    assert lengths["ahead"] >= lengths["beside"]


@pytest.mark.slow
def test_the_released_kernels_look_four_and_a_half_frames_ahead(
    library: NativeLibrary,
    checkpoints: Callable[[str, bool], Path],
    sentence: Callable[[int], Sentence],
) -> None:
    weights = Weights(read_checkpoint(checkpoints("v1.0", False)))
    generator = NativeGenerator(library, synthetic.architecture("v1.0"), weights)
    given, statistics = sentence(20), np.ones((2, CHANNELS), np.float32)
    with generator.stream(given.style, statistics) as stream:
        made = stream.push(given.hidden[: 2 * 10], given.source)
    generator.close()
    assert len(made) >= 600 * (10 - 4.5)


def test_threads_change_nothing(
    any_precision: NativeGenerator, nine: Sentence, own: tuple[Floats, Floats, Floats]
) -> None:
    one, statistics = any_precision.whole(nine.hidden, nine.source, nine.style)
    for threads in (2, 5):
        more, measured = any_precision.whole(nine.hidden, nine.source, nine.style, threads=threads)
        assert np.array_equal(more, one)
        assert np.array_equal(measured, statistics)


def test_streams_at_once_do_not_touch_one_another(
    generator: NativeGenerator, nine: Sentence, own: tuple[Floats, Floats, Floats]
) -> None:
    made: dict[int, Floats] = {}

    def speak(number: int) -> None:
        with generator.stream(nine.style, own[1]) as stream:
            blocks = [4] * 4 + [2]
            parts = []
            for index, length in enumerate(blocks):
                begin = 4 * index
                source = nine.source[60 * begin : 60 * (begin + length) + (index == 4)]
                parts.append(
                    stream.push(
                        nine.hidden[begin : begin + length],
                        source,
                        last=index == 4,
                        threads=2,
                        due=float(number),
                    )
                )
            made[number] = np.concatenate(parts)

    speakers = [threading.Thread(target=speak, args=(number,)) for number in range(3)]
    for speaker in speakers:
        speaker.start()
    for speaker in speakers:
        speaker.join()
    assert sorted(made) == [0, 1, 2]
    assert all(np.array_equal(samples, own[0]) for samples in made.values())


def test_integers_come_near_floats(
    any_precision: NativeGenerator, nine: Sentence, own: tuple[Floats, Floats, Floats]
) -> None:
    samples, _ = any_precision.whole(nine.hidden, nine.source, nine.style, own[1])
    error = np.sqrt(np.mean(np.square(samples - own[0])) / np.mean(np.square(own[0])))
    assert error < 0.2


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
from wyoming_kokoro.engines.onnx.graph.weights import Weights
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
