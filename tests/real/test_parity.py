"""The tests of exactness, once more, on the released weights instead of synthetic ones."""

import pytest

pytest.importorskip("kokoro", reason="the extra torch is not installed")

from tests.engines.onnx.graph.test_exactness import (
    reference,
    run,
    test_decoder_stages,
    test_prosody_stage,
    test_text_stage,
)

pytestmark = pytest.mark.torch

__all__ = ["reference", "run", "test_decoder_stages", "test_prosody_stage", "test_text_stage"]


@pytest.fixture(scope="module", params=["v0.19", "v1.0", "v1.1-zh"])
def model(request: pytest.FixtureRequest) -> tuple[str, bool]:
    """The version, and that it is not a small one."""
    return str(request.param), False
