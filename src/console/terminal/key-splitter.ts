/** What a terminal sends: a key as its bytes, a paste, or whether the terminal has the focus. */
export type InputToken =
  | { readonly type: 'key'; readonly bytes: string }
  | { readonly type: 'paste'; readonly text: string }
  | { readonly type: 'focus'; readonly focused: boolean };

/** Why the splitter waits for more; each has its own patience. */
export type Waiting = 'escape' | 'reply' | 'paste' | undefined;

const ESC = '\x1b';
const PASTE_END = '\x1b[201~';

/** Introducers of strings that only a terminal's answers have: DCS, OSC, PM, APC, SOS. */
const STRINGS = 'P]^_X';

/** Answers after their ESC [: device attributes and modes, cursor position, status and window, mouse. */
const REPLY = /^(?:[<=>?].*|\d+;\d+R|\d+(?:;\d+)*[nt]|\d+;\d+;\d+M)$/s;

/**
 * Splits what a terminal sends into single keys, pastes and focus changes, and drops its answers to
 * queries, which would otherwise be read as typed text. Sequences may be split over chunks: what is
 * unfinished waits, and `expire` says that its rest is not coming.
 */
export class KeySplitter {
  #pending = '';
  #paste: string | undefined;

  /** What the splitter waits for, after the last `push`. */
  get waiting(): Waiting {
    if (this.#paste !== undefined) return 'paste';
    if (this.#pending === '') return undefined;
    return this.#pending.length > 2 && STRINGS.includes(this.#pending.charAt(1)) ? 'reply' : 'escape';
  }

  push(chunk: string): InputToken[] {
    const tokens: InputToken[] = [];
    let input = this.#pending + chunk;
    this.#pending = '';
    while (input !== '') {
      if (this.#paste !== undefined) {
        const known = this.#paste.length;
        const text = this.#paste + input;
        const end = text.indexOf(PASTE_END, Math.max(0, known - PASTE_END.length));
        if (end < 0) {
          this.#paste = text;
          return tokens;
        }
        this.#paste = undefined;
        tokens.push({ type: 'paste', text: text.slice(0, end) });
        input = text.slice(end + PASTE_END.length);
        continue;
      }
      const length = lengthOfFirst(input);
      if (length === undefined) {
        this.#pending = input;
        return tokens;
      }
      const token = tokenOf(input.slice(0, length));
      input = input.slice(length);
      if (token === 'paste') this.#paste = '';
      else if (token !== undefined) tokens.push(token);
    }
    return tokens;
  }

  /** Gives up waiting: an ESC alone was the key, a paste ends here, a half answer is dropped. */
  expire(): InputToken[] {
    const pending = this.#pending;
    this.#pending = '';
    if (this.#paste !== undefined) {
      const text = this.#paste;
      this.#paste = undefined;
      return [{ type: 'paste', text }];
    }
    return pending === ESC ? [{ type: 'key', bytes: ESC }] : [];
  }

  reset(): void {
    this.#pending = '';
    this.#paste = undefined;
  }
}

/** Code units of the first key or sequence; undefined while it is unfinished. */
function lengthOfFirst(input: string): number | undefined {
  const first = input.codePointAt(0) ?? 0;
  if (first !== 0x1b) return first > 0xffff ? 2 : 1;
  const second = input.charAt(1);
  if (second === '') return undefined;
  if (second === ESC) return 1;
  if (second === '[') return lengthOfControl(input);
  if (second === 'O') return lengthOfFunctionKey(input);
  if (STRINGS.includes(second)) return lengthOfString(input);
  return 1 + ((input.codePointAt(1) ?? 0) > 0xffff ? 2 : 1);
}

function lengthOfControl(input: string): number | undefined {
  // The Linux console's F1 to F5: ESC [ [ A.
  if (input.charAt(2) === '[') return input.length > 3 ? 4 : undefined;
  for (let at = 2; at < input.length; at += 1) {
    const code = input.charCodeAt(at);
    // rxvt's shifted keys end in $, elsewhere an intermediate byte: ESC [ 3 $.
    if (code === 0x24 && at === 3 && /[235678]/.test(input.charAt(2))) return at + 1;
    if (code >= 0x40 && code <= 0x7e) {
      // A mouse report in the oldest form: three more bytes.
      if (code === 0x4d && at === 2) return input.length >= 6 ? 6 : undefined;
      return at + 1;
    }
    if (code < 0x20 || code > 0x3f) return at;
  }
  return undefined;
}

function lengthOfFunctionKey(input: string): number | undefined {
  for (let at = 2; at < input.length; at += 1) {
    const code = input.charCodeAt(at);
    if (code >= 0x40 && code <= 0x7e) return at + 1;
    if (code !== 0x3b && (code < 0x30 || code > 0x39)) return at;
  }
  return undefined;
}

function lengthOfString(input: string): number | undefined {
  for (let at = 2; at < input.length; at += 1) {
    const code = input.charCodeAt(at);
    if (code === 0x07 || code === 0x9c) return at + 1;
    if (code === 0x1b) {
      if (at + 1 === input.length) return undefined;
      return input.charAt(at + 1) === '\\' ? at + 2 : at;
    }
    // No answer holds controls: whoever presses Ctrl-C meanwhile is heard.
    if (code < 0x20) return at;
  }
  return undefined;
}

function tokenOf(bytes: string): InputToken | 'paste' | undefined {
  if (bytes.length === 1 || !bytes.startsWith(ESC)) return { type: 'key', bytes };
  if (bytes === '\x1b[200~') return 'paste';
  if (bytes === PASTE_END) return undefined;
  if (bytes === '\x1b[I' || bytes === '\x1b[O') return { type: 'focus', focused: bytes.endsWith('I') };
  const second = bytes.charAt(1);
  if (STRINGS.includes(second) && bytes.length > 2) return undefined;
  if (second === 'O' && isBroken(bytes)) return undefined;
  if (second === '[' && (REPLY.test(bytes.slice(2)) || isMouse(bytes) || isBroken(bytes))) return undefined;
  return { type: 'key', bytes };
}

function isMouse(bytes: string): boolean {
  return bytes.length === 6 && bytes.startsWith('\x1b[M');
}

/** A sequence that something else cut short before its final byte. */
function isBroken(bytes: string): boolean {
  const last = bytes.charCodeAt(bytes.length - 1);
  return bytes.length === 2 || (last !== 0x24 && (last < 0x40 || last > 0x7e));
}
