"""A sentence that tells of the keys of a telephone in, the same out with signs for its star and
hash that cannot be taken for markup: `Press * or 1234#.`
"""

import re

from wyoming_kokoro.text.normalize.codes import ASTERISK, HASH, STAR

_KEYS = str.maketrans({"*": STAR, "#": HASH})

_CODE = re.compile(
    r"(?<![A-Za-z\d_*#&.,])(?:[*#]\d[\d*#]{0,24}+(?<=#)|\d{1,12}#)(?![A-Za-z\d_#])", re.ASCII
)
"""What is dialled with them, wherever it stands."""

_MASKED = re.compile(r"(?:(?:\*{2,4}|[•·]{2,4}|(?<![A-Za-z])[xX]{4})[ -]?){1,4}+(\d{4})(?!\d)")
"""The last digits of a card, the others hidden."""

_PRESSED = re.compile(
    r"(?i)(?<![^\W_])(?:press|push|hit|dial|enter|tap|type|key|button|digit|puls|marc|marqu(?!é)|presion"
    r"|tecl|botón|introdu|appuy|touche|compos|tape|prem|tast|apert|pression|disqu|drück|wähl|taste"
    r"|contain|symbol|charact|sign\b|zeichen|símbolo|carác|caract|signe\b|simbolo|follow|seguid|suivi|ingres|inseri|insira|saisi|select|seleccion|ligu|लगा|दबा|डायल|बटन)"
    r"|[按键拨押]|符号|包含|字符|记号|記号|输入|入力|キー|ボタン"
)
"""Beginnings of words of all languages that tell of keys."""

_ALONE = r"(?=[\s.,;!?\"'”’)]|\Z)"
_PRODUCT = r"(?!(?<=\d\s\*)\s\d)"
_KEY = re.compile(
    rf"(?<=\S\s)[*#]{_PRODUCT}{_ALONE}|(?<=[\"'“‘(])[*#]{_ALONE}|(?<!\S)[*#](?=\s?(?:दबा|या|[をにとがはか键和或]|キー))"
    r"|(?<=[\u3040-\u9fff])[*#](?=[\u3040-\u9fff、。，！]|\Z)"
    r"|(?<![\w*])\*(?=\d{1,4}(?![\w*])[^*]{0,300}\Z)"
)


_SIGN = re.compile(
    r"(?i)(?<!\w)((?:the|an?|this|each|every|with|by|el|un|una|con|le|avec|il|lo|uno|um|uma|com|der|ein|mit"
    r"|d['’]un)\s)\*(?=\s[a-zß-ÿ])"
)
"""The asterisk itself, where a sentence has but one: `fields with * are required`."""


def with_keys(text: str) -> str:
    """Return `text` with signs that can mean nothing but keys."""
    text = _MASKED.sub(lambda found: " ".join(found[1]), text)
    if "*" not in text and "#" not in text:
        return text
    text = _CODE.sub(_as_key, text)
    if _PRESSED.search(text):
        text = _KEY.sub(_as_key, text)
    return _SIGN.sub(rf"\1{ASTERISK}", text) if text.count("*") == 1 else text


def _as_key(found: re.Match[str]) -> str:
    return found.group().translate(_KEYS)
