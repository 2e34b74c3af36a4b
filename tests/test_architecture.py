"""The walls of the design, read off the source: who imports whom, and what has one home."""

import ast
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "wyoming_kokoro"
FILES = sorted(PACKAGE.rglob("*.py"))

LAYERS = (
    {"speech", "config", "options", "errors", "metrics"},
    {"isolation"},
    {"models", "espeak"},
    {"text", "voices", "engines", "audio"},
    {"synthesis"},
    {"network", "web"},
    {"app"},
    {"cli", "commands", "saying", "checking", "sinks", "__main__"},
)
"""From the bottom up. A part imports from those below its own; only the lowest and the highest
layer are one family, whose members know one another."""

HOMES = {
    "wyoming": ["network/"],
    "zeroconf": ["network/discovery.py"],
    "ifaddr": ["network/addresses.py"],
    "onnxruntime": ["engines/providers.py", "engines/sessions.py"],
    "onnx": ["engines/graph/"],
    "torch": ["engines/torch_engine.py", "engines/torch_model.py"],
    "kokoro": ["engines/torch_engine.py", "engines/torch_model.py"],
    "misaki": ["text/g2p/"],
    "spacy": ["text/g2p/spacy_tagger.py"],
    "en_core_web_sm": ["text/g2p/spacy_tagger.py"],
    "pycrfsuite": ["text/g2p/"],
    "gruut_lang_en": ["text/g2p/"],
    "huggingface_hub": ["models/download.py", "models/part.py"],
    "filelock": ["models/lock.py"],
    "prometheus_client": ["metrics.py"],
    "espeakng_loader": ["espeak.py"],
    "soxr": ["engines/standin.py"],
    "subprocess": ["isolation/worker.py", "engines/graph/child.py", "sinks.py"],
    "tqdm": ["commands.py"],
    "asyncio": ["network/", "web/", "synthesis/", "app.py", "commands.py"],
}
"""Where each third party, and asyncio, may be imported."""

HEAVY = {
    "numpy",
    "wyoming",
    "zeroconf",
    "onnxruntime",
    "torch",
    "misaki",
    "huggingface_hub",
    "asyncio",
    "wyoming_kokoro.speech",
}
"""What `--help` must not import."""

BRIDGES = {"Thread", "ThreadPoolExecutor", "to_thread", "run_in_executor", "Process"}
"""Names by which work leaves the thread it is in."""


def name_of(file: Path) -> str:
    """`network/wire.py` for the file of that module."""
    return file.relative_to(PACKAGE).as_posix()


SOURCES = {name_of(file): ast.parse(file.read_text(encoding="utf-8")) for file in FILES}


def part_of(name: str) -> str:
    """The part of the design that a file belongs to: `network`, or `app` for `app.py`."""
    return name.split("/")[0].removesuffix(".py")


def layer_of(part: str) -> int:
    return next(number for number, layer in enumerate(LAYERS) if part in layer)


def imports(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Dotted names that these nodes import."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def names_used(tree: ast.Module) -> set[str]:
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute | ast.Name)]
    return {node.attr if isinstance(node, ast.Attribute) else node.id for node in nodes}


def may_import(part: str, other: str) -> bool:
    mine, theirs = layer_of(part), layer_of(other)
    family = mine == theirs and mine in (0, len(LAYERS) - 1)
    return part == other or theirs < mine or family


def test_imports_point_one_way() -> None:
    offences = [
        f"{name} imports {imported}"
        for name, tree in SOURCES.items()
        for imported in imports(ast.walk(tree))
        if imported.startswith("wyoming_kokoro.")
        and imported != "wyoming_kokoro.__version__"
        and not may_import(part_of(name), imported.split(".")[1])
    ]
    assert not offences


def test_third_parties_have_one_home() -> None:
    offences = [
        f"{name} imports {imported}"
        for name, tree in SOURCES.items()
        for imported in imports(ast.walk(tree))
        if (homes := HOMES.get(imported.split(".")[0])) and not name.startswith(tuple(homes))
    ]
    assert not offences


def test_heavy_packages_are_imported_where_they_are_used() -> None:
    """Not while modules load, so that a command pays only for what it needs. The graph builder
    is a program of its own."""
    lazy = {"torch", "kokoro", "onnx", "onnxruntime", "misaki", "spacy", "huggingface_hub", "soxr"}
    offences = [
        f"{name} imports {imported}"
        for name, tree in SOURCES.items()
        for imported in imports(tree.body)
        if imported.split(".")[0] in lazy and not name.startswith("engines/graph/")
    ]
    assert not offences


def test_only_the_scheduler_bridges_threads() -> None:
    bridging = [name for name, tree in SOURCES.items() if names_used(tree) & BRIDGES]
    within_a_call = ["engines/lanes.py"]  # as a runtime's own threads
    assert sorted(bridging) == [*within_a_call, "synthesis/scheduler.py"]


def test_only_the_command_line_exits() -> None:
    exits = {"exit", "_exit", "quit", "SystemExit"}
    leaving = [name for name, tree in SOURCES.items() if names_used(tree) & exits]
    assert leaving == ["cli.py"]


def test_every_file_says_what_it_is_for() -> None:
    assert [name for name, tree in SOURCES.items() if not ast.get_docstring(tree)] == []


def test_help_imports_nothing_heavy() -> None:
    script = (
        "import sys; from wyoming_kokoro import cli\n"
        "try: cli.run(['serve', '--help'])\n"
        "except SystemExit: pass\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert "--data-dir" in done.stdout
    assert not HEAVY & set(done.stderr.split())
