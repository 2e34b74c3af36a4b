"""What `phonemize` prints is what a server would give to its engine."""

import asyncio
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.support.engines import HummingEngine, pieces
from tests.support.virtual_time import VirtualLane, now, run
from tests.support.voice_files import pack, write_pt
from wyoming_kokoro.app import wiring
from wyoming_kokoro.config import Limits, Settings
from wyoming_kokoro.errors import UnknownLanguage, UnknownVoice
from wyoming_kokoro.models import catalog
from wyoming_kokoro.models.catalog import vocabulary
from wyoming_kokoro.speech import Plan, Request, Style, Tokens, language_named, language_of_voice
from wyoming_kokoro.synthesis.casting import Cast
from wyoming_kokoro.synthesis.pipeline import Pipeline
from wyoming_kokoro.synthesis.pronouncing import Pronouncer
from wyoming_kokoro.synthesis.reading import ReadingOptions
from wyoming_kokoro.synthesis.schedule.scheduler import Scheduler
from wyoming_kokoro.synthesis.sound import Pauses
from wyoming_kokoro.text.pronouncing.lexicon import UserLexicon
from wyoming_kokoro.text.pronouncing.phonemes import FrontEnd


@pytest.fixture(scope="module")
def front_end(tmp_path_factory: pytest.TempPathFactory) -> FrontEnd:
    lexicon = tmp_path_factory.mktemp("lexicon") / "lexicon.txt"
    lexicon.write_text("wifi = why fye\n", encoding="utf-8")
    return FrontEnd(UserLexicon(lexicon))


def pronouncer_of(settings: Settings, front_end: FrontEnd) -> Pronouncer:
    parts = wiring.wire(settings, Limits())
    parts.scheduler.close()
    return Pronouncer(settings, front_end, parts.casting.reader)


class ListeningEngine(HummingEngine):
    """Keeps the phonemes and the ids that it is given."""

    reads: Any = "tokens"

    def __init__(self) -> None:
        super().__init__()
        self.given: list[Tokens] = []

    def plan(self, tokens: Tokens, style: Style, speed: float, seed: int) -> Plan:
        self.given.append(tokens)
        return super().plan(tokens, style, 2 * speed, seed)


class EveryVoice:
    """Casts the engine for whatever voice or language is asked for."""

    def __init__(self, engine: ListeningEngine) -> None:
        self._engine = engine

    async def cast(self, request: Request, uses: ExitStack) -> Cast:
        voice = request.voice or "af_heart"
        language = language_of_voice(voice)
        if request.language and not request.voice:
            language = language_named(request.language)
        assert language
        version = catalog.version_named("v1.0")
        pack = np.zeros((510, 256), np.float32)
        known = vocabulary("v1.0")
        return Cast(self._engine, version, known, pack, language, True, 1.0, voice)


def given_to_the_engine(
    text: str, request: Request, front_end: FrontEnd, *, detect: bool
) -> list[Tokens]:
    engine = ListeningEngine()

    async def speak() -> None:
        scheduler = Scheduler(Limits(), now=now, lane=lambda _name: VirtualLane(engine))
        voice = EveryVoice(engine)
        options = ReadingOptions(1000, detect_language=detect)
        pipeline = Pipeline(voice, front_end, scheduler, Limits(), Pauses(), options, now=now)
        async for _ in pipeline.speak(request, pieces(text)):
            pass

    run(speak())
    return engine.given


TEXTS = [
    ("OK. **The lamp** is at 21.5 °C! Enjoy 🎉", {}),
    ("- milk\n- eggs\n\n| Room | 20 % |\n\n[pause:1s] [Niamh](/niːv/) said so.", {}),
    ("<speak>Hi <voice name='ff_siwis'>bonjour à tous</voice> and bye.</speak>", {}),
    ("<speak>Hi <lang xml:lang='es'>hola</lang> <voice language='it'>ciao</voice></speak>", {}),
    ("<speak>Hi <voice language='tlh'>nuqneH</voice> there.</speak>", {}),
    ("Wifi is on, said Москва. " + "and so on, " * 100, {}),
    ("La luz está encendida. Listo.", {"language": "es_ES"}),
    ("Bonjour à tous.", {"voice": "ff_siwis"}),
    ("Colour and bath.", {"voice": "bf_emma", "language": "es"}),
    ("Good morning to all of you. नमस्ते, बत्ती जल रही है।", {}),
    ("नमस्ते, बत्ती जल रही है।", {"language": "en_US"}),
]


@pytest.mark.parametrize("detect", [False, True])
@pytest.mark.parametrize(("text", "asked"), TEXTS)
def test_phonemize_prints_what_the_engine_is_given(
    text: str, asked: dict[str, str], detect: bool, front_end: FrontEnd, tmp_path: Path
) -> None:
    request = Request(asked.get("voice"), asked.get("language"))
    given = given_to_the_engine(text, request, front_end, detect=detect)
    settings = Settings(data_dir=tmp_path, detect_language=detect)
    pronouncer = pronouncer_of(settings, front_end)
    answer = pronouncer.answer(text, asked.get("language"), asked.get("voice"))
    assert " ".join(tokens.phonemes.symbols for tokens in given) == answer["phonemes"]
    known = vocabulary("v1.0")
    numbers = [number for tokens in given for number in (*tokens.ids, known[" "])][:-1]
    assert numbers == [known[symbol] for symbol in answer["phonemes"]]
    words = dict.fromkeys(tokens.phonemes.text for tokens in given)
    assert " ".join(words) == answer["normalized"]


def test_what_names_no_voice_is_read_by_the_default_one(
    front_end: FrontEnd, tmp_path: Path
) -> None:
    blend = (("kitchen", "bf_emma(2)+af_heart"),)
    american = pronouncer_of(Settings(data_dir=tmp_path), front_end)
    british = pronouncer_of(Settings(data_dir=tmp_path, voice="kitchen", blend=blend), front_end)

    def said(pronouncer: Pronouncer, *asked: str | None) -> str:
        return pronouncer.answer("bath", *asked)["phonemes"]

    assert said(american, None, None) == "bˈæθ"
    assert said(british, None, None) == said(british, "en", None) == "bˈɑːθ"
    assert said(british, "en_US", None) == said(british, None, "af_heart@1.2") == "bˈæθ"


@pytest.mark.parametrize(
    ("settings", "language", "voice", "refusal"),
    [
        ({}, None, "af_hart", r"no voice 'af_hart' in v1\.0; did you mean af_heart"),
        ({}, None, "v9/af_heart", r"'v9'; there are v1\.0"),
        ({}, None, "af_heart+nobody", "there is no voice 'nobody'"),
        ({}, None, "af_heart@9", "speed"),
        ({}, "tlh", None, "'tlh'"),
        ({}, "de_DE", None, "'de_DE'"),
        ({"model": "v0.19"}, "it_IT", None, "no voice for Italian: choose another model"),
    ],
)
def test_what_a_server_refuses_is_refused_with_the_same_words(
    settings: dict[str, Any],
    language: str | None,
    voice: str | None,
    refusal: str,
    front_end: FrontEnd,
    tmp_path: Path,
) -> None:
    chosen = Settings(data_dir=tmp_path, engine="stand-in", **settings)

    async def told_by_a_server() -> str:
        parts = wiring.wire(chosen, Limits())
        try:
            with pytest.raises((UnknownVoice, UnknownLanguage)) as refused:
                await parts.casting.cast(Request(voice, language), ExitStack())
        finally:
            await parts.close()
        return str(refused.value)

    with pytest.raises((UnknownVoice, UnknownLanguage), match=refusal) as refused:
        pronouncer_of(chosen, front_end).answer("Hello.", language, voice)
    assert asyncio.run(told_by_a_server()) == str(refused.value)


def test_a_voice_of_ones_own_is_read_in_the_language_of_its_name(
    front_end: FrontEnd, tmp_path: Path
) -> None:
    (tmp_path / "voices").mkdir()
    write_pt(tmp_path / "voices" / "en_GB-jarvis.pt", pack())
    pronouncer = pronouncer_of(Settings(data_dir=tmp_path), front_end)
    assert pronouncer.answer("bath", None, "en_GB-jarvis")["phonemes"] == "bˈɑːθ"
