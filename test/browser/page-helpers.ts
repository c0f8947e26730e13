import type { WebImageSource } from '../../src/adapters/web/index.js';
import type { CaptioneerError, DecodeImageOptions } from '../../src/core/index.js';

export { pictureForms } from './picture-forms.js';

/** The package, as the page's bundler resolves it. */
type Captioneer = typeof import('../../src/index.browser.js') & typeof import('../../src/adapters/web/index.js');

declare const captioneer: Captioneer;

/** What the page has, as tests see it inside of `page.evaluate`. */
export type TestPage = typeof import('./page-helpers.js') & {
  readonly captioneer: Captioneer;
  readonly testing: typeof import('../../src/testing/index.js');
};

/** A picture decoded in the page, to be taken out of it. */
export async function decoded(source: WebImageSource, options?: DecodeImageOptions) {
  const { data, width, height } = await captioneer.webPlatform().decodeImage(source, options);
  let text = '';
  for (let at = 0; at < data.length; at += 2 ** 13) text += String.fromCharCode(...data.subarray(at, at + 2 ** 13));
  return { base64: btoa(text), width, height };
}

/** What a promise rejects with, to be taken out of the page. */
export async function failure(promise: Promise<unknown>) {
  try {
    await promise;
  } catch (error) {
    const { name, code, message } = error as CaptioneerError;
    return { name, code, message, isOurs: captioneer.CaptioneerError.isInstance(error) };
  }
  throw new Error('It succeeded, but had to fail.');
}

/** A graph that the runtime has loaded. */
interface LoadedGraph {
  readonly outputs: readonly string[];
  /** How often it ran. */
  runs: number;
}

/** The runtime that the library loads by itself, as its option `runtime.module` takes it, and the graphs that it loads. */
export function watchedRuntime() {
  const graphs: LoadedGraph[] = [];
  const watch = async () => {
    const runtime = await import('onnxruntime-web/wasm');
    type Created = Awaited<ReturnType<typeof runtime.InferenceSession.create>>;
    const factory: { create: (...given: never[]) => Promise<Created> } = runtime.InferenceSession;
    const create = factory.create.bind(factory);
    factory.create = async (...given) => {
      const session = await create(...given);
      const graph: LoadedGraph = { outputs: session.outputNames, runs: 0 };
      const run = session.run.bind(session) as (...feeds: readonly unknown[]) => ReturnType<Created['run']>;
      session.run = (...feeds: readonly unknown[]) => {
        graph.runs += 1;
        return run(...feeds);
      };
      graphs.push(graph);
      return session;
    };
    return runtime;
  };
  const watched = watch();
  return { module: () => watched, graphs };
}
