"""Vocabularies of whole words, as captioners that were trained from scratch are published with them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ..config import ConfigError
from ..text import END, PAD, SPECIAL, START, UNKNOWN, Vocabulary
from .settings import Settings

SPELLINGS = {
    "<pad>": PAD,
    "<start>": START,
    "<sos>": START,
    "<end>": END,
    "<eos>": END,
    "<unk>": UNKNOWN,
}
"""This package's name of each special word, by what others write, in whatever case."""


def read_word_map(path: Path, words: int) -> Vocabulary:
    """A JSON object that gives each word its id, of so many words."""
    return _vocabulary(path, _ids(path, Settings.read(path).values), words)


def read_two_way_map(path: Path, words: int) -> Vocabulary:
    """A JSON object with `itos`, words by id, and `stoi`, ids by word, of so many words."""
    settings = Settings.read(path)
    ids = _ids(path, settings.field("stoi").values, "stoi")
    if isinstance(settings.values.get("itos"), list):
        found = {str(index): word for index, word in enumerate(settings.values["itos"])}
    else:
        found = settings.field("itos").values
    expected = {str(index): word for word, index in ids.items()}
    for index in sorted(expected.keys() | found.keys()):
        if found.get(index) != expected.get(index):
            raise ConfigError(
                f"{path}: expected itos and stoi to agree, found for id {index} the word {found.get(index)!r} in itos "
                f"and {expected.get(index)!r} in stoi."
            )
    return _vocabulary(path, ids, words)


def _ids(path: Path, values: dict[str, Any], inside: str = "") -> dict[str, int]:
    settings = Settings(path, values, inside)
    for word, index in values.items():
        if not isinstance(index, int) or isinstance(index, bool):
            raise settings.error(word, "the id of a word")
    return values


def _vocabulary(path: Path, ids: dict[str, int], words: int) -> Vocabulary:
    """The words in the order of their ids, the special ones by this package's names."""
    if len(ids) != words:
        raise ConfigError(f"{path}: expected {words} words, as many as the checkpoint scores, found {len(ids)}.")
    ordered = {index: SPELLINGS.get(word.lower(), word) for word, index in ids.items()}
    for index in range(words):
        if index not in ordered:
            raise ConfigError(f"{path}: expected a word for each id from 0 to {words - 1}, found none for {index}.")
    _check_special(path, ordered.values())
    return Vocabulary(tuple(ordered[index] for index in range(words)))


def _check_special(path: Path, words: Iterable[str]) -> None:
    found = [word for word in words if word in SPECIAL]
    for special in SPECIAL:
        if found.count(special) != 1:
            spellings = " or ".join(spelling for spelling, name in SPELLINGS.items() if name == special)
            raise ConfigError(f"{path}: expected one word {spellings}, in whatever case, found {found.count(special) or 'none'}.")
