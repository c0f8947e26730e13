"""How captions are searched for, as `generate` of the transformers library has it from `generation_config.json` or `config.json`."""

from __future__ import annotations

from typing import Any

from .settings import Settings

NEUTRAL: dict[str, tuple[Any, ...]] = {
    "do_sample": (False,),
    "encoder_repetition_penalty": (1,),
    "encoder_no_repeat_ngram_size": (0,),
    "num_beam_groups": (1,),
    "diversity_penalty": (0,),
    "penalty_alpha": (0,),
    "forced_bos_token_id": (),
    "forced_eos_token_id": (),
    "begin_suppress_tokens": (),
    "sequence_bias": (),
    "exponential_decay_length_penalty": (),
    "renormalize_logits": (False,),
    "guidance_scale": (1,),
}
"""Settings that the library cannot honour as a model's default, and the values at which they do nothing."""

LONGEST = 20
"""New tokens where nothing is said, or where this is said to be the longest: start and prompt are not counted then."""


class Search:
    """The settings of `generate`, looked up in one file after the other."""

    def __init__(self, sources: list[Settings], everywhere: list[Settings], vocabulary: int, positions: int) -> None:
        """`sources` say how to search; `everywhere`, which has more, what the special tokens are."""
        self.sources, self.everywhere, self.vocabulary, self.positions = sources, everywhere, vocabulary, positions
        for source in self.sources:
            for name, values in NEUTRAL.items():
                if source.has(name) and source.values[name] not in values:
                    expected = " or ".join(map(str, values)) or "nothing"
                    raise source.error(name, f"{expected}, since captioneer has no such default")

    def tokens(self, start_name: str = "decoder_start_token_id", end_name: str = "eos_token_id") -> dict[str, list[int]]:
        """The manifest's `tokens`."""
        start = self._ids(start_name, self.everywhere) or self._ids("bos_token_id", self.everywhere)
        end = self._ids(end_name, self.everywhere)
        for name, found in ((start_name, start), (end_name, end)):
            if not found:
                raise self.everywhere[0].error(name, "the id of a token")
        words = self._find("bad_words_ids", self.sources)
        single = [] if words is None else words.get("bad_words_ids", list)
        if words and any(not isinstance(ids, list) or len(ids) != 1 for ids in single):
            raise words.error("bad_words_ids", "a list of words of one token each")
        banned = self._ids("suppress_tokens", self.sources) + [ids[0] for ids in single]
        return {"start": start[:1], "end": end, "banned": banned}

    def defaults(self, continues_prompt: bool = False) -> dict[str, Any]:
        """The manifest's `generation`; lengths do not count the start token there."""
        longest, counts_start = self._longest()
        longest = min(max(longest - counts_start, 1), self.positions)
        shortest = self._number("min_new_tokens", int, None) or self._number("min_length", int, 0) - 1
        early = self._find("early_stopping", self.sources)
        stopping = False if early is None else early.values["early_stopping"]
        penalty = self._number("repetition_penalty", float, 1.0)
        return {
            "numBeams": self._number("num_beams", int, 1),
            "lengthPenalty": self._number("length_penalty", float, 1.0),
            "minLength": min(max(shortest, 0), longest),
            "maxLength": longest,
            **({"countsPrompt": False} if continues_prompt and not counts_start else {}),
            "noRepeatNgramSize": self._number("no_repeat_ngram_size", int, 0),
            **({} if stopping is False else {"earlyStopping": stopping}),
            **({} if penalty == 1 else {"repetitionPenalty": penalty}),
        }

    def _longest(self) -> tuple[int, bool]:
        """Most tokens, and whether what the caption begins with is counted."""
        new = self._number("max_new_tokens", int, None)
        length = self._number("max_length", int, LONGEST)
        return (new, False) if new else (length, length != LONGEST)

    def _find(self, name: str, sources: list[Settings]) -> Settings | None:
        return next((source for source in sources if source.has(name)), None)

    def _number(self, name: str, kind: type, default: float | None) -> Any:
        source = self._find(name, self.sources)
        return default if source is None else source.get(name, kind)

    def _ids(self, name: str, sources: list[Settings]) -> list[int]:
        """One id or a list of them."""
        source = self._find(name, sources)
        if source is None:
            return []
        value = source.values[name]
        ids = value if isinstance(value, list) else [value]
        if any(type(one) is not int or not 0 <= one < self.vocabulary for one in ids):
            raise source.error(name, f"ids of tokens below {self.vocabulary}")
        return ids
