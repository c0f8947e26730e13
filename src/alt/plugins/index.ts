export { type AltTextOptions, AltTexts } from './alt-texts.js';
export { astroAltText } from './astro.js';
export { eslintAltText } from './eslint.js';
export { eleventyAltText, htmlWithAltTexts, viteAltText } from './html.js';
export { rehypeAltText, remarkAltText } from './unified.js';
