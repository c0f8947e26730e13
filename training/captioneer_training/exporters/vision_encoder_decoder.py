"""`VisionEncoderDecoderModel` of the transformers library: a vision encoder and a GPT-2 with cross-attention to its features.

The checkpoint is a folder as `save_pretrained` writes it: `config.json`, `preprocessor_config.json`, `model.safetensors` or
`pytorch_model.bin`, the tokenizer's files, and perhaps `generation_config.json`. What the configurations say is what the model
folder does: size, crop and filter of pictures, tokens, and the defaults of the search.
"""

from __future__ import annotations

from argparse import Namespace

from ..decoders.cross_gpt2 import CrossGpt2Decoder
from ..decoders.layers import ACTIVATIONS, LayerForm
from ..export import ModelParts
from .checkpoint import Checkpoint, under
from .folder import check_side, find_folder, find_weights, read_if_there
from .generation import Search
from .gpt2 import CROSS_LAYER, PublishedBytePairs, ignore_masks
from .image_processor import read_image
from .kind import Kind, no_options
from .settings import Settings
from .vision_encoders import read_vision_encoder


def read(arguments: Namespace) -> ModelParts:
    folder = find_folder(arguments.checkpoint)
    config = Settings.read(folder / "config.json")
    config.choice("model_type", ("vision-encoder-decoder",))
    search = read_search(config, read_if_there(folder / "generation_config.json"))
    weights = Checkpoint(find_weights(folder))
    encoder = read_vision_encoder(config.field("encoder"), weights.inside("encoder."))
    decoder = read_decoder(config.field("decoder"), weights, encoder.width)
    weights.finish("the encoder and decoder that config.json describes")
    image = read_image(Settings.read(folder / "preprocessor_config.json"), config.field("encoder").get("model_type", str))
    check_side(folder, image, encoder.side, "encoder.image_size")
    description = {"family": "vit-gpt2", "image": image, "tokens": search.tokens(), "generation": search.defaults()}
    return ModelParts(encoder, decoder, PublishedBytePairs(folder), description)


def read_search(config: Settings, generation: Settings | None) -> Search:
    inner = config.field("decoder")
    everywhere = [*([] if generation is None else [generation]), config, inner]
    return Search([config, inner] if generation is None else [generation], everywhere, inner.size("vocab_size"), inner.size("n_positions"))


def read_decoder(settings: Settings, weights: Checkpoint, feature_width: int) -> CrossGpt2Decoder:
    """GPT-2 or distilGPT-2, which is one of six layers."""
    settings.choice("model_type", ("gpt2",))
    for name, value in (("scale_attn_weights", True), ("scale_attn_by_inverse_layer_idx", False), ("tie_word_embeddings", True)):
        if settings.get(name, bool, value) is not value:
            raise settings.error(name, str(value).lower())
    vocabulary, positions, width, heads, layers = (
        settings.size(name) for name in ("vocab_size", "n_positions", "n_embd", "n_head", "n_layer")
    )
    if width % heads != 0:
        raise settings.error("n_embd", f"a multiple of n_head ({heads})")
    form = LayerForm(
        settings.choice("activation_function", tuple(ACTIVATIONS), "gelu_new"),
        settings.size("n_inner", 4 * width),
        settings.get("layer_norm_epsilon", float, 1e-5),
    )
    decoder = CrossGpt2Decoder(vocabulary, width, heads, layers, positions, form, feature_width)
    if feature_width != width:
        weights.fill(decoder.project, {"": "enc_to_dec_proj"})
    part = weights.inside("decoder.")
    part.fill(decoder.embed, {"": "transformer.wte"})
    part.fill(decoder.word_norm, {"": "transformer.ln_f"})
    decoder.word_positions.data.copy_(part.take("transformer.wpe.weight", [positions, width]))
    for n, layer in enumerate(decoder.layers):
        part.fill(layer, under(f"transformer.h.{n}.", CROSS_LAYER), transposed=True)
    ignore_masks(part)
    part.ignore(r"lm_head\.weight")  # tied to the embeddings
    return decoder


KIND = Kind("vision-encoder-decoder", "a folder of transformers' VisionEncoderDecoderModel: a vision encoder and GPT-2", no_options, read)
