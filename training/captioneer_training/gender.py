"""Men and women: which of them a picture's captions name, and the choice between the words for them.

The words are those of the library's lexicon `gender-en`, without compounds and without pronouns, which follow from the words before them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import accumulate
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor

from .batches import Batch, Picture
from .decoders.decoder import Decoder, Named, select
from .sources import Photographs, Source
from .text import Tokens, mirror_words, split_words

Gender = Literal["men", "women"]

_MEN = """
    man men boy boys male males guy guys dude dudes bloke blokes lad lads gentleman gentlemen father fathers dad dads daddy papa
    grandfather grandfathers grandpa grandad granddad son sons grandson grandsons brother brothers uncle uncles nephew nephews husband
    husbands boyfriend boyfriends groom grooms bridegroom groomsman groomsmen king kings prince princes monk monks actor actors waiter
    waiters policeman policemen fireman firemen businessman businessmen fisherman fishermen workman workmen salesman salesmen sportsman
    sportsmen horseman horsemen cameraman cameramen mailman postman repairman serviceman servicemen craftsman craftsmen handyman cowboy
    cowboys schoolboy schoolboys
"""
_WOMEN = """
    woman women girl girls female females lady ladies gal gals lass mother mothers mom moms mommy mum mums mama grandmother
    grandmothers grandma granny daughter daughters granddaughter granddaughters sister sisters aunt aunts niece nieces wife wives
    girlfriend girlfriends bride brides bridesmaid bridesmaids queen queens princess princesses nun nuns actress actresses waitress
    waitresses hostess ballerina ballerinas policewoman policewomen businesswoman businesswomen sportswoman sportswomen horsewoman
    cowgirl cowgirls schoolgirl schoolgirls
"""
MEN, WOMEN = frozenset(_MEN.split()), frozenset(_WOMEN.split())
CONTEXTS = ("a", "a young")
"""After which the library asks a model whether it sees a man or a woman (`EVIDENCE_CONTEXTS`)."""


def label(captions: Sequence[str]) -> Gender | None:
    """The one gender that captions name: more than half of them, and none the other."""
    words = [frozenset(split_words(caption)) for caption in captions]
    men, women = (sum(not each.isdisjoint(of) for each in words) for of in (MEN, WOMEN))
    if women == 0 and 2 * men > len(captions):
        return "men"
    return "women" if men == 0 and 2 * women > len(captions) else None


def labels(source: Source) -> list[Gender | None]:
    """Of each picture."""
    return [label(source.references(row)) for row in range(len(source))] if isinstance(source, Photographs) else [None] * len(source)


def rows_by_name(sources: Sequence[Source], names: Collection[str]) -> dict[str, list[int]]:
    """Rows of each source, counted over all sources, and of the pictures of "men" and of "women" where `names` has them."""
    starts = [0, *accumulate(map(len, sources))]
    rows = {source.corpus: list(range(start, start + len(source))) for source, start in zip(sources, starts, strict=False)}
    asked = [name for name in ("men", "women") if name in names]
    people = [each for source in sources for each in labels(source)] if asked else []
    return rows | {name: [row for row, each in enumerate(people) if each == name] for name in asked}


def before_gender(caption: str) -> str | None:
    """The words before the first that names a gender; None if no word does."""
    words = split_words(caption)
    found = next((place for place, word in enumerate(words) if word in MEN or word in WOMEN), None)
    return None if found is None else " ".join(words[:found])


class GenderChoice:
    """Male against female words: the log odds of the next word after some contexts, and the loss of this choice."""

    def __init__(self, tokens: Tokens) -> None:
        known = {tokens.decode([number]): number for number in range(len(tokens)) if number not in tokens.banned}
        self.tokens = tokens
        self.men, self.women = (torch.tensor([known[word] for word in sorted(of) if word in known]) for of in (MEN, WOMEN))

    def log_odds(self, decoder: Decoder, memory: Named, contexts: Sequence[str]) -> Tensor:
        """Of male to female words after each context, in nats; equally many contexts for each picture, picture after picture."""
        ids = [[self.tokens.start, *self.tokens.encode(context, 1000)[:-1]] for context in contexts]
        longest = max(map(len, ids))
        inputs = torch.tensor([[*row, *[self.tokens.pad] * (longest - len(row))] for row in ids])
        ends = torch.tensor([len(row) for row in ids])
        is_word = torch.arange(longest) < ends[:, None]
        logits = decoder(memory, inputs, is_word).logits[ends.cumsum(0) - 1]  # [contexts, V]
        return logits[:, self.men].logsumexp(-1) - logits[:, self.women].logsumexp(-1)


class GenderLoss:
    """Logistic loss of that choice, men and women of a batch counting alike, on pictures whose captions name one gender.

    The contexts of a picture are those of the library's evidence, and the words that one of its captions has before the first gendered one.
    """

    def __init__(self, tokens: Tokens, sources: Sequence[Source]) -> None:
        self.choice = GenderChoice(tokens)
        self.labels = {source.corpus: labels(source) for source in sources}

    def label(self, picture: Picture) -> Gender | None:
        return self.labels[picture.source.corpus][picture.row]

    def contexts(self, picture: Picture, is_mirrored: bool, batch: Batch) -> list[str]:
        found = [before for text in picture.source.references(picture.row) if (before := before_gender(text)) is not None]
        own = batch.rng.choice(found)
        return [*CONTEXTS, mirror_words(own) if is_mirrored else own]

    def __call__(self, decoder: Decoder, memory: Named, batch: Batch) -> Tensor:
        rows = [row for row, picture in enumerate(batch.pictures) if self.label(picture)]
        if not rows:
            return torch.zeros(())
        contexts = [context for row in rows for context in self.contexts(batch.pictures[row], batch.mirrored[row], batch)]
        odds = self.choice.log_odds(decoder, select(memory, torch.tensor(rows)), contexts)
        is_male = torch.tensor([self.label(batch.pictures[row]) == "men" for row in rows]).repeat_interleave(len(contexts) // len(rows))
        each = F.binary_cross_entropy_with_logits(odds, is_male.float(), reduction="none")
        groups = [each[group] for group in (is_male, ~is_male) if bool(group.any())]
        return torch.stack([group.mean() for group in groups]).mean()
