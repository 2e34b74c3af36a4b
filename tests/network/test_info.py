"""The answer to `describe`."""

from wyoming_kokoro.network.info import Description, build_info
from wyoming_kokoro.network.wire import encode
from wyoming_kokoro.speech import LANGUAGES, Voice

HEART = Voice("af_heart", LANGUAGES[0], female=True, description="Heart (US English, female)")
GEORGE = Voice("bm_george", LANGUAGES[1], female=False, description="George (UK English, male)")


def test_home_assistant_finds_one_installed_streaming_program_named_kokoro() -> None:
    (program,) = build_info([HEART], "1.2.3").tts
    assert program.name == "kokoro"
    assert program.installed
    assert program.supports_synthesize_streaming
    assert program.version == "1.2.3"
    assert program.attribution.url.startswith("https://")


def test_a_voice_has_its_label_and_the_language_code_home_assistant_wants() -> None:
    (voice,) = build_info([HEART], "1").tts[0].voices
    assert voice.name == "af_heart"
    assert voice.description == "Heart (US English, female)"
    assert voice.languages == ["en_US"]
    assert voice.installed
    assert voice.speakers is None


def test_the_same_voices_in_any_order_are_the_same_bytes() -> None:
    forward = encode(build_info([HEART, GEORGE], "1").event())
    backward = encode(build_info([GEORGE, HEART], "1").event())
    assert forward == backward


def test_a_voice_that_appears_is_described_from_then_on() -> None:
    voices = [HEART]
    description = Description(lambda: voices, "1")
    before = description.encoded()
    assert description.encoded() is before
    voices.append(GEORGE)
    after = description.encoded()
    assert after != before
    assert b"bm_george" in after
