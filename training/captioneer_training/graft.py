"""A decoder that learned on the features of one encoder, set on another that has learned to see as that one does.

The student's features, by the linear map that brings them nearest to the teacher's (ridge regression over places of training
pictures), are what the decoder knows already; since the decoder starts with a linear layer, the map goes into that layer.
"""

from __future__ import annotations

import torch
from torch import Tensor

from .config import ConfigError
from .decoders.transformer import TransformerDecoder
from .model import Captioner
from .sources import Source, in_batches

PENALTY = 1e-3
"""Of the ridge regression, times the number of places, for features of unit variance."""


@torch.inference_mode()
def linear_map(student: Captioner, teacher: Captioner, sources: list[Source], pictures: int) -> tuple[Tensor, Tensor]:
    """(weight [teacher's channels, student's channels], bias [teacher's channels]), from so many pictures of each source."""
    student.eval()
    teacher.eval()
    width = student.encoder.width + 1
    products = torch.zeros(width, width, dtype=torch.float64)
    targets = torch.zeros(width, teacher.encoder.width, dtype=torch.float64)
    for source in sources:
        for images in in_batches(source, 32, pictures):
            given, wanted = (c.encoder(c.encoder.pixel_values(images)).flatten(0, 1).double() for c in (student, teacher))
            if len(given) != len(wanted):
                raise ConfigError(f"the teacher sees {teacher.encoder.regions} places and the student {student.encoder.regions}.")
            given = torch.cat((given, torch.ones(len(given), 1, dtype=torch.float64)), 1)
            products += given.T @ given
            targets += given.T @ wanted
    count = products[-1, -1]
    spread = (products.diagonal()[:-1] / count - (products[-1, :-1] / count) ** 2).mean()  # variance, the mean of all channels
    penalty = torch.full((width,), float(PENALTY * count * spread), dtype=torch.float64)
    penalty[-1] = 0.0
    solved = torch.linalg.solve(products + penalty.diag(), targets)  # [width, teacher's channels]
    return solved[:-1].T.float(), solved[-1].float()


def graft(student: Captioner, teacher: Captioner, sources: list[Source], pictures: int = 1000) -> Captioner:
    """The student's encoder with the teacher's decoder and tokens."""
    grafted = Captioner(student.encoder_name, teacher.decoder_settings, teacher.tokens)
    taken, own = teacher.decoder, grafted.decoder
    if not isinstance(taken, TransformerDecoder) or not isinstance(own, TransformerDecoder):
        raise ConfigError('only a decoder of type "transformer" starts with the linear layer that grafting needs.')
    weight, bias = linear_map(student, teacher, sources, pictures)
    project = taken.project
    with torch.no_grad():
        mapped = {"project.weight": project.weight @ weight, "project.bias": project.bias + project.weight @ bias}
    grafted.encoder.load_state_dict(student.encoder.state_dict())
    own.load_state_dict(taken.state_dict() | mapped)
    return grafted
