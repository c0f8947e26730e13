"""Inception-v3 and an LSTM to which the picture is the first word (Show and Tell, Vinyals et al. 2015).

The checkpoint is the state dict of

    encoder.inception    torchvision's `inception_v3` with its auxiliary classifier, `fc` a linear layer to the embedding
    encoder.bn           a batch norm of the embedding
    decoder.embed        the embeddings of the words
    decoder.lstm         an LSTM of several layers
    decoder.linear       scores of the words

by itself, or as `state_dict` beside what training needs. All sizes are read from the weights.

The folder does what the code that goes with such checkpoints does to caption a picture: from an empty state the LSTM reads
the embedding, then each word it has found; the likeliest word is taken and no word is held back. The first word is nearly
always the start word, which was the first target in training: it is an id like any other, without text.

Two things the weights do not tell. The picture's side is 299 pixels unless said otherwise. And torchvision turns
`transform_input` on where the network is built with pretrained weights: it then takes its input for one normalised by
ImageNet's statistics and renormalises it, whatever it was normalised by. That is a linear map of each channel, which goes into
the manifest's mean and standard deviation.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.nn.utils.fusion import fuse_linear_bn_weights

from ..decoders.picture_first import PictureFirstConfig, PictureFirstDecoder
from ..encoders.encoder import IMAGENET_MEAN, IMAGENET_STD, Channels, grey
from ..encoders.inception_v3 import InceptionV3
from ..export import ModelParts
from .checkpoint import Checkpoint, as_tensors, load_safely
from .kind import Kind
from .words import read_two_way_map

BATCH_NORM_EPSILON = 1e-5
LONGEST = 50
"""Words that the reference finds at most."""
UNLIMITED = 1000
"""An LSTM can take in any number of words."""


def add_options(parser: ArgumentParser) -> None:
    parser.add_argument("--vocabulary", type=Path, required=True, help="JSON file with `itos` and `stoi`")
    parser.add_argument("--side", type=int, default=299, help="of the picture, in pixels (default: 299)")
    parser.add_argument(
        "--transform-input",
        action="store_true",
        help="the network was built by inception_v3(pretrained=True) or inception_v3(weights=…), which renormalise their input",
    )


def read(arguments: Namespace) -> ModelParts:
    checkpoint = open_checkpoint(arguments.checkpoint)
    encoder = read_encoder(checkpoint, arguments.side)
    decoder = read_decoder(checkpoint, encoder)
    checkpoint.ignore(r"encoder\.inception\.AuxLogits\..*", r".*\.num_batches_tracked")
    checkpoint.finish("an Inception-LSTM captioner")
    vocabulary = read_two_way_map(arguments.vocabulary, decoder.vocabulary)
    mean, std = renormalised() if arguments.transform_input else (grey(0.5), grey(0.5))
    description: dict[str, Any] = {
        "family": "inception-lstm",
        "image": {
            "width": encoder.side,
            "height": encoder.side,
            "resize": "squash",
            "resample": "bilinear",
            "mean": list(mean),
            "std": list(std),
        },
        "tokens": {"start": [], "end": [vocabulary.end], "banned": []},
        "generation": {"numBeams": 1, "lengthPenalty": 1.0, "minLength": 0, "maxLength": LONGEST, "noRepeatNgramSize": 0},
    }
    return ModelParts(encoder, decoder, vocabulary, description, is_normalized=False)


def open_checkpoint(path: Path) -> Checkpoint:
    state = load_safely(path)
    if isinstance(state, dict) and isinstance(state.get("state_dict"), dict):
        state = state["state_dict"]
    return Checkpoint(path, as_tensors(state, path))


def read_encoder(checkpoint: Checkpoint, side: int) -> InceptionV3:
    with torch.device("meta"):  # its weights come from the checkpoint
        network = InceptionV3(side, pools_count_padding=True)
    published = {name: checkpoint.take(f"encoder.inception.{name}", shape) for name, shape in network.torchvision_shapes().items()}
    network.load_state_dict(network.fold_torchvision(published), assign=True)
    return network


def read_decoder(checkpoint: Checkpoint, encoder: InceptionV3) -> PictureFirstDecoder:
    words, hidden = checkpoint.take("decoder.linear.weight", [None, None]).shape
    embedding = checkpoint.take("encoder.inception.fc.weight", [None, encoder.width]).shape[0]
    layers = max(1, checkpoint.count("decoder.lstm.weight_ih_lN"))
    config = PictureFirstConfig(words, encoder.width, encoder.regions, embedding, hidden, layers, UNLIMITED)
    decoder = PictureFirstDecoder(config)
    checkpoint.fill(decoder.embed, {"": "decoder.embed"})
    checkpoint.fill(decoder.lstm, {"": "decoder.lstm"})
    checkpoint.fill(decoder.output, {"": "decoder.linear"})
    checkpoint.fill(decoder.project, {"": "encoder.inception.fc"})
    scale, offset, mean, variance = (
        checkpoint.take(f"encoder.bn.{part}", [embedding]) for part in ("weight", "bias", "running_mean", "running_var")
    )
    weight, bias = fuse_linear_bn_weights(decoder.project.weight, decoder.project.bias, mean, variance, BATCH_NORM_EPSILON, scale, offset)
    decoder.project.weight, decoder.project.bias = nn.Parameter(weight.detach()), nn.Parameter(bias.detach())
    return decoder


def renormalised() -> tuple[Channels, Channels]:
    """Mean and standard deviation that do to pixels on 0 … 1 what 0.5 and 0.5, and then `transform_input`, do.

    With x = (p − ½) / ½, torchvision's x · σ / ½ + (μ − ½) / ½ is (p − ½ + (μ − ½) / 2σ) · 4σ.
    """
    red, green, blue = ((0.5 - (mean - 0.5) / (2 * std), 1 / (4 * std)) for mean, std in zip(IMAGENET_MEAN, IMAGENET_STD, strict=True))
    return (red[0], green[0], blue[0]), (red[1], green[1], blue[1])


KIND = Kind("inception-lstm", "Inception-v3 and an LSTM: a state dict with encoder.inception, encoder.bn and decoder", add_options, read)
