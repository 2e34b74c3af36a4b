import re
from pathlib import Path

import pytest

from tests.support.places import SHARED_DIR
from wyoming_kokoro.speech import language_named
from wyoming_kokoro.text.normalize import normalize
from wyoming_kokoro.text.pronouncing.clean import clean
from wyoming_kokoro.text.pronouncing.phonemes import FrontEnd

REPLIES = Path(__file__).with_name("replies.en.tsv")
SHARED = SHARED_DIR / "text" / "replies.en.tsv"
US, GB = language_named("en_US"), language_named("en_GB")


def rows(path: Path) -> list[list[str]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line.strip() and not line.startswith("#")]


def plain(text: str) -> list[str]:
    """Return the words of `text`: what is heard of it."""
    return re.sub(r"[^\w\s'’]", " ", text.lower()).split()


def sounds(phonemes: str) -> str:
    return re.sub(r"[\s.,;:!?…—–\-\"'“”‘’()ˈˌ]", "", phonemes)


def test_replies_are_read_as_people_say_them() -> None:
    replies = rows(REPLIES)
    wrong = []
    for code, text, spoken in replies:
        read = normalize(clean(text), language_named(code))
        if plain(read) not in [plain(form) for form in spoken.split("||")]:
            wrong.append(f"{text} -> {read}")
    assert len(replies) >= 80
    assert len(wrong) <= len(replies) * 0.05, "\n".join(wrong)


def test_replies_of_home_assistant_sound_as_people_say_them() -> None:
    if not SHARED.exists():
        pytest.skip("shared/text is not here")
    front_end = FrontEnd()
    replies = rows(SHARED)
    wrong = []
    for text, spoken in replies:
        heard, *wanted = (
            sounds(front_end.phonemize(said, US, "misaki").symbols)
            for said in (text, *spoken.split("||"))
        )
        if heard not in wanted:
            wrong.append(text)
    assert len(wrong) <= len(replies) * 0.05, "\n".join(wrong)
