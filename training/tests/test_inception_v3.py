from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from captioneer_training.config import ConfigError
from captioneer_training.encoders import create_encoder, load_pretrained
from captioneer_training.encoders.inception_v3 import BLOCKS, InceptionV3
from captioneer_training.encoders.tfjs import LayersModel


def random_state(network: InceptionV3) -> dict[str, Tensor]:
    """Weights as torchvision names them, with live batch norms."""
    state: dict[str, Tensor] = {}
    for name in network.convolutions():
        weight = network.get_parameter(f"{name}.weight")
        state[f"{name}.conv.weight"] = torch.randn_like(weight) * (2 / weight[0].numel()) ** 0.5
        state[f"{name}.bn.weight"] = torch.rand(len(weight)) + 0.5
        state[f"{name}.bn.running_var"] = torch.rand(len(weight)) + 0.5
        state |= {f"{name}.bn.{part}": torch.randn(len(weight)) * 0.1 for part in ("bias", "running_mean")}
    return state


def as_keras(state: dict[str, Tensor], network: InceptionV3, norms: int = 94) -> LayersModel:
    """The same weights as a chain of Keras layers, without scales; `norms` in all."""
    layers, weights, last = {}, {}, ""
    names = network.convolutions()
    for index in range(norms):
        conv, norm = f"conv2d_{index}", f"norm_{index}"
        layers[conv] = {"class_name": "Conv2D", "inbound_nodes": [[[last, 0, 0, {}]]] if last else []}
        layers[norm] = {"class_name": "BatchNormalization", "inbound_nodes": [[[conv, 0, 0, {}]]]}
        last = norm
        if index < len(names):
            weights[f"{conv}/kernel"] = state[f"{names[index]}.conv.weight"].permute(2, 3, 1, 0)
            weights[f"{norm}/beta"] = state[f"{names[index]}.bn.bias"]
            weights[f"{norm}/moving_mean"] = state[f"{names[index]}.bn.running_mean"]
            weights[f"{norm}/moving_variance"] = state[f"{names[index]}.bn.running_var"]
    return LayersModel(layers, last, weights)


def test_it_has_as_many_parameters_as_the_published_network() -> None:
    network = InceptionV3(75)
    assert len(network.convolutions()) == 94
    assert sum(p.numel() for p in network.parameters()) == 21_768_352  # Keras's count of trainable ones without the classifier
    with torch.inference_mode():
        assert network(torch.rand(1, 3, 75, 75)).shape == (1, 1, 2048)


@pytest.mark.parametrize("side", [107, 224])
def test_regions_and_width_are_those_of_the_map(side: int) -> None:
    pixels = torch.rand(1, 3, side, side)
    whole = InceptionV3(side)
    with torch.inference_mode():
        x = pixels
        for layer in whole.stem_layers():
            x = layer(x)
        for name, block in zip(BLOCKS, whole.block_layers(), strict=True):
            x = block(x)
            with torch.device("meta"):
                short = InceptionV3(side, name)
            assert x.shape == (1, short.width, short.regions**0.5, short.regions**0.5)


def test_batch_norms_are_folded() -> None:
    torch.manual_seed(1)
    network = InceptionV3(107, "Mixed_5b", pools_count_padding=True)
    state = random_state(network)
    network.load_state_dict(network.fold_torchvision(state))

    def unfolded(name: str, x: Tensor, padding: int = 0, stride: int = 1) -> Tensor:
        mean, variance, scale, offset = (state[f"{name}.bn.{p}"] for p in ("running_mean", "running_var", "weight", "bias"))
        x = F.conv2d(x, state[f"{name}.conv.weight"], stride=stride, padding=padding)
        return F.relu(F.batch_norm(x, mean, variance, scale, offset, eps=1e-3))

    pixels = torch.rand(1, 3, 107, 107)
    x = unfolded("Conv2d_2b_3x3", unfolded("Conv2d_2a_3x3", unfolded("Conv2d_1a_3x3", pixels, stride=2)), 1)
    x = F.max_pool2d(unfolded("Conv2d_4a_3x3", unfolded("Conv2d_3b_1x1", F.max_pool2d(x, 3, 2))), 3, 2)
    five = unfolded("Mixed_5b.branch5x5_2", unfolded("Mixed_5b.branch5x5_1", x), 2)
    three = unfolded("Mixed_5b.branch3x3dbl_2", unfolded("Mixed_5b.branch3x3dbl_1", x), 1)
    three = unfolded("Mixed_5b.branch3x3dbl_3", three, 1)
    pooled = unfolded("Mixed_5b.branch_pool", F.avg_pool2d(x, 3, 1, 1))
    expected = torch.cat((unfolded("Mixed_5b.branch1x1", x), five, three, pooled), 1)
    with torch.inference_mode():
        torch.testing.assert_close(network.feature_map(pixels), expected, atol=1e-4, rtol=1e-4)


def test_average_pools_count_padding_only_when_told() -> None:
    keras, torchvision = InceptionV3(107, "Mixed_5b"), InceptionV3(107, "Mixed_5b", pools_count_padding=True)
    torchvision.load_state_dict(keras.state_dict())
    pixels = torch.rand(1, 3, 107, 107)
    with torch.inference_mode():
        difference = (keras.feature_map(pixels) - torchvision.feature_map(pixels)).abs().amax((0, 1))  # [11, 11]
    assert difference[1:-1, 1:-1].max() == 0
    assert difference[0].min() > 0


def test_keras_weights_are_loaded_by_the_order_of_the_graph() -> None:
    torch.manual_seed(2)
    network = InceptionV3(75, "Mixed_5c")
    state = random_state(network)
    for name in network.convolutions():
        state[f"{name}.bn.weight"].fill_(1)
    torch.testing.assert_close(network.fold_keras(as_keras(state, network)), network.fold_torchvision(state))


def test_frozen_blocks_get_no_gradient() -> None:
    network = InceptionV3(75, "Mixed_5d")
    network.freeze(2)
    network(torch.rand(1, 3, 75, 75)).sum().backward()
    with_gradient = {name.split(".")[0] for name, parameter in network.named_parameters() if parameter.grad is not None}
    assert with_gradient == {"Mixed_5d"}


def test_it_is_known_by_its_name(tmp_path: Path) -> None:
    with torch.device("meta"):
        network = create_encoder("inception-v3")
    assert (network.side, network.regions, network.width) == (176, 16, 2048)
    with pytest.raises(FileNotFoundError, match=r"no model\.min\.js"):
        load_pretrained(network, tmp_path)


def test_clear_errors() -> None:
    with pytest.raises(ConfigError, match="no block 'mixed10'; its blocks are Mixed_5b"):
        InceptionV3(last="mixed10")
    with pytest.raises(ConfigError, match="give 75 or more"):
        InceptionV3(74)
    network = InceptionV3(75, "Mixed_5b")
    with pytest.raises(ConfigError, match="has 93 batch norms"):
        network.fold_keras(as_keras(random_state(network), network, norms=93))


def test_pictures_are_brought_to_its_side() -> None:
    with torch.device("meta"):
        network = create_encoder("inception-v3")
    images = torch.randint(0, 256, (2, 224, 224, 3), dtype=torch.uint8)
    assert network.pixel_values(images).shape == (2, 3, 176, 176)
    assert network.pixel_values(images, 128).shape == (2, 3, 128, 128)
