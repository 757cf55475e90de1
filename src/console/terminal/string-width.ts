import realWidth from 'string-width';
import { isCommon } from '../../text/common.ts';

/*
 * Stands in for the module of this name in the bundle (src/build.mjs): Ink measures every row of every frame,
 * changed or not. Common characters with colours are counted; other text is measured once and remembered.
 */

const REMEMBERED = 1024;
const widths = new Map<string, number>();

/** As the library's function; options, which Ink does not use, go to the library. */
export default function stringWidth(text: string, options?: Parameters<typeof realWidth>[1]): number {
  if (options !== undefined) return realWidth(text, options);
  let cells = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (isCommon(code)) {
      cells += 1;
      continue;
    }
    const end = code === 0x1b ? endOfColour(text, at) : -1;
    if (end < 0) return measured(text);
    at = end;
  }
  return cells;
}

/** Where the colour (SGR) that starts at `start` ends; below zero when it is none. */
function endOfColour(text: string, start: number): number {
  if (text.charCodeAt(start + 1) !== 0x5b) return -1;
  let at = start + 2;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0x30 || code > 0x3b || code === 0x3a) break;
  }
  return text.charCodeAt(at) === 0x6d ? at : -1;
}

function measured(text: string): number {
  const known = widths.get(text);
  if (known !== undefined) return known;
  if (widths.size >= REMEMBERED) widths.clear();
  const cells = realWidth(text);
  widths.set(text, cells);
  return cells;
}
