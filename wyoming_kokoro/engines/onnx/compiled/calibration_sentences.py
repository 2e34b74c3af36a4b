"""What is spoken to see which values the generator works with: a model and voices in, tokens and
styles out. The sentences have every sound of their language, short and long, asked and told.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import lcm

from wyoming_kokoro.engines.kokoro.plan import Floats
from wyoming_kokoro.models.catalog import Notation
from wyoming_kokoro.models.installed import InstalledModel
from wyoming_kokoro.speech import US_ENGLISH, Phonemes, Tokens

_SENTENCES: dict[Notation, tuple[str, ...]] = {
    "misaki": (
        "ðə lˈɪvɪŋ ɹˈum ɪz twˈɛnti wˈʌn dəɡɹˈiz, ænd ðə wˈɔʃɪŋ məʃˈin wɪl bi ɹˈɛdi sˈun.",
        "ɡˈʊd mˈɔɹnɪŋ! wˌʌt wʊd ju lˈIk tə hˈɪɹ fˈɜɹst, ðə wˈɛðəɹ ɔɹ ðə nˈuz?",
        "wˌI dˈɪd nˈObˌɑdi klˈOz ðə ɡəɹˈɑʒ dˈɔɹ?",
        "ˌIv sˈɛt ɐ tˈIməɹ fɔɹ ˈAt mˈɪnəts; ʃˌæl ˌI ˈɔlsO dˈɪm ðə lˈIts, plˈA sˌʌm ʤˈæz?",
        "ˈO, ʃˈʊɹ.",
        "mˈɛʒəɹ ðə flˈWəɹ, sˈɪft ɪt twˈIs, ænd fˈOld ɪn fˈIv ˈɛɡz, ˌʌntˈɪl ðə dˈO ɪz smˈuð.",
        "bwˈenos ðˈias, la tˌempeɾatˈuɾa ðel salˈon ˈes ðe βˈAnte ɣɾˈaðos.",
        "la lymjˈɛʁ də la kyizˈin ɛt alymˈe dəpyˌiz yn ˈœʁ.",
        "kʲoː βa iː teŋkʲi desɨ ne. mado o ake maɕoː ka.",
        "kʰɤ↘tʰi→ŋ tɤ tə→ŋ i↓ʨi→ŋ ta↓kʰai→ lɤ, ɕjɛ↘nʦai↘ wə→ntu↘ ʂɨ↘ ɚ↘ʂɨ↗ i↗tu↘.",
        "ɾəsˈoːi ki bˈʌtːi bˈʌnd kˈʌɾ dˈi ɡˈʌi hɛː.",
        "kwˌesta sˈera ˌalle ˈɔtːo komˈinʧa il fˈilm ke aspetːˈavɪ.",
    ),
    "espeak": (
        "ðə lˈɪvɪŋ ɹˈuːm ɪz twˈɛnti wˈʌn dᵻɡɹˈiːz, ænd ðə wˈɑːʃɪŋ məʃˈiːn wɪl biː ɹˈɛdi sˈuːn.",
        "ɡˈʊd mˈɔːɹnɪŋ! wˌʌt wʊd juː lˈaɪk tə hˈɪɹ fˈɜːst, ðə wˈɛðɚ ɔːɹ ðə nˈuːz?",
        "wˌaɪ dˈɪd nˈəʊbɒdi klˈəʊs ðə ɡˈaɹɪdʒ dˈɔː?",
        "ˈoʊ, ʃˈʊɹ.",
        "mˈɛʒə ðə flˈaʊə, sˈɪft ɪt twˈaɪs, and fˈəʊld ɪn fˈaɪv ˈɛɡz, ʌntˈɪl ðə dˈəʊ ɪz smˈuːð.",
    ),
    "misaki-zh": (
        "ㄎㄜ4ㄊ应1/ㄉㄜ5/ㄉㄥ1/ㄧ3ㄐ应1/ㄉㄚ3ㄎㄞ1/ㄌㄜ5, "
        "ㄒ言4ㄗㄞ4/文1ㄉㄨ4/ㄕ十4/ㄦ4ㄕ十2/ㄧ2ㄉㄨ4.",
        "ㄋㄧ2ㄏㄠ3! ㄋㄧ2ㄒ阳3/ㄒ言1/ㄊ应1/ㄊ言1ㄑㄧ4ㄩ4ㄅㄠ4, ㄏㄞ2ㄕ十4/ㄊ应1/ㄒ阴1文2?",
        "万3ㄢ1, ㄓㄨ4/ㄋㄧ3/ㄗ我4/ㄍㄜ5/ㄏㄠ3/ㄇㄥ4.",
        "ㄑ应2ㄅㄚ3/我4ㄕ十4/ㄉㄜ5/ㄔ王1ㄌ言2/ㄍ万1ㄕㄤ5, "
        "ㄊㄧ2ㄒ应3/我3ㄐ又2ㄉ言3/ㄉㄚ3ㄉ言4ㄏ穵4.",
        "ɡˈʊd mˈɔɹnɪŋ! wˌʌt wʊd ju lˈIk tə hˈɪɹ fˈɜɹst, ðə wˈɛðəɹ ɔɹ ðə nˈuz?",
        "ðə lˈɪvɪŋ ɹˈum ɪz twˈɛnti wˈʌn dəɡɹˈiz, ænd ðə wˈɔʃɪŋ məʃˈin wɪl bi ɹˈɛdi sˈun.",
    ),
}
"""By notation, as this package's own front ends write them."""

_LEAST = 12
"""Sentences that are spoken: with fewer in a notation, or with more voices, some more than once."""


@dataclass(frozen=True, slots=True, eq=False)
class CalibrationSentence:
    """A sentence in a voice."""

    ids: tuple[int, ...]

    style: Floats
    """Shape (256,)."""

    voice: str
    """Which voice the style is of."""


def calibration_sentences(
    model: InstalledModel, packs: Mapping[str, Floats], least: int = 0
) -> list[CalibrationSentence]:
    """Return the sentences that fit the notation of `model`, by turns in the voices of `packs`,
    (rows, 256) each: every sentence and every voice at least once, and `least` in all. Nothing
    without voices.
    """
    if not packs:
        return []
    texts, voices = _SENTENCES[model.version.notation], list(packs)
    turns = range(max(least, _LEAST, len(texts), len(voices)))
    round_ = lcm(len(texts), len(voices))  # after which the same pairs would come again
    pairs = [(texts[t % len(texts)], voices[(t + t // round_) % len(voices)]) for t in turns]
    return [_sentence(model, text, voice, packs[voice]) for text, voice in pairs]


def _sentence(model: InstalledModel, text: str, voice: str, pack: Floats) -> CalibrationSentence:
    ids = tuple(model.vocabulary[symbol] for symbol in text if symbol in model.vocabulary)
    row = model.version.style_row(Tokens(ids, Phonemes(text, "", US_ENGLISH)))
    return CalibrationSentence(ids, pack[min(row, len(pack) - 1)], voice)
