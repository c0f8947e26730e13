"""GPT-2 (Radford et al. 2019) as the transformers library names its weights, and its tokenizer's files."""

from __future__ import annotations

from pathlib import Path

from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

from ..config import ConfigError
from .checkpoint import Checkpoint, Names
from .settings import Settings

SELF_ATTENTION: Names = {"qkv": "attn.c_attn", "out": "attn.c_proj", "norm_mlp": "ln_2", "mlp.0": "mlp.c_fc", "mlp.3": "mlp.c_proj"}
LAYER: Names = {"norm_attention": "ln_1", **SELF_ATTENTION}
CROSS_LAYER: Names = {
    "norm_self": "ln_1",
    **SELF_ATTENTION,
    "norm_cross": "ln_cross_attn",
    "cross_query": "crossattention.q_attn",
    "cross_key_value": "crossattention.c_attn",
    "cross_out": "crossattention.c_proj",
}

END = "<|endoftext|>"


def ignore_masks(weights: Checkpoint) -> None:
    """Constants that older versions of the library saved."""
    weights.ignore(r"transformer\.h\.\d+\.(attn|crossattention)\.(bias|masked_bias)")


class PublishedBytePairs:
    """A published byte-level BPE tokenizer, as it is."""

    type = "byte-level-bpe"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tokenizer = read_tokenizer(folder)

    def __len__(self) -> int:
        return self.tokenizer.get_vocab_size()

    def save(self, path: Path) -> None:
        self.tokenizer.save(str(path), pretty=False)

    def id(self, token: str) -> int:
        found = self.tokenizer.token_to_id(token)
        if found is None:
            raise ConfigError(f"{self.folder}: expected a tokenizer with the token {token!r}, found none.")
        return found


def read_tokenizer(folder: Path) -> Tokenizer:
    """From `tokenizer.json`, or GPT-2's own two files."""
    whole, vocabulary, merges = (folder / name for name in ("tokenizer.json", "vocab.json", "merges.txt"))
    if not whole.is_file() and not (vocabulary.is_file() and merges.is_file()):
        raise ConfigError(f"{folder}: expected tokenizer.json, or vocab.json and merges.txt, found neither.")
    source = whole if whole.is_file() else merges
    try:
        if whole.is_file():
            tokenizer = Tokenizer.from_file(str(whole))
        else:
            ids = {token: Settings.read(vocabulary).get(token, int) for token in Settings.read(vocabulary).values}
            tokenizer = Tokenizer(models.BPE(ids, read_merges(merges)))
            tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
            tokenizer.decoder = decoders.ByteLevel()
            tokenizer.add_special_tokens([AddedToken(END, special=True)])
    except ConfigError:
        raise
    except Exception as error:  # the library has no class of its own
        raise ConfigError(f"{source}: expected a byte-level BPE tokenizer, found a file that gives none ({error}).") from error
    if not isinstance(tokenizer.model, models.BPE):
        raise ConfigError(f"{source}: expected a byte-level BPE tokenizer, found a {type(tokenizer.model).__name__}.")
    return tokenizer


def read_merges(path: Path) -> list[tuple[str, str]]:
    """One pair a line, the first line perhaps a comment."""
    merges = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        parts = line.split(" ")
        if line == "" or (number == 1 and line.startswith("#version")):
            continue
        if len(parts) != 2:
            raise ConfigError(f"{path}, line {number}: expected two tokens, found {line[:40]!r}.")
        merges.append((parts[0], parts[1]))
    return merges
