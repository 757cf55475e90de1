import { expect, test } from 'vitest';
import { Bucket, Budget, sharedBudget } from '../../src/aws/budget.ts';
import { HandClock } from '../support/hand-clock.ts';

const FAMILY = { name: 'logs:FilterLogEvents', rate: 2, burst: 3 };

function bucketOn(clock: HandClock): Bucket {
  return new Bucket(FAMILY, clock, () => {});
}

/** Starts `count` takes and counts those that have gone. */
function takes(bucket: Bucket, count: number): { readonly gone: () => number } {
  let gone = 0;
  for (let index = 0; index < count; index += 1) {
    bucket.take().then(() => {
      gone += 1;
    });
  }
  return { gone: () => gone };
}

test('a burst goes at once, the rest at the rate, in turn', async () => {
  const clock = new HandClock();
  const { gone } = takes(bucketOn(clock), 7);
  await clock.advance(0);
  expect(gone()).toBe(3);
  await clock.advance(499);
  expect(gone()).toBe(3);
  await clock.advance(1);
  expect(gone()).toBe(4);
  await clock.advance(1_500);
  expect(gone()).toBe(7);
  expect(clock.waits()).toHaveLength(0);
});

test('an aborted wait ends with its reason and gives its turn away', async () => {
  const clock = new HandClock();
  const bucket = bucketOn(clock);
  await Promise.all([bucket.take(), bucket.take(), bucket.take()]);
  const controller = new AbortController();
  const aborted = bucket.take(controller.signal).catch((error: unknown) => error);
  const { gone } = takes(bucket, 1);
  controller.abort('enough');
  expect(await aborted).toBe('enough');
  await clock.advance(500);
  expect(gone()).toBe(1);
});

test('nothing sleeps on once nobody waits', async () => {
  const clock = new HandClock();
  const bucket = bucketOn(clock);
  const controller = new AbortController();
  const waits = [1, 2, 3, 4].map(() => bucket.take(controller.signal).catch(() => {}));
  await clock.advance(0);
  expect(clock.waits()).toHaveLength(1);
  controller.abort();
  await Promise.all(waits);
  await clock.advance(0);
  expect(clock.waits()).toHaveLength(0);
});

test('an aborted signal takes no token', async () => {
  const clock = new HandClock();
  const bucket = bucketOn(clock);
  await expect(bucket.take(AbortSignal.abort('gone'))).rejects.toBe('gone');
  const { gone } = takes(bucket, 3);
  await clock.advance(0);
  expect(gone()).toBe(3);
});

test('a throttle pauses the family, then it goes on at half the rate and recovers', async () => {
  const clock = new HandClock();
  const bucket = bucketOn(clock);
  await bucket.take();
  bucket.throttled();
  expect(bucket.waitsUntil()).toBe(clock.now() + 1_000);
  const { gone } = takes(bucket, 3);
  await clock.advance(999);
  expect(gone()).toBe(0);
  await clock.advance(1);
  expect(gone()).toBe(2);
  await clock.advance(500);
  expect(gone()).toBe(2);
  await clock.advance(500);
  expect(gone()).toBe(3);
  await clock.advance(60_000);
  expect(bucket.waitsUntil()).toBeUndefined();
  const later = takes(bucket, 5);
  await clock.advance(1_000);
  expect(later.gone()).toBe(5);
});

test('a throttle that comes back as soon as the rate has recovered is probed for less and less often', async () => {
  const clock = new HandClock();
  const bucket = bucketOn(clock);
  const recoveries: number[] = [];
  const lesson = async () => {
    bucket.throttled();
    const from = clock.now();
    while (bucket.rate < FAMILY.rate) await clock.advance(10_000);
    recoveries.push((clock.now() - from) / 60_000);
  };
  for (let index = 0; index < 6; index += 1) await lesson();
  expect(recoveries).toEqual([1, 2, 4, 8, 16, 16]);
  await clock.advance(60 * 60_000);
  await lesson();
  expect(recoveries.at(-1)).toBe(1);
});

test('throttles in a row pause longer and longer, an answer ends the row', async () => {
  const clock = new HandClock();
  const bucket = bucketOn(clock);
  const pauses: number[] = [];
  const throttle = async () => {
    bucket.throttled();
    pauses.push((bucket.waitsUntil() ?? 0) - clock.now());
    await clock.advance(pauses.at(-1) ?? 0);
  };
  for (let index = 0; index < 7; index += 1) await throttle();
  bucket.answered();
  await throttle();
  expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000, 1_000]);
});

test('requests that were throttled together teach once', () => {
  const clock = new HandClock();
  const bucket = bucketOn(clock);
  bucket.throttled();
  bucket.throttled();
  bucket.throttled();
  expect(bucket.waitsUntil()).toBe(clock.now() + 1_000);
});

test('a throttle while others wait makes them wait longer', async () => {
  const clock = new HandClock();
  const bucket = bucketOn(clock);
  const { gone } = takes(bucket, 4);
  await clock.advance(400);
  bucket.throttled();
  await clock.advance(999);
  expect(gone()).toBe(3);
  await clock.advance(1);
  expect(gone()).toBe(4);
});

test('an environment has an Airflow budget of its own', async () => {
  const budget = new Budget(new HandClock());
  const family = { name: 'airflow:InvokeRestApi', rate: 1, burst: 1, per: 'Name' };
  expect(budget.bucket(family, { Name: 'a' })).toBe(budget.bucket(family, { Name: 'a' }));
  expect(budget.bucket(family, { Name: 'a' })).not.toBe(budget.bucket(family, { Name: 'b' }));
  budget.bucket(family, { Name: 'a' }).throttled();
  expect(budget.throttles().map((state) => state.family)).toEqual(['airflow:InvokeRestApi a']);
});

test('sessions of one account and region share a budget, others do not', () => {
  const clock = new HandClock();
  expect(sharedBudget(clock, 'a|eu-west-1|')).toBe(sharedBudget(clock, 'a|eu-west-1|'));
  expect(sharedBudget(clock, 'a|eu-west-1|')).not.toBe(sharedBudget(clock, 'a|us-east-1|'));
  expect(sharedBudget(clock, 'a|eu-west-1|')).not.toBe(sharedBudget(new HandClock(), 'a|eu-west-1|'));
});
