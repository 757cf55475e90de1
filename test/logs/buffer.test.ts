import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LogBuffer } from '../../src/logs/buffer.ts';
import { compareEvents, type LogEvent } from '../../src/logs/event.ts';
import { compareLines } from '../../src/logs/lines.ts';
import { lineMatcher } from '../../src/logs/matcher.ts';

let ids = 0;
function event(timestamp: number, message = `line ${timestamp}`, group = 'g'): LogEvent {
  ids += 1;
  return { timestamp, ingestionTime: timestamp, group, stream: 's', eventId: String(ids).padStart(10, '0'), message };
}

function texts(buffer: LogBuffer): string[] {
  return buffer.slice(0, buffer.rows).map((line) => line.event.message);
}

describe('lines', () => {
  test('late ones are inserted in their place; those that come later than streams usually do are marked and counted', () => {
    const buffer = new LogBuffer();
    buffer.add([event(10_000), event(50_000)]);
    buffer.add([event(60_000), event(20_000), event(40_000)]);
    expect(texts(buffer)).toEqual(['line 10000', 'line 20000', 'line 40000', 'line 50000', 'line 60000']);
    expect(buffer.slice(0, 5).map((line) => line.late)).toEqual([0, 30_000, 0, 0, 0]);
    expect(buffer.late).toBe(1);
    buffer.add([event(15_000, 'other group', 'h')]);
    expect(buffer.late).toBe(1);
  });

  test('any batches in any order give the events in time order, within the bounds, with a version for each change', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 20 }), { maxLength: 20 }),
        fc.integer({ min: 1, max: 60 }),
        (batches, maxLines) => {
          const buffer = new LogBuffer({ maxLines });
          const versions: number[] = [];
          buffer.subscribe(() => versions.push(buffer.version));
          const all: LogEvent[] = [];
          for (const batch of batches) {
            const events = batch.map((timestamp) => event(timestamp));
            all.push(...events);
            buffer.add(events);
          }
          const held = buffer.slice(0, buffer.rows).map((line) => line.event);
          expect(held).toEqual([...held].sort(compareEvents));
          expect(buffer.size).toBe(Math.min(all.length, maxLines));
          expect(buffer.evicted.lines).toBe(all.length - buffer.size);
          expect(versions).toEqual([...versions].sort((a, b) => a - b));
          expect(new Set(versions).size).toBe(versions.length);
        },
      ),
    );
  });

  test('records stay whole and in order in whatever batches their lines come', () => {
    const line = fc.record({
      at: fc.integer({ min: 0, max: 40 }),
      stream: fc.constantFrom('a', 'b'),
      message: fc.constantFrom('INFO begins', '  goes on', 'ValueError: goes on'),
    });
    fc.assert(
      fc.property(fc.array(fc.array(line, { maxLength: 8 }), { maxLength: 8 }), (batches) => {
        const buffer = new LogBuffer();
        for (const batch of batches) {
          buffer.add(batch.map(({ at, stream, message }) => ({ ...event(at * 100, message), stream })));
        }
        const held = buffer.slice(0, buffer.rows);
        expect(held).toEqual([...held].sort(compareLines));
        expect(held).toHaveLength(batches.flat().length);
        for (const [row, { head, event: own }] of held.entries()) {
          if (head === undefined) continue;
          const before = held[row - 1];
          expect(before?.head ?? before).toBe(head);
          expect([own.stream, own.timestamp >= head.event.timestamp]).toEqual([head.event.stream, true]);
        }
        for (const each of held) expect(buffer.rowOf(each)).toBe(held.indexOf(each));
      }),
    );
  });

  test('bytes bound it too, and what was evicted is told', () => {
    const buffer = new LogBuffer({ maxBytes: 10_000 });
    for (let time = 1; time <= 100; time += 1) buffer.add([event(time, 'x'.repeat(1000))]);
    expect(buffer.bytes).toBeLessThanOrEqual(10_000);
    expect(buffer.size).toBeGreaterThan(5);
    expect(buffer.evicted).toEqual({ lines: 100 - buffer.size, range: { from: 1, to: 100 - buffer.size } });
    buffer.add([event(101, 'x'.repeat(50_000))]);
    expect(buffer.size).toBe(1);
  });

  test('a place in time is found, and a line keeps its identity while rows move', () => {
    const buffer = new LogBuffer({ maxLines: 5 });
    buffer.add([event(10), event(20), event(30)]);
    expect([buffer.rowAtTime(5), buffer.rowAtTime(20), buffer.rowAtTime(21), buffer.rowAtTime(99)]).toEqual([
      0, 1, 2, 2,
    ]);
    const line = buffer.row(1);
    if (line === undefined) throw new Error('no row');
    buffer.add([event(11), event(12)]);
    expect(buffer.rowOf(line)).toBe(3);
    buffer.add([event(40), event(50), event(60), event(70)]);
    expect(buffer.rowOf(line)).toBeUndefined();
    expect(buffer.nearestRow(line)).toBe(0);
  });
});

describe('filter and search', () => {
  test('at any time show exactly the lines that match, whatever came, went and came late', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            fc.record({ add: fc.array(fc.integer({ min: 0, max: 99 }), { maxLength: 30 }) }),
            fc.record({ filter: fc.constantFrom('', '1', '!1', '/[24]$/') }),
            fc.record({ search: fc.constantFrom('', '3', 'LINE', '/line 1/') }),
          ),
          { maxLength: 15 },
        ),
        async (steps) => {
          const buffer = new LogBuffer({ maxLines: 100 });
          for (const step of steps) {
            if ('add' in step) buffer.add(step.add.map((timestamp) => event(timestamp)));
            else if ('filter' in step) buffer.setFilter(lineMatcher(step.filter));
            else buffer.setSearch(lineMatcher(step.search));
            if ('add' in step && step.add.length % 2 === 0) await buffer.settled();
          }
          await buffer.settled();
          const matcher = buffer.filter?.matcher;
          const shown = texts(buffer);
          buffer.setFilter(undefined);
          expect(shown).toEqual(texts(buffer).filter((text) => matcher?.test(text) ?? true));
        },
      ),
      { numRuns: 60 },
    );
  });

  test('matches, errors and marks are stepped through in both directions', async () => {
    const buffer = new LogBuffer();
    buffer.add([
      event(1, 'INFO start'),
      event(2, 'ERROR first'),
      event(3, 'INFO middle'),
      event(4, 'ERROR second'),
      event(5, 'INFO end'),
    ]);
    buffer.setSearch(lineMatcher('info'));
    await buffer.settled();
    expect(buffer.search).toMatchObject({ found: 3, progress: 1 });
    expect([buffer.nextMatch(0, 1), buffer.nextMatch(2, 1), buffer.nextMatch(4, 1)]).toEqual([2, 4, undefined]);
    expect([buffer.nextMatch(4, -1), buffer.nextMatch(3, -1), buffer.nextMatch(0, -1)]).toEqual([2, 2, undefined]);
    expect([buffer.nextError(0, 1), buffer.nextError(1, 1), buffer.nextError(4, -1)]).toEqual([1, 3, 3]);
    for (const row of [3, 0]) buffer.toggleMark(buffer.row(row) as NonNullable<ReturnType<typeof buffer.row>>);
    expect(buffer.marks.map((line) => line.event.timestamp)).toEqual([1, 4]);
    expect([buffer.nextMark(0, 1), buffer.nextMark(4, -1)]).toEqual([3, 3]);
    buffer.setFilter(lineMatcher('ERROR'));
    await buffer.settled();
    expect([buffer.rows, buffer.errors, buffer.search?.found]).toEqual([2, 2, 0]);
    expect(buffer.nextError(0, 1)).toBe(1);
    expect(buffer.nextMark(0, 1)).toBe(1);
  });

  test('a scan over many lines lets other work run between its slices', async () => {
    const buffer = new LogBuffer({ scanSlice: 0 });
    buffer.add(Array.from({ length: 50_000 }, (_, line) => event(line)));
    buffer.setFilter(lineMatcher('9999'));
    expect(buffer.rows).toBe(0);
    let turns = 0;
    const count = () => {
      turns += 1;
      if (buffer.filter?.progress !== 1) setImmediate(count);
    };
    setImmediate(count);
    await buffer.settled();
    expect(turns).toBeGreaterThan(50);
    expect(buffer.rows).toBe(5);
  });
});
