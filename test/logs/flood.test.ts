import { test, vi } from 'vitest';
import { flood } from './flood.ts';
import { floodView } from './flood-view.ts';

vi.setConfig({ testTimeout: 300_000 });

test('a container that floods, writes junk, lines of 300 KB and no end to its last line: all of it is printed', () =>
  flood(5_000, 1));

test.each([
  [80, 24],
  [160, 48],
])('the same in the view at %i x %i tears no screen', (columns, rows) => floodView(2_000, 1, columns, rows));
