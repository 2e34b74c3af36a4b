"""Which model and which voices speak, what computes them, and where their files are kept."""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from wyoming_kokoro.config.options import (
    ENGINE,
    EVERYWHERE,
    MODEL,
    SPEAKING,
    number,
    one_of,
    option,
    path,
    switch,
    whole,
    words,
)

_MODEL_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,31}")
"""As a client writes it before a voice."""


def default_data_dir() -> Path:
    """Return `$XDG_DATA_HOME/wyoming-kokoro`, with `~/.local/share` where that is not set.

    A user without a home, as a container may run as, has it in the current directory.
    """
    if home := os.environ.get("XDG_DATA_HOME"):
        return Path(home) / "wyoming-kokoro"
    try:
        return Path("~/.local/share/wyoming-kokoro").expanduser()
    except RuntimeError:
        return Path("wyoming-kokoro")


def blend(text: str) -> tuple[str, str]:
    """Accept `name=voices`, as in `kitchen=af_heart(2)+bf_emma(1)@1.1`."""
    name, equals, voices = (part.strip() for part in text.partition("="))
    if not (name and equals and voices):
        raise ValueError("NAME=VOICES, as in kitchen=af_heart(2)+bf_emma(1)@1.1")
    return name, voices


def checkpoint(text: str) -> tuple[str, Path]:
    """Accept `FILE`, which takes the place of the official model, or `NAME=FILE`, which is another
    one beside it."""
    name, equals, file = text.partition("=")
    if equals and _MODEL_NAME.fullmatch(name.strip()):
        return name.strip(), path(file.strip())
    return "", path(text)


@dataclass(frozen=True)
class ModelOptions:
    """Options of models, voices and engines."""

    data_dir: Path = option(
        default_data_dir,
        "where models, voices and caches are kept",
        path,
        "DIR",
        commands=EVERYWHERE,
    )
    voice: str = option(
        "",
        "voice of requests that name none: a name, a blend such as af_heart(2)+bf_emma(1), "
        "a speed such as af_heart@1.1; of itself the model's own, af_heart for v1.0",
        str,
        "VOICE",
        commands=(*ENGINE, "phonemize"),
    )
    speed: float = option(
        1.0, "speed of all speech, 0.5 to 2.0", number(0.5, 2.0), "SPEED", commands=SPEAKING
    )
    blend: tuple[tuple[str, str], ...] = option(
        (),
        "offer a blend as a voice of its own: kitchen=af_heart(2)+bf_emma(1)@1.1; may be repeated",
        blend,
        "NAME=VOICES",
        commands=("serve", "say", "voices", "phonemize"),
        repeated=True,
    )
    fallback_voice: bool = option(
        False,
        "speak with the default voice where a request names one that does not exist",
        switch,
        "BOOL",
        commands=SPEAKING,
    )
    model: str = option(
        "v1.0",
        "model version: v0.19, v1.0 or v1.1-zh",
        one_of("v0.19", "v1.0", "v1.1-zh"),
        "VERSION",
        commands=EVERYWHERE,
    )
    checkpoint: tuple[tuple[str, Path], ...] = option(
        (),
        "use this model file, .pth or .onnx, instead of the official one; config.json, voices/ and "
        "perhaps languages.json beside it. With a name, de=FILE, it is used beside the official "
        "one, for its languages and for de/VOICE; may be repeated",
        checkpoint,
        "[NAME=]FILE",
        commands=(*ENGINE, "voices", "phonemize"),
        repeated=True,
    )
    weights: Literal["auto", "starter", "released"] = option(
        "auto",
        "weights of v1.0: starter (in 8 bits, installed with the program), released (from the "
        "hub), auto (the starter until the released ones are here)",
        one_of("auto", "starter", "released"),
        "WEIGHTS",
        commands=ENGINE,
    )
    engine: Literal["auto", "native", "onnx", "torch", "stand-in"] = option(
        "auto",
        "what makes the speech: auto (the best that is installed), native (on the processor), "
        "onnx, torch, stand-in",
        one_of("auto", "native", "onnx", "torch", "stand-in"),
        "ENGINE",
        commands=ENGINE,
    )
    device: Literal["auto", "cpu", "cuda"] = option(
        "auto",
        "where the model runs: auto (a GPU if there is one), cpu, cuda",
        one_of("auto", "cpu", "cuda"),
        "DEVICE",
        commands=ENGINE,
    )
    provider: str = option(
        "",
        "execution provider of ONNX Runtime to use instead: openvino, tensorrt, rocm ...; "
        "it must be installed",
        str,
        "NAME",
        commands=ENGINE,
    )
    precision: Literal["auto", "fp32", "int16", "int8", "fp16", "bf16"] = option(
        "auto",
        "numbers that sound is computed in: fp32; faster ones, int16 or int8 on the processor, "
        "fp16 on a GPU (with --engine torch also bf16); auto (the fastest on this processor unless "
        "check has heard it, fp16 once check has found that it sounds as good)",
        one_of("auto", "fp32", "int16", "int8", "fp16", "bf16"),
        "PRECISION",
        commands=ENGINE,
    )
    threads: int = option(
        0,
        "processor threads of the engine; 0 takes all that are usable",
        whole(0, 256),
        "N",
        commands=ENGINE,
    )
    breaths: Literal["auto", "on", "off"] = option(
        "auto",
        "voice sentences piece by piece, so that they are heard sooner: on, off (whole sentences), "
        "auto (on, unless check has heard the difference on this model). A voice or model that is "
        "new here speaks whole sentences until some of them have taught it",
        one_of("auto", "on", "off"),
        "WHEN",
        commands=SPEAKING,
    )
    model_ttl: int = option(
        600,
        "seconds without a request after which a version other than the default one is unloaded; "
        "0 keeps it",
        whole(0, 31_536_000),
        "SECONDS",
    )
    default_model_ttl: int = option(
        0,
        "seconds without a request after which the default version is unloaded too, and its memory "
        "given back; the next request is spoken by the stand-in, or waits without one, while it is "
        "loaded again; 0 keeps it",
        whole(0, 31_536_000),
        "SECONDS",
    )
    stand_in: bool = option(
        True,
        "speak with a simple voice while the model is not there yet; otherwise requests wait",
        switch,
        "BOOL",
        commands=SPEAKING,
    )
    offline: bool = option(
        False,
        "never fetch anything from the network",
        switch,
        "BOOL",
        commands=MODEL,
    )
    voice_source: Literal["auto", "individual", "combined"] = option(
        "auto",
        "read voices from individual files, from a combined archive, or from what is there (auto)",
        one_of("auto", "individual", "combined"),
        "SOURCE",
        commands=MODEL,
    )
    voice_cache: int = option(
        64, "voices kept in memory, half a megabyte each", whole(1, 4096), "N", commands=SPEAKING
    )
    phrase_cache: int = option(
        64,
        "megabytes of spoken sentences that are kept on disk, twenty seconds each; what is said "
        "again is heard at once and takes no work; 0 keeps none",
        whole(0, 1_000_000),
        "MB",
    )
    preload_voices: tuple[str, ...] = option(
        (), "voices to read at the start, besides the default one", words, "VOICES"
    )
