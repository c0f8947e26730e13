"""`captioneer-export <kind> <checkpoint> <out>`: a model folder of a checkpoint that others trained."""

from __future__ import annotations

import argparse
import dataclasses
import sys
from pathlib import Path

from ..config import ConfigError
from ..export import DTYPES, write_model
from ..files import explain, whole_folder
from . import blip, clipcap, git, inception_lstm, show_attend_tell, vision_encoder_decoder
from .kind import Kind

KINDS: tuple[Kind, ...] = (
    blip.KIND,
    clipcap.KIND,
    git.KIND,
    inception_lstm.KIND,
    show_attend_tell.KIND,
    vision_encoder_decoder.KIND,
)


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="captioneer-export", description=__doc__)
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="kind")
    for kind in KINDS:
        of_kind = kinds.add_parser(kind.name, help=kind.help, description=kind.help)
        of_kind.add_argument("checkpoint", type=Path)
        of_kind.add_argument("out", type=Path, help="the model folder, new or empty")
        kind.add_options(of_kind)
        of_kind.add_argument("--dtype", choices=DTYPES, default="float32", help="of the weights in the files (default: float32)")
        of_kind.add_argument("--name", help="of the model (default: that of the folder)")
        of_kind.add_argument("--license", default="that of the checkpoint", help="SPDX expression or a phrase (default: %(default)r)")
        of_kind.add_argument("--languages", nargs="+", default=["en"], help="BCP 47 tags (default: en)")
        of_kind.add_argument("--training-data", nargs="+", default=[], help="what it was trained on (default: not stated)")
        of_kind.set_defaults(read=kind.read)
    return parser


def export(arguments: argparse.Namespace) -> None:
    with whole_folder(arguments.out) as folder:
        parts = arguments.read(arguments)
        stated = {
            "name": arguments.name or arguments.out.resolve().name,
            "version": "1.0.0",
            "languages": arguments.languages,
            "license": arguments.license,
            "trainingData": arguments.training_data,
        }
        write_model(dataclasses.replace(parts, description=stated | parts.description), folder, arguments.dtype)


def main(arguments: list[str] | None = None) -> int:
    parsed = build_parser().parse_args(arguments)
    try:
        export(parsed)
    except ConfigError as error:
        print(f"captioneer-export: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"captioneer-export: {explain(error, 'Make room')}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
