"""Exports of a checkpoint as one ONNX file, made by torch as publishers make theirs.

Two families of node paths are about: `/decoder/...` and `/F0.0/...` of kokoro's own
`KModelForONNX`, and `/encoder/...`, `/decoder/decoder/...` of those who export an encoder and a
decoder around its parts, as the file was that kokoro-onnx publishes for v1.0.
"""

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from kokoro import KModel
from kokoro.model import KModelForONNX
from torch import Tensor, nn

from wyoming_kokoro.engines.torch.model import load_model

STYLE = torch.full((1, 256), 0.1)


class _Encoder(nn.Module):
    """Everything before the decoder; calls the predictor's parts as `KModel` does."""

    def __init__(self, model: KModel) -> None:
        super().__init__()
        self.bert, self.bert_encoder = model.bert, model.bert_encoder
        self.predictor, self.text_encoder = model.predictor, model.text_encoder

    def forward(self, ids: Tensor, style: Tensor, speed: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        lengths = torch.full((1,), ids.shape[-1], dtype=torch.long)
        mask = torch.zeros_like(ids, dtype=torch.bool)
        meaning = self.bert_encoder(self.bert(ids, attention_mask=(~mask).int()))
        encoding = self.predictor.text_encoder(meaning.transpose(-1, -2), style, lengths, mask)
        states, _ = self.predictor.lstm(encoding)
        durations = torch.sigmoid(self.predictor.duration_proj(states)).sum(dim=-1) / speed
        frames = torch.round(durations).clamp(min=1).long().squeeze()
        held = torch.repeat_interleave(torch.arange(ids.shape[1]), frames)
        holding = torch.nn.functional.one_hot(held, ids.shape[1]).float().T.unsqueeze(0)
        pitch, energy = self.predictor.F0Ntrain(encoding.transpose(-1, -2) @ holding, style)
        return self.text_encoder(ids, lengths, mask) @ holding, pitch, energy


class _Decoder(nn.Module):
    def __init__(self, decoder: nn.Module) -> None:
        super().__init__()
        self.decoder = decoder

    def forward(self, *inputs: Tensor) -> Tensor:
        samples: Tensor = self.decoder(*inputs)
        return samples.squeeze()


class _EncoderAndDecoder(nn.Module):
    def __init__(self, model: KModel) -> None:
        super().__init__()
        self.encoder, self.decoder = _Encoder(model), _Decoder(model.decoder)

    def forward(self, ids: Tensor, style: Tensor, speed: Tensor) -> Tensor:
        samples: Tensor = self.decoder(*self.encoder(ids, style[:, 128:], speed), style[:, :128])
        return samples


FAMILIES: dict[str, Callable[[KModel], nn.Module]] = {
    "kmodel": KModelForONNX,
    "encoder-decoder": _EncoderAndDecoder,
}


def write_torch_export(
    checkpoint: Path, architecture: dict[str, Any], family: str, path: Path
) -> Path:
    """Export `checkpoint`; takes some ten seconds."""
    model = load_model(checkpoint, architecture, "cpu")
    _without_complex_numbers(model)
    ids = torch.tensor([[0, 5, 0]])
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # of the exporter, on what it makes constant
        torch.onnx.export(
            FAMILIES[family](model),
            (ids, STYLE, torch.ones(1)),
            str(path),
            input_names=["input_ids", "style", "speed"],
            output_names=["waveform"],
            dynamic_axes={"input_ids": {1: "tokens"}},
            opset_version=17,
            dynamo=False,
        )
    return path


def _without_complex_numbers(model: KModel) -> None:
    """Give the model the transform that kokoro has for exports, which know no complex numbers."""
    from kokoro.custom_stft import CustomSTFT

    generator = model.decoder.generator
    stft = generator.stft
    generator.stft = CustomSTFT(stft.filter_length, stft.hop_length, stft.win_length)
