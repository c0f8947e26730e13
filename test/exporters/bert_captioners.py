"""BLIP and GIT checkpoints, run by transformers itself."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from public_checkpoints import seeded_tensors
from reference import Caption, Named, Reference
from torch import Tensor
from transformers import (
    BertTokenizerFast,
    BlipConfig,
    BlipForConditionalGeneration,
    BlipImageProcessor,
    CLIPImageProcessor,
    GitConfig,
    GitForCausalLM,
    PreTrainedModel,
)
from transformers.image_processing_utils import BaseImageProcessor

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
LETTERS = "abcdefghijklmnopqrstuvwxyz"
WORDS = ["a", "photo", "##graphy", "of", "the", "dog", "'", "s", "n", "t", "re", "ve", "m", ".", ",", "!", "?", "do", "is", "-", "##s"]
PROMPT = "A Photography of"
CLS, SEP = SPECIAL.index("[CLS]"), SPECIAL.index("[SEP]")


def vocabulary(size: int, end: int) -> list[str]:
    """BERT's special tokens, some words, the letters, pieces of words, and as many numbers as are missing; `end` is `[SEP]`'s id."""
    tokens = list(dict.fromkeys([*SPECIAL, *WORDS, *LETTERS, *(f"##{letter}" for letter in LETTERS)]))
    tokens = (tokens + [f"word{n}" for n in range(size)])[:size]
    tokens[SEP], tokens[end] = tokens[end], tokens[SEP]
    return tokens


def bert_tokenizer(tokens: Sequence[str], cleans_up: bool) -> BertTokenizerFast:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "vocab.txt")
        path.write_text("\n".join(tokens) + "\n", encoding="utf-8")
        return BertTokenizerFast(vocab_file=str(path), clean_up_tokenization_spaces=cleans_up)


class Captions:
    """What `generate` finds, in the form of the recordings."""

    def __init__(self, generate: Callable[..., Tensor], tokenizer: BertTokenizerFast) -> None:
        self.generate, self.tokenizer, self.end = generate, tokenizer, tokenizer.sep_token_id

    def row(self, options: dict[str, Any], pixels: Tensor) -> tuple[dict[str, Any], list[Caption]]:
        """`options` of the library."""
        prompt = options.get("prompt")
        ids = None if prompt is None else self.tokenizer(prompt).input_ids  # [CLS] prompt [SEP]
        start = 1 if ids is None else len(ids) - 1
        longest = {"max_new_tokens": options["maxLength"]} if "maxLength" in options else {}
        beams = options.get("numBeams", 1)
        found = []
        for row in self.generate(pixels, ids, num_beams=beams, num_return_sequences=beams, do_sample=False, **longest).tolist():
            new = row[start:]
            is_finished = self.end in new
            new = new[: new.index(self.end)] if is_finished else new
            text = self.tokenizer.decode(row, skip_special_tokens=True)
            found.append({"ids": new, "text": text.strip(), "isFinished": is_finished})
        return options, found

    def rows(self, pixels: Tensor, longest: int) -> list[tuple[dict[str, Any], list[Caption]]]:
        options: list[dict[str, Any]] = [{}, {"prompt": PROMPT}]
        options += [{"numBeams": beams, "numCaptions": beams, "maxLength": longest} for beams in (1, 3, 4)]
        options += [{**options[-1], "prompt": PROMPT}]
        return [self.row(one, pixels) for one in options]


def over_cells(attentions: Sequence[Tensor]) -> Tensor:
    """Of each layer [1, heads, words, places], the class token first: one of [words, cells]."""
    mean = torch.stack([attention[0].mean(0) for attention in attentions]).mean(0)[:, 1:]
    return mean / mean.sum(-1, keepdim=True)


def split_heads(values: Tensor, heads: int) -> Tensor:
    return values.unflatten(-1, (heads, -1)).transpose(1, 2)


Scales = dict[str, float]
"""Factors of weights by the ends of their names."""


def seed_weights(model: PreTrainedModel, tied: Sequence[str], seed: int, scales: Scales | None) -> dict[str, list[int]]:
    """Fills a model; gives the shapes of its tensors but for those that are others' (`tied`)."""
    shapes = {key: list(tensor.shape) for key, tensor in model.state_dict().items() if key not in tied}
    model.load_state_dict(seeded_tensors(shapes, seed, scales), strict=False)
    model.eval()
    return shapes


def pixels_by(processor: BaseImageProcessor) -> Callable[[np.ndarray], Tensor]:
    return lambda picture: processor(Image.fromarray(picture), return_tensors="pt").pixel_values


def blip(
    name: str, vision: dict[str, Any], text: dict[str, Any], seed: int, end: int, scales: Scales | None = None
) -> Reference:
    tokenizer = bert_tokenizer(vocabulary(text["vocab_size"] - 2, end), cleans_up=True)
    text = {**text, "bos_token_id": text["vocab_size"] - 2, "eos_token_id": 2, "sep_token_id": end, "pad_token_id": 0}
    config = BlipConfig(vision_config=vision, text_config=text)
    model = BlipForConditionalGeneration(config)
    shapes = seed_weights(model, ["text_decoder.cls.predictions.decoder.weight", "text_decoder.cls.predictions.decoder.bias"], seed, scales)
    start, heads = text["bos_token_id"], text["num_attention_heads"]
    processor = BlipImageProcessor(size={"height": vision["image_size"], "width": vision["image_size"]})

    def features(pixels: Tensor) -> Tensor:
        return model.vision_model(pixels).last_hidden_state

    def memory(pixels: Tensor) -> Named:
        seen, named = features(pixels), {}
        for n, layer in enumerate(model.text_decoder.bert.encoder.layer):
            attention = layer.crossattention.self
            named |= {f"cross.{n}.key": split_heads(attention.key(seen), heads)}
            named |= {f"cross.{n}.value": split_heads(attention.value(seen), heads)}
        return named

    def read(pixels: Tensor, ids: list[int], **options: Any) -> Any:
        return model.text_decoder(torch.tensor([[start, *ids]]), encoder_hidden_states=features(pixels), **options)

    def generate(pixels: Tensor, ids: list[int] | None, **options: Any) -> Tensor:
        return model.generate(pixels, None if ids is None else torch.tensor([ids]), **options)

    files = {
        "config.json": config.to_diff_dict(),
        "preprocessor_config.json": json.loads(processor.to_json_string()),
        "tokenizer.json": json.loads(tokenizer.backend_tokenizer.to_str()),
        "tokenizer_config.json": {"clean_up_tokenization_spaces": True, "do_lower_case": True},
    }
    return Reference(
        name,
        ["blip", "."],
        {"seed": seed, "json": files, "weights": {"model.safetensors": shapes}, **({"scales": scales} if scales else {})},
        [start],
        pixels_by(processor),
        memory,
        lambda pixels, ids: read(pixels, ids).logits[0, -1],
        Captions(generate, tokenizer).rows,
        attention=lambda pixels, ids: over_cells(read(pixels, ids, output_attentions=True).cross_attentions),
    )


def git(
    name: str, vision: dict[str, Any], text: dict[str, Any], seed: int, end: int, scales: Scales | None = None
) -> Reference:
    tokens = vocabulary(text["vocab_size"], end)
    tokenizer = bert_tokenizer(tokens, cleans_up=False)
    config = GitConfig(vision_config=vision, **text, bos_token_id=CLS, eos_token_id=end, pad_token_id=0)
    model = GitForCausalLM(config)
    shapes = seed_weights(model, [], seed, scales)
    heads, side = text["num_attention_heads"], vision["image_size"]
    places = (side // vision["patch_size"]) ** 2 + 1
    square = {"height": side, "width": side}
    processor = CLIPImageProcessor(size={"shortest_edge": side}, crop_size=square)

    def memory(pixels: Tensor) -> Named:
        """The keys and values of the picture, as the layers compute them in the presence of a word."""
        named: Named = {}

        def keep(name: str) -> Callable[..., None]:
            return lambda module, given, found: named.update({name: split_heads(found[:, :places], heads)})

        hooks = [
            getattr(layer.attention.self, part).register_forward_hook(keep(f"image.{n}.{part}"))
            for n, layer in enumerate(model.git.encoder.layer)
            for part in ("key", "value")
        ]
        read(pixels, [])
        for hook in hooks:
            hook.remove()
        return named

    def read(pixels: Tensor, ids: list[int], **options: Any) -> Any:
        return model(torch.tensor([[CLS, *ids]]), pixel_values=pixels, **options)

    def attention(pixels: Tensor, ids: list[int]) -> Tensor:
        whole = read(pixels, ids, output_attentions=True).attentions
        return over_cells([layer[:, :, places:, :places] for layer in whole])

    def generate(pixels: Tensor, ids: list[int] | None, **options: Any) -> Tensor:
        prompt = {} if ids is None else {"input_ids": torch.tensor([ids[:-1]])}
        return model.generate(pixel_values=pixels, **prompt, **options)

    files = {
        "config.json": config.to_diff_dict(),
        "generation_config.json": model.generation_config.to_dict(),
        "preprocessor_config.json": json.loads(processor.to_json_string()),
        "tokenizer_config.json": {"do_lower_case": True},
    }
    return Reference(
        name,
        ["git", "."],
        {
            "seed": seed,
            "json": files,
            "texts": {"vocab.txt": "\n".join(tokens) + "\n"},
            "weights": {"model.safetensors": shapes},
            **({"scales": scales} if scales else {}),
        },
        [CLS],
        pixels_by(processor),
        memory,
        lambda pixels, ids: read(pixels, ids).logits[0, -1],
        Captions(generate, tokenizer).rows,
        attention=attention,
    )


SMALL = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}


def small() -> list[Reference]:
    vision = {**SMALL, "hidden_size": 24, "image_size": 32, "patch_size": 8}
    text = {**SMALL, "vocab_size": 100, "max_position_embeddings": 32, "max_length": 12}
    return [blip("blip", vision, text, seed=20, end=57)]


def small_git() -> list[Reference]:
    vision = {**SMALL, "hidden_size": 24, "image_size": 32, "patch_size": 8}
    text = {**SMALL, "vocab_size": 90, "max_position_embeddings": 32, "max_length": 12}
    return [git("git", vision, text, seed=1, end=83)]


LIVELY = {"output.dense.weight": 0.1, "output.dense.bias": 0.1, "LayerNorm.bias": 0.1}
"""Of many layers as wide as these each adds less: else what was read last is lost, one word is repeated, and beams are equal."""


def full() -> dict[str, Callable[[], Reference]]:
    """The sizes of Salesforce/blip-image-captioning-base and microsoft/git-base-coco."""
    base = {"hidden_size": 768, "num_hidden_layers": 12, "num_attention_heads": 12, "intermediate_size": 3072}
    to_blip = {**base, "image_size": 384, "patch_size": 16}
    to_git = {**base, "image_size": 224, "patch_size": 16}
    of_blip = {**base, "vocab_size": 30524, "max_position_embeddings": 512}
    of_git = {**base, "num_hidden_layers": 6, "vocab_size": 30522, "max_position_embeddings": 1024}
    return {
        "BLIP base": lambda: blip("BLIP base", to_blip, of_blip, seed=0, end=102, scales=LIVELY),
        "GIT base": lambda: git("GIT base", to_git, of_git, seed=0, end=102, scales=LIVELY),
    }
