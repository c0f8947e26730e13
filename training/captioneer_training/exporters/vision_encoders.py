"""The encoders of published encoder-decoder checkpoints, by the names and configurations of the transformers library."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import torch
from torch import Tensor, nn

from ..decoders.layers import ACTIVATIONS, LayerForm, SelfAttentionLayer
from ..encoders.encoder import Encoder
from ..encoders.swin import Merging, Swin, SwinLayer, SwinShape, relative_index
from ..encoders.vision_transformer import VisionShape, VisionTransformer
from .checkpoint import Checkpoint, Names, under
from .settings import Settings

LAYER: Names = {
    "norm_attention": "layernorm_before",
    "qkv": ("attention.attention.query", "attention.attention.key", "attention.attention.value"),
    "out": "attention.output.dense",
    "norm_mlp": "layernorm_after",
    "mlp.0": "intermediate.dense",
    "mlp.3": "output.dense",
}
"""Of ViT, DeiT and BEiT."""

SWIN_LAYER: Names = {**LAYER, "qkv": ("attention.self.query", "attention.self.key", "attention.self.value")}

CLIP_LAYER: Names = {
    "norm_attention": "layer_norm1",
    "qkv": ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"),
    "out": "self_attn.out_proj",
    "norm_mlp": "layer_norm2",
    "mlp.0": "mlp.fc1",
    "mlp.3": "mlp.fc2",
}

NO_BIAS = ("qkv.bias",)


def read_vision_encoder(settings: Settings, weights: Checkpoint) -> Encoder:
    """The encoder that a configuration describes, with the checkpoint's weights."""
    return READERS[settings.choice("model_type", tuple(READERS))](settings, weights)


def read_vit(settings: Settings, weights: Checkpoint) -> Encoder:
    """ViT (Dosovitskiy et al. 2021)."""
    return _read_vit(settings, weights, ("embeddings.cls_token",))


def read_deit(settings: Settings, weights: Checkpoint) -> Encoder:
    """DeiT (Touvron et al. 2021): a ViT with a second token."""
    return _read_vit(settings, weights, ("embeddings.cls_token", "embeddings.distillation_token"))


def _read_vit(settings: Settings, weights: Checkpoint, tokens: tuple[str, ...]) -> VisionTransformer:
    encoder = VisionTransformer(vision_shape(settings, epsilon=1e-12, tokens=len(tokens)))
    width = encoder.width
    weights.fill(encoder.patches, {"": "embeddings.patch_embeddings.projection"})
    put(encoder.tokens, *(weights.take(token, [1, 1, width]) for token in tokens))
    put(encoder.positions, weights.take("embeddings.position_embeddings", [1, encoder.regions, width]))
    zeros = () if settings.get("qkv_bias", bool, True) else NO_BIAS
    for n, layer in enumerate(encoder.layers):
        weights.fill(layer, under(f"encoder.layer.{n}.", LAYER), zeros=zeros)
    weights.fill(encoder.norm_after, {"": "layernorm"})
    weights.ignore(r"pooler\..*", r"embeddings\.mask_token")
    return encoder


def read_beit(settings: Settings, weights: Checkpoint) -> Encoder:
    """BEiT (Bao et al. 2022): relative places, scaled layers, keys without a bias."""
    is_shared, is_own = (settings.get(f"use_{kind}relative_position_bias", bool, False) for kind in ("shared_", ""))
    has_norm = not settings.get("use_mean_pooling", bool, True)
    shape = vision_shape(settings, epsilon=1e-12, norm_after=has_norm, relative=is_shared or is_own)
    encoder = VisionTransformer(shape)
    width = encoder.width
    weights.fill(encoder.patches, {"": "embeddings.patch_embeddings.projection"})
    put(encoder.tokens, weights.take("embeddings.cls_token", [1, 1, width]))
    if settings.get("use_absolute_position_embeddings", bool, False):
        put(encoder.positions, weights.take("embeddings.position_embeddings", [1, encoder.regions, width]))
    bias = "relative_position_bias.relative_position_bias_table"
    for n, layer in enumerate(cast("list[SelfAttentionLayer]", encoder.layers)):
        part = weights.inside(f"encoder.layer.{n}.")
        query, value = (part.take(f"attention.attention.{name}.bias", [width]) for name in ("query", "value"))
        part.fill(layer, LAYER, zeros=NO_BIAS)
        put(layer.qkv.bias, query, torch.zeros(width), value)
        if settings.get("layer_scale_init_value", float, 0.1) > 0:
            scale(layer, part.take("lambda_1", [width]), part.take("lambda_2", [width]))
        if is_own:
            add_bias(encoder, n, part, f"attention.attention.{bias}")
        if is_shared:
            add_bias(encoder, n, weights, f"encoder.{bias}")
    if has_norm:
        weights.fill(encoder.norm_after, {"": "layernorm"})
    weights.ignore(r"pooler\..*", r"embeddings\.mask_token", r"encoder\..*relative_position_index")
    return encoder


@torch.no_grad()
def scale(layer: SelfAttentionLayer, attention: Tensor, mlp: Tensor) -> None:
    """Factors [width] of what attention and feed-forward network add become part of their weights."""
    for linear, factor in ((layer.out, attention), (cast("nn.Linear", layer.mlp[3]), mlp)):
        linear.weight.mul_(factor[:, None])
        linear.bias.mul_(factor)


@torch.no_grad()
def add_bias(encoder: VisionTransformer, n: int, weights: Checkpoint, name: str) -> None:
    """Adds biases by relative place: a table of pairs of patches, and three more for those with the class token."""
    biases = cast("nn.Parameter", encoder.biases)
    side = round((encoder.regions - 1) ** 0.5)
    pairs = (2 * side - 1) ** 2
    table = weights.take(name, [pairs + 3, biases.shape[1]])
    index = torch.full((encoder.regions, encoder.regions), pairs + 1)  # a patch and the class token
    index[0] = pairs  # the class token and a patch
    index[0, 0] = pairs + 2
    index[1:, 1:] = relative_index(side)
    biases[n] += table[index].permute(2, 0, 1)


def read_clip(settings: Settings, weights: Checkpoint) -> Encoder:
    """The picture side of CLIP (Radford et al. 2021); its last hidden state comes before the last norm."""
    encoder = VisionTransformer(vision_shape(settings, epsilon=1e-5, activation="quick_gelu", norm_before=True, norm_after=False))
    fill_clip(encoder, weights.inside("vision_model."))
    weights.ignore(r"vision_model\.(post_layernorm\..*|embeddings\.position_ids)")
    return encoder


def fill_clip(encoder: VisionTransformer, weights: Checkpoint) -> None:
    """All but the last norm."""
    weights.fill(encoder.patches, {"": "embeddings.patch_embedding"}, zeros=("bias",))
    put(encoder.tokens, weights.take("embeddings.class_embedding", [encoder.width]))
    put(encoder.positions, weights.take("embeddings.position_embedding.weight", [encoder.regions, encoder.width]))
    weights.fill(encoder.norm_before, {"": "pre_layrnorm"})
    for n, layer in enumerate(encoder.layers):
        weights.fill(layer, under(f"encoder.layers.{n}.", CLIP_LAYER))


def read_swin(settings: Settings, weights: Checkpoint) -> Encoder:
    depths, heads = (tuple(settings.sizes(name)) for name in ("depths", "num_heads"))
    if len(depths) != len(heads):
        raise settings.error("num_heads", f"a list of {len(depths)}, as many as depths")
    if settings.get("use_absolute_embeddings", bool, False):
        raise settings.error("use_absolute_embeddings", "false")
    side, patch, width, window = (settings.size(name) for name in ("image_size", "patch_size", "embed_dim", "window_size"))
    activation = settings.choice("hidden_act", tuple(ACTIVATIONS), "gelu")
    expansion, epsilon = settings.get("mlp_ratio", float, 4.0), settings.get("layer_norm_eps", float, 1e-5)
    encoder = Swin(SwinShape(side, patch, width, depths, heads, window, expansion, activation, epsilon))
    weights.fill(encoder.patches, {"": "embeddings.patch_embeddings.projection"})
    weights.fill(encoder.norm_before, {"": "embeddings.norm"})
    zeros = () if settings.get("qkv_bias", bool, True) else NO_BIAS
    at = 0
    for stage in encoder.stages:
        if isinstance(stage, Merging):
            weights.fill(stage, under(f"encoder.layers.{at}.downsample.", {"norm": "norm", "reduce": "reduction"}))
            at += 1
            continue
        for n, layer in enumerate(cast("list[SwinLayer]", stage)):
            part = weights.inside(f"encoder.layers.{at}.blocks.{n}.")
            part.fill(layer.layer, SWIN_LAYER, zeros=zeros)
            put(layer.biases, part.take("attention.self.relative_position_bias_table", list(layer.biases.shape)))
    weights.fill(encoder.norm_after, {"": "layernorm"})
    weights.ignore(r"encoder\..*relative_position_index")
    return encoder


def vision_shape(settings: Settings, epsilon: float, activation: str = "gelu", **others: Any) -> VisionShape:
    """What the configurations of ViT, DeiT, BEiT and CLIP have in common; `epsilon` and `activation` where they do not say."""
    form = LayerForm(
        settings.choice("hidden_act", tuple(ACTIVATIONS), activation),
        settings.size("intermediate_size"),
        settings.get("layer_norm_eps", float, epsilon),
    )
    side, patch, width, heads, layers = (
        settings.size(name) for name in ("image_size", "patch_size", "hidden_size", "num_attention_heads", "num_hidden_layers")
    )
    if width % heads != 0:
        raise settings.error("hidden_size", f"a multiple of num_attention_heads ({heads})")
    return VisionShape(side, patch, width, heads, layers, form, **others)


@torch.no_grad()
def put(target: Tensor, *parts: Tensor) -> None:
    """Fills a parameter with tensors one after the other."""
    target.copy_(torch.cat([part.flatten() for part in parts]).view_as(target))


READERS: dict[str, Callable[[Settings, Checkpoint], Encoder]] = {
    "vit": read_vit,
    "deit": read_deit,
    "beit": read_beit,
    "swin": read_swin,
    "clip_vision_model": read_clip,
}
"""By `model_type`."""
