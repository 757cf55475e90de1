/** What would act on a terminal or hide in it; JSON's own escaping covers C0 and lone surrogates alone. */
const ACTING = /[\x7f-\x9f\u2028\u2029\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu;

/** Whether a text may hold any of them: most texts don't, and looking for each costs more. */
const BEYOND_ASCII = /[\x7f-\uffff]/;

/**
 * A value as JSON that is safe on a terminal and lossless: parsing gives the same value back, and
 * controls, bidi, invisible characters and U+2028/9 stand as `\u` escapes. `undefined` is `null`.
 */
export function jsonText(value: unknown, indent = 0): string {
  return inert(JSON.stringify(value, undefined, indent) ?? 'null');
}

/** JSON, of one document or several, with an escape for all that would act on a terminal. */
export function inert(json: string): string {
  if (!BEYOND_ASCII.test(json)) return json;
  // All of them can only stand inside strings, where an escape means the same character.
  return json.replace(ACTING, (character) =>
    Array.from({ length: character.length }, (_, unit) => {
      return `\\u${character.charCodeAt(unit).toString(16).padStart(4, '0')}`;
    }).join(''),
  );
}
