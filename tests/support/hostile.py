"""Texts that are meant to keep the front end busy, made of what its own patterns look for.

Every regular expression of the package is found by walking its modules and the tables of its
languages, and taken apart by Python's own parser: a pattern that is added is tried without anybody
thinking of it.
"""

import ast
import importlib
import math
import pkgutil
import random
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, partial
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any, TypeVar

from wyoming_kokoro import text as package
from wyoming_kokoro.text import normalize
from wyoming_kokoro.text.normalize import rules

_parser: Any = importlib.import_module("re._parser")

Pattern = re.Pattern[str]

Named = dict[re.Pattern[str], str]
"""Patterns, and where each was found."""

Text = TypeVar("Text")


GENERIC = ("sv", "nl", "pt_PT", "pl")
"""Locales of languages without rules of their own that are tried."""

PLAIN = " a1.-A"
"""Characters that matter to nearly every pattern."""

_CATEGORIES = {"DIGIT": "17", "SPACE": " \t", "WORD": "aZ_", "NOT_WORD": "-!", "NOT_SPACE": "b"}
_MOST_LETTERS = 6
"""Letters and digits of one pattern that are tried; its signs are all tried."""


@cache
def patterns() -> Named:
    """Return every pattern of the text's front end, and where it is."""
    found: Named = {}
    for module in _modules():
        for name, value in vars(module).items():
            _collect(value, f"{module.__name__}.{name}", found, set())
        for number, pattern in enumerate(_written_inline(module)):
            found.setdefault(pattern, f"{module.__name__} inline {number}")
    for code in (*normalize._LOCALES, *GENERIC):
        locale = normalize._locale(code)
        for rule, *_ in rules._rules(locale):
            found.setdefault(rule.pattern, f"{code} {rule.name}")
            _collect(rule.say, f"{code} {rule.name} says", found, set())
    return found


def _modules() -> Iterator[ModuleType]:
    for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        yield importlib.import_module(info.name)


def _collect(value: object, name: str, found: Named, seen: set[int]) -> None:
    """Find the patterns in `value`, a table or something that holds one."""
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            found.setdefault(value, name)
        return
    if id(value) in seen or isinstance(value, str | bytes | int | float | ModuleType | type):
        return
    seen.add(id(value))
    for part in _parts(value):
        _collect(part, name, found, seen)


def _parts(value: object) -> Iterable[object]:
    if isinstance(value, Mapping):
        return (*value.keys(), *value.values())
    if isinstance(value, tuple | list | set | frozenset):
        return value
    if isinstance(value, partial):
        return (value.func, *value.args)
    if isinstance(value, FunctionType):
        return [cell.cell_contents for cell in value.__closure__ or ()]
    fields = getattr(value, "__dataclass_fields__", {})
    return [getattr(value, name) for name in fields]


def _written_inline(module: ModuleType) -> Iterator[re.Pattern[str]]:
    """Yield the patterns that are arguments: `re.sub(r"\\d+", ...)`."""
    names = {"sub", "search", "match", "fullmatch", "split", "findall", "finditer"}
    for node in ast.walk(ast.parse(Path(module.__file__ or "").read_text(encoding="utf-8"))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in names
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and isinstance(node.args[0], ast.Constant)
        ):
            yield re.compile(str(node.args[0].value))


def parsed(pattern: re.Pattern[str]) -> Any:
    """Return the parse tree of `pattern`."""
    return _parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE.value)


def nodes(tree: Any) -> Iterator[tuple[str, Any]]:
    """Yield each operation of a parse tree and its argument, outermost first."""
    for operation, argument in tree:
        yield str(operation), argument
        for inner in _inner(str(operation), argument):
            yield from nodes(inner)


def _inner(operation: str, argument: Any) -> list[Any]:
    if operation == "BRANCH":
        return list(argument[1])
    if operation in ("ASSERT", "ASSERT_NOT"):
        return [argument[1]]
    if operation == "SUBPATTERN":
        return [argument[3]]
    if operation in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        return [argument[2]]
    if operation == "GROUPREF_EXISTS":
        return [part for part in argument[1:] if part is not None]
    return [argument] if operation == "ATOMIC_GROUP" else []


def characters(pattern: re.Pattern[str], chance: random.Random) -> list[str]:
    """Return what stands for the classes of characters that `pattern` tells apart."""
    found = set(PLAIN)
    for operation, argument in nodes(parsed(pattern)):
        if operation in ("LITERAL", "NOT_LITERAL"):
            found.add(chr(argument))
        elif operation == "IN":
            found.update(*(_of_set(str(kind), value) for kind, value in argument))
    letters = sorted(char for char in found - set(PLAIN) if char.isalnum())
    signs = sorted(char for char in found if not char.isalnum() or char in PLAIN)
    return signs + chance.sample(letters, min(len(letters), _MOST_LETTERS))


def _of_set(kind: str, value: Any) -> str:
    if kind == "LITERAL":
        return chr(value)
    if kind == "RANGE":
        return chr(value[0]) + chr(value[1])
    return _CATEGORIES.get(str(value).removeprefix("CATEGORY_"), "")


def sample(tree: Any, chance: random.Random) -> str:
    """Return a text that a parse tree finds, or nearly: what it looks around for is left out."""
    return "".join(_sample(str(operation), argument, chance) for operation, argument in tree)


def _sample(operation: str, argument: Any, chance: random.Random) -> str:
    if operation == "LITERAL":
        return chr(argument)
    if operation == "IN":
        return _one_of(argument, chance)
    if operation in ("ANY", "NOT_LITERAL"):
        return chance.choice("x.1")
    if operation == "ASSERT" and argument[0] < 0:
        return sample(argument[1], chance)
    if operation.endswith("REPEAT"):
        least, most, inner = argument
        times = chance.randint(least, min(int(most), least + 2))
        return "".join(sample(inner, chance) for _ in range(times))
    if operation in ("ASSERT", "ASSERT_NOT"):
        return ""
    inner = _inner(operation, argument)
    return sample(chance.choice(inner), chance) if inner else ""


def _one_of(members: Any, chance: random.Random) -> str:
    if str(members[0][0]) == "NEGATE":
        excluded = re.compile("[" + "".join(map(re.escape, _excluded(members))) + "]?")
        usable = [char for char in "x1 .-_(" if not excluded.fullmatch(char)]
        return chance.choice(usable or ["é"])
    kind, value = chance.choice(members)
    return chance.choice(_of_set(str(kind), value) or "x")


def _excluded(members: Any) -> str:
    return "".join(_of_set(str(kind), value) for kind, value in members[1:])


def units(pattern: re.Pattern[str], chance: random.Random) -> list[str]:
    """Return what is to be repeated: characters of `pattern`, pairs, and what it repeats itself."""
    chars = characters(pattern, chance)
    tree = parsed(pattern)
    repeated = [
        sample(inner, chance)
        for operation, argument in nodes(tree)
        for inner in _inner(operation, argument)
        if operation.endswith("REPEAT")
        for _ in range(2)
    ]
    whole = [sample(tree, chance) for _ in range(6)]
    pairs = [one + other for one in chars for other in chars if one != other]
    joined = [unit + mark for unit in (*repeated, *whole) for mark in ("", " ", ",", "-")]
    return list(dict.fromkeys(filter(None, (*chars, *pairs, *joined))))


def prefixes(pattern: re.Pattern[str], chance: random.Random) -> list[str]:
    """Return beginnings of what `pattern` finds, after which something is to be repeated."""
    wholes = [sample(parsed(pattern), chance) for _ in range(3)]
    cut = [whole[: chance.randint(1, len(whole))] for whole in wholes if whole]
    return list(dict.fromkeys(["", *cut]))


def repeated(prefix: str, unit: str, length: int) -> str:
    """Return `prefix` and as many of `unit` as make `length` characters, about."""
    return prefix + unit * max(1, (length - len(prefix)) // len(unit))


def growth(
    run: Callable[[Text], object],
    short: Text,
    long: Text,
    *,
    measurable: float,
    enough: float,
    repeats: int = 16,
) -> float:
    """Return by what factor `long` takes more time of the processor than `short`.

    0 where `long` takes less than `measurable` seconds, which says nothing. What takes more than
    `enough` times as long is run again, and the least of each counts.
    """
    least = base = math.inf
    for _ in range(repeats):
        least = min(least, _spent(run, long))
        if least < measurable:
            return 0
        base = min(base, _spent(run, short))
        if least <= enough * base:
            break
    return least / base


def _spent(run: Callable[[Text], object], text: Text) -> float:
    began = time.thread_time()
    run(text)
    return max(time.thread_time() - began, 1e-9)
