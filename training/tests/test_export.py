from pathlib import Path

import numpy as np
import onnxruntime
import torch

from captioneer_training.config import Config
from captioneer_training.decode import beam_search
from captioneer_training.decoders.transformer import Cache
from captioneer_training.export import export, read_weights
from captioneer_training.model import Captioner


def test_graphs_equal_pytorch_and_weights_come_back(captioner: Captioner, config: Config, tmp_path: Path) -> None:
    export(captioner, tmp_path, config)
    captioner.load_state_dict(read_weights(tmp_path))  # the rounded weights, so that only the graphs are compared
    encoder, decoder = (onnxruntime.InferenceSession(tmp_path / f"{name}.onnx") for name in ("encoder", "decoder"))
    pixels = torch.randn(1, 3, 224, 224)
    with torch.inference_mode():
        memory = captioner.decoder.remember(captioner.encoder(pixels))
    cross = dict(zip([o.name for o in encoder.get_outputs()], encoder.run(None, {"pixel_values": pixels.numpy()}), strict=True))
    np.testing.assert_allclose(cross["cross.1.value"], memory.values[1].numpy(), atol=1e-4)

    cache = captioner.decoder.empty_cache(3)
    past = {i.name: np.zeros((3, 2, 0, 16), np.float32) for i in decoder.get_inputs() if i.name.startswith("past.")}
    outputs = [o.name for o in decoder.get_outputs()]
    for ids in ([1, 1, 1], [7, 8, 9], [20, 21, 22]):
        with torch.inference_mode():
            expected, cache = captioner.decoder.step(memory, torch.tensor(ids), cache)
        given = dict(zip(outputs, decoder.run(None, {"input_ids": np.array(ids)[:, None], **cross, **past}), strict=True))
        np.testing.assert_allclose(given["logits"], expected.numpy(), atol=1e-4)
        np.testing.assert_allclose(given["attention"].sum(1), 1, atol=1e-5)
        past = {name.replace("present", "past"): given[name] for name in outputs if name.startswith("present.")}


def test_whole_captions_and_single_steps_agree(captioner: Captioner) -> None:
    features = torch.randn(2, 49, 1280)
    ids = torch.tensor([[1, 7, 8, 9], [1, 9, 9, 5], [1, 6, 5, 4], [1, 30, 31, 32]])  # two captions a picture
    is_word = torch.tensor([[1, 1, 1, 1], [1, 1, 0, 0], [1, 1, 1, 0], [1, 1, 1, 1]], dtype=torch.bool)
    with torch.inference_mode():
        memory = captioner.decoder.remember(features)
        packed = captioner.decoder(memory, ids, is_word)
        cache: Cache = captioner.decoder.empty_cache(4)
        steps = []
        for column in range(4):
            logits, cache = captioner.decoder.step(memory, ids[:, column], cache)
            steps.append(logits)
    torch.testing.assert_close(packed, torch.stack(steps, 1)[is_word], atol=1e-4, rtol=1e-4)


def test_one_beam_takes_the_likeliest_word(captioner: Captioner) -> None:
    with torch.inference_mode():
        memory = captioner.decoder.remember(torch.randn(1, 49, 1280))
    found = beam_search(captioner.decoder, memory, captioner.vocabulary, beams=1, longest=5)[0]
    cache, word, expected = captioner.decoder.empty_cache(1), 1, []
    with torch.inference_mode():
        for _ in range(5):
            logits, cache = captioner.decoder.step(memory, torch.tensor([word]), cache)
            logits[:, [0, 1, 3]] = -1e9
            word = int(logits.argmax())
            if word == 2:
                break
            expected.append(word)
    assert found == expected
