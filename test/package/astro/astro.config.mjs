import { defineConfig } from 'astro/config';
import { astroAltText, remarkAltText } from 'captioneer/alt/plugins';

export default defineConfig({ integrations: [astroAltText()], markdown: { remarkPlugins: [remarkAltText] } });
