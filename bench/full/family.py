"""Answers each line of standard input, a request as JSON, with a greedy caption in PyTorch and its milliseconds: by the reference
of one row of test/exporters/full_size.py, which it makes. Where that is not done yet, it exports it into <folder>/model, and
writes the picture, 640×480 RGB, to <folder>/picture.bin.

`python bench/full/family.py <row> <folder>`; bench/full/runner.mjs speaks with it.
"""

import json
import subprocess
import sys
from pathlib import Path

import torch
from answer import answer

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "test" / "exporters"))

# isort: off
import paths  # noqa: E402, F401  (finds the next ones)

# isort: on
import clipcap  # noqa: E402
import inception_lstm  # noqa: E402
import show_attend_tell  # noqa: E402
from reference import noise_picture, write  # noqa: E402

THREADS = 2


def main() -> None:
    torch.set_num_threads(THREADS)
    row, folder = sys.argv[1], Path(sys.argv[2])
    picture = noise_picture()
    makers = {name: make for kind in (clipcap, inception_lstm, show_attend_tell) for name, make in kind.full().items()}
    with torch.no_grad():
        reference = makers[row]()
        if not (folder / "model" / "captioneer.json").exists():
            command = write(reference, folder, picture, 2)
            subprocess.run([sys.executable, "-m", "captioneer_training.exporters", *command], check=True, cwd=ROOT / "training")
            manifest = folder / "model" / "captioneer.json"
            named = json.loads(manifest.read_text(encoding="utf-8")) | {"name": f"{row}, random weights"}
            manifest.write_text(json.dumps(named), encoding="utf-8")
            (folder / "picture.bin").write_bytes(picture.tobytes())
    assert reference.greedy is not None
    versions = {"torch": torch.__version__, "python": sys.version.split()[0]}
    greedy = reference.greedy
    answer({"versions": versions}, lambda request: greedy(picture, request["words"]))


main()
