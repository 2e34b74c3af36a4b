import pytest

from wyoming_kokoro.text.g2p.heteronyms import settle
from wyoming_kokoro.text.g2p.words import split_words

READINGS = {
    "record": {"DEFAULT": "noun", "VERB": "verb"},
    "import": {"DEFAULT": "verb", "NOUN": "noun"},
    "read": {"DEFAULT": "reed", "VBD": "red", "VBN": "red", "VBP": "red"},
}


def tag_of(marked: str, guessed: str) -> str:
    """What the word between asterisks is, where a tagger guessed it, and NN for all others."""
    words = split_words(marked.replace("*", ""))
    place = next(i for i, word in enumerate(split_words(marked)) if word.text == "*")
    tags = [guessed if index == place else word.tag or "NN" for index, word in enumerate(words)]
    return list(settle(words, tags, READINGS.get))[place]


@pytest.mark.parametrize(
    ("sentence", "guessed", "tag"),
    [
        ("Should the doorbell *record* it?", "NN", "VB"),
        ("*Record* the match.", "NNP", "VB"),
        ("This is the *record*.", "VB", "NN"),
        ("Your old *record* is new.", "JJ", "JJ"),
        ("Did anyone *read* it?", "VBD", "VB"),
        ("It was *read* twice.", "NN", "VBN"),
        ("She *read* it.", "VB", "VBD"),
        ("I *read* it yesterday.", "VBP", "VBD"),
        ("Take vitamin *A* today.", "DT", "NN"),
        ("*A* lamp is on.", "DT", "DT"),
        ("Now playing Once Upon *A* Time.", "DT", "DT"),
        ("The *lamp* is on.", "VB", "VB"),
    ],
)
def test_the_frame_of_a_sentence_decides_what_a_word_is(
    sentence: str, guessed: str, tag: str
) -> None:
    assert tag_of(sentence, guessed) == tag
