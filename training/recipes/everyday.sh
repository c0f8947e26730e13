# Sourced by the recipes that go on from the default model with the corpus everyday.
prepare everyday
stage default/grown.pt "default grown: the words of everyday" ct grow configs/default.toml blend-again
train default everyday "0.2 h"
train default everyday-again "0.2 h"
mean default everyday-blend "0.56, 0.68 and 0.48" grown=0.5 everyday=0.25 everyday-again=0.25
