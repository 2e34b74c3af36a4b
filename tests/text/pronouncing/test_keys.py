import pytest

from wyoming_kokoro.text.normalize.codes import HASH, STAR
from wyoming_kokoro.text.pronouncing.keys import with_keys


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Press * to go back.", "Press {star} to go back."),
        ("Press * or #.", "Press {star} or {hash}."),
        ("Enter *123# now", "Enter {star}123{hash} now"),
        ("Then 1234# arms it", "Then 1234{hash} arms it"),
        ("Dial *67 first", "Dial {star}67 first"),
        ("请按*键", "请按{star}键"),
        ("#を押して", "{hash}を押して"),
    ],
)
def test_keys_have_signs_of_their_own(text: str, keys: str) -> None:
    assert with_keys(text) == keys.format(star=STAR, hash=HASH)


@pytest.mark.parametrize(
    "text",
    [
        *("It is *very* cold", "Press *Start* now", "# Title", "a * b * c", "#tag and C#", "5 * 3"),
        *("* Press the button", "Take #5", "**Press** it", "1. *a*"),
    ],
)
def test_markup_and_numbers_are_left_alone(text: str) -> None:
    assert with_keys(text) == text


def test_the_last_digits_of_a_card_are_apart() -> None:
    assert with_keys("Card **** 4417 or **** **** **** 0042") == "Card 4 4 1 7 or 0 0 4 2"
