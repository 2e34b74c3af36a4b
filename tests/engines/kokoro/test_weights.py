"""Weights are taken by name and held against their shape."""

import numpy as np
import pytest

from wyoming_kokoro.engines.kokoro.weights import Weights
from wyoming_kokoro.errors import BadModelFile


def test_a_missing_weight_is_named() -> None:
    weights = Weights({}).within("decoder", "decode", 0)
    with pytest.raises(BadModelFile, match=r"no decoder\.decode\.0\.bias; use the config\.json"):
        weights.take("bias", 3)


def test_a_misshapen_weight_is_named_with_both_shapes() -> None:
    weights = Weights({"bert.bias": np.zeros(3, np.float32)}).within("bert")
    with pytest.raises(BadModelFile, match=r"bert\.bias has shape \(3,\) instead of \(4, 1\)"):
        weights.take("bias", 4, 1)


def test_a_weight_that_is_not_finite_is_named() -> None:
    weights = Weights({"bias": np.array([0, np.nan], np.float32)})
    with pytest.raises(BadModelFile, match="bias is not finite"):
        weights.take("bias", 2)


@pytest.mark.torch
def test_weight_norm_is_folded_as_torch_does_it() -> None:
    torch = pytest.importorskip("torch", reason="the extra torch is not installed")
    random = np.random.default_rng(0)
    length = random.standard_normal((6, 1, 1), dtype=np.float32)
    direction = random.standard_normal((6, 4, 3), dtype=np.float32)
    weights = Weights({"conv.weight_g": length, "conv.weight_v": direction}).within("conv")
    wanted = torch._weight_norm(torch.tensor(direction), torch.tensor(length), 0).numpy()
    np.testing.assert_allclose(weights.take_normed(6, 4, 3), wanted, rtol=1e-6)


def test_a_direction_of_no_length_is_refused() -> None:
    values = {
        "weight_g": np.ones((1, 1, 1), np.float32),
        "weight_v": np.zeros((1, 2, 3), np.float32),
    }
    with pytest.raises(BadModelFile, match="weight_v is zero"):
        Weights(values).take_normed(1, 2, 3)
