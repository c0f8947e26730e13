"""Captions as token ids: words by a list of them, or byte-level pieces of words (byte_pairs.py)."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Protocol

PAD, START, END, UNKNOWN = "<pad>", "<start>", "<end>", "<unk>"
SPECIAL = (PAD, START, END, UNKNOWN)

_WORD = re.compile(r"[a-z0-9]+(?:[-'][a-z0-9]+)*")
_SIDE = re.compile(r"\b(left|right)\b", re.IGNORECASE)


class Tokens(Protocol):
    """What training asks of a tokenizer."""

    @property
    def type(self) -> str:
        """Its name in the manifest."""
        ...

    def __len__(self) -> int: ...
    @property
    def pad(self) -> int: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def banned(self) -> list[int]:
        """Tokens that are never generated."""
        ...

    def encode(self, caption: str, maximum: int) -> list[int]:
        """Ids of a caption, closed by the end token; at most `maximum` in all."""
        ...

    def decode(self, ids: Iterable[int]) -> str:
        """Text up to the end token; no sentence case, no full stop."""
        ...

    def save(self, path: Path) -> None: ...
    def state(self) -> Any:
        """What `restore` makes the same tokenizer of."""
        ...


def split_words(caption: str) -> list[str]:
    """Lower-case words without punctuation; a possessive 's is a word of its own."""
    words: list[str] = []
    for word in _WORD.findall(caption.lower().replace("\u2019", "'")):
        if word.endswith("'s"):
            words += [word[:-2], "'s"]
        else:
            words.append(word)
    return words


def join_words(words: Iterable[str]) -> str:
    """The inverse of `split_words` for captions that are lower-case and without punctuation."""
    return " ".join(words).replace(" 's", "'s")


def mirror_words(caption: str) -> str:
    """What a caption says of the mirrored picture: left is right."""
    return _SIDE.sub(lambda match: "left" if match[0].lower() == "right" else "right", caption)


@dataclass(frozen=True)
class Vocabulary:
    """An ordered list of words; the special ones come first."""

    words: tuple[str, ...]
    type: ClassVar[str] = "word-map"

    @cached_property
    def ids(self) -> dict[str, int]:
        return {word: index for index, word in enumerate(self.words)}

    def __len__(self) -> int:
        return len(self.words)

    @property
    def pad(self) -> int:
        return self.ids[PAD]

    @property
    def start(self) -> int:
        return self.ids[START]

    @property
    def end(self) -> int:
        return self.ids[END]

    @property
    def banned(self) -> list[int]:
        return [self.ids[PAD], self.ids[START], self.ids[UNKNOWN]]

    @staticmethod
    def build(captions: Iterable[str], minimum_count: int) -> Vocabulary:
        """Keeps the words seen at least `minimum_count` times, commonest first."""
        return Vocabulary(SPECIAL).extended(captions, minimum_count)

    def extended(self, captions: Iterable[str], minimum_count: int) -> Vocabulary:
        """The same words with the same ids, and after them the missing words seen at least `minimum_count` times, commonest first."""
        counts = Counter(word for caption in captions for word in split_words(caption))
        missing = (word for word, count in counts.items() if count >= minimum_count and word not in self.ids)
        return Vocabulary((*self.words, *sorted(missing, key=lambda word: (-counts[word], word))))

    def encode(self, caption: str, maximum: int) -> list[int]:
        ids = self.ids
        unknown = ids[UNKNOWN]
        body = [ids.get(word, unknown) for word in split_words(caption)][: maximum - 1]
        return [*body, ids[END]]

    def decode(self, ids: Iterable[int]) -> str:
        words: list[str] = []
        for index in ids:
            word = self.words[index]
            if word == END:
                break
            if word not in SPECIAL:
                words.append(word)
        return join_words(words)

    def save(self, path: Path) -> None:
        path.write_text(json.dumps({"type": self.type, "words": list(self.words)}, ensure_ascii=False), encoding="utf-8")

    def state(self) -> list[str]:
        return list(self.words)

    @staticmethod
    def load(path: Path) -> Vocabulary:
        return Vocabulary(tuple(json.loads(path.read_text(encoding="utf-8"))["words"]))
