"""The local hub, and a small model on it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import huggingface_hub
import pytest

from tests.support.hub import Hub, made_up, release
from wyoming_kokoro.models.catalog import ModelFile, ModelVersion
from wyoming_kokoro.models.folder import ModelFolder


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    monkeypatch.setenv("NO_PROXY", "*")
    with Hub() as hub:
        yield hub
    huggingface_hub.close_session()


CONTENTS = {
    "kokoro-v1_0.pth": made_up(400_000, seed=1),
    "config.json": b"{}\n",
    "voices/af_heart.pt": made_up(5_000, seed=2),
    "voices/bm_george.pt": made_up(6_000, seed=3),
}


@dataclass
class Model:
    """A published model, and the folder it is to be fetched into."""

    version: ModelVersion
    folder: ModelFolder
    contents: dict[str, bytes] = field(repr=False)

    @property
    def files(self) -> tuple[ModelFile, ...]:
        return self.version.files(["af_heart"])

    def on_disk(self) -> dict[str, bytes]:
        """Return all visible files in the folder."""
        found = (p for p in self.folder.path.rglob("[!.]*") if p.is_file())
        return {str(p.relative_to(self.folder.path)): p.read_bytes() for p in found}

    def wanted(self) -> dict[str, bytes]:
        return {file.path: self.contents[file.path] for file in self.files}


@pytest.fixture
def model(hub: Hub, tmp_path: Path) -> Model:
    version = release(CONTENTS)
    hub.publish(version, CONTENTS)
    return Model(version, ModelFolder(tmp_path, version), dict(CONTENTS))
