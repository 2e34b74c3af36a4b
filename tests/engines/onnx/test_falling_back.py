"""int8 that check has passed and that cannot be made again: `auto` speaks in fp32 and says why; who
asked for int8 is told the remedy."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from wyoming_kokoro.config import Settings
from wyoming_kokoro.engines import precision
from wyoming_kokoro.engines.onnx.compiled import reduced
from wyoming_kokoro.engines.onnx.compiled.build_once import write_manifest
from wyoming_kokoro.engines.onnx.compiled.stages import Stages
from wyoming_kokoro.engines.verdict import Verdict
from wyoming_kokoro.errors import BadVoiceFile, ModelUnavailable, ShuttingDown
from wyoming_kokoro.models import catalog
from wyoming_kokoro.models.installed import InstalledModel
from wyoming_kokoro.synthesis import loading

PASSED = {precision.REDUCED.name: Verdict(passed=True, reason="alike")}

Child = Callable[..., str]


class LoadedEngine:
    """Takes any stages but those of a damaged graph, and weighs nothing."""

    def __init__(self, stages: Stages, *_: object) -> None:
        graph = stages.path("generator")
        if graph.exists() and graph.read_bytes() == b"damaged":
            raise ModelUnavailable(f"{graph} does not load; delete {stages.folder}")
        self.graph = graph


class House:
    """A model whose stages are here, on a processor that knows a scheme."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._settings = Settings(data_dir=folder, device="cpu", threads=1)
        version = catalog.version_named("v1.0")
        self._model = InstalledModel(
            version, folder / "m.pth", folder, catalog.vocabulary("v1.0"), {}, official=True
        )
        self.stages = Stages(
            folder / "cache" / "stages",
            tokens=178,
            source=None,  # type: ignore[arg-type]  # nothing is spoken
            channels=9216,
            fingerprint="made up",
        )
        self.stages.folder.mkdir(parents=True)
        monkeypatch.setattr(precision, "scheme_here", lambda: precision.REDUCED)
        monkeypatch.setattr(loading, "prepared_stages", lambda *_: self.stages)
        monkeypatch.setattr(loading, "OnnxEngine", LoadedEngine)
        monkeypatch.setattr(loading, "packs_to_calibrate_with", lambda *_: self._packs())

    def load(self, asked: str, packs: Callable[[], Any] | None = None) -> str:
        """Return the graph that speaks; `packs` gives voices to calibrate with."""
        self._packs = packs or (lambda: [np.zeros((510, 256), np.float32)])
        settings = Settings(**{**vars(self._settings), "precision": asked})
        engine: Any = loading.load_engine("onnx", self._model, settings, lambda: None, PASSED)
        return str(engine.graph.relative_to(self.stages.folder).parent)


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    return House(tmp_path, monkeypatch)


def calibrating(content: bytes) -> Child:
    """A child process that writes `content` as the generator in integers."""

    def child(_: str, arguments: list[str], *__: object) -> str:
        folder = Path(arguments[1])
        (folder / reduced.GENERATOR).write_bytes(content)
        write_manifest(folder, [folder / reduced.GENERATOR])
        return ""

    return child


def full_disk(*_: object) -> str:
    raise OSError(28, "No space left on device")


def out_of_memory(*_: object) -> str:
    return "it ended with -9"


def test_what_can_be_made_is_used(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reduced, "run_subprocess", calibrating(b"integers"))
    assert house.load("auto").startswith("u8s7-")
    assert house.load("fp32") == "."


@pytest.mark.parametrize(
    ("child", "why", "remedy"),
    [
        (full_disk, "No space left on device", "free some space, or use --precision fp32"),
        (out_of_memory, "it ended with -9", "use --precision fp32 meanwhile"),
        (calibrating(b"damaged"), "does not load", "delete "),
    ],
    ids=["full disk", "out of memory", "damaged"],
)
def test_what_cannot_be_made_or_loaded_gives_way_to_fp32_unless_it_was_asked_for(
    child: Child,
    why: str,
    remedy: str,
    house: House,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(reduced, "run_subprocess", child)
    assert house.load("auto") == "."
    [told] = caplog.messages
    assert told.startswith("int8 was found good here, but cannot be had, and fp32 speaks: ")
    assert why in told
    with pytest.raises(ModelUnavailable) as refusal:
        house.load("int8")
    assert why in str(refusal.value)
    assert remedy in str(refusal.value)


@pytest.mark.parametrize("trouble", [list, None])
def test_without_voices_to_calibrate_with_fp32_speaks(
    trouble: Callable[[], Any] | None, house: House, caplog: pytest.LogCaptureFixture
) -> None:
    def damaged() -> Any:
        raise BadVoiceFile("voice file af_heart.pt: it is damaged")

    assert house.load("auto", trouble or damaged) == "."
    assert "fp32 speaks" in caplog.text


def test_a_server_that_stops_while_it_calibrates_does_not_go_on_in_fp32(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopping(*_: object) -> str:
        raise ShuttingDown("the server is stopping")

    monkeypatch.setattr(reduced, "run_subprocess", stopping)
    with pytest.raises(ShuttingDown):
        house.load("auto")
