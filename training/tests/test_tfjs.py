"""The reader of TensorFlow.js models, on a tiny model that is written here as a bundler and a minifier write one."""

import base64
import json
import re
import tarfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from captioneer_training.config import ConfigError
from captioneer_training.encoders.tfjs import read_layers_model

MODULE = "!function(a){{a()}}(function(){{return function(n){{}}({{1:[function(a,n,i){{n.exports={}}},{{}}]}},{{}},[1])(1)}});"


def layer(name: str, class_name: str, *sources: str) -> dict[str, Any]:
    nodes = [[[source, 0, 0, {}] for source in sources]] if sources else []
    return {"name": name, "class_name": class_name, "config": {"trainable": False, "use_bias": True}, "inbound_nodes": nodes}


def as_minified(value: dict[str, Any]) -> str:
    text = json.dumps(value, separators=(",", ":"))
    text = re.sub(r'"(\w+)":', r"\1:", text).replace("true", "!0").replace("false", "!1")
    return re.sub(r"(?<!\d)0\.", ".", text)


@pytest.fixture
def bundles(tmp_path: Path) -> Path:
    """Two branches that share the convolution `b`, joined; listed in another order than they are joined in."""
    layers = [
        layer("in", "InputLayer"),
        layer("d", "Conv2D", "b"),
        layer("a", "Conv2D", "in"),
        layer("c", "Conv2D", "b"),
        layer("b", "Conv2D", "in"),
        layer("join", "Concatenate", "a", "c", "d"),
    ]
    weights = [
        {"name": "a/kernel", "shape": [2, 3], "dtype": "float32", "quantization": {"min": -0.5, "scale": 0.25, "dtype": "uint8"}},
        {"name": "a/bias", "shape": [2], "dtype": "float32"},
        {"name": "b/kernel", "shape": [1], "dtype": "float32", "quantization": {"min": -1e-30, "scale": 0.001, "dtype": "uint16"}},
    ]
    data = bytes([0, 1, 2, 3, 4, 255]) + np.array([1.5, -2], "<f4").tobytes() + np.array([1000], "<u2").tobytes()
    shards = ["group1-shard1of2", "group1-shard2of2"]
    manifest = [{"paths": shards, "weights": weights}]
    config = {"name": "model: {a:.5,b:!0}", "layers": layers, "output_layers": [["join", 0, 0]]}
    model = {"modelTopology": {"model_config": {"config": config}}, "weightsManifest": manifest}
    folder = tmp_path / "bundles"
    folder.mkdir()
    (folder / "model.min.js").write_text(MODULE.format(as_minified(model)), "utf-8")
    for name, part in zip(shards, (data[:9], data[9:]), strict=True):  # a shard ends within a tensor
        (folder / f"{name}.min.js").write_text(MODULE.format(f'"{base64.b64encode(part).decode()}"'), "utf-8")
    return folder


def test_weights_are_dequantised(bundles: Path) -> None:
    weights = read_layers_model(bundles, "").weights
    torch.testing.assert_close(weights["a/kernel"], torch.tensor([[-0.5, -0.25, 0.0], [0.25, 0.5, 63.25]]))
    torch.testing.assert_close(weights["a/bias"], torch.tensor([1.5, -2.0]))
    torch.testing.assert_close(weights["b/kernel"], torch.tensor([1.0]))


def test_layers_are_walked_as_they_are_joined(bundles: Path) -> None:
    model = read_layers_model(bundles, "")
    assert list(model.walk("Conv2D")) == ["a", "b", "c", "d"]
    assert model.inputs("join") == ["a", "c", "d"]


def test_a_package_is_read_as_its_folder(bundles: Path, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "package.tgz", "w:gz") as archive:
        archive.add(bundles, "package/models/tiny")
        archive.add(bundles / "model.min.js", "package/models/other/group1-shard1of2.min.js")
    model = read_layers_model(tmp_path / "package.tgz", "package/models/tiny")
    torch.testing.assert_close(model.weights, read_layers_model(bundles, "").weights)


def test_clear_errors(bundles: Path, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"no model\.min\.js"):
        read_layers_model(tmp_path, "")
    shard = bundles / "group1-shard2of2.min.js"
    whole = shard.read_text("utf-8")
    shard.write_text(MODULE.format(f'"{base64.b64encode(bytes(9)).decode()}"'), "utf-8")
    with pytest.raises(ConfigError, match="take 16 bytes, but the shards hold 18"):
        read_layers_model(bundles, "")
    shard.write_text(whole.replace('exports="', "exports='"), "utf-8")
    with pytest.raises(ConfigError, match="no weights in base64"):
        read_layers_model(bundles, "")
    shard.unlink()
    with pytest.raises(FileNotFoundError, match="group1-shard2of2"):
        read_layers_model(bundles, "")
