"""A single-file export of Kokoro comes in, its weights by the names of a checkpoint come out.

Exports name their weights as they like, and share scales and zero points between layers: so a
weight is found by the node that uses it. Its path tells the module (`/encoder/F0.2/norm1/fc/Gemm`
is `predictor.F0.2.norm1.fc`), its operands tell what is what. Known are the exports of torch in
two families of paths, `encoder`/`decoder.decoder` as published for v1.0, and those of kokoro's
`KModelForONNX`; in float32 and float16, and what ONNX Runtime's dynamic quantization makes of
them. Weight norms are folded in all: there is `weight`, no `weight_g` and `weight_v`.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

from wyoming_kokoro.errors import BadModelFile
from wyoming_kokoro.models.onnx_file import Node, read_onnx
from wyoming_kokoro.models.onnx_parts import Graph
from wyoming_kokoro.models.onnx_values import Floats, Recipe

_BLOCK = r"(?:conv1|conv2|conv1x1|pool|norm[12]\.(?:fc|norm))"
_ALBERT = r"albert_layer_groups\.0\.albert_layers\.0"

_MODULES = tuple(
    (re.compile(rf"(?:.*\.)?{pattern}"), component)
    for pattern, component in (
        (r"(bert\.embeddings\.(?:(?:word|position|token_type)_embeddings|LayerNorm))", ""),
        (rf"(bert\.encoder\.{_ALBERT}\.attention\.(?:query|key|value|dense|LayerNorm))", ""),
        (rf"(bert\.encoder\.{_ALBERT}\.(?:ffn|ffn_output|full_layer_layer_norm))", ""),
        (r"(bert\.encoder\.embedding_hidden_mapping_in|bert_encoder)", ""),
        (r"text_encoder\.(embedding|lstm|cnn\.\d+\.[01])", "text_encoder."),
        (r"text_encoder\.(lstms\.\d*(?:[02468]|[13579]\.fc))", "predictor.text_encoder."),
        (rf"((?:F0|N)\.\d+\.{_BLOCK}|F0_proj|N_proj|shared|lstm)", "predictor."),
        (r"(duration_proj\.linear_layer)", "predictor."),
        (rf"(decoder\.(?:(?:encode|decode\.\d+)\.{_BLOCK}|F0_conv|N_conv|asr_res\.0))", ""),
        (r"(decoder\.generator\.(?:conv_post|m_source\.l_linear|(?:ups|noise_convs)\.\d+))", ""),
        (r"(decoder\.generator\.(?:noise_res|resblocks)\.\d+)", ""),
        (
            r"(decoder\.generator\.(?:noise_res|resblocks)\.\d+"
            r"\.(?:convs[12]\.\d+|adain[12]\.\d+\.(?:fc|norm)))",
            "",
        ),
    )
)
"""How modules' paths end, the first that fits, and what a checkpoint has before that part."""


class OnnxWeights(Mapping[str, Floats]):
    """Weights by name. Each is made when it is asked for, and not kept: it is a view of the file
    where it is float32 there, and else new memory."""

    def __init__(self, path: Path, recipes: Mapping[str, Recipe]) -> None:
        self._path = path
        self._recipes = recipes

    def __getitem__(self, name: str) -> Floats:
        recipe = self._recipes[name]
        with _damage_named(self._path, name):
            return recipe()

    def __contains__(self, name: object) -> bool:
        return name in self._recipes

    def __iter__(self) -> Iterator[str]:
        return iter(self._recipes)

    def __len__(self) -> int:
        return len(self._recipes)


def read_onnx_weights(path: Path) -> OnnxWeights:
    """Return the weights that can be found in the export at `path`; what is not known is left out.

    Raises:
        BadModelFile: it cannot be read, or is no ONNX file. Asking for a weight may raise it too.
    """
    graph = Graph(read_onnx(path))
    recipes: dict[str, Recipe] = {}
    for node in filter(graph.uses_weights, graph.nodes):
        module = _module(node)
        if module is None:
            continue
        with _damage_named(path, module):
            for part, recipe in graph.parts(node):
                # ALBERT's layers share their weights: the first one has them all.
                recipes.setdefault(f"{module}.{_called(part, module)}", recipe)
    return OnnxWeights(path, recipes)


@contextmanager
def _damage_named(path: Path, name: str) -> Iterator[None]:
    """Tell of shapes that do not fit one another as of a damaged file."""
    try:
        yield
    except (ValueError, IndexError, TypeError) as error:
        raise BadModelFile(f"{path} is damaged at {name} ({error}): fetch it again") from error


def _module(node: Node) -> str | None:
    """Return the module that `node` works for, by its name in a checkpoint; None if it is none."""
    path = node.name if "/" in node.name else next(iter(node.outputs), "")
    scopes = path.strip("/").split("/")[:-1]
    # An item of a list is in a scope of its full name, within that of the list.
    lists = {scope for scope, within in pairwise(scopes) if within.startswith(f"{scope}.")}
    dotted = ".".join(scope for scope in scopes if scope not in lists)
    for pattern, component in _MODULES:
        if match := pattern.fullmatch(dotted):
            return component + match[1]
    return None


def _called(part: str, module: str) -> str:
    """Return what a checkpoint calls that part: the text encoder has norms of its own."""
    if module.startswith("text_encoder.cnn.") and module.endswith(".1"):
        return {"weight": "gamma", "bias": "beta"}.get(part, part)
    return part
