import pytest

from tests.support.spoken import misread
from wyoming_kokoro.speech import language_named
from wyoming_kokoro.text.normalize import normalize

IN = language_named("hi_IN")


def test_replies_sound_as_people_say_them() -> None:
    wrong, count = misread("hi_IN")
    assert count >= 80
    assert len(wrong) <= count * 0.05, "\n".join(wrong)


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("1/2", "आधा"),
        ("1½", "डेढ़"),
        ("2 1/2", "ढाई"),
        ("3½", "साढ़े तीन"),
        ("4¼", "सवा चार"),
        ("2¾", "पौने तीन"),
        ("1ला", "पहला"),
        ("6ठी", "छठी"),
        ("22वें", "बाईसवें"),
        ("1,25,000", "एक लाख पच्चीस हज़ार"),
        ("₹1.5 लाख करोड़", "एक दशमलव पाँच लाख करोड़ रुपये"),
        ("10 रुपए 50 पैसे", "दस रुपए पचास पैसे"),
        ("12 km/h की", "बारह किलोमीटर प्रति घंटे की"),
        ("00:30", "रात बारह बजकर तीस मिनट"),
    ],
)
def test_figures_are_said_as_hindi_has_them(text: str, spoken: str) -> None:
    assert normalize(text, IN) == spoken
