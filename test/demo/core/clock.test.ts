import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ScaledClock } from '../../../src/demo/clock.ts';

describe('a scaled clock', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('runs faster than the wall', () => {
    const clock = new ScaledClock(60, 1000);
    let ran = 0;
    clock.after(60_000, () => ran++);
    vi.advanceTimersByTime(999);
    expect(ran).toBe(0);
    vi.advanceTimersByTime(1);
    expect(ran).toBe(1);
    expect(clock.now()).toBe(61_000);
  });

  it('is made faster and slower, and what is due falls due at its own moment', () => {
    const clock = new ScaledClock(1, 1000);
    const ran: number[] = [];
    clock.after(10_000, () => ran.push(clock.now()));
    clock.after(20_000, () => ran.push(clock.now()));
    const cancel = clock.after(15_000, () => ran.push(0));
    vi.advanceTimersByTime(4_000);
    clock.speed = 60;
    expect([clock.now(), clock.speed]).toEqual([5_000, 60]);
    cancel();
    vi.advanceTimersByTime(100);
    expect(ran).toEqual([11_000]);
    clock.speed = 0.5;
    vi.advanceTimersByTime(19_999);
    expect(ran).toEqual([11_000]);
    vi.advanceTimersByTime(1);
    expect(ran).toEqual([11_000, 21_000]);
  });

  it('waits longer than a timer of the machine can', () => {
    const clock = new ScaledClock(1);
    const days = 86_400_000;
    let ran = 0;
    clock.after(30 * days, () => ran++);
    const cancel = clock.after(60 * days, () => ran++);
    vi.advanceTimersByTime(30 * days - 1);
    expect(ran).toBe(0);
    vi.advanceTimersByTime(1);
    expect(ran).toBe(1);
    cancel();
    vi.advanceTimersByTime(60 * days);
    expect(ran).toBe(1);
  });
});
