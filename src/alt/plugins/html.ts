import { editFile, type TextEdit } from '../edit/edit-file.js';
import { findImages } from '../source/find-images.js';
import { AltTexts, type AltTextOptions } from './alt-texts.js';

/**
 * HTML with the texts that the queue has for its images without `alt`; all else stays as it is. Of `![](photo.jpg)` in a Markdown file a
 * generator has made `alt=""`: such an image gets its text, too.
 *
 * @param file path of its source file, if it is known
 * @throws SourceFileError if the HTML cannot be edited
 */
export async function htmlWithAltTexts(html: string, texts: AltTexts, file?: string): Promise<string> {
  const bytes = new TextEncoder().encode(html);
  const images = await findImages(file ?? 'page.html', bytes, { syntax: 'html' });
  const edits = images.flatMap(({ alt, src, place }): TextEdit | [] => {
    if (src === undefined || place === undefined) return [];
    const isOpen = alt === 'missing' || (alt === 'decorative' && texts.isInMarkdown(src, file));
    const text = isOpen ? texts.textFor(src, file) : undefined;
    return text === undefined ? [] : { place, text };
  });
  if (edits.length === 0) return html;
  const edited = await editFile(file ?? 'page.html', bytes, edits, { syntax: 'html' });
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(edited.bytes);
}

/** What the plugin uses of Vite. */
interface VitePlugin {
  readonly name: string;
  readonly transformIndexHtml: {
    readonly order: 'pre';
    readonly handler: (html: string, context: { readonly filename: string }) => Promise<string>;
  };
}

/**
 * Plugin for Vite: gives images of HTML entries without `alt` the text that the queue has for them. It runs before Vite renames images.
 *
 * @example
 * ```js
 * export default { plugins: [viteAltText()] };
 * ```
 */
export function viteAltText(options: AltTextOptions = {}): VitePlugin {
  return {
    name: 'captioneer-alt-text',
    transformIndexHtml: {
      order: 'pre',
      handler: (html, { filename }) => htmlWithAltTexts(html, AltTexts.read(options), filename),
    },
  };
}

/** What the plugin uses of Eleventy. */
interface EleventyConfig {
  addTransform(name: string, transform: (this: EleventyPage, content: string) => Promise<string> | string): void;
}

interface EleventyPage {
  readonly page?: { readonly inputPath?: string; readonly outputPath?: string | false };
}

/**
 * Plugin for Eleventy: gives images of the pages that it writes the text that the queue has for them.
 *
 * @example
 * ```js
 * export default (eleventyConfig) => eleventyConfig.addPlugin(eleventyAltText);
 * ```
 */
export function eleventyAltText(config: EleventyConfig, options: AltTextOptions = {}): void {
  config.addTransform('captioneer-alt-text', function (content) {
    const { inputPath, outputPath } = this.page ?? {};
    if (typeof outputPath !== 'string' || !outputPath.endsWith('.html')) return content;
    return htmlWithAltTexts(content, AltTexts.read(options), inputPath?.replace(/^\.\//, ''));
  });
}
