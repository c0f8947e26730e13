"""`GitForCausalLM` of the transformers library: the picture side of CLIP, whose vectors a BERT reads in front of the words.

The checkpoint is a folder as `save_pretrained` writes it, or its id on the hub (`microsoft/git-base-coco`).
"""

from __future__ import annotations

from argparse import Namespace

from ..decoders.bert import GitDecoder
from ..encoders.vision_transformer import VisionTransformer
from ..export import ModelParts
from .bert import LAYER, PublishedWordPieces, fill_stack, read_shape
from .checkpoint import Checkpoint
from .folder import check_architecture, check_side, find_folder, find_weights, read_if_there
from .generation import Search
from .image_processor import read_image
from .kind import Kind, no_options
from .settings import Settings
from .vision_encoders import fill_clip, vision_shape

VISION = {"hidden_size": 768, "intermediate_size": 3072, "num_hidden_layers": 12, "num_attention_heads": 12}
VISION |= {"image_size": 224, "patch_size": 16}
TEXT = {"vocab_size": 30522, "hidden_size": 768, "intermediate_size": 3072, "num_hidden_layers": 6, "num_attention_heads": 12}
TEXT |= {"max_position_embeddings": 1024, "bos_token_id": 101, "eos_token_id": 102}
"""Of the classes: a configuration may leave out what is so."""


def read(arguments: Namespace) -> ModelParts:
    folder = find_folder(arguments.checkpoint)
    config = Settings.read(folder / "config.json")
    config.choice("model_type", ("git",))
    check_architecture(config, "GitForCausalLM")
    if config.has("num_image_with_embedding"):
        raise config.error("num_image_with_embedding", "null: a checkpoint for images, not for videos")
    text, vision = config.over(TEXT), config.field("vision_config").over(VISION)
    weights = Checkpoint(find_weights(folder))
    encoder = read_vision(vision, weights.inside("git.image_encoder.vision_model."))
    decoder = read_decoder(text, weights, encoder.width, vision.get("layer_norm_eps", float, 1e-5))
    weights.finish("a captioner that config.json describes")
    generation = read_if_there(folder / "generation_config.json")
    search = Search([generation or text], [*([generation] if generation else []), text], decoder.vocabulary, decoder.maximum_length)
    image = read_image(Settings.read(folder / "preprocessor_config.json"), "git_vision_model")
    check_side(folder, image, encoder.side, "vision_config.image_size")
    description = {
        "family": "git",
        "image": image,
        "tokens": search.tokens("bos_token_id", "eos_token_id"),
        "generation": search.defaults(continues_prompt=True),
        "promptUse": "beginning",
    }
    return ModelParts(encoder, decoder, PublishedWordPieces(folder, decoder.vocabulary), description)


def read_vision(settings: Settings, weights: Checkpoint) -> VisionTransformer:
    encoder = VisionTransformer(vision_shape(settings, epsilon=1e-5, activation="quick_gelu", norm_before=True))
    fill_clip(encoder, weights)
    weights.fill(encoder.norm_after, {"": "post_layernorm"})
    weights.ignore(r"embeddings\.position_ids")
    return encoder


def read_decoder(settings: Settings, weights: Checkpoint, feature_width: int, epsilon: float) -> GitDecoder:
    """`epsilon` is that of the layer norms in the vision encoder, which the projection has too."""
    if settings.get("tie_word_embeddings", bool, False):
        raise settings.error("tie_word_embeddings", "false")
    decoder = GitDecoder(read_shape(settings, feature_width), epsilon)
    fill_stack(decoder, weights.inside("git."), LAYER)
    weights.fill(decoder.project, {"": "git.visual_projection.visual_projection.0"})
    weights.fill(decoder.norm_project, {"": "git.visual_projection.visual_projection.1"})
    weights.fill(decoder.output, {"": "output"})
    return decoder


KIND = Kind("git", "a folder or hub id of transformers' GitForCausalLM: the picture side of CLIP and BERT", no_options, read)
