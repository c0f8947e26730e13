"""Tokenizers by their names in a configuration and a manifest."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from .byte_pairs import BytePairs
from .config import Config, ConfigError
from .text import Tokens, Vocabulary


def build_tokens(config: Config, captions: Iterable[str]) -> Tokens:
    """The tokenizer of a new model, made of its training captions."""
    if config.tokens == Vocabulary.type:
        return Vocabulary.build(captions, config.minimum_count)
    if config.tokens == BytePairs.type:
        return BytePairs.build(captions, config.vocabulary_size)
    raise ConfigError(f"no tokenizer {config.tokens!r}; known are {Vocabulary.type} and {BytePairs.type}.")


def load_tokens(kind: str, path: Path) -> Tokens:
    """A model folder's tokenizer."""
    return Vocabulary.load(path) if kind == Vocabulary.type else BytePairs.load(path)


def restore_tokens(kind: str, state: Any) -> Tokens:
    """A checkpoint's tokenizer."""
    return Vocabulary(tuple(state)) if kind == Vocabulary.type else BytePairs(Tokenizer.from_str(state))
