"""Image encoders: uint8-scaled pixels in, a map of region features out."""
