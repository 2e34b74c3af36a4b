"""A single-file export of Kokoro as an engine: `ids, style, speed -> waveform[, durations]`.

Such a file speaks whole sentences only: planning one runs the graph, and voicing a span is a cut.
What its inputs are called and made of differs from publisher to publisher and is looked up.
"""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from wyoming_kokoro.engines.kokoro.sentence import check_sentence, speak_to_nobody
from wyoming_kokoro.engines.memory import release_memory
from wyoming_kokoro.engines.onnx.istft_gain import corrected_weights
from wyoming_kokoro.engines.onnx.sessions import Array, OnnxSession, Port, Runtime
from wyoming_kokoro.engines.spoken import UNKNOWN, SpokenPlan, spoken_plan, spoken_span
from wyoming_kokoro.errors import BadModelFile, SynthesisFailed
from wyoming_kokoro.models.onnx_file import read_onnx
from wyoming_kokoro.speech import FRAME_SAMPLES, Pcm, Plan, Style, Tokens

log = logging.getLogger(__name__)

_NAMES = {
    "ids": ("input_ids", "tokens", "token_ids", "ids"),
    "style": ("style", "ref_s", "voice"),
    "speed": ("speed",),
}
"""What the inputs are called, in hexgrad's and onnx-community's exports, in those of kokoro-onnx
and sherpa-onnx, and in kokoro's own code."""


class SingleFileEngine:
    """Kokoro as one ONNX graph, made by others.

    `symbols` is how many tokens its vocabulary has room for. Noise is the graph's own: the same
    request sounds alike, but not to the sample.

    Raises:
        BadModelFile: the file is no Kokoro.
        ModelUnavailable: it does not load.
        ConfigurationError: the device asked for cannot be used.
    """

    name = "onnx single-file"
    at_once = 1
    reads: Literal["tokens"] = "tokens"
    precision = "its own precision"

    def __init__(self, path: Path, symbols: int, runtime: Runtime) -> None:
        weights = corrected_weights(read_onnx(path))
        if weights:
            log.info("%s: the known wrong gain of its inverse STFT is put right", path.name)
        self._session = runtime.load(path, "fetch it again", weights)
        self._runtime = runtime
        self._symbols = symbols
        self._ids, self._style, self._speed = (_input(self._session, k, path) for k in _NAMES)
        self._audio, self._durations = _outputs(self._session, path)
        if _is_whole(self._speed):
            log.warning("%s takes whole speeds only: 1 or 2, others are rounded", path.name)

    @property
    def device(self) -> str:
        """Where the work is really done."""
        return self._runtime.device

    def plan(self, tokens: Tokens, style: Style, speed: float, seed: int) -> SpokenPlan:  # noqa: ARG002 the graph draws its own noise
        """Speak the sentence; see `Engine.plan`."""
        check_sentence(tokens, style, self._symbols)
        outputs = self._session.run(**self._inputs(tokens, style, speed))
        samples = outputs[self._audio].astype(np.float32).reshape(-1)
        if not len(samples) or not np.isfinite(samples).all():
            raise SynthesisFailed("the model's audio is empty or not finite: fetch its file again")
        return spoken_plan(tokens, samples, self._durations_in(outputs, tokens, len(samples)))

    def voice(self, plan: Plan, span: range) -> Pcm:
        """Return the samples of those frames; see `Engine.voice`."""
        return spoken_span(plan, span)

    def warm_up(self) -> float:
        """Speak something short and something longer to nobody."""
        return speak_to_nobody(self)

    def close(self) -> None:
        """Drop the session, and with it its memory."""
        del self._session
        release_memory()

    def _inputs(self, tokens: Tokens, style: Style, speed: float) -> dict[str, Array]:
        """Return what the graph is run on, in the types and ranks that it wants."""
        speeds = np.array(max(1, round(speed)) if _is_whole(self._speed) else speed)
        values = (
            (self._ids, np.array([0, *tokens.ids, 0])),
            (self._style, style.vector),
            (self._speed, speeds),
        )
        return {port.name: _shaped(value, port) for port, value in values}

    def _durations_in(
        self, outputs: Sequence[Array], tokens: Tokens, samples: int
    ) -> npt.NDArray[np.int64]:
        """Return the frames of each token, none where the graph does not tell or contradicts
        itself."""
        if self._durations is None:
            return UNKNOWN
        durations = np.rint(outputs[self._durations]).astype(np.int64).reshape(-1)
        agrees = len(durations) == len(tokens.ids) + 2 and (durations > 0).all()
        return durations if agrees and durations.sum() * FRAME_SAMPLES == samples else UNKNOWN


def _input(session: OnnxSession, kind: str, path: Path) -> Port:
    """Return the input of this kind.

    Raises:
        BadModelFile: there is none.
    """
    for port in session.inputs:
        if port.name in _NAMES[kind] and port.dtype is not None:
            return port
    found = ", ".join(port.name for port in session.inputs)
    raise BadModelFile(
        f"{path} is no Kokoro as one ONNX file: it has no input {' or '.join(_NAMES[kind])}, only "
        f"{found}; give --checkpoint a file that maps input_ids, style and speed to a waveform"
    )


def _outputs(session: OnnxSession, path: Path) -> tuple[int, int | None]:
    """Return the places of the waveform, and of the durations if there are any."""
    durations = [n for n, port in enumerate(session.outputs) if "dur" in port.name.lower()]
    audio = [
        place
        for place, port in enumerate(session.outputs)
        if place not in durations and port.dtype is not None and port.dtype.kind == "f"
    ]
    if not audio:
        raise BadModelFile(f"{path} is no Kokoro as one ONNX file: it makes no waveform")
    return audio[0], durations[0] if durations else None


def _is_whole(port: Port) -> bool:
    return port.dtype is not None and port.dtype.kind == "i"


def _shaped(value: Array, port: Port) -> Array:
    """Return `value` as the type of `port`, with axes of one before it up to the port's rank."""
    axes = (1,) * (port.dims - value.ndim)
    return value.reshape((*axes, *value.shape)).astype(port.dtype)
