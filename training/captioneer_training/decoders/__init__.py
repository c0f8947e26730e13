"""Caption decoders: region features and the words so far in, logits of the next word out."""
