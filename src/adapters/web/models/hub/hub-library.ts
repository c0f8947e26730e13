// The build puts the library's own build for browsers here: its package.json names that in a way that not every bundler follows.
export { downloadFile, listFiles, modelInfo } from '@huggingface/hub';
