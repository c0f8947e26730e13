# Sourced by the recipes of resnet-transformer and resnet-soft-attention: their ResNet-18, with the Transformer decoder that it learns beside.
source "$(dirname "${BASH_SOURCE[0]}")/teachers.sh"
later_teacher

train resnet-transformer small-pictures "0.7 h; 0.77 of the teacher's variance unexplained" --teacher "$SEES"
train resnet-transformer larger-pictures "0.4 h; 0.84 unexplained" --teacher "$SEES"
train resnet-transformer whole-pictures "1.5 h; 0.87 unexplained" --teacher "$SEES"
train resnet-transformer-decoder captions "0.6 h; 0.47 and 0.47, on the teacher's features" --weights "$SEES"
graft resnet-transformer whole-pictures resnet-transformer-decoder captions graft
train resnet-transformer captions "0.2 h; 0.34 and 0.29"
train resnet-transformer self-critical "0.5 h; 0.34 and 0.32"
train resnet-transformer imitating "0.3 h; 0.36 and 0.33" --teacher "${TEACHERS[@]}"
mean resnet-transformer blend "0.36 and 0.34 (whole dev splits)" self-critical=0.5 imitating=0.5
train resnet-transformer imitating-again "0.2 h; 0.38 and 0.34" --teacher "${LATER[@]}"
mean resnet-transformer blend-again "0.37 and 0.36 (whole dev splits)" blend=0.4 imitating-again=0.6
train resnet-transformer whole-pictures-longer "0.7 h; 0.83 unexplained" --teacher "$SEES"
train resnet-transformer together "0.7 h; 0.37 and 0.36" --teacher "${LATER[@]}"
