export { CLIP_GRAPH_SETS, ClipGraphs } from './clip-graphs.js';
export { readClipConfig, type ClipConfig } from './config.js';
