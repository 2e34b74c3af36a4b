"""The native generator against the ONNX stage, and against itself in any division into blocks."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from tests.engines.native.conftest import FRAMES, Sentence
from tests.support import synthetic
from wyoming_kokoro.engines.kokoro.plan import Floats
from wyoming_kokoro.engines.kokoro.weights import Weights
from wyoming_kokoro.engines.native.generator import GeneratorStream, NativeGenerator
from wyoming_kokoro.engines.native.library import NativeLibrary
from wyoming_kokoro.engines.onnx.sessions import OnnxSession
from wyoming_kokoro.models.checkpoint import read_checkpoint

PLACES, CHANNELS = 48, 9216


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
