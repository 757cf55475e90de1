import { EventEmitter } from 'node:events';
import { StringDecoder } from 'node:string_decoder';
import { type InputToken, KeySplitter } from './key-splitter.ts';

/** What we need of `process.stdin`. */
export interface TerminalSource {
  readonly isTTY?: boolean;
  setRawMode?(raw: boolean): unknown;
  on(event: string, listener: (chunk: Buffer | string) => void): unknown;
  off(event: string, listener: (chunk: Buffer | string) => void): unknown;
  resume(): unknown;
  pause(): unknown;
  ref?(): unknown;
  unref?(): unknown;
}

/** Longer than any terminal takes to send the rest of a sequence, shorter than a human's next key, in ms. */
const ESCAPE_PATIENCE = 25;
/** Answers of terminals behind slow links come in pieces, in ms. */
const REPLY_PATIENCE = 250;
/** A paste whose end never comes would hold back every key after it, in ms. */
const PASTE_PATIENCE = 1000;
const PATIENCE = { escape: ESCAPE_PATIENCE, reply: REPLY_PATIENCE, paste: PASTE_PATIENCE };

/** Escape in a form that Ink's parser need not wait on: bare, it would join the next key. */
const ESCAPE_KEY = '\x1b[27u';

/**
 * The stream Ink reads keys from, in front of the real one: one key at a time, so that React has
 * painted the answer to a key before the next one comes; the terminal's answers dropped; focus told
 * by callback; an unfinished paste closed. It holds the real stream only while Ink wants raw mode, so
 * that a child process gets all of its input. What was typed ahead before a hand-over is dropped.
 */
export class TerminalInput extends EventEmitter {
  readonly isTTY = true;
  readonly #source: TerminalSource;
  readonly #onFocus: (focused: boolean) => void;
  readonly #splitter = new KeySplitter();
  #decoder = new StringDecoder('utf8');
  readonly #queue: string[] = [];
  #current: string | undefined;
  #pumping = false;
  #raw = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(source: TerminalSource, onFocus: (focused: boolean) => void = () => {}) {
    super();
    this.#source = source;
    this.#onFocus = onFocus;
  }

  setRawMode(raw: boolean): this {
    if (raw === this.#raw) return this;
    this.#raw = raw;
    if (raw) {
      this.#source.setRawMode?.(true);
      this.#source.on('data', this.#receive);
      this.#source.resume();
    } else {
      this.#source.off('data', this.#receive);
      this.#source.pause();
      this.#source.setRawMode?.(false);
      clearTimeout(this.#timer);
      this.#splitter.reset();
      this.#decoder = new StringDecoder('utf8');
      this.#queue.length = 0;
    }
    return this;
  }

  setEncoding(): this {
    return this;
  }

  ref(): this {
    this.#source.ref?.();
    return this;
  }

  unref(): this {
    this.#source.unref?.();
    return this;
  }

  /** The key that `readable` announced, once; null otherwise. */
  read(): string | null {
    const key = this.#current ?? null;
    this.#current = undefined;
    return key;
  }

  readonly #receive = (chunk: Buffer | string): void => {
    this.#take(this.#splitter.push(typeof chunk === 'string' ? chunk : this.#decoder.write(chunk)));
  };

  #take(tokens: readonly InputToken[]): void {
    clearTimeout(this.#timer);
    const waiting = this.#splitter.waiting;
    if (waiting !== undefined) {
      this.#timer = setTimeout(() => this.#take(this.#splitter.expire()), PATIENCE[waiting]);
    }
    for (const token of tokens) {
      if (token.type === 'focus') this.#onFocus(token.focused);
      else if (token.type === 'paste') this.#queue.push(`\x1b[200~${token.text}\x1b[201~`);
      else this.#queue.push(token.bytes === '\x1b' ? ESCAPE_KEY : token.bytes);
    }
    if (!this.#pumping) this.#pump();
  }

  #pump = (): void => {
    this.#current = this.#queue.shift();
    this.#pumping = this.#current !== undefined;
    if (!this.#pumping) return;
    this.emit('readable');
    queueMicrotask(this.#pump);
  };
}
