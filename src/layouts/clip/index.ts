export { CLIP_GRAPH_SETS, ClipGraphs } from './clip-graphs.js';
export { readClipConfig } from './config.js';
