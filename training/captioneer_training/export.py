"""From modules to a model folder: two ONNX graphs, a tokenizer and a manifest.

Weights are stored as float32, or as int8 with one scale an output channel and multiplied out when the graph is loaded, so
that every machine computes the same floats. Initializers keep the names of the parameters they come from;
`graph_weights.read_weights` turns a model folder back into a state dict.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from .config import Config, ConfigError
from .decoders.decoder import INITIAL, PREFIX, Decoder, Named
from .decoders.region_transformer import BOX, KIND, SCORE
from .encoders.nanodet import KINDS
from .fold import fold_constants
from .graph_weights import INT8_SUFFIX, SCALE_SUFFIX
from .model import Captioner

OPSET = 20
"""The first that has GELU as one operator."""
SMALL = 1024
"""Bytes of a tensor up to which it stays in the graph all the same: shapes, which a runtime reads before it opens that file."""
LARGE = 100_000_000
"""Bytes of weights from which on they stand in a file beside their graph: a runtime maps them there, and needs no second copy."""

DTYPES = ("float32", "int8")
"""Of the weights in the files; arithmetic is float32 in both."""


class TokenFile(Protocol):
    """What a model folder asks of a tokenizer."""

    @property
    def type(self) -> str:
        """Its name in the manifest."""
        ...

    def __len__(self) -> int: ...
    def save(self, path: Path) -> None: ...


@dataclass(frozen=True)
class ModelParts:
    """What a model folder is made of."""

    encoder: nn.Module
    """pixel values [1, 3, height, width] → features [1, regions, width]; in evaluation the same function for each picture."""
    decoder: Decoder
    tokens: TokenFile
    description: dict[str, Any]
    """The manifest's fields that graphs and files do not tell: name, version, family, image, tokens, generation, languages,
    license, trainingData, and perhaps text."""
    is_normalized: bool = True
    """Where the decoder continues a prefix: whether the encoder's embedding has unit length."""

    def blank(self) -> Tensor:
        """The pixel values of a picture of nothing, for names and shapes."""
        image = self.description["image"]
        return torch.zeros(1, 3, image["height"], image["width"])

    def memory(self) -> Named:
        """What is remembered of that picture."""
        with torch.inference_mode():
            return self.decoder.eval().remember(self.encoder.eval()(self.blank()))


class EncoderGraph(nn.Module):
    """pixel_values [1, 3, H, W] → the memory's tensors, in the order of their names."""

    def __init__(self, parts: ModelParts) -> None:
        super().__init__()
        self.encoder, self.decoder = parts.encoder, parts.decoder

    def forward(self, pixel_values: Tensor) -> list[Tensor]:
        return list(self.decoder.remember(self.encoder(pixel_values)).values())


class DecoderGraph(nn.Module):
    """One word a row: ids, state and memory → logits and what they sum up to, attention over regions where there is one, new state."""

    def __init__(self, parts: ModelParts, state: list[str], memory: list[str]) -> None:
        super().__init__()
        self.decoder = parts.decoder
        self.state, self.memory = state, memory

    def forward(self, input_ids: Tensor, *tensors: Tensor) -> tuple[Tensor, ...]:
        state = dict(zip(self.state, tensors, strict=False))
        memory = dict(zip(self.memory, tensors[len(state) :], strict=True))
        ids = input_ids if self.decoder.reads_prefix_alone else input_ids[:, 0]
        logits, new, attention = self.decoder.step(memory, ids, state)
        return logits, *summary_of(logits), *(() if attention is None else (attention,)), *(new[name] for name in self.state)


SUMMARY = ("log_sum_exp", "entropy")
"""What a decoder's graph tells of its logits, [rows, 1] each: a search would need an exponential of every word for it."""


def summary_of(logits: Tensor) -> tuple[Tensor, Tensor]:
    log_probs = torch.log_softmax(logits, -1)  # a fast operator of ONNX Runtime's; ReduceLogSumExp is not
    return logits[:, :1] - log_probs[:, :1], -(log_probs.exp() * log_probs).sum(-1, keepdim=True)


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
        return fold_constants(onnx.load(f"{folder}/graph.onnx"))


def encoder_graph(parts: ModelParts) -> onnx.ModelProto:
    return to_graph(EncoderGraph(parts), (parts.blank(),), ["pixel_values"], list(parts.memory()), {})


def decoder_graph(parts: ModelParts) -> onnx.ModelProto:
    decoder, memory = parts.decoder, parts.memory()
    with torch.inference_mode():
        after = decoder.step(memory, torch.tensor([0]), decoder.start(memory, 1))
        after = decoder.step(memory, torch.tensor([0, 0]), {name: t.repeat_interleave(2, 0) for name, t in after.state.items()})
    past = after.state
    # Of a detector's boxes the caller is told; the decoder needs none of them. Other decoders have scores of their own.
    told = (BOX, KIND, SCORE) if BOX in memory else ()
    shared = {name: tensor for name, tensor in memory.items() if not name.startswith(INITIAL) and name not in told}
    names = ["input_ids", *(f"past.{name}" for name in past), *shared]
    outputs = ["logits", *SUMMARY, *(["attention"] if after.attention is not None else []), *(f"present.{name}" for name in past)]
    axes: dict[str, dict[int, str]] = {"input_ids": {0: "rows"}} | {name: {0: "pictures"} for name in shared}
    if PREFIX in axes:
        axes[PREFIX][1] = "prefix"
    if decoder.reads_prefix_alone:
        axes["input_ids"][1] = "ids"
    for name in past:
        axes[f"past.{name}"] = {0: "rows"} | {axis: "words" for axis in decoder.growing}
    shapes: dict[str, list[str | int]] = {"logits": ["rows", decoder.vocabulary], **{name: ["rows", 1] for name in SUMMARY}}
    if after.attention is not None:
        shapes["attention"] = ["rows", after.attention.shape[1]]
    for name, tensor in past.items():
        grown = {axis: "words_now" for axis in decoder.growing}
        shapes[f"present.{name}"] = ["rows" if axis == 0 else grown.get(axis, size) for axis, size in enumerate(tensor.shape)]
    for name in outputs:
        axes[name] = {axis: size for axis, size in enumerate(shapes[name]) if isinstance(size, str)}
    inputs = (torch.zeros(2, 1, dtype=torch.int64), *past.values(), *shared.values())
    graph = to_graph(
        DecoderGraph(parts, list(past), list(shared)), inputs, names, outputs, {n: axes[n] for n in (*names, *outputs) if n in axes}
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


def file_entry(folder: Path, name: str) -> dict[str, Any]:
    path = folder / name
    with path.open("rb") as file:
        return {"file": name, "sha256": hashlib.file_digest(file, "sha256").hexdigest(), "bytes": path.stat().st_size}


def write_graph(graph: onnx.ModelProto, path: Path, dtype: str, beside_from: int) -> dict[str, Any]:
    """Writes a graph, its weights beside it where they are `beside_from` bytes or more; what the manifest says of it."""
    graph = quantize(graph) if dtype == "int8" else graph
    if sum(len(initializer.raw_data) for initializer in graph.graph.initializer) < beside_from:
        onnx.save(graph, path)
        return file_entry(path.parent, path.name)
    weights = path.with_name(f"{path.name}_data")
    onnx.save(graph, path, save_as_external_data=True, location=weights.name, size_threshold=SMALL)
    weights.chmod(0o644)
    return {**file_entry(path.parent, path.name), "weights": file_entry(path.parent, weights.name)}


def write_model(parts: ModelParts, folder: Path, dtype: str, beside_from: int = LARGE) -> None:
    """Writes a model folder, its manifest last. Graphs whose weights are `beside_from` bytes or more have them in a file beside."""
    decoder, tokens = parts.decoder, parts.tokens
    if len(tokens) != decoder.vocabulary:
        raise ConfigError(
            f"expected a tokenizer of {decoder.vocabulary} tokens, as many as the decoder scores, found one of {len(tokens)}."
        )
    folder.mkdir(parents=True, exist_ok=True)
    graph = decoder_graph(parts)
    facts = graph_facts(parts, graph)
    decoder_entry = write_graph(graph, folder / "decoder.onnx", dtype, beside_from)
    del graph  # hundreds of megabytes
    encoder_entry = write_graph(encoder_graph(parts), folder / "encoder.onnx", dtype, beside_from)
    tokens.save(folder / "tokenizer.json")
    manifest = {
        "formatVersion": 1,
        "graphs": {"encoder": encoder_entry, "decoder": decoder_entry},
        "tokenizer": {"type": tokens.type, **file_entry(folder, "tokenizer.json")},
        "vocabularySize": decoder.vocabulary,
        "maxPositions": decoder.maximum_length,
        **parts.description,
        **facts,
    }
    (folder / "captioneer.json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def graph_facts(parts: ModelParts, decoder: onnx.ModelProto) -> dict[str, Any]:
    """The manifest's fields that only some graphs have: the grid of an attention, which is square, its boxes, and the size of a prefix."""
    facts: dict[str, Any] = {}
    memory = parts.memory()
    for output in decoder.graph.output:
        if output.name == "attention":
            boxes = memory[BOX].shape[1] if BOX in memory else 0
            side = round((output.type.tensor_type.shape.dim[1].dim_value - boxes) ** 0.5)
            facts["regions"] = {"rows": side, "columns": side, **({"boxes": {"count": boxes, "labels": list(KINDS)}} if boxes else {})}
    if PREFIX in memory:
        _, length, width = memory[PREFIX].shape
        facts["prefix"] = {"length": length, "width": width, "isNormalized": parts.is_normalized}
    return facts


def export(captioner: Captioner, folder: Path, settings: Config) -> None:
    """Writes the model folder of a captioner that was trained here, with 8-bit weights."""
    encoder, tokens = captioner.encoder, captioner.tokens
    description = {
        "name": settings.name,
        "family": settings.family,
        "image": {
            "width": encoder.side,
            "height": encoder.side,
            "resize": "squash",
            "resample": "bilinear",
            "mean": list(encoder.mean),
            "std": list(encoder.std),
        },
        "tokens": {"start": [tokens.start], "end": [tokens.end], "banned": tokens.banned},
        "generation": {
            "numBeams": settings.beams,
            "lengthPenalty": settings.length_penalty,
            "minLength": 1,
            "maxLength": settings.longest,
            "noRepeatNgramSize": settings.no_repeat_ngram_size,
            "noRepeatWords": settings.no_repeat_words,
        },
        "text": {"sentenceCase": True, "fullStop": True},
        "parameters": sum(parameter.numel() for parameter in captioner.parameters()),
        **settings.description,
    }
    write_model(ModelParts(encoder, captioner.decoder, tokens, description), folder, "int8")
