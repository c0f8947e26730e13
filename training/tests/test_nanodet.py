"""NanoDet-g against what TensorFlow.js made of the published graph, with weights by a formula (`fixtures/nanodet/record.mjs`)."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from captioneer_training.config import ConfigError
from captioneer_training.encoders.efficientnet_lite import EfficientNetLite
from captioneer_training.encoders.nanodet import KINDS, STRIDES, NanoDet, read_published
from captioneer_training.encoders.region_encoder import BOXES, RegionEncoder, best_boxes, read_boxes

FIXTURE = Path(__file__).parent / "fixtures" / "nanodet" / "recording.json"


def shapes() -> list[tuple[int, ...]]:
    """[height, width, in, out] of each convolution of the published graph, in the order of their numbers."""
    found: list[tuple[int, ...]] = [(3, 3, 3, 32)]
    for channels, residuals in ((32, 1), (64, 2), (128, 2), (256, 3)):
        half = channels // 2
        found += [(3, 3, channels, channels), *[(3, 3, channels, half), (3, 3, half, half)] * residuals, (3, 3, channels, channels)]
    found += [(1, 1, channels, 128) for channels in (128, 256, 512)]
    return found + [(3, 3, 128, 128), (1, 1, 128, 124)] * 3


def write_package(folder: Path, convolutions: int = 34) -> Path:
    """A graph model with the nodes that are read, and the weights of the recording."""
    nodes: list[dict[str, Any]] = [{"name": "input_1", "op": "Placeholder", "input": []}]
    specs, data = [], []
    for number, shape in enumerate(shapes()[:convolutions]):
        name = "convolution" + (f"_{number}" if number else "")
        k = np.arange(math.prod(shape), dtype=np.float64)
        kernel = math.sqrt(2 / math.prod(shape[:3])) * np.sin(0.7 * k * k + number)
        for part, values in (("kernel", kernel.reshape(shape)), ("bias", 0.1 * np.cos(np.arange(shape[3]) + number))):
            specs.append({"name": f"{name}/{part}", "shape": list(values.shape), "dtype": "float32"})
            data.append(values.astype("<f4").tobytes())
        nodes.append({"name": name, "op": "Conv2D", "input": ["input_1", f"{name}/kernel"]})
        nodes.append({"name": f"Add_{number}", "op": "Add", "input": [name, f"{name}/bias"]})
    described = {"modelTopology": {"node": nodes}, "weightsManifest": [{"paths": ["nanodet.bin"], "weights": specs}]}
    (folder / "nanodet.json").write_text(json.dumps(described), encoding="utf-8")
    (folder / "nanodet.bin").write_bytes(b"".join(data))
    return folder


@pytest.fixture(scope="module")
def detector(tmp_path_factory: pytest.TempPathFactory) -> NanoDet:
    network = NanoDet().eval()
    network.load_state_dict(read_published(write_package(tmp_path_factory.mktemp("nanodet"))))
    return network


def test_it_equals_the_published_graph(detector: NanoDet) -> None:
    blue_first = torch.from_numpy(2 * np.sin(0.013 * np.arange(3 * 416 * 416))).float().view(1, 3, 416, 416)
    with torch.inference_mode():
        scores, distances = zip(*detector.raw(blue_first.flip(1)), strict=True)
    recording = json.loads(FIXTURE.read_text("utf-8"))
    for tensor, name in zip((*scores, *distances), ("Identity", *(f"Identity_{n}" for n in range(1, 6))), strict=True):
        flat = tensor.flatten()
        places = torch.arange(24) * (len(flat) // 24)
        np.testing.assert_allclose(flat[places].numpy(), recording[name], atol=1e-3, err_msg=name)


def test_a_box_is_where_its_distances_say(detector: NanoDet) -> None:
    with torch.inference_mode():
        found = detector(torch.randn(1, 3, 64, 96))
        (_, distances), *_ = detector.raw(torch.zeros(1, 3, 64, 96))
        zero = detector(torch.zeros(1, 3, 64, 96))
    assert found.scores.shape == (1, sum(64 // s * 96 // s for s in STRIDES), len(KINDS))
    assert found.features.shape[:2] == found.scores.shape[:2]
    cell = 1 * 12 + 3  # second row, fourth column of the finest map
    share = distances[0, cell].view(4, 11).softmax(-1)
    left, top, right, bottom = (share * torch.arange(11)).sum(-1) * 8
    expected = torch.stack((28 - left, 12 - top, 28 + right, 12 + bottom))
    torch.testing.assert_close(zero.boxes[0, cell], expected, atol=1e-4, rtol=0)


def test_a_graph_of_another_network_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="33 convolutions, and NanoDet-g 34"):
        read_published(write_package(tmp_path, 33))


def greedy(boxes: np.ndarray, limit: float) -> list[int]:
    """Non-maximum suppression as it is usually written."""
    kept: list[int] = []
    for n, (left, top, right, bottom) in enumerate(boxes):
        for m in kept:
            width = min(right, boxes[m][2]) - max(left, boxes[m][0])
            height = min(bottom, boxes[m][3]) - max(top, boxes[m][1])
            both = max(width, 0) * max(height, 0)
            areas = (right - left) * (bottom - top) + (boxes[m][2] - boxes[m][0]) * (boxes[m][3] - boxes[m][1])
            if both / (areas - both) > limit:
                break
        else:
            kept.append(n)
    return kept


def test_boxes_are_those_of_greedy_suppression(detector: NanoDet) -> None:
    torch.manual_seed(1)
    pixels = torch.randn(1, 3, 224, 224)
    with torch.inference_mode():
        found = detector(pixels)
        rows = read_boxes(best_boxes(detector, pixels))
    best, kind = found.scores[0].max(-1)
    order = best.argsort(descending=True)[:100]
    boxes = (found.boxes[0, order] / 224).clamp(0, 1)
    kept = greedy(boxes.numpy(), 0.6)[:BOXES]
    count = len(kept)
    assert count > 3
    torch.testing.assert_close(rows.box[0, :count], boxes[kept])
    torch.testing.assert_close(rows.score[0, :count, 0], best[order[kept]])
    torch.testing.assert_close(rows.kind[0, :count, 0], kind[order[kept]].float())
    torch.testing.assert_close(rows.features[0, :count], found.features[0, order[kept]])
    assert not rows.score[0, count:].any()


def test_the_encoder_gives_the_grid_and_then_the_boxes(detector: NanoDet) -> None:
    torch.manual_seed(2)
    encoder = RegionEncoder(EfficientNetLite("lite0")).eval()
    encoder.detector.load_state_dict(detector.state_dict())
    images = torch.randint(0, 256, (2, 224, 224, 3), dtype=torch.uint8)
    with torch.inference_mode():
        pixels = encoder.pixel_values(images)
        features = encoder(pixels)
        mean, std = torch.tensor((123.675, 116.28, 103.53)), torch.tensor((58.395, 57.12, 57.375))
        rows = best_boxes(encoder.detector, ((images.float() - mean) / std).permute(0, 3, 1, 2))
    assert features.shape == (2, 49 + BOXES, 1280) == (2, encoder.regions, encoder.width)
    torch.testing.assert_close(features[:, :49], encoder.trunk(pixels))
    torch.testing.assert_close(features[:, 49:, : rows.shape[-1]], rows, atol=1e-3, rtol=1e-3)
    assert not features[:, 49:, rows.shape[-1] :].any()
