"""`captioneer-export inception-lstm` against an independent captioner with the published names."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
import torch
from inception_reference import Inception, InceptionLstm, shake
from refusals import assert_refused
from torch import Tensor

from captioneer_training.config import ConfigError
from captioneer_training.exporters.__main__ import main
from captioneer_training.exporters.words import read_two_way_map

SIDE, EMBEDDING, HIDDEN, LAYERS = 75, 12, 16, 3
WORDS = ["<PAD>", "<SOS>", "<EOS>", "<UNK>", *(f"word{n}" for n in range(16))]
State = dict[str, Tensor]


def two_way(words: list[str]) -> dict[str, Any]:
    return {"itos": {str(index): word for index, word in enumerate(words)}, "stoi": {word: index for index, word in enumerate(words)}}


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("inception-lstm")
    (folder / "vocabulary.json").write_text(json.dumps(two_way(WORDS)))
    return folder


@pytest.fixture(scope="module")
def reference(work: Path) -> InceptionLstm:
    model = InceptionLstm(Inception(EMBEDDING, transform_input=True), EMBEDDING, HIDDEN, len(WORDS), LAYERS)
    shake(model, 6)
    torch.save({"state_dict": model.state_dict(), "optimizer": {}, "step": 7}, work / "checkpoint.pth.tar")
    return model


def run(work: Path, checkpoint: str = "checkpoint.pth.tar", out: str = "out", *options: str) -> int:
    paths = [str(work / checkpoint), str(work / out), "--vocabulary", str(work / "vocabulary.json"), "--side", str(SIDE)]
    return main(["inception-lstm", *paths, *options])


@pytest.fixture(scope="module")
def folder(work: Path, reference: InceptionLstm) -> Path:
    assert run(work, "checkpoint.pth.tar", "model", "--transform-input") == 0
    return work / "model"


def step(session: onnxruntime.InferenceSession, prefix: np.ndarray, ids: list[int], state: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    names = [output.name for output in session.get_outputs()]
    feeds = {"input_ids": np.array([ids], np.int64).reshape(1, len(ids)), "prefix": prefix, **state}
    return dict(zip(names, session.run(names, feeds), strict=True))


def test_features_logits_and_ids_are_the_references(folder: Path, reference: InceptionLstm) -> None:
    manifest = json.loads((folder / "captioneer.json").read_text())
    image = manifest["image"]
    assert (image["width"], image["height"], image["resize"], image["resample"]) == (SIDE, SIDE, "squash", "bilinear")
    assert (manifest["family"], manifest["tokens"]) == ("inception-lstm", {"start": [], "end": [2], "banned": []})
    assert manifest["prefix"] == {"length": 1, "width": EMBEDDING, "isNormalized": False}
    encoder, decoder = (onnxruntime.InferenceSession(folder / f"{name}.onnx") for name in ("encoder", "decoder"))
    picture = torch.rand(1, 3, SIDE, SIDE, generator=torch.Generator().manual_seed(1))
    mean, std = (np.array(image[name], np.float32)[:, None, None] for name in ("mean", "std"))
    prefix = encoder.run(None, {"pixel_values": (picture.numpy() - mean) / std})[0]
    with torch.inference_mode():
        embedding = reference.encoder((picture - 0.5) / 0.5)
    scale = float(embedding.abs().max())
    np.testing.assert_allclose(prefix[:, 0] / scale, embedding.numpy() / scale, atol=1e-4)

    ids, logits = reference.caption((picture - 0.5) / 0.5, end=2, longest=20)
    assert len(set(ids)) > 3
    state = {i.name: np.zeros((1, HIDDEN), np.float32) for i in decoder.get_inputs() if i.name.startswith("past.")}
    found: list[int] = []
    for n, expected in enumerate(logits):
        given = step(decoder, prefix if n == 0 else prefix[:, :0], found[-1:], state)
        np.testing.assert_allclose(given["logits"][0], expected.numpy(), atol=1e-4)
        found.append(int(given["logits"][0].argmax()))
        state = {name.replace("present", "past"): tensor for name, tensor in given.items() if name.startswith("present.")}
    assert found == ids


def test_special_words_take_this_packages_names(folder: Path) -> None:
    words = json.loads((folder / "tokenizer.json").read_text())["words"]
    assert words == ["<pad>", "<start>", "<end>", "<unk>", *WORDS[4:]]


def without(name: str) -> Callable[[State], None]:
    return lambda state: state.__delitem__(name)


def with_tensor(name: str, *shape: int) -> Callable[[State], None]:
    return lambda state: state.__setitem__(name, torch.zeros(shape))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (without("encoder.inception.Mixed_6b.branch7x7_2.bn.running_var"), r"running_var of shape \[128\], found none of that name"),
        (without("encoder.inception.fc.weight"), r"encoder\.inception\.fc\.weight of shape \[any, 2048\], found none"),
        (without("encoder.bn.running_mean"), r"encoder\.bn\.running_mean of shape \[12\], found none"),
        (without("decoder.linear.weight"), r"decoder\.linear\.weight of shape \[any, any\], found none"),
        (without("decoder.lstm.weight_hh_l1"), r"decoder\.lstm\.weight_hh_l1 of shape \[64, 16\], found none"),
        (with_tensor("encoder.inception.Conv2d_1a_3x3.conv.weight", 32, 1, 3, 3), r"of shape \[32, 3, 3, 3\], found \[32, 1, 3, 3\]"),
        (with_tensor("decoder.embed.weight", 20, 13), r"decoder\.embed\.weight of shape \[20, 12\], found \[20, 13\]"),
        (with_tensor("decoder.lstm.weight_ih_l0", 48, 12), r"decoder\.lstm\.weight_ih_l0 of shape \[64, 12\], found \[48, 12\]"),
        (
            with_tensor("decoder.attention.weight", 3),
            r"tensors of an Inception-LSTM captioner alone, found also decoder\.attention\.weight",
        ),
    ],
)
def test_another_checkpoint_is_refused(
    work: Path, reference: InceptionLstm, capsys: pytest.CaptureFixture[str], change: Callable[[State], None], message: str
) -> None:
    state = dict(reference.state_dict())
    change(state)
    torch.save(state, work / "changed.pt")
    assert run(work, "changed.pt") == 2
    assert_refused(capsys.readouterr().err, work / "changed.pt", message, work / "out")


class Program:
    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (os.environ["CAPTIONEER_TEST_FOLDER"],)


def test_code_in_a_checkpoint_does_not_run(work: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("CAPTIONEER_TEST_FOLDER", str(work / "made-by-code"))
    torch.save({"state_dict": Program()}, work / "program.pt")
    assert run(work, "program.pt") == 2
    assert "could run code" in capsys.readouterr().err
    assert not (work / "made-by-code").exists()


def test_a_side_too_small_for_the_network_is_refused(work: Path, reference: InceptionLstm, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(work, "checkpoint.pth.tar", "out", "--side", "74") == 2
    assert "give 75 or more" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("vocabulary", "message"),
    [
        (two_way(WORDS[:-1]), "expected 20 words, as many as the checkpoint scores, found 19"),
        ({"stoi": two_way(WORDS)["stoi"]}, "expected itos to be a JSON object, found null"),
        ({**two_way(WORDS), "itos": WORDS[::-1]}, "expected itos and stoi to agree, found for id 0 the word 'word15' in itos and '<PAD>'"),
        ({"itos": WORDS, "stoi": dict.fromkeys(WORDS, "x")}, r"expected stoi\.<PAD> to be the id of a word, found \"x\""),
        (two_way(["<PAD>", "<SOS>", "end", *WORDS[3:]]), "expected one word <end> or <eos>, in whatever case, found none"),
        (two_way(["<PAD>", "<SOS>", "<START>", *WORDS[3:]]), "expected one word <start> or <sos>, in whatever case, found 2"),
        ([1, 2], "expected the file to be a JSON object"),
    ],
)
def test_another_vocabulary_is_refused(tmp_path: Path, vocabulary: Any, message: str) -> None:
    path = tmp_path / "vocabulary.json"
    path.write_text(json.dumps(vocabulary))
    with pytest.raises(ConfigError, match=message):
        read_two_way_map(path, 20)
    with pytest.raises(ConfigError, match="expected this file, found none"):
        read_two_way_map(tmp_path / "none.json", 20)


def test_words_by_id_may_be_a_list(tmp_path: Path) -> None:
    path = tmp_path / "vocabulary.json"
    path.write_text(json.dumps({**two_way(WORDS), "itos": WORDS}))
    assert read_two_way_map(path, 20).end == 2
