"""ClipCap checkpoints: GPT-2 and CLIP's ViT by transformers; the mapping networks and CLIP's ResNet written down here, as functions
of the published tensors."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from other_beams import clipcap
from PIL import Image
from public_checkpoints import byte_pairs, seeded_tensors
from reference import Caption, Named, Reference, greedy
from torch import Tensor
from transformers import CLIPVisionConfig, CLIPVisionModelWithProjection, GPT2Config, GPT2LMHeadModel
from transformers.image_utils import OPENAI_CLIP_MEAN, OPENAI_CLIP_STD

Shapes = dict[str, list[int]]
DOT = 13


def mlp_shapes(embedding: int, prefix: int, width: int) -> Shapes:
    whole, inner = prefix * width, prefix * width // 2
    return {"model.0.weight": [inner, embedding], "model.0.bias": [inner], "model.2.weight": [whole, inner], "model.2.bias": [whole]}


def mlp(w: Named, embedding: Tensor) -> Tensor:
    return F.linear(torch.tanh(F.linear(embedding, w["model.0.weight"], w["model.0.bias"])), w["model.2.weight"], w["model.2.bias"])


def transformer_shapes(embedding: int, prefix: int, width: int, layers: int) -> Shapes:
    """As many places for the picture as for the prefix."""
    shapes = {"linear.weight": [prefix * width, embedding], "linear.bias": [prefix * width], "prefix_const": [prefix, width]}
    for n in range(layers):
        at = f"transformer.layers.{n}"
        shapes |= {f"{at}.norm{k}.{kind}": [width] for k in (1, 2) for kind in ("weight", "bias")}
        shapes |= {f"{at}.attn.to_queries.weight": [width, width], f"{at}.attn.to_keys_values.weight": [2 * width, width]}
        shapes |= {f"{at}.attn.project.weight": [width, width], f"{at}.attn.project.bias": [width]}
        shapes |= {f"{at}.mlp.fc1.weight": [2 * width, width], f"{at}.mlp.fc1.bias": [2 * width]}
        shapes |= {f"{at}.mlp.fc2.weight": [width, 2 * width], f"{at}.mlp.fc2.bias": [width]}
    return shapes


def transformer(w: Named, embedding: Tensor) -> Tensor:
    constants = w["prefix_const"]
    width = constants.shape[1]
    x = F.linear(embedding, w["linear.weight"], w["linear.bias"]).view(1, -1, width)
    x = torch.cat((x, constants[None]), 1)

    def norm(name: str) -> Tensor:
        return F.layer_norm(x, (width,), w[f"{name}.weight"], w[f"{name}.bias"])

    for n in range(1 + max(int(name.split(".")[2]) for name in w if name.startswith("transformer"))):
        at = f"transformer.layers.{n}"
        seen = norm(f"{at}.norm1")
        queries = (seen @ w[f"{at}.attn.to_queries.weight"].T).view(1, -1, 8, width // 8)
        keys, values = (seen @ w[f"{at}.attn.to_keys_values.weight"].T).view(1, -1, 2, 8, width // 8).unbind(2)
        weights = (torch.einsum("bnhd,bmhd->bnmh", queries, keys) * (width // 8) ** -0.5).softmax(2)
        mixed = torch.einsum("bnmh,bmhd->bnhd", weights, values).flatten(2)
        x = x + F.linear(mixed, w[f"{at}.attn.project.weight"], w[f"{at}.attn.project.bias"])
        hidden = F.relu(F.linear(norm(f"{at}.norm2"), w[f"{at}.mlp.fc1.weight"], w[f"{at}.mlp.fc1.bias"]))
        x = x + F.linear(hidden, w[f"{at}.mlp.fc2.weight"], w[f"{at}.mlp.fc2.bias"])
    return x[:, -constants.shape[0] :]


class VisionTower:
    """CLIP's ViT, by transformers; its tensors published by the names of CLIP's authors, or by those of transformers."""

    def __init__(self, width: int, heads: int, layers: int, side: int, patch: int, embedding: int, seed: int, is_openai: bool) -> None:
        sizes = {"hidden_size": width, "num_attention_heads": heads, "num_hidden_layers": layers, "intermediate_size": 4 * width}
        config = CLIPVisionConfig(**sizes, image_size=side, patch_size=patch, projection_dim=embedding)
        self.side, self.embedding = side, embedding
        self.model = CLIPVisionModelWithProjection(config).eval()
        own = {name: list(tensor.shape) for name, tensor in self.model.state_dict().items() if not name.endswith("position_ids")}
        self.shapes = openai_shapes(own) if is_openai else own
        weights = seeded_tensors(self.shapes, seed)
        self.model.load_state_dict(transformers_tensors(weights, list(own)) if is_openai else weights, strict=False)

    def __call__(self, pixels: Tensor) -> Tensor:
        return self.model(pixels).image_embeds


class ResidualTower:
    """CLIP's ResNet, as a function of its published tensors."""

    def __init__(self, width: int, blocks: tuple[int, ...], side: int, embedding: int, heads: int, seed: int) -> None:
        self.blocks, self.side, self.embedding, self.heads = blocks, side, embedding, heads
        self.shapes = self._shapes(width)
        self.w = seeded_tensors(self.shapes, seed)

    def _shapes(self, width: int) -> Shapes:
        shapes: Shapes = {}

        def layer(conv: str, norm: str, outputs: int, inputs: int, kernel: int) -> None:
            shapes[f"visual.{conv}.weight"] = [outputs, inputs, kernel, kernel]
            shapes.update({f"visual.{norm}.{kind}": [outputs] for kind in ("weight", "bias", "running_mean", "running_var")})
            shapes[f"visual.{norm}.num_batches_tracked"] = []

        for n, (outputs, inputs) in enumerate(((width // 2, 3), (width // 2, width // 2), (width, width // 2)), start=1):
            layer(f"conv{n}", f"bn{n}", outputs, inputs, 3)
        inputs = width
        for stage, count in enumerate(self.blocks):
            inner = width * 2**stage
            for n in range(count):
                at = f"layer{stage + 1}.{n}"
                layer(f"{at}.conv1", f"{at}.bn1", inner, inputs, 1)
                layer(f"{at}.conv2", f"{at}.bn2", inner, inner, 3)
                layer(f"{at}.conv3", f"{at}.bn3", 4 * inner, inner, 1)
                if n == 0:
                    layer(f"{at}.downsample.0", f"{at}.downsample.1", 4 * inner, inputs, 1)
                inputs = 4 * inner
        shapes["visual.attnpool.positional_embedding"] = [(self.side // 32) ** 2 + 1, inputs]
        for part, outputs in (("q", inputs), ("k", inputs), ("v", inputs), ("c", self.embedding)):
            shapes |= {f"visual.attnpool.{part}_proj.weight": [outputs, inputs], f"visual.attnpool.{part}_proj.bias": [outputs]}
        return shapes

    def _conv(self, x: Tensor, conv: str, norm: str, stride: int = 1) -> Tensor:
        weight = self.w[f"visual.{conv}.weight"]
        mean, variance, scale, shift = (self.w[f"visual.{norm}.{k}"] for k in ("running_mean", "running_var", "weight", "bias"))
        return F.batch_norm(F.conv2d(x, weight, None, stride, weight.shape[-1] // 2), mean, variance, scale, shift)

    def __call__(self, pixels: Tensor) -> Tensor:
        x = pixels
        for n in (1, 2, 3):
            x = F.relu(self._conv(x, f"conv{n}", f"bn{n}", 2 if n == 1 else 1))
        x = F.avg_pool2d(x, 2)
        for stage, count in enumerate(self.blocks):
            for n in range(count):
                at = f"layer{stage + 1}.{n}"
                shrink = 2 if stage > 0 and n == 0 else 1
                y = F.relu(self._conv(x, f"{at}.conv1", f"{at}.bn1"))
                y = F.avg_pool2d(F.relu(self._conv(y, f"{at}.conv2", f"{at}.bn2")), shrink)
                y = self._conv(y, f"{at}.conv3", f"{at}.bn3")
                x = self._conv(F.avg_pool2d(x, shrink), f"{at}.downsample.0", f"{at}.downsample.1") if n == 0 else x
                x = F.relu(x + y)
        places = x.flatten(2).permute(2, 0, 1)  # [places, 1, channels]
        places = torch.cat((places.mean(0, keepdim=True), places)) + self.w["visual.attnpool.positional_embedding"][:, None]
        part = {name: self.w[f"visual.attnpool.{name[0]}_proj.{name[2:]}"] for name in ("q.weight", "k.weight", "v.weight", "c.weight")}
        biases = [self.w[f"visual.attnpool.{name}_proj.bias"] for name in "qkv"]
        seen, _ = F.multi_head_attention_forward(
            places[:1], places, places, places.shape[-1], self.heads, None, torch.cat(biases), None, None, False, 0.0,
            part["c.weight"], self.w["visual.attnpool.c_proj.bias"], training=False, use_separate_proj_weight=True,
            q_proj_weight=part["q.weight"], k_proj_weight=part["k.weight"], v_proj_weight=part["v.weight"], need_weights=False,
        )  # fmt: skip
        return seen[0]


NAMES = {
    "visual_projection.weight": "proj",
    "embeddings.class_embedding": "class_embedding",
    "embeddings.position_embedding.weight": "positional_embedding",
    "embeddings.patch_embedding.weight": "conv1.weight",
    "encoder.layers.": "transformer.resblocks.",
    "pre_layrnorm": "ln_pre",
    "post_layernorm": "ln_post",
    "layer_norm": "ln_",
    "self_attn.out_proj": "attn.out_proj",
    "mlp.fc1": "mlp.c_fc",
    "mlp.fc2": "mlp.c_proj",
}
"""Parts of names in transformers' CLIP, and what CLIP's authors call them."""


def openai_shapes(shapes: Shapes) -> Shapes:
    """Tensors of transformers' CLIP by the names of its authors, who have queries, keys and values in one."""
    renamed: Shapes = {}
    for name, shape in shapes.items():
        if ".k_proj." in name or ".v_proj." in name:
            continue
        for theirs, ours in NAMES.items():
            name = name.replace(theirs, ours)
        name = name.removeprefix("vision_model.").replace("self_attn.q_proj.", "attn.in_proj_")
        factor = 3 if "in_proj" in name else 1
        renamed[f"visual.{name}"] = shape[::-1] if name == "proj" else [factor * shape[0], *shape[1:]]
    return renamed


def transformers_tensors(state: Named, names: list[str]) -> Named:
    """The way back: tensors by the names of CLIP's authors as transformers has them."""
    tensors: Named = {}
    for name in names:
        published = name
        for theirs, ours in NAMES.items():
            published = published.replace(theirs, ours)
        published = "visual." + published.removeprefix("vision_model.")
        for n, part in enumerate("qkv"):
            if f"self_attn.{part}_proj." in published:
                joined = state[published.replace(f"self_attn.{part}_proj.", "attn.in_proj_")]
                tensors[name] = joined.chunk(3)[n]
                break
        else:
            tensors[name] = state[published].T if published == "visual.proj" else state[published]
    return tensors


def pixel_values(picture: np.ndarray, side: int) -> Tensor:
    """As CLIP's authors prepare pictures: the shorter side resized, the middle cut out, its offset rounded half to even."""
    image = Image.fromarray(picture)
    width, height = image.size
    scaled = (side, int(side * height / width)) if width <= height else (int(side * width / height), side)
    left, top = (round((length - side) / 2) for length in scaled)
    image = image.resize(scaled, Image.Resampling.BICUBIC).crop((left, top, left + side, top + side))
    values = torch.from_numpy(np.asarray(image).astype(np.float32)).permute(2, 0, 1) / 255
    mean, std = (torch.tensor(channels)[:, None, None] for channels in (OPENAI_CLIP_MEAN, OPENAI_CLIP_STD))
    return ((values - mean) / std)[None]


def small_tower(kind: str, seed: int) -> VisionTower | ResidualTower:
    if kind == "resnet":
        return ResidualTower(width=4, blocks=(1, 2, 1, 1), side=64, embedding=24, heads=16, seed=seed)
    return VisionTower(width=16, heads=2, layers=2, side=32, patch=8, embedding=24, seed=seed, is_openai=kind == "openai")


def reference(
    name: str,
    tower: VisionTower | ResidualTower,
    mapping: str,
    prefix: int,
    is_normalized: bool,
    merges: int,
    seed: int,
    mapping_layers: int = 8,
    **sizes: Any,
) -> Reference:
    tokenizer = byte_pairs(merges)
    config = GPT2Config(vocab_size=tokenizer.get_vocab_size(), **sizes)
    gpt = GPT2LMHeadModel(config).eval()
    shapes = {f"gpt.{key}": list(tensor.shape) for key, tensor in gpt.state_dict().items()}
    arguments = (tower.embedding, prefix, config.n_embd)
    projecting = mlp_shapes(*arguments) if mapping == "mlp" else transformer_shapes(*arguments, mapping_layers)
    shapes |= {f"clip_project.{key}": shape for key, shape in projecting.items()}
    tied = {"gpt.lm_head.weight": "gpt.transformer.wte.weight"}
    weights = seeded_tensors({key: shape for key, shape in shapes.items() if key not in tied}, seed)
    gpt.load_state_dict({key.removeprefix("gpt."): tensor for key, tensor in weights.items() if key.startswith("gpt.")}, strict=False)
    project = {key.removeprefix("clip_project."): tensor for key, tensor in weights.items() if key.startswith("clip_project.")}
    clip_file = "clip.safetensors" if "visual_projection.weight" in tower.shapes else "clip.pt"

    def memory(pixels: Tensor) -> Named:
        embedding = tower(pixels)
        embedding = embedding / embedding.norm(2, -1) if is_normalized else embedding
        return {"prefix": (mlp if mapping == "mlp" else transformer)(project, embedding).view(1, prefix, config.n_embd)}

    def logits_after(prefixed: Tensor, ids: list[int]) -> Tensor:
        words = gpt.transformer.wte(torch.tensor([ids], dtype=torch.int64))
        return gpt(inputs_embeds=torch.cat((prefixed, words), 1)).logits[0, -1]

    def logits(pixels: Tensor, ids: list[int]) -> Tensor:
        return logits_after(memory(pixels)["prefix"], ids)

    def searches(pixels: Tensor, longest: int) -> list[tuple[dict[str, Any], list[Caption]]]:
        prefixed = memory(pixels)["prefix"]

        @cache
        def log_probs(ids: tuple[int, ...]) -> list[float]:
            return logits_after(prefixed, list(ids)).double().log_softmax(-1).tolist()

        found = []
        for beams in (1, 5):
            options = {"numBeams": beams, "numCaptions": beams, "maxLength": longest}
            captions = [caption(entry) for entry in clipcap(log_probs, DOT, beams, longest)]
            found.append((options if beams == 1 else {**options, "beamVariant": "clipcap"}, captions))
        return found

    def caption(entry: dict[str, Any]) -> Caption:
        """The stop token is part of the authors' text."""
        ids, is_finished = entry["tokenIds"], entry["isFinished"]
        text = tokenizer.decode([*ids, DOT] if is_finished else ids).strip()
        return {"ids": ids, "text": text, "isFinished": is_finished}

    @torch.no_grad()
    def caption_greedily(picture: np.ndarray, words: int) -> list[int]:
        state = gpt(inputs_embeds=memory(pixels(picture))["prefix"], use_cache=True)

        def read(word: int) -> Tensor:
            nonlocal state
            state = gpt(torch.tensor([[word]]), past_key_values=state.past_key_values, use_cache=True)
            return state.logits[0, -1]

        ids = greedy(state.logits[0, -1], read, [DOT], words)
        tokenizer.decode(ids)
        return ids

    checkpoint = {"seed": seed, "merges": merges, "tied": tied, "weights": {"clipcap.pt": shapes, clip_file: tower.shapes}}
    flag = "--normalize" if is_normalized else "--no-normalize"
    command = ["clipcap", "clipcap.pt", "--clip", clip_file, "--tokenizer", ".", flag]

    def pixels(picture: np.ndarray) -> Tensor:
        return pixel_values(picture, tower.side)

    return Reference(name, command, checkpoint, [], pixels, memory, logits, searches, caption_greedily)


def small() -> list[Reference]:
    sizes = {"n_positions": 40, "n_embd": 16, "n_layer": 2, "n_head": 2, "merges": 20}
    return [
        reference("clipcap-mlp", small_tower("openai", 29), "mlp", 4, is_normalized=False, seed=29, **sizes),
        reference("clipcap-transformer", small_tower("resnet", 2), "transformer", 5, is_normalized=True, seed=2, mapping_layers=2, **sizes),
        reference("clipcap-transformers-clip", small_tower("transformers", 3), "mlp", 4, is_normalized=True, seed=3, **sizes),
    ]


def full() -> dict[str, Callable[[], Reference]]:
    """The sizes of coco_weights.pt and conceptual_weights.pt, and of the Transformer mappers for both towers."""

    def vit() -> VisionTower:
        return VisionTower(width=768, heads=12, layers=12, side=224, patch=32, embedding=512, seed=0, is_openai=True)

    def resnet() -> ResidualTower:
        return ResidualTower(width=80, blocks=(4, 6, 10, 6), side=288, embedding=640, heads=40, seed=0)

    def row(name: str, tower: Callable[[], VisionTower | ResidualTower], mapping: str, prefix: int) -> tuple[str, Callable[[], Reference]]:
        is_normalized = mapping == "transformer"
        return name, lambda: reference(name, tower(), mapping, prefix, is_normalized, merges=50_000, seed=0)

    return dict(
        [
            row("ClipCap, MLP, ViT-B/32", vit, "mlp", 10),
            row("ClipCap, Transformer, ViT-B/32", vit, "transformer", 40),
            row("ClipCap, Transformer, RN50x4", resnet, "transformer", 40),
        ]
    )
