"""Public checkpoints, exported: features and logits are those that their references gave (test/exporters), bad files are refused."""

from __future__ import annotations

import base64
import json
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
import torch
from public_checkpoints import byte_pairs, write_checkpoint
from torch import Tensor

from captioneer_training.exporters import clip_towers
from captioneer_training.exporters.__main__ import main
from captioneer_training.exporters.bert import PublishedWordPieces
from captioneer_training.exporters.generation import Search
from captioneer_training.exporters.gpt2 import read_tokenizer
from captioneer_training.exporters.settings import Settings

RECORDED = Path(__file__).parents[2] / "test" / "exporters" / "fixtures"
ROWS = sorted(path.parent.name for path in RECORDED.glob("*/recorded.json"))
VIT, CLIPCAP, BLIP, GIT = "vit-gpt2", "clipcap-mlp", "blip", "git"


@pytest.fixture(autouse=True)
def narrow_heads(monkeypatch: pytest.MonkeyPatch) -> None:
    """The small checkpoints have heads of 8 numbers where all published ones of CLIP and ClipCap have 64."""
    monkeypatch.setattr(clip_towers, "HEAD_WIDTH", 8)


def recording(row: str) -> dict[str, Any]:
    return json.loads((RECORDED / row / "recorded.json").read_text(encoding="utf-8"))


def arguments(command: list[str], folder: Path) -> list[str]:
    """Of the command, with the checkpoint's files in `folder/checkpoint` and the model in `folder/model`."""
    kind, first, *others = command
    paths = [other if other.startswith("--") else str(folder / "checkpoint" / other) for other in others]
    return [kind, str(folder / "checkpoint" / first), str(folder / "model"), *paths]


def floats(recorded: dict[str, Any]) -> np.ndarray:
    return np.frombuffer(base64.b64decode(recorded["values"]), "<f4").reshape(recorded["dims"])


def run(path: Path, feeds: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    session = onnxruntime.InferenceSession(path)
    wanted = {i.name for i in session.get_inputs()}
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, {name: value for name, value in feeds.items() if name in wanted}), strict=True))


def first_state(path: Path) -> dict[str, np.ndarray]:
    inputs = [i for i in onnxruntime.InferenceSession(path).get_inputs() if i.name.startswith("past.")]
    return {i.name: np.zeros([1, *(0 if isinstance(size, str) else size for size in i.shape[1:])], np.float32) for i in inputs}


@pytest.mark.parametrize("row", ROWS)
def test_features_and_logits_are_those_of_the_reference(row: str, tmp_path: Path) -> None:
    recorded = recording(row)
    write_checkpoint(tmp_path / "checkpoint", recorded["checkpoint"])
    assert main(arguments(recorded["command"], tmp_path)) == 0
    model = tmp_path / "model"
    given = run(model / "encoder.onnx", {"pixel_values": floats(recorded["pixelValues"])})
    for name, values in recorded["memory"].items():
        expected = floats(values)
        np.testing.assert_allclose(given[name], expected, atol=1e-4 * float(np.abs(expected).max()), err_msg=name)
    feeds = given | {name.replace("initial.", "past."): value for name, value in given.items()}
    feeds = first_state(model / "decoder.onnx") | feeds
    looks = floats(recorded["attention"]) if "attention" in recorded else None
    for at, (read, logits) in enumerate(zip(recorded["read"], floats(recorded["logits"]), strict=True)):
        step = run(model / "decoder.onnx", {**feeds, "input_ids": np.array([read], np.int64)})
        np.testing.assert_allclose(step["logits"][0], logits, atol=1e-4 * float(np.abs(logits).max()))
        if looks is not None:
            np.testing.assert_allclose(step["attention"][0], looks[at], atol=1e-5)
        feeds |= {name.replace("present.", "past."): value for name, value in step.items()}
        if "prefix" in feeds:
            feeds["prefix"] = feeds["prefix"][:, :0]


def test_a_hub_id_is_downloaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Weights that are no safetensors are fetched only if there are no others."""
    description = recording(BLIP)["checkpoint"]
    weights = description["weights"].pop("model.safetensors")
    description["weights"]["pytorch_model.bin"] = weights
    write_checkpoint(tmp_path / "hub", description)
    asked: list[list[str]] = []

    def snapshot_download(hub_id: str, allow_patterns: list[str]) -> str:
        assert hub_id == "owner/blip-tiny"
        asked.append(allow_patterns)
        return str(tmp_path / "hub")

    monkeypatch.setattr("huggingface_hub.snapshot_download", snapshot_download)
    monkeypatch.chdir(tmp_path)
    assert main(["blip", "owner/blip-tiny", "model"]) == 0
    assert asked == [["*.json", "vocab.txt", "model.safetensors"], ["*.json", "vocab.txt", "pytorch_model.bin"]]
    assert json.loads((tmp_path / "model" / "captioneer.json").read_text())["family"] == "blip"


def test_a_hub_id_that_cannot_be_had_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def snapshot_download(hub_id: str, allow_patterns: list[str]) -> str:
        raise OSError("no route to host\nand more")

    monkeypatch.setattr("huggingface_hub.snapshot_download", snapshot_download)
    monkeypatch.chdir(tmp_path)
    assert main(["git", "owner/name", "model"]) == 2
    expected = "owner/name: expected a folder of that name, or a checkpoint on the hub, found neither (no route to host)."
    assert capsys.readouterr().err == f"captioneer-export: {expected} Check the name and the network.\n"
    assert main(["git", "nowhere", "model"]) == 2
    assert "nowhere: expected a folder with config.json and the weights, or a hub id (owner/name), found none." in capsys.readouterr().err


def test_word_pieces_keep_their_rules_and_are_cleaned_up_as_the_checkpoint_says(tmp_path: Path) -> None:
    write_checkpoint(tmp_path / "blip", recording(BLIP)["checkpoint"])
    write_checkpoint(tmp_path / "git", recording(GIT)["checkpoint"])
    cleaned, plain = PublishedWordPieces(tmp_path / "blip", 100, ("[DEC]", "[ENC]")), PublishedWordPieces(tmp_path / "git", 90)
    assert (len(cleaned), len(plain)) == (100, 90)
    ids = plain.tokenizer.encode("The D\u00f3g's photography!", add_special_tokens=False).ids
    assert ids == cleaned.tokenizer.encode("the dog's photography!", add_special_tokens=False).ids
    assert plain.tokenizer.decode([*ids, 83]) == "the dog ' s photography!"
    assert cleaned.tokenizer.decode([98, *ids, 99]) == "the dog's photography!"


@pytest.mark.parametrize(
    ("said", "longest", "rest"),
    [
        ({}, 20, {"countsPrompt": False}),
        ({"max_length": 20}, 20, {"countsPrompt": False}),
        ({"max_length": 50}, 49, {}),
        ({"max_length": 50, "max_new_tokens": 30}, 30, {"countsPrompt": False}),
    ],
)
def test_the_default_length_is_one_of_new_tokens(said: dict[str, int], longest: int, rest: dict[str, bool]) -> None:
    settings = [Settings(Path("config.json"), said)]
    found = Search(settings, settings, 100, 512).defaults(continues_prompt=True)
    assert found["maxLength"] == longest
    assert {name: value for name, value in found.items() if name == "countsPrompt"} == rest


def test_int8_takes_a_quarter_and_stays_near(tmp_path: Path) -> None:
    recorded = recording(CLIPCAP)
    write_checkpoint(tmp_path / "checkpoint", recorded["checkpoint"])
    whole = arguments(recorded["command"], tmp_path)
    assert main([*whole, "--dtype", "int8"]) == 0
    given = run(tmp_path / "model" / "encoder.onnx", {"pixel_values": floats(recorded["pixelValues"])})
    expected = floats(recorded["memory"]["prefix"])
    assert 0 < np.abs(given["prefix"] - expected).max() < 0.1 * np.abs(expected).max()


def test_an_older_file_with_masks_and_a_head_is_the_same_model(tmp_path: Path) -> None:
    recorded = recording(VIT)
    description = recorded["checkpoint"]
    shapes = description["weights"].pop("model.safetensors")
    masks = {f"decoder.transformer.h.{n}.{kind}.bias": [1, 1, 32, 32] for n in (0, 1) for kind in ("attn", "crossattention")}
    description["weights"]["pytorch_model.bin"] = shapes | masks | {"decoder.lm_head.weight": [276 + 1, 16]}
    description["json"]["config.json"]["decoder"] |= {"n_inner": None}
    write_checkpoint(tmp_path / "checkpoint", description)
    assert main(arguments(recorded["command"], tmp_path)) == 0
    given = run(tmp_path / "model" / "encoder.onnx", {"pixel_values": floats(recorded["pixelValues"])})
    np.testing.assert_allclose(given["cross.1.key"], floats(recorded["memory"]["cross.1.key"]), atol=1e-4)


def test_gpt2s_own_two_files_are_the_same_tokenizer(tmp_path: Path) -> None:
    tokenizer = byte_pairs(20)
    (tmp_path / "vocab.json").write_text(json.dumps(tokenizer.get_vocab()), encoding="utf-8")
    merges = json.loads(tokenizer.to_str())["model"]["merges"]
    lines = ["#version: 0.2", *(" ".join(pair) for pair in merges)]
    (tmp_path / "merges.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = read_tokenizer(tmp_path)
    assert found.get_vocab() == tokenizer.get_vocab()
    for text in ("", '!!!"#', " a dog's  \u00e9\U0001f415\n", "x<|endoftext|>!#"):
        assert found.encode(text).ids == tokenizer.encode(text).ids
        assert found.decode(found.encode(text).ids, skip_special_tokens=False) == text


# ---- What is refused --------------------------------------------------------------------------------------------------

Change = Callable[[Path], None]


def rewrite_tensors(name: str, change: Callable[[dict[str, Any]], object]) -> Change:
    def rewrite(folder: Path) -> None:
        tensors = torch.load(folder / name, weights_only=True)
        change(tensors)
        torch.save(tensors, folder / name)

    return rewrite


def rewrite_json(name: str, change: Callable[[Any], object]) -> Change:
    def rewrite(folder: Path) -> None:
        values = json.loads((folder / name).read_text(encoding="utf-8"))
        change(values)
        (folder / name).write_text(json.dumps(values), encoding="utf-8")

    return rewrite


class Evil:
    """A pickle that runs a command when it is read without care."""

    def __reduce__(self) -> tuple[Any, ...]:
        import os

        return os.system, ("touch hacked",)


def poison(folder: Path) -> None:
    (folder / "clipcap.pt").write_bytes(pickle.dumps({"gpt.transformer.wte.weight": Evil()}, protocol=2))


def truncate(name: str) -> Change:
    def cut(folder: Path) -> None:
        data = (folder / name).read_bytes()
        (folder / name).write_bytes(data[: len(data) // 2])

    return cut


def make_script(folder: Path) -> None:
    with zipfile.ZipFile(folder / "clip.pt", "w") as archive:
        archive.writestr("clip/constants.pkl", b"")
        archive.writestr("clip/code/model.py", "pass")


def widen(tensors: dict[str, Tensor]) -> None:
    tensors["gpt.transformer.h.0.attn.c_attn.weight"] = torch.zeros(16, 64)


BAD: dict[str, tuple[str, Change, tuple[str, ...]]] = {
    "no file": (CLIPCAP, lambda f: (f / "clipcap.pt").unlink(), ("clipcap.pt: expected a file of weights, found none",)),
    "a pickle that runs code": (CLIPCAP, poison, ("expected tensors alone", "could run code")),
    "a TorchScript archive": (CLIPCAP, make_script, ("clip.pt", "TorchScript", "torch.jit.load('clip.pt'")),
    "half a file": (CLIPCAP, truncate("clipcap.pt"), ("clipcap.pt: expected a whole file",)),
    "half a safetensors file": (VIT, truncate("model.safetensors"), ("model.safetensors: expected a whole file",)),
    "no state dict": (
        CLIPCAP,
        rewrite_tensors("clipcap.pt", lambda t: t.update(epoch={"gpt": torch.zeros(1)})),
        ("expected a state dict", "found a dict under 'epoch'"),
    ),
    "a missing tensor": (
        CLIPCAP,
        rewrite_tensors("clipcap.pt", lambda t: t.pop("gpt.transformer.h.1.ln_2.bias")),
        ("expected a tensor gpt.transformer.h.1.ln_2.bias of shape [16], found none",),
    ),
    "a tensor too many": (
        CLIPCAP,
        rewrite_tensors("clipcap.pt", lambda t: t.update(extra=torch.zeros(1), more=torch.zeros(1))),
        ("found also extra and 1 more",),
    ),
    "another shape": (
        CLIPCAP,
        rewrite_tensors("clipcap.pt", widen),
        ("expected gpt.transformer.h.0.attn.c_attn.weight of shape [16, 48], found [16, 64]",),
    ),
    "an untied head": (
        CLIPCAP,
        rewrite_tensors("clipcap.pt", lambda t: t["gpt.lm_head.weight"].zero_()),
        ("expected gpt.lm_head.weight to be gpt.transformer.wte.weight",),
    ),
    "no mapping network": (
        CLIPCAP,
        rewrite_tensors("clipcap.pt", lambda t: t.pop("clip_project.model.0.weight")),
        ("clip_project.model.0.weight", "clip_project.prefix_const", "found neither"),
    ),
    "no CLIP": (
        CLIPCAP,
        rewrite_tensors("clip.pt", lambda t: t.pop("visual.class_embedding")),
        ("clip.pt: expected the picture side of CLIP",),
    ),
    "a CLIP of another size": (
        CLIPCAP,
        rewrite_tensors("clip.pt", lambda t: t.update({"visual.proj": torch.zeros(16, 32)})),
        ("embeddings have 24 numbers", "found 32"),
    ),
    "no tokenizer": (CLIPCAP, lambda f: (f / "tokenizer.json").unlink(), ("vocab.json and merges.txt, found neither",)),
    "a smaller tokenizer": (
        CLIPCAP,
        rewrite_json("tokenizer.json", lambda t: t["added_tokens"].clear()),
        ("expected a tokenizer of 277 tokens", "found one of 276"),
    ),
    "no weights": (VIT, lambda f: (f / "model.safetensors").unlink(), ("model.safetensors or pytorch_model.bin",)),
    "another model": (
        VIT,
        rewrite_json("config.json", lambda c: c.update(model_type="trocr")),
        ('expected model_type to be one of vision-encoder-decoder, found "trocr"',),
    ),
    "another encoder": (
        VIT,
        rewrite_json("config.json", lambda c: c["encoder"].update(model_type="convnext")),
        ("config.json: expected encoder.model_type to be one of vit, deit", '"convnext"'),
    ),
    "a config that lies about its weights": (
        VIT,
        rewrite_json("config.json", lambda c: c["encoder"].update(intermediate_size=48)),
        ("expected encoder.encoder.layer.0.intermediate.dense.weight of shape [48, 16], found [32, 16]",),
    ),
    "a config with fewer layers": (
        VIT,
        rewrite_json("config.json", lambda c: c["decoder"].update(n_layer=1)),
        ("found also decoder.transformer.h.1.",),
    ),
    "a field that is missing": (
        VIT,
        rewrite_json("config.json", lambda c: c["decoder"].pop("n_head")),
        ("expected decoder.n_head to be a whole number, found nothing",),
    ),
    "pictures of another size": (
        VIT,
        rewrite_json("preprocessor_config.json", lambda c: c.update(size={"height": 40, "width": 32})),
        ("expected pictures of 32×32", "found 40×32"),
    ),
    "another image processor": (
        VIT,
        rewrite_json("preprocessor_config.json", lambda c: c.update(image_processor_type="DonutImageProcessor")),
        ("image_processor_type to be one of ViTImageProcessor", '"DonutImageProcessor"'),
    ),
    "a search that is not supported": (
        VIT,
        rewrite_json("generation_config.json", lambda c: c.update(do_sample=True)),
        ("expected do_sample to be False", "found true"),
    ),
    "a BLIP that answers questions": (
        BLIP,
        rewrite_json("config.json", lambda c: c.update(architectures=["BlipForQuestionAnswering"])),
        ('config.json: expected architectures to be ["BlipForConditionalGeneration"], found ["BlipForQuestionAnswering"]',),
    ),
    "another model for BLIP": (
        BLIP,
        rewrite_json("config.json", lambda c: c.update(model_type="blip-2")),
        ('config.json: expected model_type to be one of blip, found "blip-2"',),
    ),
    "a BLIP whose text decoder has more layers": (
        BLIP,
        rewrite_json("config.json", lambda c: c["text_config"].update(num_hidden_layers=3)),
        ("expected a tensor text_decoder.bert.encoder.layer.2.attention.self.query.weight", "found none of that name"),
    ),
    "a BLIP without a size of pictures": (
        BLIP,
        lambda f: (f / "preprocessor_config.json").unlink(),
        ("preprocessor_config.json: expected this file, found none",),
    ),
    "a BLIP whose end is no token": (
        BLIP,
        rewrite_json("config.json", lambda c: c["text_config"].update(sep_token_id=500)),
        ("expected text_config.sep_token_id to be ids of tokens below 100, found 500",),
    ),
    "a BLIP with an untied head": (
        BLIP,
        rewrite_json("config.json", lambda c: c["text_config"].update(tie_word_embeddings=False)),
        ("expected text_config.tie_word_embeddings to be true, found false",),
    ),
    "a BLIP with a smaller tokenizer": (
        BLIP,
        rewrite_json("tokenizer.json", lambda t: t["model"]["vocab"].popitem()),
        ("expected a tokenizer of 100 tokens, as many as the decoder scores, found one of 97",),
    ),
    "no vocabulary": (GIT, lambda f: (f / "vocab.txt").unlink(), ("expected tokenizer.json or vocab.txt, found neither",)),
    "a tokenizer of another kind": (
        GIT,
        lambda f: byte_pairs(20).save(str(f / "tokenizer.json")),
        ("tokenizer.json: expected BERT's WordPiece tokenizer (WordPiece after BertNormalizer), found BPE after NoneType",),
    ),
    "a GIT for videos": (
        GIT,
        rewrite_json("config.json", lambda c: c.update(num_image_with_embedding=6)),
        ("expected num_image_with_embedding to be null", "not for videos, found 6"),
    ),
    "a GIT of another size": (
        GIT,
        rewrite_json("preprocessor_config.json", lambda c: c.update(crop_size={"height": 48, "width": 48})),
        ("expected pictures of 32×32, as vision_config.image_size in config.json says, found 48×48",),
    ),
    "text that is not JSON": (VIT, truncate("config.json"), ("config.json: expected JSON",)),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_checkpoint_is_one_sentence_and_leaves_nothing(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    row, spoil, expected = BAD[case]
    recorded = recording(row)
    write_checkpoint(tmp_path / "checkpoint", recorded["checkpoint"])
    monkeypatch.chdir(tmp_path)
    spoil(tmp_path / "checkpoint")
    assert main(arguments(recorded["command"], tmp_path)) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1 and lines[0].startswith("captioneer-export: "), lines
    for words in expected:
        assert words in lines[0]
    assert [path.name for path in tmp_path.iterdir()] == ["checkpoint"]


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "mine.txt").touch()
    assert main(arguments(recording(VIT)["command"], tmp_path)) == 2
    assert "expected a new or empty folder, found mine.txt in it" in capsys.readouterr().err
    assert (tmp_path / "model" / "mine.txt").exists()


def test_whether_embeddings_have_unit_length_must_be_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = arguments([word for word in recording(CLIPCAP)["command"] if word != "--no-normalize"], tmp_path)
    with pytest.raises(SystemExit) as ended:
        main(command)
    assert ended.value.code == 2
    assert "--normalize" in capsys.readouterr().err
