import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeFileWhole } from '../../adapters/node/files/write-file-whole.js';
import { AltTexts, type AltTextOptions } from './alt-texts.js';
import { htmlWithAltTexts } from './html.js';

/** What the plugin uses of Astro. */
interface AstroIntegration {
  readonly name: string;
  readonly hooks: {
    readonly 'astro:build:done': (options: {
      readonly dir: URL;
      readonly logger?: { readonly info: (message: string) => void };
    }) => Promise<void>;
  };
}

/**
 * Integration for Astro: gives images of the pages that it has built, and that have no `alt`, the text that the queue has for them. Images
 * of Markdown get theirs by `remarkAltText` in `markdown.remarkPlugins`: Astro renames them, and writes `alt=""`.
 *
 * @example
 * ```js
 * export default defineConfig({ integrations: [astroAltText()], markdown: { remarkPlugins: [remarkAltText] } });
 * ```
 */
export function astroAltText(options: AltTextOptions = {}): AstroIntegration {
  return {
    name: 'captioneer-alt-text',
    hooks: {
      'astro:build:done': async ({ dir, logger }) => {
        const texts = AltTexts.read(options);
        const folder = fileURLToPath(dir);
        let changed = 0;
        for (const name of await readdir(folder, { recursive: true })) {
          const path = join(folder, name);
          if (!name.endsWith('.html') || !(await stat(path)).isFile()) continue;
          const before = await readFile(path, 'utf8');
          const after = await htmlWithAltTexts(before, texts);
          if (after === before) continue;
          await writeFileWhole(path, after);
          changed += 1;
        }
        logger?.info(`alternative texts in ${changed} ${changed === 1 ? 'page' : 'pages'}`);
      },
    },
  };
}
