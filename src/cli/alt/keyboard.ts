import { createInterface, emitKeypressEvents, type Key } from 'node:readline';
import type { Writable } from 'node:stream';
import type { CommandIo } from '../console/command-io.js';

/** A terminal's input, whose keys can be read one by one. */
export type KeyboardInput = NodeJS.ReadableStream & {
  readonly isTTY: true;
  setRawMode(isRaw: boolean): unknown;
};

/** Whether standard input is a keyboard, and not a pipe or a file. */
export function isKeyboard(stdin: CommandIo['stdin']): stdin is CommandIo['stdin'] & KeyboardInput {
  return stdin.isTTY === true && typeof (stdin as Partial<KeyboardInput>).setRawMode === 'function';
}

/** What stands for the end of the input. */
const END: Key = { name: 'd', ctrl: true };

/** Reads keys one by one, and lines that can be edited. */
export class Keyboard {
  readonly #input: KeyboardInput;
  readonly #output: Writable;
  readonly #signal: AbortSignal;
  /** Pressed and not read yet. */
  readonly #keys: Key[] = [];
  #wake: () => void = () => undefined;

  constructor(input: KeyboardInput, output: Writable, signal: AbortSignal) {
    this.#input = input;
    this.#output = output;
    this.#signal = signal;
    emitKeypressEvents(input);
    input.once('end', () => this.#take(undefined, END));
    signal.addEventListener('abort', () => this.#wake(), { once: true });
    this.#listen();
  }

  /** The next key. @throws the abort reason */
  async next(): Promise<Key> {
    for (;;) {
      this.#signal.throwIfAborted();
      const key = this.#keys.shift();
      if (key) return key;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /**
   * A line that is typed, edited as in a shell.
   *
   * @param text that it begins with
   * @returns undefined if it was given up, by Ctrl-C or Ctrl-D
   */
  async line(prompt: string, text: string): Promise<string | undefined> {
    this.#input.off('keypress', this.#take);
    const editor = createInterface({ input: this.#input, output: this.#output, terminal: true, prompt });
    const line = await new Promise<string | undefined>((resolve) => {
      editor.once('line', resolve);
      editor.once('SIGINT', () => resolve(undefined));
      editor.once('close', () => resolve(undefined));
      editor.prompt();
      editor.write(text);
      // What was typed before the editor was there.
      for (const key of this.#keys.splice(0)) editor.write(key.sequence ?? '', key);
    });
    editor.close();
    this.#listen();
    return line;
  }

  /** Gives the terminal back. */
  close(): void {
    this.#input.off('keypress', this.#take);
    this.#input.setRawMode(false);
    this.#input.pause();
  }

  #listen(): void {
    this.#input.on('keypress', this.#take);
    this.#input.setRawMode(true);
    this.#input.resume();
  }

  readonly #take = (_text: string | undefined, key: Key): void => {
    this.#keys.push(key);
    this.#wake();
  };
}
