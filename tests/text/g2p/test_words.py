import pytest
from hypothesis import given
from hypothesis import strategies as st

from wyoming_kokoro.text.g2p.words import split_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Turn it on.", "Turn it on ."),
        ("It isn't, I've", "It is n't , I 've"),
        ("you cannot", "you can not"),
        ("at 5 p.m. on", "at 5 p.m. on"),
        ("at 5 p.m.", "at 5 p.m. ."),
        ("in the U.S.A. now", "in the U.S.A. now"),
        ("Dr. Ames vs. Bell", "Dr. Ames vs. Bell"),
        ("$5.50, £3 and 40%", "$ 5.50 , £ 3 and 40 %"),
        ("1,250 W (or -3)", "1,250 W ( or -3 )"),
        ("the 1990s, 3rd", "the 1990s , 3rd"),
        ("at 10:30", "at 10:30"),
        ("Wi-Fi – on... ok", "Wi - Fi – on ... ok"),
        ("rock 'n' roll", "rock 'n ' roll"),
        ("see a.example.com, or b@c.de.", "see a.example.com , or b@c.de ."),
        ("12345678901234567", "1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7"),
    ],
)
def test_words_are_cut_as_the_treebank_cuts_them(text: str, words: str) -> None:
    assert [word.text for word in split_words(text)] == words.split()


@pytest.mark.parametrize(
    ("text", "mark", "tag"),
    [
        ('say "yes" now', '"', "``"),
        ("the kids' room", "'", "POS"),
        ("a - b", "-", ":"),
        ("re-do", "-", "HYPH"),
        ("won 3-2", "-", ":"),
        ("a.b@c.de", "a.b@c.de", "ADD"),
        ("$5", "$", "$"),
        ("(so)", "(", "-LRB-"),
        ("4 * 2", "*", "SYM"),
    ],
)
def test_marks_are_told_apart_by_where_they_stand(text: str, mark: str, tag: str) -> None:
    assert next(word.tag for word in split_words(text) if word.text == mark) == tag


@given(st.text(st.characters(), max_size=120))
def test_no_character_is_lost(text: str) -> None:
    joined = "".join(word.text for word in split_words(text))
    spare = len(joined) - len("".join(text.split()))
    assert joined.replace(".", "") == "".join(text.split()).replace(".", "") or any(
        len(run) > 15 for run in text.split()
    )
    assert spare in (0, 1) or any(len(run) > 15 for run in text.split())
