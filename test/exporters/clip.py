"""Makes the small CLIP that the tests of CLIPScore load, and records what transformers makes of images and captions with it.

    python test/exporters/clip.py

Random weights, seeded, in the reference class `CLIPModel`; tokens and pixels are those of `CLIPProcessor`. The graphs have the names of the
published exports (`Xenova/clip-vit-base-patch32`): one for each tower, and one for both. Needs `pip install -r
test/exporters/requirements.txt`. Results are committed; run this again only to change them:

    test/evaluation/fixtures/clip/…          the checkpoint, graphs compressed
    test/evaluation/fixtures/clip.json       ids, embeddings, CLIPScore and RefCLIPScore
"""

from __future__ import annotations

# isort: off
from paths import ROOT

# isort: on
import json
import shutil
import tempfile
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import torch
import transformers
from checkpoints import SUFFIXES, convert
from make import load_pictures, sample, store
from PIL import Image
from torch import Tensor, nn
from transformers import CLIPConfig, CLIPImageProcessor, CLIPModel, CLIPProcessor, CLIPTokenizerFast

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

FIXTURES = ROOT / "test" / "evaluation" / "fixtures"
FOLDER = FIXTURES / "clip"
SIDE = 32
WIDTH = 16
POSITIONS = 77
OPSET = 17
DTYPES = ("fp16", "q8")
PREFIX = "A photo depicts "
START, END = "<|startoftext|>", "<|endoftext|>"
SPLIT = r"""'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"""
LINES = ["a photo depicts two dogs that play with a ball in the snow", "a man is riding a wave on top of a surfboard", "it's the dog's"]
CAPTIONS = {
    "gradient": ["A man is riding a wave.", "The surfer rides on top of a wave.", "a surfboard in the waves"],
    "noise": ["Two dogs play in the snow", "Dogs with a ball", "snow, two dogs & a red ball!"],
    "noise-tall": ["A plate of food on a table", "Food", "It's a table, isn't it?"],
    "checkerboard": ["A black-and-white board", "Chess", "squares " * 60],
}
"""Of each image a caption and two references; one is longer than the text encoder reads."""
TEXTS = [
    *["", " ", "a", "A  DOG\n\tand the dog's 2 dogs' 127 toys", "Café Ångström, naïve — 12.50 €", "ΟΔΟΣ İstanbul ẞ", "🦀🦀 crab"],
    *["x<|endoftext|>y", "don't we'll I'd they've he's I'm you're 'twas", "a\u00a0b\u3000c\u2028d\u0085e\ufefff", "e\u0301"],
    *["wave " * 90, "日本語 123", "''s...!?"],
]
"""Texts that a tokenizer of this kind may trip over."""


def tiny_tokenizer() -> CLIPTokenizerFast:
    """CLIP's tokenizer with few merges: bytes, bytes that end a word, merges, start, end."""
    trained = Tokenizer(models.BPE(end_of_word_suffix="</w>", continuing_subword_prefix=""))
    trained.normalizer = normalizers.Lowercase()
    split = pre_tokenizers.Split(Regex(SPLIT), behavior="removed", invert=True)
    trained.pre_tokenizer = pre_tokenizers.Sequence([split, pre_tokenizers.ByteLevel(add_prefix_space=False)])
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(vocab_size=400, min_frequency=1, end_of_word_suffix="</w>", initial_alphabet=alphabet, show_progress=False)
    trained.train_from_iterator(LINES * 4, trainer)
    merges = [tuple(pair) for pair in json.loads(trained.to_str())["model"]["merges"]]
    tokens = [*alphabet, *(f"{byte}</w>" for byte in alphabet), *("".join(pair) for pair in merges), START, END]
    with tempfile.TemporaryDirectory() as temporary:
        vocabulary, rules = Path(temporary, "vocab.json"), Path(temporary, "merges.txt")
        vocabulary.write_text(json.dumps({token: at for at, token in enumerate(tokens)}), encoding="utf-8")
        rules.write_text("\n".join(["#version: 0.2", *(" ".join(pair) for pair in merges), ""]), encoding="utf-8")
        return CLIPTokenizerFast(vocab_file=str(vocabulary), merges_file=str(rules), model_max_length=POSITIONS)


def build(tokenizer: CLIPTokenizerFast) -> CLIPModel:
    tower = {"hidden_size": WIDTH, "intermediate_size": 2 * WIDTH, "num_hidden_layers": 2, "num_attention_heads": 2, "projection_dim": 12}
    text = tower | {"vocab_size": len(tokenizer), "max_position_embeddings": POSITIONS}
    text |= {"bos_token_id": tokenizer.bos_token_id, "eos_token_id": tokenizer.eos_token_id, "pad_token_id": tokenizer.pad_token_id}
    vision = tower | {"image_size": SIDE, "patch_size": 8}
    config = CLIPConfig(text, vision, projection_dim=12, attn_implementation="eager", initializer_factor=8)
    torch.manual_seed(3)
    return CLIPModel(config).eval()


class TextModel(nn.Module):
    def __init__(self, model: CLIPModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: Tensor) -> tuple[Tensor, Tensor]:
        found = self.model.text_model(input_ids=input_ids)
        return self.model.text_projection(found.pooler_output), found.last_hidden_state


class VisionModel(nn.Module):
    def __init__(self, model: CLIPModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, pixel_values: Tensor) -> tuple[Tensor, Tensor]:
        found = self.model.vision_model(pixel_values=pixel_values)
        return self.model.visual_projection(found.pooler_output), found.last_hidden_state


class Both(nn.Module):
    def __init__(self, model: CLIPModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: Tensor, pixel_values: Tensor, attention_mask: Tensor) -> tuple[Tensor, ...]:
        found = self.model(input_ids=input_ids, pixel_values=pixel_values, attention_mask=attention_mask)
        return found.logits_per_image, found.logits_per_text, found.text_embeds, found.image_embeds


def export(model: CLIPModel, end: int, folder: Path) -> None:
    """The three graphs, with the inputs and outputs that the published ones have."""
    ids = torch.tensor([[0, 5, 6, end], [0, 7, end, end]])
    pixels, mask = torch.randn(2, 3, SIDE, SIDE), torch.tensor([[1, 1, 1, 1], [1, 1, 1, 0]])
    of_text, of_image = {0: "text_batch_size", 1: "sequence_length"}, {0: "image_batch_size"}
    graphs: dict[str, tuple[nn.Module, dict[str, Tensor], list[str]]] = {
        "text_model": (TextModel(model), {"input_ids": ids}, ["text_embeds", "last_hidden_state"]),
        "vision_model": (VisionModel(model), {"pixel_values": pixels}, ["image_embeds", "last_hidden_state"]),
        "model": (
            Both(model),
            {"input_ids": ids, "pixel_values": pixels, "attention_mask": mask},
            ["logits_per_image", "logits_per_text", "text_embeds", "image_embeds"],
        ),
    }
    axes = {"input_ids": of_text, "attention_mask": of_text, "pixel_values": of_image, "text_embeds": {0: "text_batch_size"}}
    axes |= {"image_embeds": of_image, "logits_per_image": {0: "image_batch_size", 1: "text_batch_size"}}
    axes |= {"logits_per_text": {0: "text_batch_size", 1: "image_batch_size"}, "last_hidden_state": {0: "batch_size", 1: "length"}}
    folder.mkdir(parents=True)
    for name, (module, inputs, outputs) in graphs.items():
        torch.onnx.export(
            module,
            tuple(inputs.values()),
            folder / f"{name}.onnx",
            input_names=list(inputs),
            output_names=outputs,
            dynamic_axes={key: axes[key] for key in [*inputs, *outputs]},
            opset_version=OPSET,
            dynamo=False,
        )
        for dtype in DTYPES if name != "model" else ():
            convert(folder / f"{name}.onnx", folder / f"{name}{SUFFIXES[dtype]}.onnx", dtype)


@torch.no_grad()
def record(model: CLIPModel, processor: CLIPProcessor) -> dict[str, Any]:
    pictures = load_pictures()

    def of_text(text: str) -> np.ndarray:
        return model.get_text_features(**processor(text=[PREFIX + text], return_tensors="pt", truncation=True))[0].numpy()

    def unit(vector: np.ndarray) -> np.ndarray:
        return vector.astype(np.float64) / np.linalg.norm(vector.astype(np.float64))

    images = {}
    for name, (caption, *references) in CAPTIONS.items():
        image = model.get_image_features(**processor(images=Image.fromarray(pictures[name]), return_tensors="pt"))[0].numpy()
        text = of_text(caption)
        # Hessel et al. 2021
        score = 2.5 * max(float(unit(image) @ unit(text)), 0)
        nearest = max(max(float(unit(of_text(reference)) @ unit(text)) for reference in references), 0)
        both = 0 if score + nearest == 0 else 2 * score * nearest / (score + nearest)
        images[name] = {
            "caption": caption,
            "references": references,
            "image": sample(unit(image)),
            "text": sample(unit(text)),
            "clipScore": score,
            "refClipScore": both,
        }
    tokenizer = processor.tokenizer

    def decoded(text: str) -> str:
        return tokenizer.decode(tokenizer(text, add_special_tokens=False).input_ids, clean_up_tokenization_spaces=False)

    texts = [{"text": text, "ids": tokenizer(text, truncation=True).input_ids, "decoded": decoded(text)} for text in TEXTS]
    return {"images": images, "texts": texts}


def main() -> None:
    warnings.filterwarnings("ignore")
    transformers.logging.set_verbosity_error()
    torch.set_num_threads(1)
    tokenizer = tiny_tokenizer()
    processor = CLIPProcessor(CLIPImageProcessor(size={"shortest_edge": SIDE}, crop_size={"height": SIDE, "width": SIDE}), tokenizer)
    model = build(tokenizer)
    recorded = {"recordedWith": {"transformers": transformers.__version__, "torch": torch.__version__}, **record(model, processor)}
    shutil.rmtree(FOLDER, ignore_errors=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        export(model, tokenizer.eos_token_id, folder / "onnx")
        model.config.to_json_file(folder / "config.json", use_diff=False)
        processor.image_processor.to_json_file(folder / "preprocessor_config.json")
        tokenizer.backend_tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
        for path in folder.rglob("*.*"):
            store(path, FOLDER / path.relative_to(folder))
    (FIXTURES / "clip.json").write_text(json.dumps(recorded, separators=(",", ":"), ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
