import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from captioneer_training.onnx_captions import OnnxCaptioner, best_candidates, read_image

ROOT = Path(__file__).parents[2]
RECORDED = [
    json.loads(line) for line in (Path(__file__).parent / "fixtures" / "library-captions.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize("model", sorted({each["model"] for each in RECORDED}))
def test_captions_are_those_of_the_library(model: str) -> None:
    """`node bench/cluster.mjs --record` makes the recording; test/exporters/python-captions.test.ts checks it."""
    cases = [each for each in RECORDED if each["model"] == model]
    assert len(cases) == 6
    for case in cases:
        captioner = OnnxCaptioner(ROOT / model, generation=case["generation"])
        text, ids = captioner.caption((ROOT / case["image"]).read_bytes())
        assert (text, ids) == (case["text"], case["ids"]), case


def test_rules_change_captions() -> None:
    texts = {(each["model"], each["image"], each["generation"]["noRepeatWords"]): each["ids"] for each in RECORDED}
    assert any(texts[model, image, True] != texts[model, image, False] for model, image, _ in texts)


def test_words_are_not_said_twice() -> None:
    captioner = OnnxCaptioner(ROOT / "models" / "default")
    texts = captioner.texts
    words = {texts.decode([index]): index for index in range(texts.size)}
    scores = np.zeros(texts.size)
    captioner.rules.forbid(scores, (words["dog"], words["and"], words["dog"]))
    forbidden = set(np.flatnonzero(np.isneginf(scores)).tolist())
    assert words["dog"] in forbidden
    assert words["cat"] not in forbidden
    scores = np.zeros(texts.size)
    captioner.rules.forbid(scores, tuple(words[word] for word in ["a", "dog", "and", "a", "dog", "and", "a"]))
    assert np.isneginf(scores[words["dog"]])


def test_images_are_upright_and_on_white() -> None:
    def encoded(image: Image.Image, **options: object) -> bytes:
        buffer = io.BytesIO()
        image.save(buffer, "PNG", **options)
        return buffer.getvalue()

    clear = read_image(encoded(Image.new("RGBA", (2, 2), (9, 9, 9, 0))))
    assert (clear.mode, clear.getpixel((0, 0))) == ("RGB", (255, 255, 255))
    turned = Image.new("RGB", (4, 2))
    exif = turned.getexif()
    exif[0x0112] = 6
    assert read_image(encoded(turned, exif=exif)).size == (2, 4)
    assert read_image(encoded(Image.new("L", (2, 2), 7))).getpixel((1, 1)) == (7, 7, 7)


def test_candidates_are_in_order() -> None:
    scores = np.log(np.array([[0.5, 0.5, 1e-9], [0.25, 0.5, 0.25]], np.float32))
    scores[0, 2] = -np.inf
    found = [(row, token) for row, token, _ in best_candidates(scores, [0.0, 0.0], 6)]
    assert found == [(0, 0), (0, 1), (1, 1), (1, 0), (1, 2)]
