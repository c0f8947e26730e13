import type { Captioner, CaptionOutcome } from '../captioner/captioner.js';
import type { CaptionAllOptions, CaptionOptions, ReadTextOptions } from '../captioner/index.js';
import { DisposedError, type LoadOptions } from '../core/index.js';
import { toErrorMessage } from './error-message.js';
import type { Answer, LoadedMessage, OutcomeMessage, Port, Request } from './protocol.js';

type Call = Extract<Request, { readonly kind: 'load' | 'caption' | 'read-text' | 'stream' | 'batch' | 'dispose' }>;

/** What a call that is under way can be told. */
interface Running {
  readonly abort: AbortController;
  /** The next message of a batch: an image, the end of them, or that the next outcome is wanted. */
  readonly inbox: Inbox;
}

/**
 * The worker's side: answers requests with a captioner that it loads.
 *
 * @param load loads a captioner in this thread
 * @param close ends this thread, when the captioner has been disposed of
 */
export function serve(
  port: Port<Request, Answer>,
  load: (source: unknown, options: LoadOptions) => Promise<Captioner>,
  close: () => void,
): void {
  const running = new Map<number, Running>();
  let loaded: Captioner | undefined;
  const captioner = (): Captioner => {
    if (!loaded) throw new DisposedError('The captioner');
    return loaded;
  };

  const run = async (call: Call, { abort, inbox }: Running): Promise<unknown> => {
    const { id } = call;
    const { signal } = abort;
    switch (call.kind) {
      case 'load': {
        loaded = await load(call.source, {
          ...call.options,
          signal,
          progress: (progress) => port.post({ kind: 'progress', id, progress }),
          onWarning: (warning) => port.post({ kind: 'warning', id, warning }),
        });
        return { manifest: loaded.manifest, device: loaded.device } satisfies LoadedMessage;
      }
      case 'caption':
        return captioner().caption(call.image, { ...(call.options as CaptionOptions), signal });
      case 'read-text':
        return captioner().readText(call.image, { ...(call.options as ReadTextOptions), signal });
      case 'stream': {
        const stream = captioner().stream(call.image, { ...(call.options as CaptionOptions), signal });
        for await (const piece of stream) port.post({ kind: 'piece', id, piece });
        return stream.result;
      }
      case 'batch': {
        const images = pulled(inbox, () => port.post({ kind: 'pull', id }));
        const options = { ...(call.options as CaptionAllOptions), signal };
        for await (const outcome of captioner().captionAll(images, options)) {
          port.post({ kind: 'outcome', id, outcome: toOutcomeMessage(outcome) });
          await inbox.take('next');
        }
        return undefined;
      }
      case 'dispose':
        await loaded?.dispose();
        return undefined;
    }
  };

  port.onMessage((request) => {
    const { id, kind } = request;
    if (kind === 'abort') {
      const reason = new DOMException('The call was aborted.', 'AbortError');
      running.get(id)?.abort.abort(reason);
      running.get(id)?.inbox.close(reason);
      return;
    }
    if (kind === 'image' || kind === 'end' || kind === 'next') {
      running.get(id)?.inbox.put(request);
      return;
    }
    const state = { abort: new AbortController(), inbox: new Inbox() };
    running.set(id, state);
    run(request, state)
      .then(
        (value) => port.post({ kind: 'result', id, value }),
        (error: unknown) => port.post({ kind: 'error', id, error: toErrorMessage(error) }),
      )
      .finally(() => {
        running.delete(id);
        if (kind === 'dispose') close();
      });
  });
}

async function* pulled(inbox: Inbox, pull: () => void): AsyncGenerator<unknown, void, void> {
  for (;;) {
    pull();
    const message = await inbox.take('image', 'end');
    if (message.kind === 'end') return;
    yield message.image;
  }
}

function toOutcomeMessage(outcome: CaptionOutcome): OutcomeMessage {
  const { index } = outcome;
  return outcome.status === 'fulfilled'
    ? { status: 'fulfilled', index, value: outcome.value }
    : { status: 'rejected', index, reason: toErrorMessage(outcome.reason) };
}

type BatchMessage = Extract<Request, { readonly kind: 'image' | 'end' | 'next' }>;

/** Messages of one call, taken by kind. */
class Inbox {
  readonly #messages: BatchMessage[] = [];
  readonly #waiting = new Set<() => void>();
  #reason: unknown;
  #isClosed = false;

  put(message: BatchMessage): void {
    this.#messages.push(message);
    this.#notify();
  }

  /** Whoever waits, and whoever comes later, gets the reason. */
  close(reason: unknown): void {
    this.#isClosed = true;
    this.#reason = reason;
    this.#notify();
  }

  async take<Kind extends BatchMessage['kind']>(
    ...kinds: readonly Kind[]
  ): Promise<Extract<BatchMessage, { readonly kind: Kind }>> {
    for (;;) {
      if (this.#isClosed) throw this.#reason;
      const index = this.#messages.findIndex(({ kind }) => (kinds as readonly string[]).includes(kind));
      if (index >= 0) {
        return this.#messages.splice(index, 1)[0] as Extract<BatchMessage, { readonly kind: Kind }>;
      }
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  #notify(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}
