"""Model folders made of checkpoints that others trained: `captioneer-export <kind> <checkpoint> <out>`.

A kind of checkpoint is one module here with one value, `KIND` (kind.py): a name, a sentence for the help, its own options, and
`read`, which turns a checkpoint into the parts of a model folder (`ModelParts` of ../export.py):

    encoder      a module: pixel values [1, 3, height, width] → features [1, regions, width]
    decoder      a `Decoder` (../decoders/decoder.py) with the checkpoint's weights
    tokens       the tokenizer's file
    description  the manifest's fields that graphs and files do not tell: family, image, tokens, generation and perhaps text;
                 the command adds name, version, languages, license and trainingData

To add a kind, write its module and add its `KIND` to `KINDS` in __main__.py. Everything else is shared:

- `checkpoint.py` reads weights without running code. A `Checkpoint` gives its tensors by their published names (`take`,
  `fill`), ignores by pattern what no picture needs (`ignore`), and at the end refuses what nobody asked for (`finish`).
- `settings.py` reads JSON files field by field.
- `export.py` traces the graphs and writes the folder; `--dtype` is its business.
- What is wrong with a checkpoint is a `ConfigError` of one sentence that names file and tensor or field, what was expected and
  what was found. The command prints it and ends with 2; nothing is left at `<out>`.
"""
