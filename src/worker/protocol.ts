import type { CaptionResult } from '../captioner/index.js';
import type { CaptioneerWarning, ExecutionDevice, LoadProgress, ModelDescription } from '../core/index.js';
import type { ErrorMessage } from './error-message.js';

/** What the caller's thread asks of the worker. `id` names the call; `image` and `end` answer a `pull` of that call. */
export type Request =
  | { readonly kind: 'load'; readonly id: number; readonly source: unknown; readonly options: object }
  | { readonly kind: 'caption'; readonly id: number; readonly image: unknown; readonly options: object }
  | { readonly kind: 'read-text'; readonly id: number; readonly image: unknown; readonly options: object }
  | { readonly kind: 'stream'; readonly id: number; readonly image: unknown; readonly options: object }
  | { readonly kind: 'batch'; readonly id: number; readonly options: object }
  | { readonly kind: 'image'; readonly id: number; readonly image: unknown }
  | { readonly kind: 'end'; readonly id: number }
  | { readonly kind: 'next'; readonly id: number }
  | { readonly kind: 'abort'; readonly id: number }
  | { readonly kind: 'dispose'; readonly id: number };

/** What the worker answers. A call ends with `result` or `error`. */
export type Answer =
  | { readonly kind: 'result'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly error: ErrorMessage }
  | { readonly kind: 'piece'; readonly id: number; readonly piece: string }
  | { readonly kind: 'pull'; readonly id: number }
  | { readonly kind: 'outcome'; readonly id: number; readonly outcome: OutcomeMessage }
  | { readonly kind: 'progress'; readonly id: number; readonly progress: LoadProgress }
  | { readonly kind: 'warning'; readonly id: number; readonly warning: CaptioneerWarning };

/** What became of one image of a batch; the caller's thread has the image itself. */
export type OutcomeMessage =
  | { readonly status: 'fulfilled'; readonly index: number; readonly value: CaptionResult }
  | { readonly status: 'rejected'; readonly index: number; readonly reason: ErrorMessage };

/** What is known of a model once it is loaded. */
export interface LoadedMessage {
  readonly manifest: ModelDescription;
  readonly device: ExecutionDevice | undefined;
}

/** One end of a channel between two threads. */
export interface Port<Incoming, Outgoing> {
  /** Sends a message; what is in `transfer` is moved, not copied. */
  post(message: Outgoing, transfer?: readonly object[]): void;
  /** Is told each message that arrives. */
  onMessage(listener: (message: Incoming) => void): void;
}
