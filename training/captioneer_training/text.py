"""Captions as words: splitting them, and the vocabulary that maps words to ids."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

PAD, START, END, UNKNOWN = "<pad>", "<start>", "<end>", "<unk>"
SPECIAL = (PAD, START, END, UNKNOWN)

_WORD = re.compile(r"[a-z0-9]+(?:[-'][a-z0-9]+)*")


def split_words(caption: str) -> list[str]:
    """Lower-case words without punctuation; a possessive 's is a word of its own."""
    words: list[str] = []
    for word in _WORD.findall(caption.lower().replace("\u2019", "'")):
        if word.endswith("'s"):
            words += [word[:-2], "'s"]
        else:
            words.append(word)
    return words


@dataclass(frozen=True)
class Vocabulary:
    """An ordered list of words; the special ones come first."""

    words: tuple[str, ...]

    @cached_property
    def ids(self) -> dict[str, int]:
        return {word: index for index, word in enumerate(self.words)}

    def __len__(self) -> int:
        return len(self.words)

    @staticmethod
    def build(captions: Iterable[str], minimum_count: int) -> Vocabulary:
        """Keeps the words seen at least `minimum_count` times, commonest first."""
        counts = Counter(word for caption in captions for word in split_words(caption))
        kept = sorted((w for w, n in counts.items() if n >= minimum_count), key=lambda w: (-counts[w], w))
        return Vocabulary((*SPECIAL, *kept))

    def encode(self, caption: str, maximum: int) -> list[int]:
        """Word ids of a caption, closed by the end token; at most `maximum` ids in all."""
        ids = self.ids
        unknown = ids[UNKNOWN]
        body = [ids.get(word, unknown) for word in split_words(caption)][: maximum - 1]
        return [*body, ids[END]]

    def decode(self, ids: Iterable[int]) -> str:
        """Joins words up to the end token; no sentence case, no full stop."""
        text: list[str] = []
        for index in ids:
            word = self.words[index]
            if word == END:
                break
            if word not in SPECIAL:
                text.append(word if word == "'s" or not text else " " + word)
        return "".join(text)

    def save(self, path: Path) -> None:
        path.write_text(json.dumps({"type": "word-map", "words": list(self.words)}, ensure_ascii=False), encoding="utf-8")

    @staticmethod
    def load(path: Path) -> Vocabulary:
        return Vocabulary(tuple(json.loads(path.read_text(encoding="utf-8"))["words"]))
