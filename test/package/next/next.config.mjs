export default {
  output: 'standalone', // optional
  serverExternalPackages: ['captioneer'],
};
