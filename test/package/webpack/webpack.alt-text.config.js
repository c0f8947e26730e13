export default {
  mode: 'production',
  target: 'node',
  entry: './alt-text.js',
  experiments: { outputModule: true },
  output: { module: true, filename: 'alt-text.js' },
};
