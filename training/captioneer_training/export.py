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
from .decoders.decoder import INITIAL, PREFIX, Named
from .model import Captioner

OPSET = 17
INT8_SUFFIX, SCALE_SUFFIX = ".int8", ".scale"


class EncoderGraph(nn.Module):
    """pixel_values [1, 3, H, W] → the memory's tensors, in the order of their names."""

    def __init__(self, captioner: Captioner) -> None:
        super().__init__()
        self.encoder, self.decoder = captioner.encoder, captioner.decoder

    def forward(self, pixel_values: Tensor) -> list[Tensor]:
        return list(self.decoder.remember(self.encoder(pixel_values)).values())


class DecoderGraph(nn.Module):
    """One word a row: ids, state and memory → logits, attention over regions where there is one, new state."""

    def __init__(self, captioner: Captioner, state: list[str], memory: list[str]) -> None:
        super().__init__()
        self.decoder = captioner.decoder
        self.state, self.memory = state, memory

    def forward(self, input_ids: Tensor, *tensors: Tensor) -> tuple[Tensor, ...]:
        state = dict(zip(self.state, tensors, strict=False))
        memory = dict(zip(self.memory, tensors[len(state) :], strict=True))
        logits, new, attention = self.decoder.step(memory, input_ids[:, 0], state)
        return logits, *(() if attention is None else (attention,)), *(new[name] for name in self.state)


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


def probe(captioner: Captioner) -> Named:
    """The memory of a blank picture, for names and shapes."""
    side = captioner.encoder.side
    with torch.inference_mode():
        return captioner.eval().decoder.remember(captioner.encoder(torch.zeros(1, 3, side, side)))


def encoder_graph(captioner: Captioner) -> onnx.ModelProto:
    side = captioner.encoder.side
    return to_graph(EncoderGraph(captioner), (torch.zeros(1, 3, side, side),), ["pixel_values"], list(probe(captioner)), {})


def decoder_graph(captioner: Captioner) -> onnx.ModelProto:
    decoder, memory = captioner.decoder, probe(captioner)
    with torch.inference_mode():
        after = decoder.step(memory, torch.tensor([0]), decoder.start(memory, 1))
        after = decoder.step(memory, torch.tensor([0, 0]), {name: t.repeat_interleave(2, 0) for name, t in after.state.items()})
    past = after.state
    shared = {name: tensor for name, tensor in memory.items() if not name.startswith(INITIAL)}
    names = ["input_ids", *(f"past.{name}" for name in past), *shared]
    outputs = ["logits", *(["attention"] if after.attention is not None else []), *(f"present.{name}" for name in past)]
    axes: dict[str, dict[int, str]] = {"input_ids": {0: "rows"}, PREFIX: {1: "prefix"}}
    for name in past:
        axes[f"past.{name}"] = {0: "rows"} | {axis: "words" for axis in decoder.growing}
    shapes: dict[str, list[str | int]] = {"logits": ["rows", decoder.vocabulary], "attention": ["rows", captioner.encoder.regions]}
    for name, tensor in past.items():
        grown = {axis: "words_now" for axis in decoder.growing}
        shapes[f"present.{name}"] = ["rows" if axis == 0 else grown.get(axis, size) for axis, size in enumerate(tensor.shape)]
    for name in outputs:
        axes[name] = {axis: size for axis, size in enumerate(shapes[name]) if isinstance(size, str)}
    inputs = (torch.zeros(2, 1, dtype=torch.int64), *past.values(), *shared.values())
    graph = to_graph(
        DecoderGraph(captioner, list(past), list(shared)), inputs, names, outputs, {n: axes[n] for n in (*names, *outputs) if n in axes}
    )
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
    encoder, decoder, tokens = captioner.encoder, captioner.decoder, captioner.tokens
    onnx.save(quantize(encoder_graph(captioner)), folder / "encoder.onnx")
    onnx.save(quantize(decoder_graph(captioner)), folder / "decoder.onnx")
    tokens.save(folder / "tokenizer.json")
    side = round(encoder.regions**0.5)
    prefix = probe(captioner).get(PREFIX)
    has_attention = "attention" in {o.name for o in onnx.load(folder / "decoder.onnx").graph.output}
    manifest = {
        "formatVersion": 1,
        "name": settings.name,
        "family": settings.family,
        "graphs": {"encoder": file_entry(folder, "encoder.onnx"), "decoder": file_entry(folder, "decoder.onnx")},
        "tokenizer": {"type": tokens.type, **file_entry(folder, "tokenizer.json")},
        "image": {
            "width": encoder.side,
            "height": encoder.side,
            "resize": "squash",
            "resample": "bilinear",
            "mean": list(encoder.mean),
            "std": list(encoder.std),
        },
        "tokens": {"start": [tokens.start], "end": [tokens.end], "banned": tokens.banned},
        "vocabularySize": len(tokens),
        "maxPositions": decoder.maximum_length,
        "generation": {
            "numBeams": settings.beams,
            "lengthPenalty": settings.length_penalty,
            "minLength": 1,
            "maxLength": settings.longest,
            "noRepeatNgramSize": 0,
        },
        **({"regions": {"rows": side, "columns": side}} if has_attention else {}),
        **({} if prefix is None else {"prefix": {"length": prefix.shape[1], "width": prefix.shape[2], "isNormalized": True}}),
        "text": {"sentenceCase": True, "fullStop": True},
        **settings.description,
    }
    (folder / "captioneer.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
