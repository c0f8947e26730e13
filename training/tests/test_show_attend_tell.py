"""`captioneer-export show-attend-tell` against an independent captioner with the published names."""

from __future__ import annotations

import copy
import json
import os
import pickle
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
import torch
from inception_reference import shake
from refusals import assert_refused
from torch import Tensor, nn
from tutorial_reference import DecoderWithAttention, Encoder, greedy, published_names, resnet_14

from captioneer_training.config import ConfigError
from captioneer_training.encoders.grid import cell_shares
from captioneer_training.exporters.__main__ import main
from captioneer_training.exporters.module_pickles import OLD_FORMAT, Part
from captioneer_training.exporters.words import read_word_map

pytestmark = pytest.mark.filterwarnings("ignore:Couldn't retrieve source code")  # of modules that are pickled in the old format

SIDE, ROWS, WIDTH = 96, 5, 2048
WORD_MAP = {"<pad>": 0, **{f"word{n}": n for n in range(1, 17)}, "<unk>": 17, "<start>": 18, "<end>": 19}
State = dict[str, Tensor]
Reference = tuple[Encoder, DecoderWithAttention]


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("show-attend-tell")
    (folder / "words.json").write_text(json.dumps(WORD_MAP))
    return folder


@pytest.fixture(scope="module")
def reference() -> Reference:
    encoder = Encoder(resnet_14(), ROWS)
    decoder = DecoderWithAttention(attention_dim=10, embed_dim=12, decoder_dim=16, vocab_size=len(WORD_MAP), encoder_dim=WIDTH)
    shake(nn.ModuleList((encoder, decoder)), 8)
    with torch.no_grad():  # so many inputs would leave nothing between 0 and 1
        for layer in (decoder.init_h, decoder.init_c, decoder.attention.encoder_att):
            layer.weight.mul_(0.1)
        decoder.decode_step.weight_ih[:, 12:].mul_(0.1)
        for part in (decoder.embedding, decoder.fc):  # so that one word does not lead to itself
            part.weight.mul_(5)
    return encoder, decoder


def states(reference: Reference) -> dict[str, State]:
    encoder, decoder = reference
    return {"encoder": dict(encoder.state_dict()), "decoder": dict(decoder.state_dict())}


def run(work: Path, checkpoint: str, out: str = "out") -> int:
    options = ["--word-map", str(work / "words.json"), "--side", str(SIDE), "--rows", str(ROWS)]
    return main(["show-attend-tell", str(work / checkpoint), str(work / out), *options])


@pytest.fixture(scope="module")
def folder(work: Path, reference: Reference) -> Path:
    """Made of what the tutorial saves: modules and optimizers, pickled whole."""
    encoder, decoder = reference
    optimizer = torch.optim.Adam(decoder.parameters())
    decoder.fc(torch.zeros(1, 16)).sum().backward()
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    checkpoint = {
        "epoch": 3,
        "epochs_since_improvement": 0,
        "bleu-4": 0.2,
        "encoder": encoder,
        "decoder": decoder,
        "encoder_optimizer": None,
        "decoder_optimizer": optimizer,
    }
    with published_names():
        torch.save(checkpoint, work / "modules.pth.tar")
        torch.save(checkpoint, work / "old-format.pth.tar", _use_new_zipfile_serialization=False)
    assert run(work, "modules.pth.tar", "model") == 0
    return work / "model"


def test_features_logits_attention_and_ids_are_the_references(folder: Path, reference: Reference) -> None:
    manifest = json.loads((folder / "captioneer.json").read_text())
    image = manifest["image"]
    assert (image["mean"], image["std"]) == ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
    assert (manifest["family"], manifest["regions"]) == ("attention", {"rows": ROWS, "columns": ROWS})
    assert manifest["tokens"] == {"start": [18], "end": [19], "banned": []}
    pixels = torch.randn(1, 3, SIDE, SIDE, generator=torch.Generator().manual_seed(2))
    session, decoder = (onnxruntime.InferenceSession(folder / f"{name}.onnx") for name in ("encoder", "decoder"))
    remembered = dict(zip([o.name for o in session.get_outputs()], session.run(None, {"pixel_values": pixels.numpy()}), strict=True))
    encoder, reference_decoder = reference
    with torch.inference_mode():
        regions = encoder(pixels)
    scale = float(regions.abs().max())
    np.testing.assert_allclose(remembered["regions"] / scale, regions.numpy() / scale, atol=1e-4)

    ids, logits, attention = greedy(reference_decoder, regions, start=18, end=19, longest=12)
    assert len(set(ids)) >= 3
    assert float(attention.std(1).min()) > 1e-3
    names = [output.name for output in decoder.get_outputs()]
    shared = {name: tensor for name, tensor in remembered.items() if not name.startswith("initial.")}
    state = {name.replace("initial", "past"): tensor for name, tensor in remembered.items() if name.startswith("initial.")}
    found = [18]
    for expected, looked in zip(logits, attention, strict=True):
        given = dict(zip(names, decoder.run(names, {"input_ids": np.array([found[-1:]]), **shared, **state}), strict=True))
        np.testing.assert_allclose(given["logits"][0], expected.numpy(), atol=1e-3)  # of features of up to 200
        np.testing.assert_allclose(given["attention"][0], looked.numpy(), atol=1e-5)
        found.append(int(given["logits"][0].argmax()))
        state = {name.replace("present", "past"): tensor for name, tensor in given.items() if name.startswith("present.")}
    assert found[1:] == ids


def test_state_dicts_give_the_same_folder(folder: Path, work: Path, reference: Reference) -> None:
    torch.save(states(reference), work / "states.pt")
    assert run(work, "states.pt", "from-states") == 0
    first, second = (json.loads((each / "captioneer.json").read_text()) for each in (folder, work / "from-states"))
    assert first["graphs"] == second["graphs"]
    assert first["tokenizer"] == second["tokenizer"]


@pytest.mark.parametrize(("old", "new"), [(8, 14), (3, 5), (4, 2), (7, 7), (5, 3)])
def test_maps_are_pooled_as_pytorch_pools_them(old: int, new: int) -> None:
    shares = cell_shares(old, new)
    image = torch.rand(2, 3, old, old)
    expected = nn.functional.adaptive_avg_pool2d(image, new)
    torch.testing.assert_close(shares @ image @ shares.T, expected)
    torch.testing.assert_close(image.flatten(2) @ torch.kron(shares, shares).T, expected.flatten(2))


def test_the_format_before_pytorch_1_6_gives_the_same_folder(folder: Path, work: Path) -> None:
    assert run(work, "old-format.pth.tar", "from-old-format") == 0
    first, second = (json.loads((each / "captioneer.json").read_text()) for each in (folder, work / "from-old-format"))
    assert first["graphs"] == second["graphs"]


def test_other_modules_are_refused_with_what_to_run(work: Path, reference: Reference, capsys: pytest.CaptureFixture[str]) -> None:
    encoder, decoder = copy.deepcopy(reference)
    encoder.extra = nn.Tanh()
    with published_names():
        torch.save({"encoder": encoder, "decoder": decoder}, work / "other-modules.pt")
    assert run(work, "other-modules.pt") == 2
    said = capsys.readouterr().err
    assert "torch.nn.modules.activation.Tanh" in said
    assert "if you trust the file, run" in said
    script = re.search(r"(c = torch\.load.*'weights\.pt'\))", said)
    assert script is not None
    assert len(said.strip().splitlines()) == 1
    before = os.getcwd()
    try:
        os.chdir(work)
        with published_names():
            exec(script[1], {"torch": torch})
    finally:
        os.chdir(before)
    assert run(work, "weights.pt", "from-advice") == 0


class Program:
    """Pickles as a call that makes a folder."""

    def __init__(self, made: Path) -> None:
        self.made = made

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.made),)


@pytest.mark.parametrize("is_archive", [True, False])
@pytest.mark.parametrize("place", ["encoder", "attribute", "decoder_optimizer"])
def test_code_in_a_checkpoint_does_not_run(work: Path, capsys: pytest.CaptureFixture[str], place: str, is_archive: bool) -> None:
    made = work / "made-by-code"
    module: Any = nn.Linear(2, 2)
    checkpoint = {"encoder": module, "decoder": module}
    if place == "attribute":
        module.extra = Program(made)
    else:
        checkpoint[place] = Program(made)
    torch.save(checkpoint, work / "program.pt", _use_new_zipfile_serialization=is_archive)
    assert run(work, "program.pt") == 2
    assert "only code could read" in capsys.readouterr().err
    assert not made.exists()


def test_a_pickle_cannot_change_what_stands_for_its_classes(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = b"dump_patches"  # PyTorch would write a file where it is set
    sets_it = b"\x80\x02cmodels\nEncoder\nN}X" + len(name).to_bytes(4, "little") + name + b"\x88s\x86b."
    header = OLD_FORMAT + pickle.dumps(1001, 2) + pickle.dumps({"little_endian": True}, 2)
    (work / "changes.pt").write_bytes(header + sets_it)
    assert run(work, "changes.pt") == 2
    assert "only code could read" in capsys.readouterr().err
    assert not Part.dump_patches


def without(part: str, name: str) -> Callable[[dict[str, State]], None]:
    return lambda states: states[part].__delitem__(name)


def with_tensor(part: str, name: str, *shape: int) -> Callable[[dict[str, State]], None]:
    return lambda states: states[part].__setitem__(name, torch.zeros(shape))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda states: states.pop("decoder"), r"expected a dict with encoder and decoder, found a dict of encoder"),
        (lambda states: states.update(decoder=3), r"expected a state dict of tensors by name, found a int"),
        (without("encoder", "resnet.5.0.bn3.running_var"), r"resnet\.5\.0\.bn3\.running_var of shape \[512\], found none"),
        (without("encoder", "resnet.0.weight"), r"resnet\.0\.weight of shape \[64, 3, 7, 7\], found none"),
        (without("decoder", "attention.full_att.bias"), r"attention\.full_att\.bias of shape \[1\], found none"),
        (without("decoder", "fc.weight"), r"decoder\.fc\.weight of shape \[any, any\], found none"),
        (with_tensor("decoder", "f_beta.weight", 2048, 15), r"f_beta\.weight of shape \[2048, 16\], found \[2048, 15\]"),
        (
            with_tensor("decoder", "init_c.weight", 17, 2048),
            r"init_h\.weight and .* of shape \[32, 2048\] together, found \[33",
        ),
        (with_tensor("decoder", "decode_step.weight_ih", 64, 20), r"decode_step\.weight_ih of shape \[64, 2060\], found \[64, 20\]"),
        (with_tensor("encoder", "resnet.6.999999999.conv1.weight", 2), r"resnet\.6\.1\.conv1\.weight of shape .*, found none of that name"),
        (with_tensor("encoder", "resnet.8.weight", 2), r"tensors of a captioner of the tutorial alone, found also encoder\.resnet\.8"),
    ],
)
def test_another_checkpoint_is_refused(
    work: Path, reference: Reference, capsys: pytest.CaptureFixture[str], change: Callable[[Any], None], message: str
) -> None:
    changed = states(reference)
    change(changed)
    torch.save(changed, work / "changed.pt")
    assert run(work, "changed.pt") == 2
    assert_refused(capsys.readouterr().err, work / "changed.pt", message, work / "out")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({word: index for word, index in WORD_MAP.items() if index < 19}, "expected 20 words, as many as the checkpoint scores, found 19"),
        ({**WORD_MAP, "word1": 21}, "expected a word for each id from 0 to 19, found none for 1"),
        ({**WORD_MAP, "word1": "1"}, 'expected word1 to be the id of a word, found "1"'),
        ({word.replace("<end>", "end"): index for word, index in WORD_MAP.items()}, "expected one word <end> or <eos>, .* found none"),
    ],
)
def test_another_word_map_is_refused(tmp_path: Path, words: Any, message: str) -> None:
    path = tmp_path / "words.json"
    path.write_text(json.dumps(words))
    with pytest.raises(ConfigError, match=message):
        read_word_map(path, 20)
