import pytest
import torch
from torch import nn

from captioneer_training.encoders.resnet import ResNet

RESNET_101 = (3, 4, 23, 3)


def with_random_statistics(network: ResNet) -> ResNet:
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            assert module.running_mean is not None and module.running_var is not None
            for tensor in (module.running_mean, module.bias):
                nn.init.normal_(tensor, std=0.1)
            for tensor in (module.running_var, module.weight):
                nn.init.uniform_(tensor, 0.5, 1.5)
    return network.eval()


@pytest.mark.parametrize(
    ("blocks", "bottleneck", "parameters"),
    [((2, 2, 2, 2), False, 11_689_512 - 513_000), (RESNET_101, True, 44_549_160 - 2_049_000)],  # torchvision's, less its classifier
)
def test_it_has_as_many_parameters_as_the_published_network(blocks: tuple[int, int, int, int], bottleneck: bool, parameters: int) -> None:
    assert sum(p.numel() for p in ResNet(blocks, bottleneck).parameters()) == parameters


@pytest.mark.parametrize("side", [224, 100])
@pytest.mark.parametrize("bottleneck", [False, True])
def test_folded_equals_live_norms(side: int, bottleneck: bool) -> None:
    torch.manual_seed(3)
    network = with_random_statistics(ResNet(bottleneck=bottleneck, side=side))
    folded = network.folded()
    assert not any(isinstance(module, nn.BatchNorm2d) for module in folded.modules())
    pixels = torch.randn(2, 3, side, side).to(memory_format=torch.channels_last)
    with torch.inference_mode():
        expected = network(pixels)
        torch.testing.assert_close(folded(pixels), expected, atol=1e-4, rtol=1e-4)
    assert expected.shape == (2, network.regions, network.width)
    assert network.regions == (49 if side == 224 else 16)


def test_folded_leaves_the_network_as_it_was() -> None:
    network = ResNet(side=64)
    network.freeze(1)
    before = {name: tensor.clone() for name, tensor in network.train().state_dict().items()}
    network.folded()
    torch.testing.assert_close(dict(network.state_dict()), before)
    assert network.training


def test_torchvision_states_are_loaded_without_the_classifier() -> None:
    source, network = with_random_statistics(ResNet(side=64)), ResNet(side=64).eval()
    network.load_torchvision({**source.state_dict(), "fc.weight": torch.zeros(1000, 512), "fc.bias": torch.zeros(1000)})
    pixels = torch.randn(1, 3, 64, 64)
    with torch.inference_mode():
        torch.testing.assert_close(network(pixels), source(pixels))


def test_frozen_blocks_stand_still() -> None:
    network = ResNet(side=64)
    network.freeze(3)
    network.train()
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    network(torch.randn(2, 3, 64, 64)).square().mean().backward()
    torch.optim.SGD([p for p in network.parameters() if p.grad is not None], 0.1).step()
    changed = {".".join(name.split(".")[:2]) for name, tensor in network.state_dict().items() if not torch.equal(tensor, before[name])}
    assert changed == {"layer2.1", "layer3.0", "layer3.1", "layer4.0", "layer4.1"}
