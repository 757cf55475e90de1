import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const path = (place: string) => fileURLToPath(new URL(`../../src/console/terminal/${place}`, import.meta.url));
const standIns = new Map([
  ['@alcalzone/ansi-tokenize', path('tokens.ts')],
  ['string-width', path('string-width.ts')],
]);

/** What is loaded through `paintsAsBuilt`: Ink, and what measures and cuts texts for it. */
export const INK = /\/node_modules\/(?:ink|widest-line|wrap-ansi|slice-ansi|cli-truncate)/;

/** Lets Ink paint by what it gets in the bundle (src/build.mjs): tests paint as the product does, in half the time. */
export const paintsAsBuilt = {
  name: 'paints-as-built',
  enforce: 'pre' as const,
  resolveId: (asked: string, importer: string | undefined) =>
    importer?.includes('/node_modules/') ? standIns.get(asked) : undefined,
  // Its source maps tell of files that the package doesn't hold.
  load: (id: string) =>
    INK.test(id) && id.endsWith('.js') ? readFileSync(id, 'utf8').replace(/\/\/# sourceMappingURL=.*/, '') : undefined,
};
