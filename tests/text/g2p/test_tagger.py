import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from wyoming_kokoro.text.g2p.english import EnglishG2P
from wyoming_kokoro.text.g2p.tagger import CrfTagger, choose_tagger
from wyoming_kokoro.text.g2p.words import WrittenWord

TOKENS = """
class Token:
    def __init__(self, tag): self.tag_ = tag

class Doc(list):
    def __init__(self, vocab, words, spaces):
        assert len(words) == len(spaces)
        self.words = words
"""
MODEL = """
from spacy.tokens import Token

class Model:
    vocab = "vocab"
    def __call__(self, doc):
        doc.extend(Token("VB" if word in ("record", "word") else "NN") for word in doc.words)
        return doc

def load(enable):
    assert enable == ["tok2vec", "tagger"]
    return Model()
"""


@pytest.fixture
def spacy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with packages of spaCy's names and its interface, found before any other."""
    for name, module, source in (("spacy", "tokens", TOKENS), ("en_core_web_sm", "", MODEL)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("" if module else source)
        if module:
            (tmp_path / name / f"{module}.py").write_text(source)
    for name in [*sys.modules]:
        if name.split(".")[0] in ("spacy", "en_core_web_sm"):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    for name in ("spacy", "spacy.tokens", "en_core_web_sm"):
        sys.modules.pop(name, None)


def test_spacys_model_tells_the_parts_of_speech_where_the_user_has_it(
    spacy: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    tagger = choose_tagger()
    assert tagger.tag([WrittenWord("the", " "), WrittenWord("record", "")]) == ["NN", "VB"]
    assert "spaCy's en_core_web_sm" in caplog.text


def test_a_sentence_is_read_by_the_tags_of_spacys_model(spacy: Path) -> None:
    said = EnglishG2P(False, lambda word, british: None).phonemize("new record")
    assert said == "nˈu ɹəkˈɔɹd"


def test_a_broken_model_leaves_the_one_on_board_and_says_what_to_do(
    spacy: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (spacy / "en_core_web_sm" / "__init__.py").write_text("raise ImportError('made for spaCy 2')")
    assert isinstance(choose_tagger(), CrfTagger)
    (warning,) = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert "made for spaCy 2" in warning.getMessage()
    assert "Install the version of it that fits" in warning.getMessage()


def test_without_the_model_the_one_on_board_is_used_and_spacy_is_not_imported(
    spacy: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("wyoming_kokoro.text.g2p.tagger.MODEL", "en_core_web_not_there")
    caplog.set_level(logging.INFO)
    assert isinstance(choose_tagger(), CrfTagger)
    assert "spacy" not in sys.modules
    assert "model on board" in caplog.text
