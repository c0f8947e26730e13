from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from onnx import TensorProto, helper, numpy_helper

from captioneer_training.config import Config
from captioneer_training.decode import beam_search
from captioneer_training.decoders.decoder import PREFIX, after_first_step, select
from captioneer_training.decoders.transformer import TransformerDecoder
from captioneer_training.encoders.efficientnet_lite import EfficientNetLite
from captioneer_training.export import export, to_graph, write_graph
from captioneer_training.graph_weights import read_weights
from captioneer_training.model import Captioner

Arrays = dict[str, np.ndarray]


def random_features(captioner: Captioner, pictures: int) -> torch.Tensor:
    torch.manual_seed(2)
    return torch.randn(pictures, captioner.encoder.regions, captioner.encoder.width)


def test_graphs_equal_pytorch_and_weights_come_back(captioner: Captioner, config: Config, tmp_path: Path) -> None:
    export(captioner, tmp_path, config)
    captioner.load_state_dict(read_weights(tmp_path))  # the rounded weights, so that only the graphs are compared
    encoder, decoder = (onnxruntime.InferenceSession(tmp_path / f"{name}.onnx") for name in ("encoder", "decoder"))
    side = captioner.encoder.side
    pixels = torch.randn(1, 3, side, side)
    with torch.inference_mode():
        memory = captioner.decoder.remember(captioner.encoder(pixels))
    given: Arrays = dict(zip([o.name for o in encoder.get_outputs()], encoder.run(None, {"pixel_values": pixels.numpy()}), strict=True))
    for name, tensor in memory.items():
        np.testing.assert_allclose(given[name], tensor.numpy(), atol=1e-4, err_msg=name)

    names = [i.name for i in decoder.get_inputs()]
    state = captioner.decoder.start(memory, 1)
    past: Arrays = {f"past.{name}": tensor.numpy() for name, tensor in state.items()}
    outputs = [o.name for o in decoder.get_outputs()]
    for ids, parents in (([1], [0, 0, 0]), ([7, 8, 9], [2, 1, 1]), ([20, 21, 22], [0, 1, 2])):
        with torch.inference_mode():
            expected = captioner.decoder.step(memory, torch.tensor(ids), state)
        feeds: Arrays = {"input_ids": np.array(ids)[:, None], **{n: a for n, a in given.items() if n in names}, **past}
        got: Arrays = dict(zip(outputs, decoder.run(outputs, feeds), strict=True))
        np.testing.assert_allclose(got["logits"], expected.logits.numpy(), atol=1e-4)
        distribution = torch.distributions.Categorical(logits=expected.logits)
        np.testing.assert_allclose(got["log_sum_exp"], expected.logits.logsumexp(-1, keepdim=True).numpy(), atol=1e-4)
        np.testing.assert_allclose(got["entropy"][:, 0], distribution.entropy().numpy(), atol=1e-4)
        if expected.attention is not None:
            np.testing.assert_allclose(got["attention"], expected.attention.numpy(), atol=1e-5)
            np.testing.assert_allclose(got["attention"].sum(1), 1, atol=1e-5)
        memory, state = after_first_step(memory), select(expected.state, torch.tensor(parents))
        past = {name.replace("present", "past"): got[name][parents] for name in outputs if name.startswith("present.")}
        if PREFIX in given:
            given[PREFIX] = given[PREFIX][:, :0]


def test_large_weights_stand_beside_their_graph(tmp_path: Path) -> None:
    model = to_graph(torch.nn.Linear(40, 40), (torch.zeros(1, 40),), ["x"], ["product"], {})
    # A shape that quantisation keeps as a constant: the runtime reads it before it opens the file of weights.
    model.graph.initializer.append(numpy_helper.from_array(np.array([4, 10]), "shape"))
    model.graph.node.append(helper.make_node("Reshape", ["product", "shape"], ["y"]))
    model.graph.output[0].CopyFrom(helper.make_tensor_value_info("y", TensorProto.FLOAT, [4, 10]))
    inside = write_graph(model, tmp_path / "inside.onnx", "float32", 10_000)
    beside = write_graph(model, tmp_path / "beside.onnx", "float32", 6_400)
    assert "weights" not in inside
    assert beside["weights"]["file"] == "beside.onnx_data"
    assert beside["weights"]["bytes"] >= 6_400
    assert beside["bytes"] < 1_000
    x: Arrays = {"x": np.ones((1, 40), np.float32)}
    outputs = [onnxruntime.InferenceSession(tmp_path / f"{name}.onnx").run(None, x)[0] for name in ("inside", "beside")]
    np.testing.assert_array_equal(*outputs)


def test_the_graph_reads_rows_of_several_pictures(captioner: Captioner, config: Config, tmp_path: Path) -> None:
    export(captioner, tmp_path, config)
    captioner.load_state_dict(read_weights(tmp_path))
    decoder = onnxruntime.InferenceSession(tmp_path / "decoder.onnx")
    outputs = [o.name for o in decoder.get_outputs()]
    with torch.inference_mode():
        memory = captioner.decoder.remember(random_features(captioner, 2))
        state = captioner.decoder.start(memory, 4)
        for ids in ([1, 7, 8, 9], [20, 21, 22, 23]):  # two captions a picture
            expected = captioner.decoder.step(memory, torch.tensor(ids), state)
            given = {f"past.{name}": tensor.numpy() for name, tensor in state.items()}
            given |= {i.name: memory[i.name].numpy() for i in decoder.get_inputs() if i.name in memory}
            got = dict(zip(outputs, decoder.run(outputs, {"input_ids": np.array(ids)[:, None], **given}), strict=True))
            np.testing.assert_allclose(got["logits"], expected.logits.numpy(), atol=1e-4)
            memory, state = after_first_step(memory), expected.state


def test_graphs_compute_no_shapes_and_pad_in_convolutions(captioner: Captioner, config: Config, tmp_path: Path) -> None:
    if not isinstance(captioner.decoder, TransformerDecoder) or not isinstance(captioner.encoder, EfficientNetLite):
        pytest.skip("only these two are written for it")
    export(captioner, tmp_path, config)
    written = {node.op_type for node in onnx.load(tmp_path / "encoder.onnx").graph.node}
    assert not written & {"Shape", "ConstantOfShape", "Gather", "Range", "Mod", "Concat"}
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.optimized_model_filepath = str(tmp_path / "as-run.onnx")
    onnxruntime.InferenceSession(tmp_path / "encoder.onnx", options)
    assert "Pad" not in {node.op_type for node in onnx.load(tmp_path / "as-run.onnx").graph.node}
    onnxruntime.InferenceSession(tmp_path / "decoder.onnx", options)
    kinds = [node.op_type for node in onnx.load(tmp_path / "as-run.onnx").graph.node]
    assert kinds.count("Shape") == 2  # the number of words so far, and that of pictures
    assert kinds.count("Slice") == 2  # the first word's logit and log-probability, which tell the sum


def test_whole_captions_and_single_steps_agree(captioner: Captioner) -> None:
    ids = torch.tensor([[1, 7, 8, 9], [1, 9, 9, 5], [1, 6, 5, 4], [1, 30, 31, 32]])  # two captions a picture
    is_word = torch.tensor([[1, 1, 1, 1], [1, 1, 0, 0], [1, 1, 1, 0], [1, 1, 1, 1]], dtype=torch.bool)
    with torch.inference_mode():
        memory = captioner.decoder.remember(random_features(captioner, 2))
        whole = captioner.decoder(memory, ids, is_word).logits
        state = captioner.decoder.start(memory, 4)
        steps = []
        for column in range(4):
            logits, state, _ = captioner.decoder.step(memory, ids[:, column], state)
            memory = after_first_step(memory)
            steps.append(logits)
    torch.testing.assert_close(whole, torch.stack(steps, 1)[is_word], atol=1e-4, rtol=1e-4)


def test_one_beam_takes_the_likeliest_word(captioner: Captioner) -> None:
    with torch.inference_mode():
        memory = captioner.decoder.remember(random_features(captioner, 1))
    found = beam_search(captioner.decoder, memory, captioner.tokens, beams=1, penalty=1.0, longest=5)[0]
    state, word, expected = captioner.decoder.start(memory, 1), captioner.tokens.start, []
    with torch.inference_mode():
        for _ in range(5):
            logits, state, _ = captioner.decoder.step(memory, torch.tensor([word]), state)
            memory = after_first_step(memory)
            logits[:, captioner.tokens.banned] = -1e9
            word = int(logits.argmax())
            if word == captioner.tokens.end:
                break
            expected.append(word)
    assert found == expected


def test_the_picture_matters(captioner: Captioner) -> None:
    with torch.inference_mode():
        memory, other = (captioner.decoder.remember(f[None]) for f in random_features(captioner, 2))
        first, second = (captioner.decoder.step(m, torch.tensor([1]), captioner.decoder.start(m, 1)).logits for m in (memory, other))
    assert float((first - second).abs().max()) > 1e-4
