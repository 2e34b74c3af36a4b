import pytest

from wyoming_kokoro.text.g2p.heteronyms import respell


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("The old lead pipes are gone.", "The old led pipes are gone."),
        ("It contains lead.", "It contains led."),
        ("You are in the lead.", "You are in the lead."),
        ("Turn down the bass.", "Turn down the base."),
        ("A bass swam in the lake.", "A bass swam in the lake."),
        ("There is a tear in the net.", "There is a tare in the net."),
        ("There is a tear in her eye.", "There is a tear in her eye."),
        ("Send your resume.", "Send your résumé."),
        ("Press the resume button.", "Press the resume button."),
        ("Polish the table.", "polish the table."),
        ("Polish food is good.", "Polish food is good."),
    ],
)
def test_words_of_two_senses_are_spelled_as_they_sound(text: str, spelled: str) -> None:
    assert respell(text) == spelled
