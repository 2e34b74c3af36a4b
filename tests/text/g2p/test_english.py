import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.places import SHARED_DIR
from wyoming_kokoro.models.catalog import vocabulary
from wyoming_kokoro.text.g2p.english import EnglishG2P
from wyoming_kokoro.text.g2p.misaki_english import import_misaki, load_lexicon

SHARED = SHARED_DIR / "text"


def nothing(word: str, british: bool) -> None:
    """Stand for a machine without espeak-ng."""


US = EnglishG2P(british=False, fallback=nothing)
GB = EnglishG2P(british=True, fallback=nothing)

HETERONYMS = Path(__file__).with_name("heteronyms.en.tsv")


def heteronyms(path: Path) -> list[list[str]]:
    """Sentences, and a part of the phonemes of each (the last column)."""
    return [line.split("|") for line in path.read_text("utf-8").splitlines() if "|" in line]


def test_words_of_two_readings_are_read_by_their_place_in_the_sentence() -> None:
    rows = heteronyms(HETERONYMS)
    wrong = [row[0] for row in rows if row[-1] not in US.phonemize(row[0])]
    assert len(rows) > 400
    assert not wrong


def test_heteronyms_of_assistant_replies_are_read_right() -> None:
    path = SHARED / "heteronyms.en.tsv"
    if not path.exists():
        pytest.skip(f"{path.name} is not at hand")
    wrong = [row[0] for row in heteronyms(path) if row[-1] not in US.phonemize(row[0])]
    assert len(wrong) <= 4, wrong


@pytest.mark.parametrize(
    ("text", "us", "gb"),
    [
        ("The water is hot.", "ðə wˈɔTəɹ ɪz hˈɑt.", "ðə wˈɔːtə ɪz hˈɒt."),
        ("Go home, please!", "ɡˌO hˈOm, plˈiz!", "ɡˌQ hˈQm, plˈiːz!"),
    ],
)
def test_both_countries_are_read_as_their_own(text: str, us: str, gb: str) -> None:
    assert US.phonemize(text) == us
    assert GB.phonemize(text) == gb


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("It is 21.5 degrees.", "It is twenty one point five degrees."),
        ("It is -3 degrees.", "It is minus three degrees."),
        ("It costs $5.50.", "It costs five dollars and fifty cents."),
        ("It costs €12.99.", "It costs twelve euros and ninety nine cents."),
        ("Humidity is 40%.", "Humidity is forty percent."),
        ("In the 1990s", "In the nineteen nineties"),
        ("Built in 1998.", "Built in nineteen ninety eight."),
        ("The 21st day", "The twenty first day"),
        ("1,250 steps", "one thousand two hundred fifty steps"),
        ("Mr. Ames and Dr. Bell", "Mister Ames and doctor Bell"),
        ("a & b", "a and b"),
    ],
)
def test_numbers_and_signs_are_read_as_words(written: str, spoken: str) -> None:
    def plain(phonemes: str) -> str:
        return "".join(symbol for symbol in phonemes if symbol not in "ˈˌ ")

    assert plain(US.phonemize(written)) == plain(US.phonemize(spoken))


@pytest.mark.parametrize(
    ("text", "phonemes"),
    [
        ("at 10:30 sharp", "æt tˈɛn θˈɜɹTi ʃˈɑɹp"),
        ("at 5 p.m.", "æt fˈIv pˌiˈɛm."),
        ("So - well", "sˌO — wˈɛl"),
        ('He said "no".', "hˌi sˈɛd “nˈO”."),
        ("(yes)", "(jˈɛs)"),
        ("What?! No...", "wˌʌt?! nˈO..."),
        ("to me@a.com", "tə mˌi æt ˈA dˌɑt kˈɑm"),
    ],
)
def test_marks_shape_speech_and_are_not_read_out(text: str, phonemes: str) -> None:
    assert US.phonemize(text) == phonemes


def test_words_that_the_lexicon_lacks_are_asked_for_one_by_one() -> None:
    asked = []

    def fallback(word: str, british: bool) -> str | None:
        asked.append((word, british))
        return "blˈɪp☃"

    assert (
        EnglishG2P(True, fallback).phonemize("The Zyxqwv-5000 hums")
        == "ðə blˈɪp fˈIv θˈWzᵊnd hˈʌmz"
    )
    assert asked == [("Zyxqwv", True)]


def test_words_that_nobody_knows_are_spelled() -> None:
    assert US.phonemize("brźn") == US.phonemize("B.R.Z.N") == "bˌiˌɑɹzˌiˈɛn"


def test_writing_of_other_scripts_is_not_handed_to_the_fallback() -> None:
    asked = []

    def fallback(word: str, british: bool) -> str | None:
        asked.append((word, british))
        return None

    assert EnglishG2P(False, fallback).phonemize("lamp лампа ランプ") == "lˈæmp"
    assert asked == []


@pytest.mark.filterwarnings("ignore:open_text is deprecated")
def test_the_lexicon_holds_what_misaki_builds_from_the_same_data() -> None:
    misaki = import_misaki()
    ours, theirs = load_lexicon(misaki, british=True), misaki.Lexicon(True)
    for part in ("golds", "silvers"):
        found, expected = getattr(ours, part), getattr(theirs, part)
        words = random.Random(part).sample(sorted(expected), 3000)
        assert all(found.get(word) == expected[word] for word in words)
        cases = [case for word in words for case in (word.upper(), word.lower(), word.title())]
        assert all((word in found) == (word in expected) for word in cases)


SYMBOLS = vocabulary("v1.0").keys() & vocabulary("v1.1-zh").keys()
WRITING = st.sampled_from(
    [
        *("lamp", "The", "isn't", "Wi-Fi", "x2", "café", "http://a.b/c", "p.m.", "2nd", "$3"),
        *("5", "21.5", "10:30", "-3", "1,000,000", "½", "²", "١٢", "°C", "…", "--"),
        *"%#/'\".,\\",
    ]
)


@settings(deadline=None)  # the first text loads the tagger
@given(
    st.lists(WRITING | st.text(st.characters(codec="utf-8"), max_size=6), max_size=12),
    st.booleans(),
)
def test_every_phoneme_is_one_that_the_models_know(pieces: list[str], spaced: bool) -> None:
    phonemes = US.phonemize((" " if spaced else "").join(pieces))
    assert set(phonemes) <= SYMBOLS
    assert phonemes == " ".join(phonemes.split())


def test_british_phonemes_are_ones_that_the_models_know() -> None:
    text = "Bath, better, thorough — the poor hoarse chef's 1,001 “measured” nurses (judging)."
    assert set(GB.phonemize(text)) <= SYMBOLS


def test_english_needs_neither_spacy_nor_torch_and_little_memory() -> None:
    program = (
        "import pathlib, re, sys\n"
        "from wyoming_kokoro.text.g2p.english import EnglishG2P\n"
        "early = {'misaki', 'pycrfsuite', 'num2words', 'regex'} & sys.modules.keys()\n"
        "EnglishG2P(False, lambda word, british: None).phonemize('The lamp is on.')\n"
        "heavy = {'spacy', 'torch', 'transformers'} & sys.modules.keys()\n"
        "peak = re.search(r'VmHWM:\\s+(\\d+)', pathlib.Path('/proc/self/status').read_text())[1]\n"
        "print(early, heavy, int(peak) < 80 * 1024)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert ran.stdout == "set() set() True\n"
    assert ran.stderr == ""


@pytest.mark.parametrize("unit", ["a-", "1-", "aB", "x1", "'a", "http://a/"])
def test_what_is_glued_together_without_end_is_read_in_parts(unit: str) -> None:
    few, many = (US.phonemize(unit * times) for times in (4, 400))
    assert 50 * len(few) < len(many) + 50 * len(unit)


@pytest.mark.parametrize("text", ["²" * 450, "9" * 400, "1" * 1000, "1." * 400])
def test_numbers_without_end_are_read(text: str) -> None:
    assert US.phonemize(text)
