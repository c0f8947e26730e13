"""`BlipForConditionalGeneration` of the transformers library: a vision Transformer and a BERT with cross-attention to it.

The checkpoint is a folder as `save_pretrained` writes it, or its id on the hub (`Salesforce/blip-image-captioning-base`).
`generate` of this class reads the defaults of its search from `text_config`, and so does the exporter.
"""

from __future__ import annotations

from argparse import Namespace

from ..decoders.bert import BlipDecoder
from ..encoders.vision_transformer import VisionTransformer
from ..export import ModelParts
from .bert import CROSS_LAYER, PublishedWordPieces, fill_stack, read_shape
from .checkpoint import Checkpoint, Names, under
from .folder import check_architecture, check_side, find_folder, find_weights
from .generation import Search
from .image_processor import read_image
from .kind import Kind, no_options
from .settings import Settings
from .vision_encoders import put, vision_shape

VISION_LAYER: Names = {
    "norm_attention": "layer_norm1",
    "qkv": "self_attn.qkv",
    "out": "self_attn.projection",
    "norm_mlp": "layer_norm2",
    "mlp.0": "mlp.fc1",
    "mlp.3": "mlp.fc2",
}

VISION = {"hidden_size": 768, "intermediate_size": 3072, "num_hidden_layers": 12, "num_attention_heads": 12}
VISION |= {"image_size": 384, "patch_size": 16}
TEXT = {"vocab_size": 30524, "hidden_size": 768, "intermediate_size": 3072, "num_hidden_layers": 12, "num_attention_heads": 8}
TEXT |= {"max_position_embeddings": 512, "bos_token_id": 30522, "sep_token_id": 102}
"""Of the classes: a configuration may leave out what is so."""


def read(arguments: Namespace) -> ModelParts:
    folder = find_folder(arguments.checkpoint)
    config = Settings.read(folder / "config.json")
    config.choice("model_type", ("blip",))
    check_architecture(config, "BlipForConditionalGeneration")
    text, vision = (config.field(name).over(default) for name, default in (("text_config", TEXT), ("vision_config", VISION)))
    weights = Checkpoint(find_weights(folder))
    encoder = read_vision(vision, weights.inside("vision_model."))
    decoder = read_decoder(text, weights.inside("text_decoder."), encoder.width)
    weights.finish("a captioner that config.json describes")
    search = Search([text], [text], decoder.vocabulary, decoder.maximum_length)
    image = read_image(Settings.read(folder / "preprocessor_config.json"), "blip_vision_model")
    check_side(folder, image, encoder.side, "vision_config.image_size")
    description = {
        "family": "blip",
        "image": image,
        "tokens": search.tokens("bos_token_id", "sep_token_id"),
        "generation": search.defaults(continues_prompt=True),
        "promptUse": "beginning",
    }
    return ModelParts(encoder, decoder, PublishedWordPieces(folder, decoder.vocabulary, ("[DEC]", "[ENC]")), description)


def read_vision(settings: Settings, weights: Checkpoint) -> VisionTransformer:
    encoder = VisionTransformer(vision_shape(settings, epsilon=1e-5))
    weights.fill(encoder.patches, {"": "embeddings.patch_embedding"})
    put(encoder.tokens, weights.take("embeddings.class_embedding", [1, 1, encoder.width]))
    put(encoder.positions, weights.take("embeddings.position_embedding", [1, encoder.regions, encoder.width]))
    for n, layer in enumerate(encoder.layers):
        weights.fill(layer, under(f"encoder.layers.{n}.", VISION_LAYER))
    weights.fill(encoder.norm_after, {"": "post_layernorm"})
    return encoder


def read_decoder(settings: Settings, weights: Checkpoint, feature_width: int) -> BlipDecoder:
    if not settings.get("tie_word_embeddings", bool, True):
        raise settings.error("tie_word_embeddings", "true")
    decoder = BlipDecoder(read_shape(settings, feature_width))
    fill_stack(decoder, weights.inside("bert."), CROSS_LAYER)
    weights.fill(decoder.head, {"": "cls.predictions.transform.dense"})
    weights.fill(decoder.norm_head, {"": "cls.predictions.transform.LayerNorm"})
    put(decoder.bias, weights.take("cls.predictions.bias", [decoder.vocabulary]))
    weights.ignore(r"cls\.predictions\.decoder\.(weight|bias)")  # tied to the embeddings and to the bias
    return decoder


KIND = Kind("blip", "a folder or hub id of transformers' BlipForConditionalGeneration: a vision Transformer and BERT", no_options, read)
