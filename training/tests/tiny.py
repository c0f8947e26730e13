"""The text of a small configuration that the tests write, but for its stages."""

TINY = """
name = "tiny"
corpora = ["squares"]
encoder = "lite0"
minimum_count = 1
maximum_words = 10

[description]
version = "0.0.0"

[decoder]
type = "transformer"
width = 16
heads = 2
layers = 1
encoder_layers = 1
maximum_length = 28
"""
