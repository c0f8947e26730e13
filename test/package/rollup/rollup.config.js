export default {
  input: 'server.js',
  output: { file: 'dist/server.js', format: 'esm' },
  external: ['captioneer', 'sharp'],
};
