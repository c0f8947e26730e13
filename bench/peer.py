"""The same model folder under onnxruntime's Python package: Pillow, NumPy, and a beam search of three beams.

`python bench/peer.py <model folder> <picture> <captions>` prints one JSON object: milliseconds of each caption.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image

BEAMS = 3


def main() -> None:
    folder, picture, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    manifest = json.loads((folder / "captioneer.json").read_text())
    words = json.loads((folder / "tokenizer.json").read_text())["words"]
    encoder, decoder = (onnxruntime.InferenceSession(str(folder / f"{part}.onnx")) for part in ("encoder", "decoder"))
    times, text = [], ""
    for _ in range(count + 3):
        started = time.perf_counter()
        text = " ".join(words[i] for i in caption(manifest, encoder, decoder, picture))
        times.append((time.perf_counter() - started) * 1000)
    print(json.dumps({"version": onnxruntime.__version__, "text": text, "milliseconds": times[3:]}))


def caption(manifest: dict, encoder: onnxruntime.InferenceSession, decoder: onnxruntime.InferenceSession, picture: str) -> list:
    spec, tokens, generation = manifest["image"], manifest["tokens"], manifest["generation"]
    with Image.open(picture) as image:
        pixels = np.asarray(image.convert("RGB").resize((spec["width"], spec["height"]), Image.Resampling.BILINEAR))
    values = ((pixels / np.float32(255) - spec["mean"]) / spec["std"]).astype(np.float32).transpose(2, 0, 1)[None]
    cross = dict(zip([o.name for o in encoder.get_outputs()], encoder.run(None, {"pixel_values": values})))
    names = [o.name for o in decoder.get_outputs()]
    past = {i.name: np.zeros((1, i.shape[1], 0, i.shape[3]), np.float32) for i in decoder.get_inputs() if i.name.startswith("past.")}
    running, finished = [(0.0, [tokens["start"][0]])], []
    for length in range(1, generation["maxLength"] + 1):
        ids = np.array([[row[-1]] for _, row in running])
        given = dict(zip(names, decoder.run(None, {"input_ids": ids, **cross, **past})))
        logits = given["logits"]
        logits[:, tokens["banned"]] = -np.inf
        log_probs = logits - logits.max(1, keepdims=True)
        log_probs -= np.log(np.exp(log_probs).sum(1, keepdims=True))
        scores = (log_probs + np.array([[s] for s, _ in running])).ravel()
        best = np.argpartition(scores, -2 * BEAMS)[-2 * BEAMS :]
        best = best[np.argsort(-scores[best])]
        following, parents = [], []
        for place, flat in enumerate(best):
            parent, word = divmod(int(flat), logits.shape[1])
            if word in tokens["end"]:
                if place < BEAMS:
                    finished.append((scores[flat] / length ** generation["lengthPenalty"], running[parent][1][1:]))
            elif len(following) < BEAMS:
                following.append((scores[flat], [*running[parent][1], word]))
                parents.append(parent)
        running = following
        finished = sorted(finished, key=lambda f: -f[0])[:BEAMS]
        if len(finished) == BEAMS and finished[-1][0] >= running[0][0] / length ** generation["lengthPenalty"]:
            break
        past = {name.replace("present", "past"): given[name][parents] for name in names if name.startswith("present.")}
    return max(finished)[1] if finished else running[0][1][1:]


main()
