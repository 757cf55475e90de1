import { stripVTControlCharacters } from 'node:util';
import { render } from 'ink-testing-library';
import { describe, expect, test } from 'vitest';
import { ThemeContext } from '../../src/console/hooks.ts';
import { Panel } from '../../src/console/widgets/panel.tsx';
import { Tabs } from '../../src/console/widgets/tabs.tsx';
import { Rows } from '../../src/console/widgets/text.tsx';

describe('rows', () => {
  test('are cut to their width, whatever is in them', () => {
    const { lastFrame } = render(<Rows rows={['a'.repeat(50), 'テスト'.repeat(10)]} width={10} />);
    expect(lastFrame()).toBe(`${'a'.repeat(9)}…\nテストテ…`);
  });

  test('let nothing act on the terminal', () => {
    const hostile = 'before\u001b]52;c;ZXZpbA==\u0007after\rover\u202e';
    const frame = render(<Rows rows={[hostile]} width={60} />).lastFrame() ?? '';
    expect(frame).toContain('before');
    expect([...frame].filter((character) => /[\p{Cc}\p{Cf}]/u.test(character) && character !== '\n')).toEqual([]);
  });

  test('have no colour where there is none', () => {
    const row = [{ text: 'failed', tone: 'error' as const }];
    const theme = { color: false, unicode: true };
    const plain = render(
      <ThemeContext.Provider value={theme}>
        <Rows rows={[row]} width={10} />
      </ThemeContext.Provider>,
    );
    expect(plain.lastFrame()).toBe('failed');
    expect(render(<Rows rows={[row]} width={10} />).lastFrame()).toContain('\u001b[31m');
  });
});

describe('a panel', () => {
  test('takes exactly its height and width', () => {
    const { lastFrame } = render(
      <ThemeContext.Provider value={{ color: false, unicode: true }}>
        <Panel title="Title" note="1-2 of 9" rows={['one', 'two', 'three']} width={30} height={4} />
      </ThemeContext.Provider>,
    );
    expect(stripVTControlCharacters(lastFrame() ?? '').split('\n')).toEqual([
      '┌ Title ────────── 1-2 of 9 ─┐',
      '│ one                        │',
      '│ two                        │',
      '└────────────────────────────┘',
    ]);
  });
});

test('tabs carry their digits', () => {
  const { lastFrame } = render(
    <ThemeContext.Provider value={{ color: false, unicode: true }}>
      <Tabs tabs={['tasks', 'services']} open="services" title={(tab) => tab} width={40} />
    </ThemeContext.Provider>,
  );
  expect(stripVTControlCharacters(lastFrame() ?? '')).toContain(' 1  tasks   2  services');
});
