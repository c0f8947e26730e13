"""From a checkpoint to a model folder: two ONNX graphs with 8-bit weights, a tokenizer and a manifest.

Weights are stored as int8 with one scale an output channel and multiplied out when the graph is loaded, so that every
machine computes the same floats. Initializers keep the names of the parameters they come from; `read_weights` turns a
model folder back into a state dict.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from .config import Config
from .corpus import SIDE
from .decode import LONGEST
from .decoders.transformer import TransformerDecoder, merge_heads, split_heads
from .encoders.efficientnet_lite import MEAN, STD
from .model import Captioner
from .text import END, PAD, START, UNKNOWN

OPSET = 17
INT8_SUFFIX, SCALE_SUFFIX = ".int8", ".scale"


class EncoderGraph(nn.Module):
    """pixel_values [1, 3, H, W] → cross-attention key and value of every decoder layer [1, heads, regions, head width]."""

    def __init__(self, captioner: Captioner) -> None:
        super().__init__()
        self.encoder, self.decoder = captioner.encoder, captioner.decoder

    def forward(self, pixel_values: Tensor) -> list[Tensor]:
        memory = self.decoder.remember(self.encoder(pixel_values))
        return [t for pair in zip(memory.keys, memory.values, strict=True) for t in pair]


class DecoderGraph(nn.Module):
    """One word a row: ids, caches and the picture's keys and values → logits, attention over regions, grown caches."""

    def __init__(self, captioner: Captioner) -> None:
        super().__init__()
        self.decoder: TransformerDecoder = captioner.decoder

    def forward(self, input_ids: Tensor, *tensors: Tensor) -> tuple[Tensor, ...]:
        decoder = self.decoder
        layers = len(decoder.layers)
        past, cross = tensors[: 2 * layers], tensors[2 * layers :]
        position = past[0].shape[2]
        x = decoder.embed(input_ids) + decoder.word_positions[position : position + 1]  # [rows, 1, width]
        present: list[Tensor] = []
        seen: list[Tensor] = []
        for n, layer in enumerate(decoder.layers):
            q, k, v = (split_heads(t, layer.heads) for t in layer.read_words(x).chunk(3, -1))
            k, v = torch.cat((past[2 * n], k), 2), torch.cat((past[2 * n + 1], v), 2)
            present += [k, v]
            x = layer.after_words(x, merge_heads(attend(q, k, v)[0]))
            query = split_heads(layer.read_regions(x), layer.heads)
            attended, weights = attend(query, cross[2 * n], cross[2 * n + 1])  # one picture serves all rows
            seen.append(weights.mean(1)[:, 0])  # [rows, regions]
            x = layer.after_regions(x, merge_heads(attended))
        return decoder.logits(x[:, 0]), torch.stack(seen).mean(0), *present


def attend(q: Tensor, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
    weights = torch.softmax(q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5, -1)
    return weights @ v, weights


def to_graph(
    module: nn.Module, inputs: tuple[Tensor, ...], names: list[str], outputs: list[str], axes: dict[str, dict[int, str]]
) -> onnx.ModelProto:
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module.eval(),
            inputs,
            f"{folder}/graph.onnx",
            input_names=names,
            output_names=outputs,
            dynamic_axes=axes,
            opset_version=OPSET,
            do_constant_folding=False,  # initializers keep the names of their parameters
            dynamo=False,
        )
        return onnx.load(f"{folder}/graph.onnx")


def encoder_graph(captioner: Captioner) -> onnx.ModelProto:
    outputs = [f"cross.{n}.{part}" for n in range(captioner.decoder.config.layers) for part in ("key", "value")]
    return to_graph(EncoderGraph(captioner), (torch.zeros(1, 3, SIDE, SIDE),), ["pixel_values"], outputs, {})


def decoder_graph(captioner: Captioner) -> onnx.ModelProto:
    config = captioner.decoder.config
    head_width = config.width // config.heads
    parts = [f"{n}.{part}" for n in range(config.layers) for part in ("key", "value")]
    past = [torch.zeros(2, config.heads, 3, head_width) for _ in parts]
    cross = [torch.zeros(1, config.heads, config.regions, head_width) for _ in parts]
    axes = {"input_ids": {0: "rows"}, "logits": {0: "rows"}, "attention": {0: "rows"}}
    axes |= {f"past.{p}": {0: "rows", 2: "words"} for p in parts} | {f"present.{p}": {0: "rows", 2: "words_and_one"} for p in parts}
    names = ["input_ids", *(f"past.{p}" for p in parts), *(f"cross.{p}" for p in parts)]
    outputs = ["logits", "attention", *(f"present.{p}" for p in parts)]
    graph = to_graph(DecoderGraph(captioner), (torch.zeros(2, 1, dtype=torch.int64), *past, *cross), names, outputs, axes)
    shapes: dict[str, list[str | int | None]] = {"logits": ["rows", config.vocabulary], "attention": ["rows", config.regions]}
    shapes |= {f"present.{p}": ["rows", config.heads, "words_and_one", head_width] for p in parts}
    for output in graph.graph.output:  # the exporter leaves some of these unnamed
        output.CopyFrom(helper.make_tensor_value_info(output.name, TensorProto.FLOAT, shapes[output.name]))
    return graph


def quantize(model: onnx.ModelProto) -> onnx.ModelProto:
    """Stores each weight matrix as int8 with one scale per first axis (an output channel, or a word)."""
    graph = model.graph
    kept: list[TensorProto] = []
    head: list[onnx.NodeProto] = []
    for initializer in graph.initializer:
        weights = numpy_helper.to_array(initializer)
        is_depthwise = weights.ndim == 4 and weights.shape[1] == 1  # few weights, and the first to suffer from rounding
        if weights.dtype != np.float32 or weights.ndim < 2 or weights.size < 1024 or is_depthwise:
            kept.append(initializer)
            continue
        name = initializer.name
        axes = tuple(range(1, weights.ndim))
        scale = np.maximum(np.abs(weights).max(axis=axes, keepdims=True) / 127, 1e-12).astype(np.float32)
        rounded = np.clip(np.rint(weights / scale), -127, 127).astype(np.int8)
        kept.append(numpy_helper.from_array(rounded, name + INT8_SUFFIX))
        kept.append(numpy_helper.from_array(scale, name + SCALE_SUFFIX))
        head.append(helper.make_node("Cast", [name + INT8_SUFFIX], [name + ".float"], to=TensorProto.FLOAT))
        head.append(helper.make_node("Mul", [name + ".float", name + SCALE_SUFFIX], [name]))
    nodes = [*head, *graph.node]
    del graph.initializer[:], graph.node[:]
    graph.initializer.extend(kept)
    graph.node.extend(nodes)
    onnx.checker.check_model(model)
    return model


def read_weights(folder: Path) -> dict[str, Tensor]:
    """The state dict of a captioner, read back from its model folder's graphs."""
    state: dict[str, Tensor] = {}
    for file in ("encoder.onnx", "decoder.onnx"):
        arrays = {i.name: numpy_helper.to_array(i) for i in onnx.load(folder / file).graph.initializer}
        for name, array in arrays.items():
            if name.endswith(INT8_SUFFIX):
                base = name.removesuffix(INT8_SUFFIX)
                state[base] = torch.from_numpy(array.astype(np.float32) * arrays[base + SCALE_SUFFIX])
            elif not name.endswith(SCALE_SUFFIX) and array.dtype == np.float32:
                state[name] = torch.from_numpy(array.copy())
    return state


def file_entry(folder: Path, name: str) -> dict[str, Any]:
    data = (folder / name).read_bytes()
    return {"file": name, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}


def export(captioner: Captioner, folder: Path, settings: Config) -> None:
    """Writes a model folder."""
    folder.mkdir(parents=True, exist_ok=True)
    onnx.save(quantize(encoder_graph(captioner)), folder / "encoder.onnx")
    onnx.save(quantize(decoder_graph(captioner)), folder / "decoder.onnx")
    captioner.vocabulary.save(folder / "tokenizer.json")
    ids, config = captioner.vocabulary.ids, captioner.decoder.config
    side = round(config.regions**0.5)
    manifest = {
        "formatVersion": 1,
        "name": settings.name,
        "family": "attention",
        "graphs": {"encoder": file_entry(folder, "encoder.onnx"), "decoder": file_entry(folder, "decoder.onnx")},
        "tokenizer": {"type": "word-map", **file_entry(folder, "tokenizer.json")},
        "image": {
            "width": SIDE,
            "height": SIDE,
            "resize": "squash",
            "resample": "bilinear",
            "mean": [MEAN] * 3,
            "std": [STD] * 3,
        },
        "tokens": {"start": [ids[START]], "end": [ids[END]], "banned": [ids[PAD], ids[START], ids[UNKNOWN]]},
        "vocabularySize": len(captioner.vocabulary),
        "maxPositions": config.maximum_length,
        "generation": {
            "numBeams": settings.beams,
            "lengthPenalty": settings.length_penalty,
            "minLength": 1,
            "maxLength": LONGEST,
            "noRepeatNgramSize": 0,
        },
        "regions": {"rows": side, "columns": side},
        "text": {"sentenceCase": True, "fullStop": True},
        **settings.description,
    }
    (folder / "captioneer.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
