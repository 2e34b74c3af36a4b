"""English text in, the same out with words spelled as they sound where only their sense tells."""

import re

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
        (r"(?<=take a )bow\b", "bough"),
        (
            rf"\b{_OWNED}resume\b(?! (?:button|command|action|option|time|service))",
            r"\g<owner>résumé",
        ),
        (r"\APolish(?= (?:the|your|my|all|it|them|a)\b)", "polish"),
    )
)
"""Where a word has a sense that no part of speech tells, and a word that sounds like it then."""


def respell(text: str) -> str:
    """Return `text` with words of two senses spelled as what they sound like here."""
    for pattern, spelling in _SPELLINGS:
        text = pattern.sub(spelling, text)
    return text
