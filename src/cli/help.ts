/** Printed under the options by `--help`. */
export const HELP_AFTER = `
What is printed:
  For one picture, its caption. For several, and for those of a folder or a pattern, lines
  "picture: caption", in the order given. With --num-captions, several lines a picture, best first.
  With --json, one line a picture, {"image", "text", "score", "logProb", "confidence" (where the
  model has one), "isFinished", "statistics", "tokens", "captions" (where several were asked for),
  "timing"}, or {"image", "error"}.
  What is wrong with a picture is one line on standard error; the others go on.

Folders and patterns:
  Picture files are taken by their extension: jpg, jpeg, jpe, jfif, png, webp, gif, avif, tif, tiff.
  Files and folders that begin with a dot are left out, and links to folders are followed
  only in patterns.

Exit code:
  0    every picture has its caption
  1    a picture has none, or the output could not be written
  2    the command line is wrong
  3    the model could not be loaded
  130  ended by Ctrl-C

Examples:
  captioneer photo.jpg
  captioneer --num-captions 3 photo.jpg
  captioneer --prefix "a photo of" --ban man --require "dog|puppy" photo.jpg
  captioneer --sample --temperature 0.8 --seed 7 --stream photo.jpg
  captioneer --model owner/name --dtype q8 photo.jpg
  captioneer --recursive --json holiday > captions.jsonl
  captioneer "photos/**/*.png" https://example.com/cat.jpg
  curl -s https://example.com/cat.jpg | captioneer -`;
