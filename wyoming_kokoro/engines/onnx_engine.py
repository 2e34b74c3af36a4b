"""The default engine: Kokoro on ONNX Runtime, planned by the sentence and voiced in windows.

The stages of a checkpoint enter; plans of numpy arrays and PCM leave. The home of `onnxruntime`,
imported only when an engine is made.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from wyoming_kokoro.engines.graph.stages import StageName, Stages
from wyoming_kokoro.engines.kokoro import check_sentence, speak_to_nobody
from wyoming_kokoro.engines.noise import source_noise
from wyoming_kokoro.engines.plan import (
    CURVE_STEPS,
    SPECTRUM_STEPS,
    TIMBRE_SIZE,
    Floats,
    KokoroPlan,
    voiced_pitch,
)
from wyoming_kokoro.engines.windows import Windows, windows
from wyoming_kokoro.errors import ConfigurationError, ModelUnavailable, SynthesisFailed
from wyoming_kokoro.speech import FRAME_SAMPLES, Pcm, Plan, Style, Tokens

if TYPE_CHECKING:
    from onnxruntime import InferenceSession, SessionOptions

CPU = "CPUExecutionProvider"

_ERRORS_ONLY = 3
"""ONNX Runtime's level of log: its warnings speak to those who write graphs."""


@dataclass(frozen=True, slots=True, eq=False)
class _Job:
    """A span to voice."""

    plan: KokoroPlan
    span: range
    windows: Windows

    @property
    def shape(self) -> tuple[int, int]:
        """What jobs have in common that run as one batch."""
        return len(self.windows.front), len(self.windows.generator)

    def front_inputs(self) -> dict[str, Floats]:
        """Return what the front is run on."""
        plan, window = self.plan, self.windows.front
        curve = _steps(window, CURVE_STEPS)
        return {
            "features": plan.features[:, _steps(window, 1)],
            "pitch": plan.curve[curve],
            "energy": plan.energy[curve],
            "style": plan.style[:TIMBRE_SIZE],
        }

    def generator_inputs(self, hidden: Floats) -> dict[str, Floats]:
        """Return what the generator is run on, given what the front made."""
        front, window = self.windows.front, self.windows.generator
        inner = range(window.start - front.start, window.stop - front.start)
        columns = slice(SPECTRUM_STEPS * window.start, SPECTRUM_STEPS * window.stop + 1)
        return {
            "hidden": hidden[:, _steps(inner, CURVE_STEPS)],
            "source": self.plan.source[:, columns],
            "style": self.plan.style[:TIMBRE_SIZE],
        }

    def cut(self, samples: Pcm) -> Pcm:
        """Return the span's own samples of the generator's."""
        begin = FRAME_SAMPLES * (self.span.start - self.windows.generator.start)
        return samples[begin : begin + FRAME_SAMPLES * len(self.span)].copy()


class OnnxEngine:
    """Kokoro on ONNX Runtime.

    `threads` is what a stage runs on at most. `providers` are ONNX Runtime's execution providers,
    the preferred one first.

    Raises:
        ConfigurationError: a provider is not installed.
        ModelUnavailable: the stages do not load.
    """

    name = "onnx"
    reads: Literal["tokens"] = "tokens"

    def __init__(self, stages: Stages, threads: int, providers: Sequence[str] = (CPU,)) -> None:
        _require(providers)
        options = _session_options(threads)
        self._stages = stages
        self._text = _load(stages, "text", options, providers)
        self._prosody = _load(stages, "prosody", options, providers)
        self._front = _load(stages, "front", options, providers)
        self._generator = _load(stages, "generator", options, providers)

    @property
    def device(self) -> str:
        """`cpu`, or what ONNX Runtime calls the provider that the generator really runs on."""
        provider = self._generator.get_providers()[0]
        return "cpu" if provider == CPU else provider.removesuffix("ExecutionProvider").lower()

    def plan(self, tokens: Tokens, style: Style, speed: float, seed: int) -> KokoroPlan:
        """Run text and prosody stages on the whole sentence and make its source; see
        `Engine.plan`."""
        check_sentence(tokens, style, self._stages.tokens)
        vector = style.vector.astype(np.float32)
        prosody = vector[None, TIMBRE_SIZE:]
        ids = np.array([0, *tokens.ids, 0], np.int64)
        encoding, spans, features = _run(self._text, ids=ids, style=prosody)
        spans = _finite("duration", spans) / np.float32(speed)
        durations = np.maximum(np.rint(spans), 1).astype(np.int64)
        owners = np.repeat(np.arange(len(ids)), durations)
        pitch, energy = _run(self._prosody, encoding=encoding[owners], style=prosody)
        pitch = _finite("pitch", pitch)
        noise = source_noise(seed, range(len(owners)), columns=1)[:, 0]
        return KokoroPlan(
            tokens=tokens,
            frames=len(owners),
            durations=durations,
            f0=voiced_pitch(pitch),
            energy=_finite("energy", energy),
            curve=pitch,
            features=_finite("encoded text", features)[:, owners],
            source=self._stages.source.spectrum(pitch, noise),
            style=vector,
        )

    def voice(self, items: Sequence[tuple[Plan, range]]) -> list[Pcm]:
        """Run the decoder on a window around each span; see `Engine.voice`.

        Windows of one length run as a batch.
        """
        jobs = [_job(plan, span) for plan, span in items]
        order = sorted(range(len(jobs)), key=lambda place: jobs[place].shape)
        spans: dict[int, Pcm] = {}
        for _, places in groupby(order, key=lambda place: jobs[place].shape):
            batch = list(places)
            voiced = self._decode([jobs[place] for place in batch])
            spans |= {place: jobs[place].cut(row) for place, row in zip(batch, voiced, strict=True)}
        return [spans[place] for place in range(len(jobs))]

    def warm_up(self) -> float:
        """Speak something short and something longer to nobody."""
        return speak_to_nobody(self)

    def close(self) -> None:
        """Drop the sessions, and with them their memory."""
        del self._text, self._prosody, self._front, self._generator

    def _decode(self, jobs: Sequence[_Job]) -> Floats:
        """Return the generator's samples for jobs of one shape, those of the context too."""
        (hidden,) = _run(self._front, **_batch([job.front_inputs() for job in jobs]))
        inputs = [job.generator_inputs(row) for job, row in zip(jobs, hidden, strict=True)]
        (samples,) = _run(self._generator, **_batch(inputs))
        return _finite("audio", samples)


def _job(plan: Plan, span: range) -> _Job:
    if not isinstance(plan, KokoroPlan):
        raise TypeError(f"this engine made no {type(plan).__name__}")
    if span.step != 1 or not 0 <= span.start < span.stop <= plan.frames:
        raise ValueError(f"{span} is no span of a sentence of {plan.frames} frames")
    return _Job(plan, span, windows(span, plan.content, plan.frames))


def _steps(window: range, steps: int) -> slice:
    """Return where the frames of `window` are in what has `steps` columns a frame."""
    return slice(steps * window.start, steps * window.stop)


def _batch(inputs: Sequence[Mapping[str, Floats]]) -> dict[str, Floats]:
    """Return the inputs of several items, stacked."""
    return {name: np.stack([item[name] for item in inputs]) for name in inputs[0]}


def _finite(what: str, values: Floats) -> Floats:
    if not np.isfinite(values).all():
        raise SynthesisFailed(
            f"the model's {what} is not finite; its files may be damaged: "
            "fetch them again with `wyoming-kokoro download`"
        )
    return values


def _require(providers: Sequence[str]) -> None:
    import onnxruntime

    present = onnxruntime.get_available_providers()
    for provider in providers:
        if provider not in present:
            raise ConfigurationError(
                f"ONNX Runtime has no {provider} here, only {', '.join(present)}; "
                "install the package that has it (onnxruntime-gpu, onnxruntime-openvino)"
            )


def _session_options(threads: int) -> "SessionOptions":
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = _ERRORS_ONLY
    # Threads may spin while a stage runs; between stages they leave the processor to others.
    options.add_session_config_entry("session.force_spinning_stop", "1")
    return options


def _load(
    stages: Stages, name: StageName, options: "SessionOptions", providers: Sequence[str]
) -> "InferenceSession":
    import onnxruntime

    try:
        return onnxruntime.InferenceSession(stages.path(name), options, providers=list(providers))
    except Exception as error:  # ONNX Runtime's errors have no common base
        raise ModelUnavailable(
            f"{stages.path(name)} does not load ({error}); delete {stages.folder} to build it anew"
        ) from error


def _run(session: "InferenceSession", **inputs: npt.NDArray[Any]) -> list[Floats]:
    try:
        outputs: list[Floats] = session.run(None, inputs)
    except Exception as error:  # ONNX Runtime's errors have no common base
        raise SynthesisFailed(f"ONNX Runtime failed: {error}") from error
    return outputs
