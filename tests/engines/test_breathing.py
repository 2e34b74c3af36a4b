"""How sentences are voiced: as the setting says, else as was found best for the model."""

from pathlib import Path

import pytest

from wyoming_kokoro.config import Settings
from wyoming_kokoro.engines.select import Kind, breathing
from wyoming_kokoro.engines.verdict import BREATHS, WHOLE_FRONT, Verdict, keep_verdicts
from wyoming_kokoro.models.catalog import version_named
from wyoming_kokoro.models.installed import InstalledModel

GOOD, BAD = Verdict(True, ""), Verdict(False, "")


@pytest.fixture
def model(tmp_path: Path) -> InstalledModel:
    checkpoint = tmp_path / "tuned.pth"
    checkpoint.write_bytes(b"weights")
    version = version_named("v1.0")
    return InstalledModel(version, checkpoint, tmp_path / "voices", {}, {}, official=False)


def keep(model: InstalledModel, tmp_path: Path, **verdicts: Verdict) -> None:
    subjects = {BREATHS: verdicts["breaths"], WHOLE_FRONT: verdicts["whole_front"]}
    keep_verdicts(tmp_path / "cache", model.sha256(), subjects)


def test_a_model_that_was_not_checked_is_voiced_in_breaths(
    model: InstalledModel, tmp_path: Path
) -> None:
    assert breathing("onnx", model, Settings(data_dir=tmp_path)) == "breaths"


@pytest.mark.parametrize(
    ("kind", "breaths", "whole_front", "manner"),
    [
        ("onnx", GOOD, BAD, "breaths"),
        ("onnx", BAD, GOOD, "whole-front"),
        ("onnx", BAD, BAD, "whole"),
        ("torch", BAD, GOOD, "whole"),
    ],
)
def test_auto_follows_the_verdict(
    kind: Kind,
    breaths: Verdict,
    whole_front: Verdict,
    manner: str,
    model: InstalledModel,
    tmp_path: Path,
) -> None:
    keep(model, tmp_path, breaths=breaths, whole_front=whole_front)
    assert breathing(kind, model, Settings(data_dir=tmp_path)) == manner


def test_a_verdict_is_that_of_its_checkpoint_alone(model: InstalledModel, tmp_path: Path) -> None:
    keep(model, tmp_path, breaths=BAD, whole_front=BAD)
    model.checkpoint.write_bytes(b"other weights")
    assert breathing("onnx", model, Settings(data_dir=tmp_path)) == "breaths"


def test_on_and_off_go_before_any_verdict(model: InstalledModel, tmp_path: Path) -> None:
    keep(model, tmp_path, breaths=BAD, whole_front=GOOD)
    assert breathing("onnx", model, Settings(data_dir=tmp_path, breaths="on")) == "breaths"
    assert breathing("onnx", model, Settings(data_dir=tmp_path, breaths="off")) == "whole"
