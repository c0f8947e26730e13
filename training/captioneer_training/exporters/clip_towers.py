"""The picture side of OpenAI's CLIP (Radford et al. 2021), by the names of its authors or of the transformers library."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn

from ..config import ConfigError
from ..decoders.layers import LayerForm
from ..encoders.clip_resnet import ClipResNet, ClipResNetShape
from ..encoders.encoder import Encoder
from ..encoders.vision_transformer import VisionShape, VisionTransformer
from .checkpoint import Checkpoint, Names, under
from .vision_encoders import fill_clip, put

HEAD_WIDTH = 64
"""Numbers of an attention head in all of CLIP's and GPT-2's sizes; weights do not tell."""

LAYER: Names = {
    "norm_attention": "ln_1",
    "qkv.weight": "attn.in_proj_weight",
    "qkv.bias": "attn.in_proj_bias",
    "out": "attn.out_proj",
    "norm_mlp": "ln_2",
    "mlp.0": "mlp.c_fc",
    "mlp.3": "mlp.c_proj",
}

BLOCK: Names = {
    **{f"{kind}{n}": f"{kind}{n}" for kind in ("conv", "bn") for n in (1, 2, 3)},
    "downsample.1": "downsample.0",
    "downsample.2": "downsample.1",
}

POOL: Names = {"positions": "positional_embedding", "query": "q_proj", "key": "k_proj", "value": "v_proj", "out": "c_proj"}


class ClipVisionTransformer(Encoder):
    """pixel values [B, 3, side, side] → the picture's embedding [B, 1, width]: its class token, projected."""

    regions = 1

    def __init__(self, shape: VisionShape, embedding: int) -> None:
        super().__init__()
        self.trunk = VisionTransformer(shape)
        self.side, self.width = shape.side, embedding
        self.project = nn.Linear(shape.width, embedding, bias=False)

    def features(self, pixels: Tensor) -> Tensor:
        return self.project(self.trunk(pixels)[:, :1])


class UnitLength(Encoder):
    """An encoder's features, divided by their norm."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.encoder = encoder
        self.side, self.width, self.regions = encoder.side, encoder.width, encoder.regions

    def features(self, pixels: Tensor) -> Tensor:
        return F.normalize(self.encoder(pixels), dim=-1)


def read_tower(weights: Checkpoint) -> Encoder:
    """A tower and its weights; those of CLIP's text side, where they are there too, are not needed."""
    if "visual.class_embedding" in weights:
        weights.ignore(r"(?!visual\.).*")
        return read_openai_transformer(weights.inside("visual."))
    if "visual.attnpool.positional_embedding" in weights:
        weights.ignore(r"(?!visual\.).*", r".*num_batches_tracked")
        return read_openai_resnet(weights.inside("visual."))
    if "vision_model.embeddings.class_embedding" in weights:
        weights.ignore(r"(?!vision_model\.|visual_projection\.).*", r"vision_model\.embeddings\.position_ids")
        return read_transformers(weights)
    expected = "visual.class_embedding, visual.attnpool.positional_embedding or vision_model.embeddings.class_embedding"
    raise ConfigError(f"{weights.path}: expected the picture side of CLIP ({expected}), found none of these tensors.")


def read_openai_transformer(weights: Checkpoint) -> Encoder:
    patches, layers = weights.take("conv1.weight", [None, 3, None, None]), weights.count("transformer.resblocks.N.")
    inner = weights.take("transformer.resblocks.0.mlp.c_fc.weight", [None, None]).shape[0]
    places = weights.take("positional_embedding", [None, None]).shape[0]
    projection = weights.take("proj", [patches.shape[0], None])
    tower = ClipVisionTransformer(clip_shape(patches, places, inner, layers), projection.shape[1])
    trunk = tower.trunk
    weights.fill(trunk.patches, {"": "conv1"}, zeros=("bias",))
    put(trunk.tokens, weights.take("class_embedding", [trunk.width]))
    put(trunk.positions, weights.take("positional_embedding", [trunk.regions, trunk.width]))
    weights.fill(trunk.norm_before, {"": "ln_pre"})
    for n, layer in enumerate(trunk.layers):
        weights.fill(layer, under(f"transformer.resblocks.{n}.", LAYER))
    weights.fill(trunk.norm_after, {"": "ln_post"})
    weights.fill(tower.project, {"weight": "proj"}, transposed=True)
    return tower


def read_transformers(weights: Checkpoint) -> Encoder:
    part = weights.inside("vision_model.")
    patches, layers = part.take("embeddings.patch_embedding.weight", [None, 3, None, None]), part.count("encoder.layers.N.")
    inner = part.take("encoder.layers.0.mlp.fc1.weight", [None, None]).shape[0]
    places = part.take("embeddings.position_embedding.weight", [None, None]).shape[0]
    projection = weights.take("visual_projection.weight", [None, patches.shape[0]])
    tower = ClipVisionTransformer(clip_shape(patches, places, inner, layers), projection.shape[0])
    fill_clip(tower.trunk, part)
    part.fill(tower.trunk.norm_after, {"": "post_layernorm"})
    weights.fill(tower.project, {"": "visual_projection"})
    return tower


def clip_shape(patches: Tensor, places: int, inner: int, layers: int) -> VisionShape:
    width, _, patch, _ = patches.shape
    side = patch * round((places - 1) ** 0.5)
    return VisionShape(side, patch, width, width // HEAD_WIDTH, layers, LayerForm("quick_gelu", inner), norm_before=True)


def read_openai_resnet(weights: Checkpoint) -> Encoder:
    places, channels = weights.take("attnpool.positional_embedding", [None, None]).shape
    width = weights.take("layer1.0.conv1.weight", [None, None, 1, 1]).shape[0]
    embedding = weights.take("attnpool.c_proj.weight", [None, None]).shape[0]
    first, second, third, fourth = (weights.count(f"layer{stage}.N.") for stage in (1, 2, 3, 4))
    side = 32 * round((places - 1) ** 0.5)
    tower = ClipResNet(ClipResNetShape(side, width, (first, second, third, fourth), channels // HEAD_WIDTH, embedding))
    for n in (1, 2, 3):
        for part in (f"conv{n}", f"bn{n}"):
            weights.fill(tower.get_submodule(part), {"": part})
    for stage, blocks in enumerate(tower.stages, start=1):
        for n, block in enumerate(blocks.children()):
            weights.fill(block, under(f"layer{stage}.{n}.", BLOCK))
    weights.fill(tower.attention, under("attnpool.", POOL))
    return tower.folded()
