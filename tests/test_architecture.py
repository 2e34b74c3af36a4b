"""The walls of the design, read off the source: who imports whom, and what has one home."""

import ast
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tests.support.places import ROOT

PACKAGE = ROOT / "wyoming_kokoro"
FILES = sorted(PACKAGE.rglob("*.py"))

LANGUAGES = {
    folder.name
    for folder in (PACKAGE / "text/normalize").iterdir()
    if (folder / "language.py").exists()
}

LAYERS = (
    {"speech", "job", "config", "errors"},
    {"isolation"},
    {"models", "espeak"},
    {"text", "voices", "engines", "audio"},
    {"synthesis"},
    {"network", "web", "check", "jobs"},
    {"app"},
    {"cli", "__main__"},
)
"""From the bottom up. A part imports from those below its own; only the lowest and the highest
layer are one family, whose members know one another."""

WITHIN = {
    "text": (
        {"text"},
        {"text/normalize"},
        {"text/normalize/romance"},
        {f"text/normalize/{name}" for name in LANGUAGES},
        {"text/g2p", "text/reading"},
        {"text/pronouncing"},
    ),
    "engines": (
        {"engines"},
        {"engines/kokoro"},
        {"engines/onnx/graph", "engines/native"},
        {"engines/onnx/compiled"},
        {"engines/onnx"},
        {"engines/torch"},
    ),
    "synthesis": ({"synthesis/schedule"}, {"synthesis"}),
    "network": ({"network", "network/discovery"},),
}
"""The folders of a part, from the bottom up: those of one layer are blind to one another."""

HOMES = {
    "wyoming": ["network/"],
    "zeroconf": ["network/discovery/zeroconf.py"],
    "ifaddr": ["network/discovery/addresses.py"],
    "onnxruntime": ["engines/onnx/"],
    "onnx": ["engines/onnx/"],
    "torch": ["engines/torch/"],
    "kokoro": ["engines/torch/"],
    "misaki": ["text/g2p/"],
    "spacy": ["text/g2p/tagger.py"],
    "en_core_web_sm": ["text/g2p/tagger.py"],
    "pycrfsuite": ["text/g2p/tagger.py"],
    "huggingface_hub": ["models/"],
    "filelock": ["models/lock.py"],
    "espeakng_loader": ["espeak/"],
    "soxr": ["engines/standin.py", "audio/resampling.py"],
    "tqdm": ["cli/commands.py"],
    "subprocess": ["isolation/worker.py", "engines/onnx/compiled/subprocess.py", "cli/sinks.py"],
    "asyncio": ["network/", "web/", "jobs/", "synthesis/", "app/", "cli/"],
    "starlette": ["web/"],
    "uvicorn": ["web/"],
    "av": ["web/", "jobs/container.py"],
    "prometheus_client": ["web/"],
    "dbos": ["jobs/"],
    "sqlalchemy": ["jobs/"],
    "obstore": ["jobs/shelf.py"],
    "lxml": ["jobs/markup.py"],
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
    "starlette",
    "uvicorn",
    "av",
    "prometheus_client",
    "dbos",
    "sqlalchemy",
    "obstore",
    "lxml",
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


def layer_of(name: str, layers: Sequence[set[str]]) -> int:
    return next(number for number, layer in enumerate(layers) if name in layer)


def folder_of(imported: str) -> str:
    """The folder that a dotted name below the package's lies in: `text/g2p` for
    `text.g2p.words.Word`; that of a module of the package itself is its name."""
    path = imported.split(".")
    while len(path) > 1 and not (PACKAGE.joinpath(*path)).is_dir():
        path.pop()
    return "/".join(path)


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


def may_import(folder: str, other: str) -> bool:
    part, other_part = folder.split("/")[0], other.split("/")[0]
    if part == other_part and part in WITHIN:
        layers = WITHIN[part]
        return folder == other or layer_of(other, layers) < layer_of(folder, layers)
    mine, theirs = layer_of(part, LAYERS), layer_of(other_part, LAYERS)
    family = mine == theirs and mine in (0, len(LAYERS) - 1)
    return part == other_part or theirs < mine or family


def test_imports_point_one_way() -> None:
    offences = [
        f"{name} imports {imported}"
        for name, tree in SOURCES.items()
        for imported in imports(ast.walk(tree))
        if imported.startswith("wyoming_kokoro.")
        and imported != "wyoming_kokoro.__version__"
        and not may_import(
            folder_of(name.removesuffix(".py").replace("/", ".")),
            folder_of(imported.removeprefix("wyoming_kokoro.")),
        )
    ]
    assert not offences


def test_every_wall_has_something_behind_it() -> None:
    folders = {folder_of(name.removesuffix(".py").replace("/", ".")) for name in SOURCES}
    walled = set().union(*LAYERS, *(layer for layers in WITHIN.values() for layer in layers))
    assert walled <= folders
    imported = {
        (name, one.split(".")[0])
        for name, tree in SOURCES.items()
        for one in imports(ast.walk(tree))
    }
    empty = [
        (package, home)
        for package, homes in HOMES.items()
        for home in homes
        if not any(name.startswith(home) and one == package for name, one in imported)
    ]
    assert empty == []


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
        if imported.split(".")[0] in lazy
        and not name.startswith(
            ("engines/onnx/graph/", "engines/onnx/compiled/", "engines/onnx/quantize.py")
        )
    ]
    assert not offences


def test_only_lanes_bridge_threads() -> None:
    bridging = [name for name, tree in SOURCES.items() if names_used(tree) & BRIDGES]
    assert bridging == ["synthesis/schedule/lanes.py"]


def test_only_ages_of_files_and_jobs_are_told_by_a_clock_that_may_jump() -> None:
    """Everything else waits and measures by a monotonic one."""
    jumping = {"time", "time_ns", "now", "utcnow", "today", "localtime"}
    looking = [
        name
        for name, tree in SOURCES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in {"time", "datetime", "date"}
        and node.func.attr in jumping
    ]
    keeping = ["jobs/home.py", "jobs/records.py", "jobs/shelf.py", "synthesis/phrases.py"]
    assert looking == keeping


def test_only_the_command_line_exits() -> None:
    exits = {"exit", "_exit", "quit", "SystemExit"}
    leaving = [name for name, tree in SOURCES.items() if names_used(tree) & exits]
    assert leaving == ["cli/main.py"]


def test_every_file_says_what_it_is_for() -> None:
    assert [name for name, tree in SOURCES.items() if not ast.get_docstring(tree)] == []


def test_help_imports_nothing_heavy() -> None:
    script = (
        "import sys; from wyoming_kokoro.cli import main\n"
        "try: main.run(['serve', '--help'])\n"
        "except SystemExit: pass\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert "--data-dir" in done.stdout
    assert not HEAVY & set(done.stderr.split())
