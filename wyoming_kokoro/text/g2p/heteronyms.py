"""The words and tags of an English sentence in, mended tags out where a word has two readings.

A tagger guesses a word from its neighbors. Where the frame of the sentence leaves but one reading,
as in "Should the doorbell record it?", the rules here know it.

Before that, words whose senses no part of speech tells, `lead` or `bass`, are spelled as they
sound.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache

from wyoming_kokoro.text.g2p.words import WrittenWord

Readings = Callable[[str], object]
"""Entry of a word, in lower case, in the lexicon: one reading, or one for each part of speech."""

_CLASSES = {
    "M": "can could will would shall should may might must do does did ca wo let",
    "B": "am is are was were be been being get gets got getting 're 'm seem seems seemed feel "
    "feels felt look looks looked stay stays remain remains",
    "H": "have has had having 've",
    "Y": "i you we they",
    "P": "he she it who nobody somebody someone everyone anyone everybody anybody",
    "O": "me him us them something anything everything nothing itself",
    "D": "the a an my your our their his her its this these those each every some any no all both",
    "R": "not n't never ever already just only last first also still now automatically quite "
    "please",
    "F": "always often usually sometimes",
    "I": "of in at on by with for from around between after before until into near during under",
    "A": "up down back out off through along",
    "S": "people children men women police fish",
    "T": "to",
    "C": "and or but",
}
"""Words that settle the frame of a sentence, better than their tags do."""

_CLASS_OF = {word: kind for kind, words in _CLASSES.items() for word in words.split()}
_OPEN = (("V", "V"), ("NNS", "S"), ("NNPS", "S"), ("N", "N"), ("PRP", "O"), ("J", "J"), ("CD", "J"))
"""Beginnings of tags, and the class of other words that have them."""

_PAST = re.compile(r"(?i)\b(?:yesterday|ago|last (?:night|week|month|year|time|summer|winter))\b")
_TIME_PAST = "Z"

_SUBJECT = "(?:[PYO]|D?[JN]*[NS])"
_NO_VERB_AFTER = "(?![^.,]*(?<!T)[MBHV])"

Frames = tuple[tuple[str, str], ...]
"""How classes stand around a word (`?`), and the tag of that word. The first that fits counts."""

_FRAMES: Frames = (
    (rf"M{_SUBJECT}R*\?{_NO_VERB_AFTER}", "VB"),
    (r"(?:^|[.,C])R*\?(?=[DO])", "VB"),
    (rf"^[^.MBHV]*S\?(?=[IDAROJ.]|$){_NO_VERB_AFTER}", "VBP"),
    (r"V\?(?=[NS])", "NN"),
    (r"D\?(?=[VMBHIS.]|$)", "NN"),
)
"""Of words that are a verb or a noun."""

_COMMANDS: Frames = ((rf"^\?(?=J*S){_NO_VERB_AFTER}", "VB"),)
"""Of words that are a noun only where they must be."""

_PAST_FRAMES: Frames = (
    _FRAMES[0],
    (rf"(?:SP|F)\?(?!.*{_TIME_PAST})", "VB"),
    (rf"[BH]{_SUBJECT}?R*\?", "VBN"),
    (r"^[^MTV]*[PN]R*\?(?!N)", "VBD"),
    (r"^[^MT]*P[^MT]*C\?", "VBD"),
    (rf"^[^MT]*[PYNS]R*\?(?=.*{_TIME_PAST})", "VBD"),
)
_ENDING_IN_S: Frames = (
    (r"(?:^|[.,C])R*(?:P|D[JN]*N|N+)R*\?(?=[IDAROJT.]|$)(?![^.,]*(?<!T)[MBHV])", "VBZ"),
    (r"[DJI]\?", "NNS"),
)
"""Of what is a verb or a noun and ends in s: "he graduates", "the graduates"."""

_FRAMES_OF: Mapping[str, Frames] = {
    **dict.fromkeys(("content", "invalid", "upset"), ((r"BR*\?", "JJ"), *_FRAMES)),
    "minute": ((r"BR*\?(?=[.C]|$)", "JJ"), *_FRAMES),
    "close": ((r"BR*\?|(?<![MT])\?(?=T[DOPYN])", "JJ"), *_FRAMES),
    "read": _PAST_FRAMES,
    "wound": ((rf"[BH]{_SUBJECT}?R*\?", "VBN"), (r"[PYNS]\?(?=[DOA])", "VBD")),
    "wind": ((r"(?<!T)\?(?=[INVBMH.]|$)", "NN"), *_FRAMES),
    "used": ((rf"B{_SUBJECT}?R*\?(?=T[DOPY])", "JJ"),),
}
"""Of single words, in place of the general ones."""

_OWNED = r"(?P<owner>(?:my|your|his|her|our|their|a|the|this|updated|new) )"
_METAL = (
    r"paint|pipes?|piping|levels?|acid|poisoning|free|content|exposure|solder|shot|batter\w+|"
    r"weights?|crystals?|contamination|glass"
)
_SPELLINGS = tuple(
    (re.compile(rf"(?i){pattern}"), spelling)
    for pattern, spelling in (
        (rf"\blead(?=[ -](?:{_METAL})\b)", "led"),
        (
            r"(?P<owner>\b(?:made|traces?|amounts?) (?:out )?of |\bcontains? )lead\b",
            r"\g<owner>led",
        ),
        (r"(?<!sea )\bbass\b(?!.{0,200}\b(?:fish\w*|lake|caught|grilled|fillets?)\b)", "base"),
        (r"\btear(?= (?:in|on) (?:the|your|my|his|its|a)\b(?! eyes?))", "tare"),
        (r"(?<=wear and )tear\b", "tare"),
        (
            r"\bbow(?= of (?:the|a|my|your|our) (?:ship|boat|yacht|ferry)| and stern| to stern)",
            "bough",
        ),
        (
            r"(?P<owner>\b(?:ship|boat|yacht|ferry|vessel|canoe|kayak|submarine|sub|liner|tanker)"
            r"(?:['’]s)? )bow\b(?! tie)",
            r"\g<owner>bough",
        ),
        (r"(?P<owner>\bt(?:ak(?:es?|ing)|ook) a (?:final |last )?)bow\b", r"\g<owner>bough"),
        (
            rf"\b{_OWNED}resume\b(?! (?:button|command|action|option|time|service))",
            r"\g<owner>résumé",
        ),
        (
            r"(?P<owner>\b(?:when|if|once|whenever|before|after|until|as soon as) you )read\b"
            r"(?![^,.;]{0,80}\b(?:yesterday|ago|last|did|was|were|had)\b)",
            r"\g<owner>reed",
        ),
        (
            r"(?P<owner>\b(?:I|you|we|they) )read\b(?=.{0,60}\b(?:every (?:day|night|morning|"
            r"evening|week)|daily)\b)",
            r"\g<owner>reed",
        ),
        (
            r"(?P<owner>\b(?:the|two|three|some|several|many) )does\b"
            r"(?= (?:and|or|are|were|ran|in|by)\b)",
            r"\g<owner>doze",
        ),
        (
            r"(?P<owner>\b(?:(?<!the )two|three|four|five|several|many|few|(?:herd|pair) of) )"
            r"does\b(?! (?:not|it|he|she|that|this|n['’]t)\b)",
            r"\g<owner>doze",
        ),
        (
            r"(?P<owner>['’]d (?:already |just |never )?)read\b"
            r"(?=.{0,80}\b(?:before|already|when|until|after)\b.{0,40}\b(?:\w{2,20}ed|was|were|came|had|did|went|got|left|said|saw|took|began)\b)",
            r"\g<owner>red",
        ),
        (r"\APolish(?= (?:the|your|my|all|it|them|a)\b)", "polish"),
    )
)
"""Where a word has a sense that no part of speech tells, and a word that sounds like it then."""


_OF_TWO_SENSES = re.compile(r"(?i)\b(?:lead|bass|tear|bow|resume|read|does|polish)\b")


def settle(words: Sequence[WrittenWord], tags: Sequence[str], readings: Readings) -> Iterator[str]:
    """Yield the tag of each word: that of `tags`, or what the frame of the sentence says."""
    classes = "".join(_class_of(word.text, tag) for word, tag in zip(words, tags, strict=True))
    past = _PAST.search("".join(word.text + word.space for word in words))
    for index, (word, tag) in enumerate(zip(words, tags, strict=True)):
        lower = word.text.lower()
        if word.text == "A":
            yield "NN" if _is_letter(words, index) else tag
        elif _is_inflected(lower, readings):
            frame = f"{classes[:index]}?{classes[index + 1 :]}"
            yield _place(_ENDING_IN_S, frame) or tag
        elif isinstance(entry := readings(lower), dict):
            frame = f"{classes[:index]}?{classes[index + 1 :]}{_TIME_PAST if past else ''}"
            yield _mended(tag, _place(_FRAMES_OF.get(lower) or _frames_for(entry), frame))
        else:
            yield tag


def _is_inflected(word: str, readings: Readings) -> bool:
    """Whether it has no entry of its own but is of a word that sounds by what it is."""
    if not word.endswith("s") or readings(word) is not None:
        return False
    entry = readings(word[:-1])
    return isinstance(entry, dict) and not entry.keys().isdisjoint(("VERB", "NOUN"))


@lru_cache(maxsize=4096)
def _class_of(word: str, tag: str) -> str:
    if not word[:1].isalnum() and word[:1] not in "'’":
        return "."
    if word == "May" and tag.startswith("N"):
        return "N"
    known = _CLASS_OF.get(word.lower().replace("’", "'"))
    return known or next((kind for start, kind in _OPEN if tag.startswith(start)), "x")


def _frames_for(entry: Mapping[str, object]) -> Frames:
    """Return the frames of a word that sounds by whether it is a verb or a noun."""
    if "NOUN" in entry:
        return _COMMANDS + _FRAMES
    return _FRAMES if "VERB" in entry else ()


def _place(frames: Frames, sentence: str) -> str:
    return next((tag for frame, tag in frames if re.search(frame, sentence)), "")


def _mended(tag: str, place: str) -> str:
    """Return what a word is in its `place`; an adjective may stand where a noun does."""
    is_noun_or_adjective = tag in ("NN", "NNS", "NNP", "JJ")
    return tag if not place or (place == "NN" and is_noun_or_adjective) else place


def _is_letter(words: Sequence[WrittenWord], index: int) -> bool:
    """Say whether `A` at `index` is the letter, as in "vitamin A", and no article."""
    before = words[index - 1].text if index else ""
    after = words[index + 1].text if index + 1 < len(words) else ""
    if after in ("-", "is", "was"):
        return True
    if not before[-1:].isalnum():
        return False
    titled = len(after) > 1 and after[:1].isupper()
    return not (titled and (after.isupper() or before[:1].isupper()))


def respell(text: str) -> str:
    """Return `text` with words of two senses spelled as what they sound like here."""
    if _OF_TWO_SENSES.search(text):
        for pattern, spelling in _SPELLINGS:
            text = pattern.sub(spelling, text)
    return text
