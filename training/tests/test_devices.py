import numpy as np
import pytest
import torch

from captioneer_training import devices
from captioneer_training.config import ConfigError


@pytest.mark.parametrize("name", ["cuda", "mps"])
def test_a_device_that_is_not_there_is_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    with pytest.raises(ConfigError, match=f"--device {name}"):
        devices.use(name)


def test_auto_falls_back_to_the_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    devices.use("auto")
    assert devices.place(np.zeros(2)).device.type == "cpu"


def test_arrays_go_to_the_device_in_use() -> None:
    with torch.device("meta"):
        assert devices.place(np.zeros(2)).device.type == "meta"


@pytest.mark.parametrize(("precision", "dtype"), [("auto", torch.float32), ("float32", torch.float32), ("bfloat16", torch.bfloat16)])
def test_the_processor_multiplies_in_bfloat16_only_when_told(precision: str, dtype: torch.dtype) -> None:
    x = torch.ones(2, 2)
    with devices.autocast(precision):
        assert (x @ x).dtype == dtype


def test_chance_goes_on_where_it_was() -> None:
    state = devices.chance()
    first = torch.rand(3)
    devices.set_chance(state)
    assert torch.equal(torch.rand(3), first)
