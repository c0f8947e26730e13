"""Every layout gives the same photographs, captions and splits; what is wrong with a corpus is said in a sentence."""

from __future__ import annotations

import csv
import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from captioneer_training.corpus import LAYOUTS, SIDE, CorpusError, choose_layout, load, pack
from captioneer_training.corpus.kaggle import split_of

SPLITS = {"train": ["1_a.jpg", "2_b.jpg", "3_c.jpg"], "dev": ["4_d.jpg"], "test": ["5_e.jpg"]}
CAPTIONS = {
    "1_a.jpg": ["A dog runs .", 'Two dogs , one of them "wet" .'],
    "2_b.jpg": ["A café .", "A street ."],
    "3_c.jpg": ["A child in red .", "A girl ."],
    "4_d.jpg": ["A boat .", "Water ."],
    "5_e.jpg": ["A hill .", "Grass ."],
}


def photograph(name: str) -> bytes:
    """48 × 20 pixels, red on the left, on the right as blue as its number says."""
    image = Image.new("RGB", (48, 20), (220, 30, 30))
    image.paste((0, 0, 40 * int(name[0])), (24, 0, 48, 20))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=95)
    return buffer.getvalue()


def write_photographs(folder: Path, names: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_bytes(photograph(name))


def write_lists(folder: Path) -> None:
    for split, names in SPLITS.items():
        (folder / f"Flickr_8k.{split}Images.txt").write_text("".join(f"{name}\n" for name in names) + "\n", encoding="utf-8")


def write_flickr8k(folder: Path) -> None:
    """As the two published archives unpack, with the caption of a photograph that they do not have."""
    text = folder / "Flickr8k_text"
    text.mkdir(parents=True)
    tokens = [f"{name}#{i}\t{caption}\n" for name, captions in CAPTIONS.items() for i, caption in enumerate(captions)]
    (text / "Flickr8k.token.txt").write_text("".join([*tokens, "6_f.jpg.1#0\tA person .\n"]), encoding="utf-8")
    write_lists(text)
    write_photographs(folder / "Flickr8k_Dataset" / "Flicker8k_Dataset", list(CAPTIONS))
    resource_forks = folder / "__MACOSX" / "Flickr8k_text"
    resource_forks.mkdir(parents=True)
    (resource_forks / "Flickr8k.token.txt").write_bytes(b"\x00\x05\x16\x07")


def write_kaggle(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    with (folder / "captions.txt").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("image", "caption"), *((n, c) for n, captions in CAPTIONS.items() for c in captions)])
    write_lists(folder)
    write_photographs(folder / "Images", list(CAPTIONS))


def write_karpathy(folder: Path) -> None:
    names = {"train": "train", "dev": "val", "test": "test"}
    images = [
        {
            "filename": name,
            "filepath": "val2014",
            "split": "restval" if name == "3_c.jpg" else names[split],
            "sentences": [{"raw": caption} for caption in CAPTIONS[name]],
        }
        for split, members in SPLITS.items()
        for name in members
    ]
    write_photographs(folder / "images" / "val2014", list(CAPTIONS))
    (folder / "dataset_coco.json").write_text(json.dumps({"images": images, "dataset": "coco"}), encoding="utf-8")


def write_coco(folder: Path) -> None:
    (folder / "annotations").mkdir(parents=True)
    for split, year in (("train", "train2017"), ("dev", "val2017")):
        write_photographs(folder / year, SPLITS[split])
        images = [{"id": int(name[0]), "file_name": name} for name in SPLITS[split]]
        annotations = [{"image_id": int(name[0]), "caption": caption} for name in SPLITS[split] for caption in CAPTIONS[name]]
        content = json.dumps({"images": images, "annotations": annotations})
        (folder / "annotations" / f"captions_{year}.json").write_text(content, encoding="utf-8")


def write_tsv(folder: Path) -> None:
    """The train photographs in a tar archive, the others in folders."""
    for split, names in SPLITS.items():
        write_photographs(folder / split, names)
        rows = ["image\tcaption", *(f"{name}\t{caption}" for name in names for caption in CAPTIONS[name])]
        (folder / f"{split}.captions.tsv").write_text("\n".join(rows), encoding="utf-8")
    with tarfile.open(folder / "train.tar", "w") as archive:
        archive.add(folder / "train", ".")
    for path in (folder / "train").iterdir():
        path.unlink()


WRITERS: dict[str, Callable[[Path], None]] = {
    "tsv": write_tsv,
    "flickr8k": write_flickr8k,
    "kaggle": write_kaggle,
    "karpathy": write_karpathy,
    "coco": write_coco,
}


def test_every_layout_is_tested() -> None:
    assert WRITERS.keys() == LAYOUTS.keys()


@pytest.mark.parametrize("name", WRITERS)
def test_every_layout_packs_to_the_same(name: str, tmp_path: Path) -> None:
    WRITERS[name](tmp_path / "source")
    layout = choose_layout(tmp_path / "source")
    assert layout.name == name
    sources = layout.read(tmp_path / "source")
    assert sources.keys() == SPLITS.keys() - ({"test"} if name == "coco" else set())
    for split, source in sources.items():
        packed = pack("corpus", split, source, tmp_path / "data")
        assert (packed.photographs, packed.captions, packed.missing) == (len(SPLITS[split]), 2 * len(SPLITS[split]), [])
        loaded = load(tmp_path / "data", "corpus", split)
        assert sorted(Path(file).name for file in loaded.files) == SPLITS[split]
        for file, captions, image in zip(loaded.files, loaded.captions, loaded.images, strict=True):
            member = Path(file).name
            assert captions == CAPTIONS[member]
            assert image.shape == (SIDE, SIDE, 3)  # the whole photograph, its aspect ratio squashed
            np.testing.assert_allclose(image[:, : SIDE // 2 - 20].mean((0, 1)), (220, 30, 30), atol=6)
            np.testing.assert_allclose(image[:, SIDE // 2 + 20 :].mean((0, 1)), (0, 0, 40 * int(member[0])), atol=6)


def test_kaggle_without_lists_splits_by_file_name(tmp_path: Path) -> None:
    folder = tmp_path / "source"
    write_kaggle(folder)
    for path in folder.glob("Flickr_8k.*"):
        path.unlink()
    sources = choose_layout(folder).read(folder)
    assert {n: split for split, s in sources.items() for n in s.captions} == {n: split_of(n) for n in CAPTIONS}
    # Known places: a change of the rule would mix the photographs of train and dev of everyone's older models.
    assert [split_of(f"{n}.jpg") for n in (1, 2, 3, 4, 5)] == ["train", "train", "test", "dev", "dev"]
    counts = [sum(split_of(f"{n}.jpg") == split for n in range(8000)) for split in SPLITS]
    assert counts == pytest.approx([6000, 1000, 1000], rel=0.1)


def test_kaggle_captions_with_commas_need_no_quotes(tmp_path: Path) -> None:
    write_kaggle(tmp_path / "source")
    (tmp_path / "source" / "captions.txt").write_text('image,caption\n1_a.jpg,A dog , wet\n2_b.jpg,"A man says "" hi\n', encoding="utf-8")
    for path in (tmp_path / "source").glob("Flickr_8k.*"):
        path.unlink()
    sources = choose_layout(tmp_path / "source").read(tmp_path / "source")
    texts = {name: captions for source in sources.values() for name, captions in source.captions.items()}
    assert texts == {"1_a.jpg": ["A dog , wet"], "2_b.jpg": ['A man says " hi']}


BROKEN: dict[str, list[tuple[str, bytes | None, str]]] = {
    "flickr8k": [
        (
            "Flickr8k_text/Flickr8k.token.txt",
            b"1_a.jpg#0\tA dog\n1_a.jpg A dog\n",
            r"token\.txt, line 2: expected 'name.jpg#0<TAB>caption'",
        ),
        ("Flickr8k_text/Flickr8k.token.txt", b"1_a.jpg#0\tA caf\xe9\n", r"token\.txt, line 1: expected UTF-8, found the byte 0xe9"),
        ("Flickr8k_text/Flickr_8k.devImages.txt", b"4_d.jpg\n9_x.jpg\n", r"devImages\.txt, line 2: expected the name.*found '9_x.jpg'"),
        ("Flickr8k_text/Flickr_8k.trainImages.txt", b"", r"name no photographs"),
        ("Flickr8k_text/Flickr_8k.trainImages.txt", None, r"no Flickr_8k\.trainImages\.txt in it"),
        ("Flickr8k.token.txt", b"", r"expected one Flickr8k\.token\.txt, found Flickr8k\.token\.txt and Flickr8k_text"),
    ],
    "kaggle": [
        ("captions.txt", b"picture,text\n", r"captions\.txt, line 1: expected the header 'image,caption', found 'picture,text'"),
        ("captions.txt", b"image,caption\n\n1_a.jpg\n", r"captions\.txt, line 3: expected 'name.jpg,caption', found '1_a.jpg'"),
    ],
    "karpathy": [
        ("dataset_coco.json", b'{"images": [', r"dataset_coco\.json: expected JSON, but .* line 1 column 13"),
        ("dataset_coco.json", b"[]", r"dataset_coco\.json: expected 'images' to be list"),
        ("dataset_coco.json", b'{"images": [{"filename": "a.jpg", "split": "x"}]}', r"images\[0\]: expected 'split' .* found 'x'"),
        ("dataset_coco.json", b'{"images": [{"filename": 7, "split": "val"}]}', r"images\[0\]: expected 'filename' to be str, found 7"),
    ],
    "coco": [
        (
            "annotations/captions_val2017.json",
            b'{"images": [], "annotations": [{"image_id": 3, "caption": "A dog"}]}',
            r"val2017\.json, annotations\[0\]: expected 'image_id' to be the id of an image, found 3",
        ),
        ("annotations/captions_train2014.json", b"{}", r"expected one captions_train\*\.json, found .*2014\.json and .*2017\.json"),
    ],
    "tsv": [
        ("train.captions.tsv", b"image caption\n", r"captions\.tsv, line 1: expected the header .*found 'image caption'"),
        ("train.captions.tsv", b"image\tcaption\n1_a.jpg\n", r"captions\.tsv, line 2: expected 2 columns, found 1"),
    ],
}


@pytest.mark.parametrize(("name", "file", "content", "message"), [(name, *case) for name, cases in BROKEN.items() for case in cases])
def test_broken_files_are_named_with_the_line(name: str, file: str, content: bytes | None, message: str, tmp_path: Path) -> None:
    WRITERS[name](tmp_path)
    if content is None:
        (tmp_path / file).unlink()
    else:
        (tmp_path / file).write_bytes(content)
    with pytest.raises(CorpusError, match=message):
        choose_layout(tmp_path).read(tmp_path)


def test_a_folder_of_no_layout_or_of_two(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"nothing: no such folder"):
        choose_layout(tmp_path / "nothing")
    with pytest.raises(CorpusError, match=r"no layout .* flickr8k: Flickr8k\.token\.txt"):
        choose_layout(tmp_path)
    write_flickr8k(tmp_path / "source")
    (tmp_path / "source" / "captions.txt").write_text("image,caption\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"flickr8k and kaggle\. Say which with --layout"):
        choose_layout(tmp_path / "source")
    assert choose_layout(tmp_path / "source", "flickr8k").name == "flickr8k"


def test_missing_and_broken_photographs(tmp_path: Path) -> None:
    write_tsv(tmp_path)
    (tmp_path / "dev" / "4_d.jpg").write_bytes(photograph("4_d.jpg")[:-200])
    (tmp_path / "test" / "5_e.jpg").unlink()
    (tmp_path / "train.tar").write_bytes((tmp_path / "train.tar").read_bytes()[:700])
    sources = choose_layout(tmp_path).read(tmp_path)
    for split, message in {
        "train": r"train\.tar: not a tar archive, or not a whole one",
        "dev": r"dev: 4_d\.jpg is not a whole picture",
        "test": r"test: 1 of 1 captioned photographs are missing, e\.g\. 5_e\.jpg",
    }.items():
        with pytest.raises(CorpusError, match=message):
            pack("corpus", split, sources[split], tmp_path / "data")
        with pytest.raises(CorpusError, match="not packed yet"):
            load(tmp_path / "data", "corpus", split)
    assert not list((tmp_path / "data").iterdir())


def test_a_missing_photograph_in_a_hundred_is_left_out(tmp_path: Path) -> None:
    write_photographs(tmp_path / "train", [f"1_{n}.jpg" for n in range(99)])
    rows = ["image\tcaption", *(f"1_{n}.jpg\tA dog" for n in range(100))]
    (tmp_path / "train.captions.tsv").write_text("\n".join(rows), encoding="utf-8")
    packed = pack("corpus", "train", choose_layout(tmp_path).read(tmp_path)["train"], tmp_path / "data")
    assert (packed.photographs, packed.captions, packed.missing) == (99, 99, ["1_99.jpg"])
    assert len(load(tmp_path / "data", "corpus", "train").images) == 99
