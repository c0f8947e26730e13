"""Makes a captioner of full size, ViT-B/16 and GPT-2 small with seeded random weights, in each layout that is timed.

    python bench/full/make_models.py <folder>

checkpoint/   as `save_pretrained` of transformers writes it
public/       the public two-file layout, fp32 and `_quantized` (dynamic 8-bit)
own-fp32/     this library's layout, which `training/` makes of the checkpoint
own-q8/       its graphs, quantised as the public ones are
picture.bin   640×480 RGB
sizes.json    bytes of weights that one step of each decoder multiplies by

Needs what test/hub/fixtures/checkpoints.py needs. What is there already is not made again. About 3 GB of disk.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto
from onnxruntime.quantization import QuantType, quantize_dynamic
from transformers import GPT2TokenizerFast, ViTConfig, ViTImageProcessor

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "test" / "hub" / "fixtures"), str(ROOT / "training" / "tests"), str(ROOT / "training")]

from checkpoints import END, Checkpoint, build, export, quantise  # noqa: E402
from public_checkpoints import byte_pairs  # noqa: E402

from captioneer_training.export import LARGE, write_graph  # noqa: E402

PRODUCTS = {"MatMul", "Gemm", "MatMulInteger"}


def make_public(folder: Path, encoder: ViTConfig | None = None, vocabulary: int = 50_000, **decoder: object) -> None:
    tokenizer = GPT2TokenizerFast(tokenizer_object=byte_pairs(vocabulary), bos_token=END, eos_token=END, unk_token=END)
    model = build(encoder or ViTConfig(initializer_range=0.04), tokenizer, 0, initializer_range=0.04, **decoder)
    checkpoint = Checkpoint(model, ViTImageProcessor(), tokenizer)
    export(checkpoint, folder / "public")
    for part in (checkpoint.model, checkpoint.processor, checkpoint.tokenizer):
        part.save_pretrained(folder / "checkpoint")
    shutil.copy(folder / "checkpoint" / "tokenizer_config.json", folder / "public")
    quantise(folder / "public", ["q8"])
    picture = np.random.default_rng(0).integers(0, 256, (480, 640, 3), np.uint8)
    (folder / "picture.bin").write_bytes(picture.tobytes())


def make_own(folder: Path) -> None:
    command = [sys.executable, "-m", "captioneer_training.exporters", "vision-encoder-decoder"]
    subprocess.run([*command, folder / "checkpoint", folder / "own-fp32"], check=True, cwd=ROOT / "training")


def make_own_quantised(folder: Path) -> None:
    source, target = folder / "own-fp32", folder / "own-q8"
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("*.onnx", "*.onnx_data"))
    manifest = json.loads((source / "captioneer.json").read_text(encoding="utf-8"))
    for part, entry in manifest["graphs"].items():
        folded = source / f"folded-{entry['file']}"  # beside the weights that it goes on referring to
        quantised = target / f"quantised-{entry['file']}"
        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC  # transposed constants become plain ones
        options.optimized_model_filepath = str(folded)
        onnxruntime.InferenceSession(source / entry["file"], options)
        extra = {"MatMulConstBOnly": True}
        kinds = ["MatMul", "Gemm", "Gather"]
        quantize_dynamic(folded, quantised, weight_type=QuantType.QUInt8, extra_options=extra, op_types_to_quantize=kinds)
        manifest["graphs"][part] = write_graph(onnx.load(quantised), target / entry["file"], "float32", LARGE)
        folded.unlink()
        quantised.unlink()
    (target / "captioneer.json").write_text(json.dumps(manifest), encoding="utf-8")


def step_bytes(graph: onnx.GraphProto) -> int:
    """Bytes of the constant matrices that a run multiplies by, each once; a branch of an `If` is the whole graph's step."""
    branch = next((a.g for node in graph.node if node.op_type == "If" for a in node.attribute if a.name == "then_branch"), None)
    nodes = [*graph.node, *(branch.node if branch else [])]
    constants = {tensor.name: tensor for tensor in (*graph.initializer, *(branch.initializer if branch else []))}
    source = {output: node.input[0] for node in nodes if node.op_type in ("Transpose", "Identity") for output in node.output}
    used = {input_ for node in nodes if node.op_type in PRODUCTS for input_ in node.input}
    while moved := {name for name in used if name in source and name not in constants}:
        used = (used - moved) | {source[name] for name in moved}
    width = {TensorProto.FLOAT: 4, TensorProto.UINT8: 1, TensorProto.INT8: 1}
    return sum(int(np.prod(constants[name].dims)) * width[constants[name].data_type] for name in used if name in constants)


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for made, make in (("picture.bin", make_public), ("own-fp32", make_own), ("own-q8", make_own_quantised)):
        if not (folder / made).exists():
            make(folder)
    decoders = {
        "own-fp32": "own-fp32/decoder.onnx",
        "own-q8": "own-q8/decoder.onnx",
        "public-fp32": "public/onnx/decoder_model_merged.onnx",
        "public-q8": "public/onnx/decoder_model_merged_quantized.onnx",
    }
    sizes = {name: step_bytes(onnx.load(folder / path).graph) for name, path in decoders.items()}
    (folder / "sizes.json").write_text(json.dumps(sizes), encoding="utf-8")


if __name__ == "__main__":
    main()
