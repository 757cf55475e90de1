import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { keyPage } from '../../src/console/key-page.ts';
import { views } from '../../src/console/views/index.ts';
import { fields } from '../../src/settings/fields.ts';
import { defaultSettings } from '../../src/settings/settings.ts';

/** The pages that the product's own tables make; `npm run docs` writes them anew. */
const page = (name: string) => fileURLToPath(new URL(`../../docs/${name}`, import.meta.url));

test('docs/KEYS.md has every command of every screen', async () => {
  const text = keyPage(views);
  for (const { commands } of views) for (const { id } of commands) expect(text).toContain(`\`:${id}`);
  await expect(text).toMatchFileSnapshot(page('KEYS.md'));
});

test('docs/SETTINGS.md has every setting with its default and an example', async () => {
  const defaults = defaultSettings as unknown as Readonly<Record<string, unknown>>;
  const rows = Object.entries(fields).map(([key, { purpose, example }]) => {
    const value = defaults[key];
    return `| \`${key}\` | ${purpose} | ${value === undefined ? '' : `\`${JSON.stringify(value)}\``} | \`${example}\` |`;
  });
  const text = [
    '# Settings',
    '',
    'One YAML file, `$XDG_CONFIG_HOME/mwaa-console/config.yaml` (`~/.config/…` without it, `%APPDATA%` on Windows). It is made only when',
    'you ask for it: write it yourself, or set something by `:settings` in the console. A fault is told with file, line, column and',
    'key. Options of the command line and the variables of AWS win over it; `--demo` does not read it. It is the console’s alone: a',
    'command for scripts, such as `deploy`, goes by its options and the variables, so that it does the same on every machine.',
    '',
    '| Key | What it is for | Default | Example |',
    '| --- | --- | --- | --- |',
    ...rows,
  ];
  await expect(`${text.join('\n')}\n`).toMatchFileSnapshot(page('SETTINGS.md'));
});
