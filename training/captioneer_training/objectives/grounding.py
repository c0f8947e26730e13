"""Words that name a kind of thing look at the boxes of that kind (supervised attention, Liu et al. 2017, "Attention correctness")."""

from __future__ import annotations

import torch
from torch import Tensor

from ..batches import Batch, draw_captions, pad
from ..config import ConfigError, Stage
from ..decoders.region_transformer import KIND, SCORE, RegionTransformerDecoder
from ..encoders.nanodet import KINDS
from ..model import Captioner
from ..text import Tokens
from .cross_entropy import CrossEntropy
from .imitation import Imitation

SHARE = 0.1
"""What the attention's loss counts beside that of the words."""
LEAST_SCORE = 0.25
"""Of a box that is a word's: boxes of lower scores are of the kind too seldom."""

PEOPLE = "man men woman women boy boys girl girls child children kid kids person people lady guy player players skier surfer baby toddler"
OTHERS = {
    "bicycle": "bike bikes cyclist",
    "motorcycle": "motorbike motorbikes",
    "airplane": "plane planes airplane airplanes jet airliner",
    "bus": "buses",
    "boat": "ship ships sailboat ferry canoe kayak",
    "traffic light": "light lights",
    "fire hydrant": "hydrant",
    "stop sign": "sign",
    "bench": "benches",
    "cow": "cattle bull calf",
    "sheep": "lamb lambs",
    "dog": "puppy puppies",
    "cat": "kitten",
    "bird": "gull duck pigeon",
    "backpack": "bag",
    "handbag": "purse bag",
    "suitcase": "luggage",
    "sports ball": "ball soccer football",
    "baseball bat": "bat",
    "baseball glove": "glove",
    "tennis racket": "racket racquet",
    "wine glass": "glass glasses wine",
    "cup": "mug mugs glass",
    "couch": "sofa sofas couches",
    "potted plant": "plant plants",
    "dining table": "table tables",
    "tv": "television monitor screen",
    "laptop": "computer",
    "cell phone": "phone phones",
    "refrigerator": "fridge",
    "oven": "stove",
    "book": "bookshelf",
    "teddy bear": "teddy",
    "donut": "doughnut doughnuts",
    "sandwich": "sandwiches",
}


def kinds_of_words(tokens: Tokens) -> Tensor:
    """[V, 80] bool: which kinds the word of each id names."""
    named = torch.zeros(len(tokens), len(KINDS), dtype=torch.bool)
    for kind, name in enumerate(KINDS):
        words = [*([] if " " in name else [name, f"{name}s"]), *OTHERS.get(name, "").split(), *(PEOPLE.split() if name == "person" else [])]
        for word in words:
            for number in tokens.encode(word, 4)[:-1]:
                if number not in tokens.banned:
                    named[number, kind] = True
    return named


class Grounding(CrossEntropy):
    """Cross-entropy, and for each word that names a kind of which there is a box: minus the logarithm of the attention to such boxes."""

    def __init__(self, stage: Stage, captioner: Captioner, longest: int, imitation: Imitation | None = None) -> None:
        """With `imitation`, its teachers say most of each next word."""
        super().__init__(stage, longest)
        self._imitation = imitation
        if not isinstance(captioner.decoder, RegionTransformerDecoder):
            raise ConfigError('grounding needs boxes: a decoder of type "region-transformer".')
        self.cells = captioner.decoder.cells
        self._named = kinds_of_words(captioner.tokens)

    def loss(self, captioner: Captioner, batch: Batch) -> Tensor:
        captions = draw_captions(batch, self.stage.captions, captioner.tokens, self.longest)
        inputs, targets, is_word = pad(captions, captioner.tokens)
        memory = self.memory(captioner, batch)
        looks: list[Tensor] = []
        logits = captioner.decoder(memory, inputs, is_word, looks).logits
        loss = torch.nn.functional.cross_entropy(logits, targets[is_word], label_smoothing=self.stage.label_smoothing)
        if self._imitation is not None:
            loss = self._imitation.taught(loss, logits, batch, inputs, is_word)
        attention = torch.stack(looks).mean(0)[..., self.cells :]  # [pictures, captions · T, boxes]
        its = self.own_boxes(memory[KIND], memory[SCORE], targets.view(len(batch.pictures), -1))
        grounded = its.any(-1)
        if not bool(grounded.any()):
            return loss
        seen = (attention * its).sum(-1)[grounded].clamp(min=1e-6)
        return loss - SHARE * seen.log().mean()

    def own_boxes(self, kinds: Tensor, scores: Tensor, words: Tensor) -> Tensor:
        """Kinds and scores [B, boxes], words [B, n] → whether each box is of a kind that the word names, [B, n, boxes] bool."""
        named = self._named[words]  # [B, n, 80]
        wanted = kinds.long()[:, None].expand(-1, words.shape[1], -1)
        return named.gather(2, wanted) & (scores > LEAST_SCORE)[:, None]
