import torch

from captioneer_training.encoders.patches import Patches


def test_each_channel_has_its_own_mean_and_std() -> None:
    encoder = Patches()
    encoder.mean, encoder.std = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
    images = torch.randint(256, (2, 64, 64, 3), dtype=torch.uint8)
    values = encoder.pixel_values(images)
    assert values.shape == (2, 3, 64, 64)
    for channel, (mean, std) in enumerate(zip(encoder.mean, encoder.std, strict=True)):
        torch.testing.assert_close(values[:, channel], (images[..., channel] / 255 - mean) / std)
