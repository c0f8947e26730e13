"""GPT-2's byte-level byte-pair encoding (Radford et al. 2019), its merges learned on the training captions."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from .text import join_words, split_words

END, PAD = "<|endoftext|>", "<|pad|>"


class BytePairs:
    """Captions as lower-case words without punctuation, a space before each; the end token also starts a caption, as in GPT-2."""

    type: ClassVar[str] = "byte-level-bpe"

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.tokenizer = tokenizer
        vocabulary = tokenizer.get_vocab()
        self.start = self.end = vocabulary[END]
        self.pad = vocabulary[PAD]
        self.banned = [self.pad]

    def __len__(self) -> int:
        return self.tokenizer.get_vocab_size()

    @staticmethod
    def build(captions: Iterable[str], size: int) -> BytePairs:
        tokenizer = Tokenizer(models.BPE())
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
        tokenizer.decoder = decoders.ByteLevel()
        trainer = trainers.BpeTrainer(
            vocab_size=size,
            special_tokens=[END, PAD],
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        )
        tokenizer.train_from_iterator((join_words(split_words(caption)) for caption in captions), trainer)
        return BytePairs(tokenizer)

    def encode(self, caption: str, maximum: int) -> list[int]:
        return [*self.tokenizer.encode(join_words(split_words(caption))).ids[: maximum - 1], self.end]

    def decode(self, ids: Iterable[int]) -> str:
        kept: list[int] = []
        for index in ids:
            if index == self.end:
                break
            kept.append(index)
        return self.tokenizer.decode(kept, skip_special_tokens=True).strip()

    def save(self, path: Path) -> None:
        self.tokenizer.save(str(path), pretty=False)

    def state(self) -> str:
        return self.tokenizer.to_str()

    @staticmethod
    def load(path: Path) -> BytePairs:
        return BytePairs(Tokenizer.from_file(str(path)))
