"""Training, evaluation and export of captioneer's models."""
