"""Captions of a folder of images on a Spark cluster, as JSON Lines.

    spark-submit training/cluster/spark_captions.py <model folder> <images> <output folder>

`<images>` is a folder or a URL that Spark reads. The model folder must be at the same path on each machine; `spark.task.cpus` stays 1.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pandas as pd
from pyspark.sql import SparkSession

from captioneer_training.onnx_captions import OnnxCaptioner

MODEL, IMAGES, OUTPUT = sys.argv[1:4]


def caption(batches: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    """The images of one partition; the graphs are loaded once for it."""
    captioner = OnnxCaptioner(MODEL, threads=1)

    def row(path: str, content: bytes) -> tuple[str, str, str]:
        try:
            return path, captioner.caption(content)[0], ""
        except (OSError, ValueError) as error:  # one damaged image does not end the job
            return path, "", str(error)

    for batch in batches:
        rows = [row(path, bytes(content)) for path, content in zip(batch["path"], batch["content"], strict=True)]
        yield pd.DataFrame(rows, columns=["image", "text", "error"])


spark = SparkSession.builder.appName("captioneer").getOrCreate()
spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", "16")
files = spark.read.format("binaryFile").option("recursiveFileLookup", "true").load(IMAGES)
files.select("path", "content").mapInPandas(caption, "image string, text string, error string").write.json(OUTPUT)
spark.stop()
