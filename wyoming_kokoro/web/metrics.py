"""The figures of the server in, the text that Prometheus reads out."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from wyoming_kokoro.synthesis.figures import BUCKETS, Figures


@dataclass(frozen=True, slots=True)
class _Now(Collector):
    """Reads the figures whenever somebody asks."""

    figures: Figures
    status: Callable[[], dict[str, Any]]

    def collect(self) -> Iterator[Metric]:
        """Yield what is known."""
        figures, status = self.figures, self.status()
        yield _by(
            "kokoro_requests", "Requests by how they ended.", "outcome", dict(figures.outcomes)
        )
        yield _by(
            "kokoro_rejections",
            "Errors that clients were answered with, by code.",
            "code",
            dict(figures.refusals),
        )
        yield _first_audio(figures)
        for name, text, value in (
            ("kokoro_audio_seconds", "Speech made.", figures.audio_seconds),
            ("kokoro_engine_seconds", "Time that engines took for it.", figures.engine_seconds),
            ("kokoro_characters", "Text that was read.", figures.characters),
            ("kokoro_kept_sentences", "Spoken before, and not made again.", figures.kept),
            ("kokoro_underruns", "Moments at which a listener ran dry.", figures.underruns),
        ):
            yield CounterMetricFamily(name, text, value)
        for name, text, value in (
            ("kokoro_realtime_factor", "Engine seconds for a second.", figures.realtime_factor),
            ("kokoro_streams", "Listeners that something is made for.", status["streams"]),
            ("kokoro_queue", "Those of them that wait for their first turn.", status["queued"]),
            ("kokoro_stand_in", "Whether the stand-in would speak now.", status["stand_in"]),
        ):
            yield GaugeMetricFamily(name, text, value)
        yield _models(status)


def metrics(figures: Figures, status: Callable[[], dict[str, Any]]) -> Callable[[], bytes]:
    """Return what answers `GET /metrics`; `status` is `Service.status`."""
    registry = CollectorRegistry()
    registry.register(_Now(figures, status))
    ProcessCollector(registry=registry)  # memory, processor time, open files

    def write() -> bytes:
        return generate_latest(registry)

    return write


def _by(name: str, text: str, label: str, values: dict[str, int]) -> Metric:
    family = CounterMetricFamily(name, text, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family


def _first_audio(figures: Figures) -> Metric:
    family = HistogramMetricFamily(
        "kokoro_first_audio_seconds", "From the last needed byte to the first audible sample."
    )
    total, buckets = 0, []
    for bound, count in zip((*map(str, BUCKETS), "+Inf"), figures.first_audio, strict=True):
        total += count
        buckets.append((bound, float(total)))
    family.add_metric([], buckets, figures.first_audio_seconds)
    return family


def _models(status: dict[str, Any]) -> Metric:
    labels = ["version", "state", "engine", "device", "precision", "weights"]
    family = GaugeMetricFamily("kokoro_model", "Model versions and their state.", labels=labels)
    for model in status["models"]:
        family.add_metric([str(model.get(label) or "") for label in labels], 1)
    return family
