/** The names of an encoder's input and output, as published exports have them. */
export const ENCODER_NAMES = {
  pixelValues: 'pixel_values',
  lastHiddenState: 'last_hidden_state',
} as const;
