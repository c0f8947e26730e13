"""Tiny data that the tests make themselves: coloured squares and captions that name the colour."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image

from captioneer_training.config import Config, Stage
from captioneer_training.corpus import choose_layout, pack
from captioneer_training.encoders.efficientnet_lite import EfficientNetLite
from captioneer_training.model import Captioner
from captioneer_training.text import SPECIAL, Vocabulary

COLOURS = {"red": (220, 30, 30), "green": (30, 180, 40), "blue": (30, 60, 210), "grey": (128, 128, 128)}


TEXTS = {colour: [f"A {colour} square .", f"a square that is {colour}"] for colour in COLOURS}


def write_corpus(folder: Path, split: str, photographs: int, texts: dict[str, list[str]] = TEXTS) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    rows = ["image\tcaption"]
    with tarfile.open(folder / f"{split}.tar", "w") as archive:
        for index in range(photographs):
            name, colour = list(COLOURS.items())[index % len(COLOURS)]
            buffer = io.BytesIO()
            Image.new("RGB", (40, 30), colour).save(buffer, "JPEG")
            info = tarfile.TarInfo(f"{index}.jpg")
            info.size = buffer.tell()
            buffer.seek(0)
            archive.addfile(info, buffer)
            rows += [f"{index}.jpg\t{text}" for text in texts[name]]
    (folder / f"{split}.captions.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")


def pack_photographs(work: Path, corpus: str, photographs: int, texts: dict[str, list[str]] = TEXTS) -> None:
    """Packs a corpus of squares of the four colours, train and dev; `texts`: the captions of each colour."""
    for split in ("train", "dev"):
        write_corpus(work / "source", split, photographs, texts)
    for split, source in choose_layout(work / "source").read(work / "source").items():
        pack(corpus, split, source, work / "data")


@pytest.fixture(scope="session")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder with one packed corpus, `squares`."""
    work = tmp_path_factory.mktemp("work")
    pack_photographs(work, "squares", 8)
    return work


@pytest.fixture
def config() -> Config:
    frozen = Stage("frozen", epochs=2, pictures=4, captions=2, warmup=1, dev_pictures=4)
    finetuned = Stage(
        "finetuned", features="end-to-end", epochs=1, pictures=4, captions=2, frozen_blocks=12, precision="bfloat16", averaging=0.9
    )
    critical = Stage("critical", objective="self-critical", epochs=1, pictures=4, captions=2)
    decoder = {"type": "transformer", "width": 16, "heads": 2, "layers": 1, "encoder_layers": 1, "maximum_length": 28}
    return Config("tiny", ["squares"], "lite0", 1, 10, decoder, [frozen, finetuned, critical], {"version": "0.0.0"})


@pytest.fixture(scope="session")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Random weights under the names of the published EfficientNet-Lite0 state dict."""
    torch.manual_seed(3)
    state: dict[str, torch.Tensor] = {}

    def layer(conv: str, norm: str, weight: torch.Tensor) -> None:
        channels = weight.shape[0]
        state[f"{conv}.weight"] = torch.randn_like(weight) * 0.1
        state[f"{norm}.weight"], state[f"{norm}.bias"] = torch.rand(channels) + 0.5, torch.randn(channels) * 0.1
        state[f"{norm}.running_mean"], state[f"{norm}.running_var"] = torch.zeros(channels), torch.ones(channels)

    shapes = EfficientNetLite("lite0").state_dict()
    layer("_conv_stem", "_bn0", shapes["stem.weight"])
    layer("_conv_head", "_bn1", shapes["head.weight"])
    for n in range(len({key.split(".")[1] for key in shapes if key.startswith("blocks.")})):
        for part, conv, norm in (
            ("expand", "_expand_conv", "_bn0"),
            ("depthwise", "_depthwise_conv", "_bn1"),
            ("project", "_project_conv", "_bn2"),
        ):
            if f"blocks.{n}.{part}.weight" in shapes:
                layer(f"_blocks.{n}.{conv}", f"_blocks.{n}.{norm}", shapes[f"blocks.{n}.{part}.weight"])
    path = tmp_path_factory.mktemp("weights") / "lite0.pth"
    torch.save(state, path)
    return path


def shake(model: Captioner) -> Captioner:
    """Moves every weight of the decoder from its initial value, so that none is a constant."""
    with torch.no_grad():
        for parameter in model.decoder.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.1)
    return model.eval()


SMALL: dict[str, tuple[str, dict[str, Any]]] = {
    "transformer": ("lite0", {"width": 32, "heads": 2, "layers": 2}),
    "regions": ("lite0-regions", {"type": "region-transformer", "width": 32, "heads": 2, "layers": 2}),
    "vision transformer": ("patches", {"type": "transformer", "width": 32, "heads": 2, "layers": 2, "encoder_layers": 2}),
    "soft attention": ("lite0", {"type": "soft-attention", "width": 32, "attention_width": 16}),
    "attention of the tutorial": ("lite0", {"type": "show-attend-tell", "width": 32, "embedding_width": 24, "attention_width": 16}),
    "show and tell": ("lite0", {"type": "show-and-tell", "width": 32, "layers": 2}),
    "picture first": ("lite0", {"type": "picture-first", "width": 32, "embedding_width": 24, "layers": 2}),
    "prefix, mlp": ("clip-lite0", {"type": "prefix-gpt2", "width": 32, "heads": 2, "layers": 2, "prefix": 3}),
    "prefix, transformer": (
        "clip-lite0",
        {"type": "prefix-gpt2", "width": 32, "heads": 2, "layers": 2, "prefix": 3, "mapping": "transformer"},
    ),
}


@pytest.fixture(params=SMALL)
def captioner(request: pytest.FixtureRequest) -> Captioner:
    """A small captioner of each kind, with random weights."""
    torch.manual_seed(5)
    encoder, decoder = SMALL[request.param]
    tokens = Vocabulary((*SPECIAL, *(f"w{n}" for n in range(40))))
    return shake(Captioner(encoder, {"type": "transformer", **decoder}, tokens))
