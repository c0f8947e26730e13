export default {
  mode: 'production',
  target: 'node',
  entry: './server.js',
  experiments: { outputModule: true },
  output: { module: true, filename: 'server.js' },
  externals: { captioneer: 'module captioneer', sharp: 'module sharp' },
};
