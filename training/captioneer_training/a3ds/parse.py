"""What a caption says of a scene: the inverse of the grammar, with some freedom of order and wording."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .words import PHRASES

Claims = dict[str, frozenset[int]]
"""For each named feature the values that its phrase can stand for; none of them where a caption contradicts itself."""


class ParseError(ValueError):
    """The caption is not a sentence of the grammar, or names no feature."""


# Every phrase is one token, written as a letter: s scale, h hue, n the object, o orientation, w wall, f floor,
# p preposition of wall or floor, t "stands", i "is", b how a sentence begins.
_FIXED = {
    "b": ("there is", "here we see", "we see", "room with"),
    "t": ("stands", "standing"),
    "i": ("is",),
    "p": ("in front of", "against", "on"),
    "w": ("wall",),
    "f": ("floor",),
    "n": ("object",),
}
_SENTENCE = re.compile(r"b?[sh]*nt?(o|ph?[wf])*(i([sh]|o|ph?[wf])+)?")
_SILENT = {"a", "an", "the", "and"}


def _words(text: str) -> tuple[str, ...]:
    """Lower-case words without hyphens, punctuation, articles and "and"."""
    return tuple(word for word in re.findall(r"[a-z]+", text.lower()) if word not in _SILENT)


_LEXICON = {_words(phrase): letter for letter, phrases in _FIXED.items() for phrase in phrases}
for _letter, _feature in (("s", "scale"), ("h", "object_hue"), ("n", "shape"), ("o", "orientation")):
    _LEXICON |= {_words(phrase): _letter for phrase in PHRASES[_feature]}
_LONGEST = max(map(len, _LEXICON))


def _values(feature: str, phrase: Sequence[str]) -> frozenset[int]:
    return frozenset(value for value, name in enumerate(PHRASES[feature]) if _words(name) == phrase)


def _tokens(caption: str) -> tuple[str, list[tuple[str, ...]]]:
    """The caption's tokens, the longest phrase first: their letters, and their words."""
    words = _words(caption)
    letters, phrases, start = "", [], 0
    while start < len(words):
        lengths = range(min(_LONGEST, len(words) - start), 0, -1)
        phrase = next((words[start : start + n] for n in lengths if words[start : start + n] in _LEXICON), None)
        if phrase is None:
            raise ParseError(f"{caption!r}: {words[start]!r} is not a word of the grammar here.")
        letters += _LEXICON[phrase]
        phrases.append(phrase)
        start += len(phrase)
    return letters, phrases


def parse(caption: str) -> Claims:
    """Reads a caption.

    Case, punctuation, hyphens and articles do not matter, nor does the order of adjectives and of places. A hue is the
    wall's or the floor's where it stands before one, else the object's.

    Raises:
        ParseError: the caption has other words, breaks off, or names nothing.
    """
    letters, phrases = _tokens(caption)
    if not _SENTENCE.fullmatch(letters):
        raise ParseError(f"{caption!r}: not built as the grammar's sentences are.")
    claims: Claims = {}
    for position, (letter, phrase) in enumerate(zip(letters, phrases, strict=True)):
        feature = {"s": "scale", "o": "orientation", "n": "shape"}.get(letter)
        if letter == "h":
            feature = {"w": "wall_hue", "f": "floor_hue"}.get(letters[position + 1 : position + 2], "object_hue")
        if feature is not None and phrase != ("object",):
            values = _values(feature, phrase)
            claims[feature] = claims.get(feature, values) & values
    if not claims:
        raise ParseError(f"{caption!r}: names no feature.")
    return claims
