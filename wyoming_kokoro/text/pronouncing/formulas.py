r"""A sentence with formulas as TeX has them in, the same in signs that are read aloud out.

    The area is $\pi r^2$.  ->  The area is π r^2.

Language models answer sums that way. Money is no formula: `$5 and $10` stays.
"""

import re

_FORMULA = re.compile(
    r"""
      \$\$ (.{1,300}?) \$\$
    | \\\[ (.{1,300}?) \\\]
    | \\\( (.{1,300}?) \\\)
    | (?<![\w$\\]) \$ (?=[^\s$]) (?: (?=\D) | (?=[^$]{0,300}[\\^_={}]) )
      ([^$]{1,300}) (?<=[^\s\\]) \$ (?![\w$])
    """,
    re.VERBOSE,
)
_GROUPS = tuple(
    (re.compile(pattern), plain)
    for pattern, plain in (
        (r"\\d?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}", r"\1/\2"),
        (r"\\sqrt\s*\{([^{}]*)\}", r"√\1"),
        (r"\^\s*+(?:\{\s*+)?\\circ\s*\}?", "°"),
        (r"\\(?:left|right|displaystyle)(?![a-z])|\\[,;:!]", ""),
        (r"\\(?:text|mathrm|mathbf|operatorname)\s*\{([^{}]*)\}", r"\1"),
    )
)
_SIGNS = {
    **dict.fromkeys(("times", "cdot"), "×"),
    **dict.fromkeys(("neq", "ne"), "≠"),
    **dict.fromkeys(("leq", "le"), "≤"),
    **dict.fromkeys(("geq", "ge"), "≥"),
    **dict.fromkeys(("ldots", "dots"), "…"),
    "approx": "≈",
    "div": "÷",
    "infty": "∞",
    "pi": "π",
    "pm": "±",
    "quad": " ",
    "to": ",",
}
_COMMAND = re.compile(r"\\([a-zA-Z]+)")


def without_tex(text: str) -> str:
    """Return `text` with its formulas in plain signs."""
    return _FORMULA.sub(lambda found: _plain(found[found.lastindex or 0]), text)


def _plain(formula: str) -> str:
    for pattern, plain in _GROUPS:
        formula = pattern.sub(plain, formula)
    formula = _COMMAND.sub(lambda found: _SIGNS.get(found[1], found[1]), formula)
    return re.sub(r"[{}_\\]", "", formula)
