"""A ResNet and an LSTM that attends to its map: checkpoints of sgrvinod's PyTorch tutorial on Show, Attend and Tell (Xu 2015).

The file is what the tutorial's training saves: a dict whose `encoder` and `decoder` are modules, pickled whole, or their state
dicts. Modules are read without running the pickle's code (module_pickles.py).

    encoder.resnet              a torchvision ResNet's children but the last two, by number
    decoder.attention           encoder_att, decoder_att and, after a ReLU, full_att
    decoder.embedding, .fc      embeddings and scores of the words
    decoder.init_h, .init_c     from the mean of the map to the first state
    decoder.decode_step         the LSTM cell
    decoder.f_beta              the gate of what was seen

Which ResNet it is, and all widths, are read from the weights. The picture's side and the rows of the map, which the tutorial
brings to 14 by adaptive pooling, are 256 pixels and 14 unless said otherwise. As in the tutorial no word is held back; its beam
search, five beams that shrink, is the manifest's default.
"""

from __future__ import annotations

import pickle
import re
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

import torch

from ..config import ConfigError
from ..decoders.show_attend_tell import ShowAttendTellConfig, ShowAttendTellDecoder
from ..encoders.encoder import IMAGENET_MEAN, IMAGENET_STD
from ..encoders.grid import Grid
from ..encoders.resnet import ResNet
from ..export import ModelParts
from .checkpoint import Checkpoint, Names, as_tensors, load_safely
from .kind import Kind
from .module_pickles import Part, load_modules, tensors_of
from .words import read_word_map

CLASSES = ("models.Encoder", "models.DecoderWithAttention", "models.Attention")
"""The tutorial's own modules."""
CHILDREN = {"0": "conv1", "1": "bn1", "4": "layer1", "5": "layer2", "6": "layer3", "7": "layer4"}
"""Those of a torchvision ResNet that have weights, by their numbers in a Sequential."""
LONGEST = 50
UNLIMITED = 1000
"""An LSTM can take in any number of words."""


def add_options(parser: ArgumentParser) -> None:
    parser.add_argument("--word-map", type=Path, required=True, help="JSON file with the id of each word")
    parser.add_argument("--side", type=int, default=256, help="of the picture, in pixels (default: 256)")
    parser.add_argument("--rows", type=int, default=14, help="of the map after its adaptive pooling (default: 14)")


def read(arguments: Namespace) -> ModelParts:
    checkpoint = open_checkpoint(arguments.checkpoint)
    encoder = read_encoder(checkpoint, arguments.side, arguments.rows)
    decoder = read_decoder(checkpoint, encoder)
    checkpoint.ignore(r".*\.num_batches_tracked")
    checkpoint.finish("a captioner of the tutorial")
    vocabulary = read_word_map(arguments.word_map, decoder.vocabulary)
    description: dict[str, Any] = {
        "family": "attention",
        "image": {
            "width": encoder.side,
            "height": encoder.side,
            "resize": "squash",
            "resample": "bilinear",
            "mean": list(IMAGENET_MEAN),
            "std": list(IMAGENET_STD),
        },
        "tokens": {"start": [vocabulary.start], "end": [vocabulary.end], "banned": []},
        "generation": {
            "numBeams": 5,
            "lengthPenalty": 0.0,
            "minLength": 0,
            "maxLength": LONGEST,
            "noRepeatNgramSize": 0,
            "beamVariant": "show-attend-tell",
        },
    }
    return ModelParts(encoder, decoder, vocabulary, description)


def open_checkpoint(path: Path) -> Checkpoint:
    try:
        state = load_safely(path, lambda file: load_modules(file, CLASSES))
    except ConfigError as error:
        if not isinstance(error.__cause__, pickle.UnpicklingError):
            raise
        named = re.search(r"GLOBAL (\S+)", str(error.__cause__))
        raise ConfigError(
            f"{path}: expected the tutorial's modules or their state dicts, found Python objects that only code could read "
            f"({named[1] if named else 'of an unknown kind'}); if you trust the file, run in the tutorial's folder "
            f"c = torch.load({path.name!r}, map_location='cpu', weights_only=False); "
            "torch.save({k: c[k].state_dict() for k in ('encoder', 'decoder')}, 'weights.pt') and give weights.pt."
        ) from error
    if not isinstance(state, dict) or not {"encoder", "decoder"} <= state.keys():
        found = f"a dict of {', '.join(map(str, state))}" if isinstance(state, dict) else f"a {type(state).__name__}"
        raise ConfigError(f"{path}: expected a dict with encoder and decoder, found {found}.")
    tensors: dict[str, torch.Tensor] = {}
    for name in ("encoder", "decoder"):
        part = state[name]
        of_part = tensors_of(part) if isinstance(part, Part) else as_tensors(part, path)
        tensors |= {f"{name}.{inner}": tensor for inner, tensor in of_part.items()}
    return Checkpoint(path, tensors)


def read_encoder(checkpoint: Checkpoint, side: int, rows: int) -> Grid:
    if side < 1 or rows < 1:
        raise ConfigError(f"expected a side and rows of at least 1, found {side} and {rows}.")
    blocks = [max(1, checkpoint.count(f"encoder.resnet.{child}.N.")) for child in (4, 5, 6, 7)]
    is_bottleneck = "encoder.resnet.4.0.conv3.weight" in checkpoint
    with torch.device("meta"):  # its weights come from the checkpoint
        network = ResNet((blocks[0], blocks[1], blocks[2], blocks[3]), is_bottleneck, side)
    numbers = {name: number for number, name in CHILDREN.items()}
    state = {}
    for name, tensor in network.state_dict().items():
        child, _, rest = name.partition(".")
        published = f"encoder.resnet.{numbers[child]}.{rest}"
        if not name.endswith("num_batches_tracked"):
            state[name] = checkpoint.take(published, list(tensor.shape))
        else:
            state[name] = torch.tensor(0)
    network.load_state_dict(state, assign=True)
    return Grid(network.folded(), rows)


def read_decoder(checkpoint: Checkpoint, encoder: Grid) -> ShowAttendTellDecoder:
    words, hidden = checkpoint.take("decoder.fc.weight", [None, None]).shape
    embedding = checkpoint.take("decoder.embedding.weight", [words, None]).shape[1]
    attention = checkpoint.take("decoder.attention.encoder_att.weight", [None, encoder.width]).shape[0]
    config = ShowAttendTellConfig(words, encoder.width, encoder.regions, embedding, hidden, attention, UNLIMITED)
    decoder = ShowAttendTellDecoder(config)
    names: Names = {
        "initial": ("decoder.init_h", "decoder.init_c"),
        "region_score": "decoder.attention.encoder_att",
        "hidden_score": "decoder.attention.decoder_att",
        "score": "decoder.attention.full_att",
        "gate": "decoder.f_beta",
        "embed": "decoder.embedding",
        "lstm": "decoder.decode_step",
        "output": "decoder.fc",
    }
    checkpoint.fill(decoder, names)
    return decoder


KIND = Kind("show-attend-tell", "a ResNet and an attending LSTM: a checkpoint of sgrvinod's PyTorch tutorial", add_options, read)
