"""BERT (Devlin et al. 2019) as the transformers library names its weights, and its tokenizer's files."""

from __future__ import annotations

from pathlib import Path

from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers

from ..config import ConfigError
from ..decoders.bert import BertShape, BertStack
from ..decoders.layers import ACTIVATIONS, LayerForm
from .checkpoint import Checkpoint, Names, under
from .folder import read_if_there
from .settings import Settings

LAYER: Names = {
    "qkv": ("attention.self.query", "attention.self.key", "attention.self.value"),
    "out": "attention.output.dense",
    "norm_self": "attention.output.LayerNorm",
    "mlp.0": "intermediate.dense",
    "mlp.3": "output.dense",
    "norm_mlp": "output.LayerNorm",
}
CROSS_LAYER: Names = {
    **LAYER,
    "cross_query": "crossattention.self.query",
    "cross_key_value": ("crossattention.self.key", "crossattention.self.value"),
    "cross_out": "crossattention.output.dense",
    "norm_cross": "crossattention.output.LayerNorm",
}

CLEAN_UP: tuple[tuple[str, str], ...] = (
    (" .", "."),
    (" ?", "?"),
    (" !", "!"),
    (" ,", ","),
    (" ' ", "'"),
    (" n't", "n't"),
    (" 'm", "'m"),
    (" 's", "'s"),
)
CLEAN_UP += ((" 've", "'ve"), (" 're", "'re"))
"""What `clean_up_tokenization_spaces` of the transformers library replaces in a whole text, in this order."""


def read_shape(settings: Settings, feature_width: int) -> BertShape:
    settings.choice("position_embedding_type", ("absolute",), "absolute")
    vocabulary, positions, width, heads, layers = (
        settings.size(name) for name in ("vocab_size", "max_position_embeddings", "hidden_size", "num_attention_heads", "num_hidden_layers")
    )
    if width % heads != 0:
        raise settings.error("hidden_size", f"a multiple of num_attention_heads ({heads})")
    form = LayerForm(
        settings.choice("hidden_act", tuple(ACTIVATIONS), "gelu"),
        settings.size("intermediate_size"),
        settings.get("layer_norm_eps", float, 1e-12),
    )
    return BertShape(vocabulary, width, heads, layers, positions, form, feature_width)


def fill_stack(decoder: BertStack, weights: Checkpoint, layer: Names) -> None:
    """Embeddings and layers."""
    weights.fill(decoder.embed, {"": "embeddings.word_embeddings"})
    weights.fill(decoder.norm_embed, {"": "embeddings.LayerNorm"})
    decoder.word_positions.data.copy_(weights.take("embeddings.position_embeddings.weight", list(decoder.word_positions.shape)))
    for n, module in enumerate(decoder.layers):
        weights.fill(module, under(f"encoder.layer.{n}.", layer))
    weights.ignore(r"embeddings\.position_ids")


class PublishedWordPieces:
    """A published WordPiece tokenizer, with as many tokens as the decoder scores.

    Published files lack the tokens that BLIP adds, `[DEC]`, which begins a caption, and `[ENC]`.
    """

    type = "word-piece"

    def __init__(self, folder: Path, vocabulary: int, more: tuple[str, ...] = ()) -> None:
        self.tokenizer = read_tokenizer(folder)
        missing = vocabulary - len(self)
        if 0 < missing <= len(more):
            self.tokenizer.add_special_tokens([AddedToken(token, special=True) for token in more[:missing]])
        settings = read_if_there(folder / "tokenizer_config.json")
        if settings is not None and settings.get("clean_up_tokenization_spaces", bool, False):
            replaced = [decoders.Replace(old, new) for old, new in CLEAN_UP]
            self.tokenizer.decoder = decoders.Sequence([self.tokenizer.decoder, decoders.Fuse(), *replaced])

    def __len__(self) -> int:
        return self.tokenizer.get_vocab_size()

    def save(self, path: Path) -> None:
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()
        self.tokenizer.save(str(path), pretty=False)


def read_tokenizer(folder: Path) -> Tokenizer:
    """From `tokenizer.json`, or BERT's own file of one token a line."""
    whole, vocabulary = folder / "tokenizer.json", folder / "vocab.txt"
    source = whole if whole.is_file() else vocabulary
    if not source.is_file():
        raise ConfigError(f"{folder}: expected tokenizer.json or vocab.txt, found neither.")
    try:
        tokenizer = Tokenizer.from_file(str(whole)) if source is whole else of_vocabulary(vocabulary)
    except ConfigError:
        raise
    except Exception as error:  # the library has no class of its own
        raise ConfigError(f"{source}: expected a WordPiece tokenizer, found a file that gives none ({error}).") from error
    if not isinstance(tokenizer.model, models.WordPiece) or not isinstance(tokenizer.normalizer, normalizers.BertNormalizer):
        found = f"{type(tokenizer.model).__name__} after {type(tokenizer.normalizer).__name__}"
        raise ConfigError(f"{source}: expected BERT's WordPiece tokenizer (WordPiece after BertNormalizer), found {found}.")
    return tokenizer


def of_vocabulary(path: Path) -> Tokenizer:
    """As transformers' `BertTokenizer` makes it of `vocab.txt` and `tokenizer_config.json`."""
    tokens = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    settings = read_if_there(path.with_name("tokenizer_config.json")) or Settings(path.with_name("tokenizer_config.json"), {})
    special = [settings.values.get(f"{name.lower()}_token") for name in ("PAD", "UNK", "CLS", "SEP", "MASK")]
    names = [one if isinstance(one, str) else f"[{name}]" for one, name in zip(special, ("PAD", "UNK", "CLS", "SEP", "MASK"), strict=True)]
    tokenizer = Tokenizer(models.WordPiece({token: index for index, token in enumerate(tokens)}, unk_token=names[1]))
    strips = settings.get("strip_accents", bool) if settings.has("strip_accents") else None
    tokenizer.normalizer = normalizers.BertNormalizer(
        clean_text=True,
        handle_chinese_chars=settings.get("tokenize_chinese_chars", bool, True),
        strip_accents=strips,
        lowercase=settings.get("do_lower_case", bool, True),
    )
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.add_special_tokens([AddedToken(name, special=True) for name in names if name in tokens])
    return tokenizer
