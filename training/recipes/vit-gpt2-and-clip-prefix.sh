# Sourced by the recipes of vit-gpt2 and clip-prefix, which have the same tokens and teach each other.
source "$(dirname "${BASH_SOURCE[0]}")/teachers.sh"

train vit-gpt2 captions "1.1 h; 0.46 and 0.47" --weights "$SEES"
train vit-gpt2 longer "0.8 h; 0.51 and 0.54"
train vit-gpt2 self-critical "0.4 h; 0.54 and 0.56"
mean vit-gpt2 blend "0.56 and 0.57" longer=0.3 self-critical=0.7

train clip-prefix contrastive "0.4 h; recall at 5 of 0.57 and 0.81" --weights "$SEES"
train clip-prefix language "0.3 h"
train clip-prefix captions "0.9 h; 0.36 and 0.35"
train clip-prefix pooling "0.9 h; 0.43 and 0.47"
train clip-prefix self-critical "0.3 h; 0.47 and 0.52"

train vit-gpt2 imitating "0.6 h; 0.56 and 0.55" --epochs 2 --teacher "$WORK/vit-gpt2/blend.pt" "$WORK/clip-prefix/self-critical.pt"
train vit-gpt2 self-critical-again "0.2 h; 0.55 and 0.60"
