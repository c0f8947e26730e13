/** Printed below the options by `--help`. */
export const HELP_AFTER = `
Output:
  One image: its caption. Several images, a folder or a pattern: lines "image: caption", in the
  order given. With --num-captions, several lines an image, best first.
  "? " before a caption: the model is not sure of it. Look at it before you use it. If an image
  shows nothing that the model can tell from a blank page, the line is "? nothing to describe".
  With --json, one line an image: {"image", "text", "score", "logProb", "confidence" and
  "assessment" (if the model has them), "finishReason", "tokens", "captions" (if several were
  asked for), "existing" (the description that the image file has: altText, description, …),
  "timing"}, or {"image", "error"}.
  If an image fails, one line on standard error says why; the others go on.

Folders and patterns:
  Names that begin with a dot are left out. Links to folders are followed in patterns only.

Exit code:
  0    every image has its caption
  1    an image has none, or the output could not be written
  2    the command line is wrong
  3    the model could not be loaded
  130  ended by Ctrl-C

Examples:
  captioneer photo.jpg
  captioneer --num-captions 3 photo.jpg
  captioneer --prefix "a photo of" --ban man --require "dog|puppy" photo.jpg
  captioneer --temperature 0.8 --seed 7 --stream photo.jpg
  captioneer --model florence-2 --detail paragraph photo.jpg
  captioneer --model owner/name --dtype q8 photo.jpg
  captioneer --recursive --format csv --output captions.csv --resume holiday
  captioneer --attention maps photo.jpg
  captioneer --format markdown --alt photo.jpg
  captioneer --recursive --json holiday > captions.jsonl
  captioneer "photos/**/*.png" https://example.com/cat.jpg
  ls *.jpg | captioneer --files-from -
  curl -s https://example.com/cat.jpg | captioneer -`;
