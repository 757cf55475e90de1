import { isCommon } from '../../text/common.ts';

/*
 * Stands in for Intl.Segmenter in the bundle (src/build.mjs). Ink's libraries and ours make eight of them when they
 * are loaded, and the first one costs as much as half of Node's own start; most texts have nothing to be joined.
 */

const { Segmenter } = Intl;

/** As Intl.Segmenter for its `segment`; the real one is made when a text first needs it. */
export class LazySegmenter {
  readonly #options: ConstructorParameters<typeof Segmenter>;
  #made: Intl.Segmenter | undefined;

  constructor(...options: ConstructorParameters<typeof Segmenter>) {
    this.#options = options;
  }

  segment(text: string): Pick<Intl.Segments, typeof Symbol.iterator> {
    const { granularity = 'grapheme' } = this.#options[1] ?? {};
    if (granularity === 'grapheme' && nothingJoins(text)) return eachCharacter(text);
    this.#made ??= new Segmenter(...this.#options);
    return this.#made.segment(text);
  }
}

/** Whether each code unit stands for itself; among the controls, CR joins with LF. */
function nothingJoins(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (!isCommon(code) && (code > 0x1f || code === 0x0d)) return false;
  }
  return true;
}

function* eachCharacter(text: string): Generator<Intl.SegmentData, undefined> {
  for (let index = 0; index < text.length; index += 1) yield { segment: text.charAt(index), index, input: text };
}
