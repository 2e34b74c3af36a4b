"""What was found out is followed: a model whose joins can be heard is voiced in whole sentences."""

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from tests.support.engines import HummingEngine, OneVoice, humming_pipeline, pieces, seconds_of
from tests.support.virtual_time import run
from wyoming_kokoro.check.yardstick import verdicts_on, yardstick
from wyoming_kokoro.config import Limits, Settings
from wyoming_kokoro.engines.verdict import BREATHS, Verdict, keep_verdicts
from wyoming_kokoro.models.catalog import ModelVersion, version_named
from wyoming_kokoro.models.installed import InstalledModel
from wyoming_kokoro.speech import Request
from wyoming_kokoro.synthesis.casting import Cast
from wyoming_kokoro.synthesis.making import Maker
from wyoming_kokoro.synthesis.model_pool import ModelPool
from wyoming_kokoro.synthesis.schedule.scheduler import Scheduler
from wyoming_kokoro.synthesis.select import Kind

Asked = Literal["auto", "on", "off"]

SENTENCE = "Forty characters are three seconds long."


class WholeVoice(OneVoice):
    """Speaks whole sentences."""

    async def cast(self, request: Request, uses: ExitStack) -> Cast:
        return replace(await super().cast(request, uses), in_breaths=False)


@pytest.mark.parametrize(("voice", "breaths"), [(OneVoice, 4), (WholeVoice, 2)])
def test_sentences_are_voiced_whole_where_that_was_found_best(
    voice: type[OneVoice], breaths: int
) -> None:
    """Else the second sentence alone is, which is made while the first one plays."""
    engine = HummingEngine()

    async def main() -> list[bytes]:
        pipeline = humming_pipeline(engine, voice=voice(engine))
        text = pieces(f"{SENTENCE} {SENTENCE}")
        return [chunk async for chunk in pipeline.speak(Request(), text)]

    chunks = run(main())
    assert engine.breaths == breaths
    assert seconds_of(chunks) == 6.0


@pytest.mark.parametrize(
    ("passed", "asked", "in_breaths"),
    [(True, "auto", True), (False, "auto", False), (False, "on", True), (True, "off", False)],
)
async def test_a_model_is_loaded_with_its_verdict(
    passed: bool, asked: Asked, in_breaths: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = version_named("v1.0")
    settings = Settings(data_dir=tmp_path, engine="onnx", weights="released", breaths=asked)
    sha256 = version.checkpoint.sha256
    keep_verdicts(tmp_path / "cache", sha256, yardstick(), {BREATHS: Verdict(passed, "")})

    def files(self: Maker, version: ModelVersion) -> InstalledModel:
        return InstalledModel(version, tmp_path / "m.pth", tmp_path, {}, {}, official=True)

    def load(
        kind: Kind, model: InstalledModel, settings: Settings, waiting: object, found: object
    ) -> HummingEngine:
        return HummingEngine()

    monkeypatch.setattr(Maker, "files", files)
    scheduler = Scheduler(Limits())
    models = ModelPool(settings, scheduler, load, verdicts_on)
    try:
        assert (await models.ready(version)).in_breaths is in_breaths
    finally:
        await models.close()
        scheduler.close()
