import { readFile } from 'node:fs/promises';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';
import { findImages, missingTexts } from '../../alt/index.js';
import { toAltText } from '../../index.js';
import { sourceFiles } from '../alt/source-files.js';
import type { CommandCaptioner } from '../console/command-io.js';
import { reportError } from '../console/error-report.js';

/** What the tools need. */
export interface McpSettings {
  readonly version: string;
  readonly signal: AbortSignal;
  /** Loads the model; the same one each time. */
  readonly captioner: () => Promise<CommandCaptioner>;
}

/** A list of images is cut here: an assistant does not read more. */
const MOST_IMAGES = 500;

/** Screen readers are said to cope well with texts of this length. */
const MAX_CHARACTERS = 125;

/** A server with the tools `describe_image` and `find_missing_alt_text`. */
export function createMcpServer({ version, signal, captioner }: McpSettings): McpServer {
  const server = new McpServer({ name: 'captioneer', version });
  const annotations = { readOnlyHint: true, openWorldHint: false };
  server.registerTool(
    'describe_image',
    {
      title: 'Describe an image',
      description:
        'Captions an image file of this machine in one sentence, as alternative text. needsReview says that the model is not sure. The texts say what is in the image; names and purpose must come from the page.',
      inputSchema: {
        path: z.string().min(1).describe('path of an image file'),
        proposals: z.number().int().min(1).max(8).default(3).describe('how many texts'),
      },
      annotations,
    },
    ({ path, proposals }) =>
      answer(async () => {
        const bytes = await readFile(path);
        const loaded = await captioner();
        const numBeams = Math.max(4, proposals);
        const result = await loaded.caption(bytes, { numBeams, numCaptions: proposals, signal });
        const { text, needsReview, reasons } = toAltText(result, { maxCharacters: MAX_CHARACTERS });
        const others = result.captions.map((one) => toAltText(one, { maxCharacters: MAX_CHARACTERS }).text);
        return { text, confidence: result.confidence, needsReview, reasons, proposals: [...new Set(others)] };
      }),
  );
  server.registerTool(
    'find_missing_alt_text',
    {
      title: 'Find images without alternative text',
      description:
        'Lists images without alternative text in HTML, Markdown, MDX, JSX, TSX, Vue, Svelte, Astro and Nunjucks files, with what is around them.',
      inputSchema: { paths: z.array(z.string().min(1)).min(1).describe('files, folders or patterns') },
      annotations,
    },
    ({ paths }) => answer(() => missingIn(paths, signal)),
  );
  return server;
}

async function missingIn(paths: readonly string[], signal: AbortSignal): Promise<object> {
  const images: object[] = [];
  const errors: string[] = [];
  for (const file of await sourceFiles(paths, [], signal)) {
    signal.throwIfAborted();
    try {
      for (const { image } of missingTexts(await findImages(file, await readFile(file)))) {
        const { line, column, src, tag, context } = image;
        images.push({ file, line, column, tag, src, ...context });
      }
    } catch (error) {
      errors.push(reportError(error).message);
    }
  }
  return { count: images.length, images: images.slice(0, MOST_IMAGES), ...(errors.length > 0 && { errors }) };
}

interface Answer {
  [key: string]: unknown;
  content: { type: 'text'; text: string }[];
  isError?: boolean;
}

async function answer(work: () => Promise<object>): Promise<Answer> {
  try {
    return { content: [{ type: 'text', text: JSON.stringify(await work(), undefined, 1) }] };
  } catch (error) {
    return { content: [{ type: 'text', text: reportError(error).message }], isError: true };
  }
}
