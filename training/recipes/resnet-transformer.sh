#!/usr/bin/env bash
# resnet-transformer, its ResNet-18 from random weights; the embedded model and its teacher first. 14 hours in all.
source "$(dirname "${BASH_SOURCE[0]}")/resnet-18.sh"

train resnet-transformer self-critical-again "0.5 h; 0.24 and 0.29"
mean resnet-transformer blend-longer "0.38 and 0.38 (whole dev splits)" together=0.45 self-critical-again=0.2 blend-again=0.35
ship resnet-transformer blend-longer
