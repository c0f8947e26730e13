"""Captions by a model folder in Python: onnxruntime, the library's preprocessing and its search, without PyTorch.

For clusters that speak Python (docs/guides/clusters.md). It needs numpy, onnxruntime and pillow, and tokenizers for models whose
tokens are pieces of words. It reads folders of captioneer's own layout whose tokenizer is a word map or byte-level BPE.

    python -m captioneer_training.onnx_captions <model folder> <image>...

prints one line of JSON for each image: its name, text and token ids. The text has what the manifest asks for, sentence case and full
stop. What the library does to finished English texts, a or an and the setting for gender, is not done here.
"""

from __future__ import annotations

import io
import json
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from PIL import Image, ImageOps

from .record_pixels import Spec, fit, normalise

Arrays = dict[str, NDArray[Any]]
Ids = tuple[int, ...]

WHITE = (255, 255, 255)
SHORT_WORD = 3
"""Letters of a word that may come again as the beginning of a longer one, as in src/search/scoring/no-repeat-words.ts."""


def read_image(content: bytes) -> Image.Image:
    """The image of a file as the library sees it: upright, on white where it is transparent. Colour profiles are not applied."""
    with Image.open(io.BytesIO(content)) as opened:
        image: Image.Image = ImageOps.exif_transpose(opened)
        if "A" in image.getbands() or "transparency" in image.info:
            ground = Image.new("RGBA", image.size, (*WHITE, 255))
            image = Image.alpha_composite(ground, image.convert("RGBA"))
        return image.convert("RGB")


def read_spec(manifest: dict[str, Any]) -> Spec:
    """How the model wants its images, as the manifest says."""
    given = dict(manifest["image"])
    named = {name: given.pop(name) for name in ("width", "height", "resize", "resample", "mean", "std")}
    return Spec(**named, options=given)


class TokenTexts:
    """Texts of tokens, and how they make words (src/search/scoring/word-pieces.ts)."""

    def __init__(self, folder: Path, kind: str, file: str) -> None:
        path = folder / file
        self._words: list[str] | None = None
        self._pieces: dict[int, tuple[str, bool]] = {}
        self._spellings: dict[Ids, list[Ids]] = {}
        if kind == "word-map":
            self._words = json.loads(path.read_text(encoding="utf-8"))["words"]
            self.size = len(self._words or ())
        elif kind == "byte-level-bpe":
            from tokenizers import Tokenizer

            self._pairs = Tokenizer.from_file(str(path))
            self.size = self._pairs.get_vocab_size()
        else:
            raise ValueError(f"The tokenizer of this model is of the type {kind}; word-map and byte-level-bpe are read here.")

    def decode(self, ids: Iterable[int]) -> str:
        if self._words is None:
            return str(self._pairs.decode(list(ids), skip_special_tokens=True))
        words = (self._words[index] for index in ids)
        return " ".join(word for word in words if not re.fullmatch("<.*>", word)).replace(" 's", "'s")

    def _encode(self, word: str) -> Ids:
        if self._words is None:
            return tuple(self._pairs.encode(f" {word}", add_special_tokens=False).ids)
        return tuple(index for index, known in enumerate(self._words) if known == word)

    @cached_property
    def _anchor(self) -> tuple[int, str]:
        texts = ((index, self.decode([index])) for index in range(self.size))
        return next((index, text) for index, text in texts if text != "" and all(unicodedata.category(c)[0] in "LN" for c in text))

    def piece(self, index: int) -> tuple[str, bool]:
        """The text of a token in lower case, and whether it begins a word."""
        if index not in self._pieces:
            anchor, text = self._anchor
            after = self.decode([anchor, index])[len(text) :]
            trimmed = after.lstrip()
            whole = trimmed.lower() if "\ufffd" not in trimmed else f"\ue000{index} "
            self._pieces[index] = (whole, len(trimmed) < len(after))
        return self._pieces[index]

    def continues_word(self, index: int) -> bool:
        text, starts = self.piece(index)
        return not starts and text != "" and (unicodedata.category(text[0])[0] in "LN" or unicodedata.category(text[0]) == "Co")

    @cached_property
    def ends_of_words(self) -> list[int]:
        """Every token after which the word before it is over."""
        return [index for index in range(self.size) if not self.continues_word(index)]

    def text_of(self, ids: Ids) -> str:
        return "".join(self.piece(index)[0] for index in ids)

    def spellings(self, ids: Ids) -> list[Ids]:
        """The tokens by which a word may come again."""
        if ids not in self._spellings:
            starts = self.piece(ids[0])[1]
            text = self.decode(ids).strip()
            lower = text.lower()
            encoded = [] if starts and text == lower else [self._encode(text), self._encode(lower)]
            self._spellings[ids] = [ids, *encoded] if starts else encoded
        return self._spellings[ids]


@dataclass(frozen=True)
class Rules:
    """What a search may not do, from the manifest."""

    start: Ids
    end: frozenset[int]
    banned: list[int]
    min_length: int
    max_length: int
    ngram: int
    texts: TokenTexts | None
    """Given if no word may come right after itself."""

    def forbid(self, scores: NDArray[Any], ids: Ids) -> None:
        """Writes −∞ to the tokens that may not follow. `scores` [vocabulary]"""
        scores[self.banned] = -np.inf
        if len(ids) < self.min_length:
            scores[list(self.end)] = -np.inf
        history = self.start + ids
        if self.ngram > 0:
            scores[list(self._completed_runs(history))] = -np.inf
        if self.texts is not None:
            scores[self._repeated_words(self.texts, history, len(ids))] = -np.inf

    def _completed_runs(self, history: Ids) -> Iterator[int]:
        size = self.ngram
        last = history[len(history) - size + 1 :]
        for at in range(len(history) - size + 1):
            if history[at : at + size - 1] == last and history[at + size - 1] not in self.end:
                yield history[at + size - 1]

    def _repeated_words(self, texts: TokenTexts, history: Ids, length: int) -> list[int]:
        before, last = last_two_words(texts, history)
        if not last:
            return []
        may_continue = length + 1 < self.max_length and len(texts.ends_of_words) < texts.size
        forbidden: list[int] = []
        if not (may_continue and len(texts.text_of(last)) <= SHORT_WORD):
            forbidden += [spelling[0] for spelling in texts.spellings(last) if len(spelling) == 1]
        if before and not (may_continue and len(texts.text_of(before)) <= SHORT_WORD):
            again = (spelling for spelling in texts.spellings(before) if len(spelling) == len(last) + 1)
            forbidden += [spelling[-1] for spelling in again if spelling[:-1] == last]
        if may_continue and texts.text_of(last) != "" and texts.text_of(before) == texts.text_of(last):
            forbidden += texts.ends_of_words
        return forbidden


def last_two_words(texts: TokenTexts, history: Ids) -> tuple[Ids, Ids]:
    """The tokens of the last word, perhaps not whole yet, and of the one before it."""
    words: list[list[int]] = [[], []]
    word = 1
    for index in reversed(history):
        text, starts = texts.piece(index)
        if text != "" or starts:
            words[word].insert(0, index)
        if starts:
            word -= 1
        if word < 0:
            break
    return tuple(words[0]), tuple(words[1])


@dataclass(frozen=True)
class Found:
    """A caption that ended: its tokens without the end."""

    score: float
    ids: Ids
    is_finished: bool


@dataclass
class Pool:
    """The best captions that have ended, best first."""

    size: int
    found: list[Found] = field(default_factory=list)

    def add(self, caption: Found) -> None:
        at = next((place for place, other in enumerate(self.found) if other.score < caption.score), len(self.found))
        self.found.insert(at, caption)
        del self.found[self.size :]

    def can_improve(self, score: float) -> bool:
        return len(self.found) < self.size or score > self.found[-1].score


class OnnxCaptioner:
    """Captions images by the graphs of a model folder."""

    def __init__(self, folder: Path | str, threads: int = 1, generation: Mapping[str, Any] | None = None) -> None:
        """
        Args:
            folder: with captioneer.json, the two graphs and the tokenizer.
            threads: of each graph; 1 if every core has a worker of its own.
            generation: in place of the manifest's: numBeams (1 for greedy search), lengthPenalty, minLength, maxLength,
                noRepeatNgramSize, noRepeatWords.
        """
        folder = Path(folder)
        self.manifest: dict[str, Any] = json.loads((folder / "captioneer.json").read_text(encoding="utf-8"))
        self.spec = read_spec(self.manifest)
        settings = onnxruntime.SessionOptions()
        settings.intra_op_num_threads = threads
        settings.inter_op_num_threads = 1
        graphs = self.manifest["graphs"]
        self._encoder, self._decoder = (
            onnxruntime.InferenceSession(str(folder / graphs[part]["file"]), settings, providers=["CPUExecutionProvider"])
            for part in ("encoder", "decoder")
        )
        tokens, tokenizer = self.manifest["tokens"], self.manifest["tokenizer"]
        self.generation: dict[str, Any] = {**self.manifest["generation"], **(generation or {})}
        self.texts = TokenTexts(folder, tokenizer["type"], tokenizer["file"])
        self.rules = Rules(
            start=tuple(tokens["start"]),
            end=frozenset(tokens["end"]),
            banned=list(tokens["banned"]),
            min_length=self.generation.get("minLength", 0),
            max_length=self.generation["maxLength"],
            ngram=self.generation.get("noRepeatNgramSize", 0),
            texts=self.texts if self.generation.get("noRepeatWords", False) else None,
        )

    def caption(self, image: Image.Image | bytes) -> tuple[str, list[int]]:
        """The text for an RGB image, or for the bytes of a file, and its token ids without start and end."""
        opened = read_image(image) if isinstance(image, bytes) else image
        values = normalise(fit(opened, self.spec), self.spec)[None]  # [1, 3, height, width]
        names = [output.name for output in self._encoder.get_outputs()]
        encoded = dict(zip(names, self._encoder.run(None, {"pixel_values": values}), strict=True))
        best = self._search(encoded, self.generation["numBeams"])
        return self._finish(best), list(best.ids)

    def _search(self, encoded: Arrays, beams: int) -> Found:
        """Beam search as in transformers' `generate`; with one beam, greedy search."""
        penalty = self.generation.get("lengthPenalty", 1.0)
        rules, pool = self.rules, Pool(beams)
        running: list[tuple[float, Ids]] = [(0.0, ())]
        step = self._start(encoded)
        while True:
            scores = log_softmax(step["logits"])  # [rows, vocabulary]
            for row, (_, ids) in zip(scores, running, strict=True):
                rules.forbid(row, ids)
            length = len(running[0][1]) + 1
            following: list[tuple[float, Ids]] = []
            parents: list[int] = []
            count = beams if beams == 1 else max(2, 1 + len(rules.end)) * beams
            for rank, (parent, token, total) in enumerate(best_candidates(scores, [total for total, _ in running], count)):
                is_end = token in rules.end
                if is_end or length == rules.max_length:
                    ids = running[parent][1] if is_end else (*running[parent][1], token)
                    if rank < beams:
                        pool.add(Found(total / length**penalty, ids, is_end))
                elif len(following) < beams:
                    following.append((total, (*running[parent][1], token)))
                    parents.append(parent)
            if not following or not pool.can_improve(max(total for total, _ in following) / length**penalty):
                return pool.found[0]
            running = following
            step = self._step(step, [ids[-1] for _, ids in running], parents)

    def _start(self, encoded: Arrays) -> Arrays:
        """Reads the start tokens, or the decoder's prefix alone if there are none."""
        state: Arrays = {}
        for given in self._decoder.get_inputs():
            if not given.name.startswith("past."):
                continue
            empty = [1, *(size if isinstance(size, int) else 0 for size in given.shape[1:])]
            kind = np.float16 if "float16" in given.type else np.float32
            state[given.name] = encoded.get(given.name.replace("past.", "initial.", 1), np.zeros(empty, kind))
        names = {given.name for given in self._decoder.get_inputs()}
        shared = {name: value for name, value in encoded.items() if name in names}
        start = self.rules.start
        step = self._run({**shared, **state}, [start[:1]])
        for token in start[1:]:
            step = self._step(step, [token], [0])
        return step

    def _step(self, before: Arrays, tokens: Sequence[int], parents: Sequence[int]) -> Arrays:
        moved = {name: value[list(parents)] if name.startswith("past.") else value for name, value in before.items() if name != "logits"}
        return self._run(moved, [(token,) for token in tokens])

    def _run(self, given: Arrays, tokens: Sequence[Ids]) -> Arrays:
        """One run of the decoder: its logits, and what the next one is given."""
        names = [output.name for output in self._decoder.get_outputs()]
        ids = np.array(tokens, np.int64).reshape(len(tokens), -1)
        outputs = dict(zip(names, self._decoder.run(None, {**given, "input_ids": ids}), strict=True))
        after = {name.replace("present.", "past.", 1): value for name, value in outputs.items() if name.startswith("present.")}
        if "prefix" in given:
            after["prefix"] = given["prefix"][:, :0]  # it has been read
        return {**given, **after, "logits": outputs["logits"].reshape(len(tokens), -1)}

    def _finish(self, found: Found) -> str:
        text = self.texts.decode(found.ids).strip()
        rules = self.manifest.get("text", {})
        if rules.get("sentenceCase"):
            text = text[:1].upper() + text[1:]
        return f"{text}." if rules.get("fullStop") and found.is_finished and text and text[-1] not in ".!?" else text


def log_softmax(logits: NDArray[Any]) -> NDArray[Any]:
    """[rows, vocabulary]"""
    shifted: NDArray[Any] = logits - logits.max(1, keepdims=True)
    normalised: NDArray[Any] = shifted - np.log(np.exp(shifted).sum(1, keepdims=True))
    return normalised


def best_candidates(scores: NDArray[Any], totals: Sequence[float], count: int) -> Iterator[tuple[int, int, float]]:
    """Row, token and sum of log-probabilities of the best continuations, best first; of equals the lower token, then the lower row."""
    size = scores.shape[1]
    sums = (scores.astype(np.float64) + np.array(totals)[:, None]).ravel()
    nearest = np.argpartition(-sums, min(count, len(sums) - 1))[:count]
    for flat in sorted(nearest.tolist(), key=lambda flat: (-sums[flat], flat % size, flat // size)):
        if np.isfinite(sums[flat]):
            yield flat // size, flat % size, float(sums[flat])


def main() -> None:
    captioner = OnnxCaptioner(sys.argv[1])
    for name in sys.argv[2:]:
        text, ids = captioner.caption(Path(name).read_bytes())
        print(json.dumps({"image": name, "text": text, "ids": ids}, ensure_ascii=False))


if __name__ == "__main__":
    main()
