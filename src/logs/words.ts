import { age, clockTime, type Zone } from '../text/ages.ts';
import type { FollowState } from './follow-state.ts';

/**
 * A follower's state in the words of the log view: following, reading, throttled n s, waiting for the first line and
 * so on, with lag, late lines and possible gaps.
 */
export function followWords(state: FollowState, now: number, zone: Zone = 'local'): string {
  const words = [conditionWords(state, now)];
  if (state.condition === 'following' && state.lag !== undefined) words.push(`lag ${(state.lag / 1000).toFixed(1)} s`);
  if (state.late > 0) words.push(`${state.late} late`);
  if (state.groups.some((group) => group.windowShortened)) words.push('window shortened');
  for (const gap of state.gaps)
    words.push(`gap possible from ${clockTime(gap.from, zone)} to ${clockTime(gap.to, zone)}`);
  return words.join(' · ');
}

function conditionWords(state: FollowState, now: number): string {
  const wait = state.until === undefined ? '' : ` ${Math.max(0, Math.ceil((state.until - now) / 1000))} s`;
  switch (state.condition) {
    case 'reading': {
      const newest = Math.max(...state.groups.map((group) => group.newest ?? 0));
      return newest > 0 && now - newest > 60_000 ? `reading, ${age(now - newest)} behind` : 'reading';
    }
    case 'following':
      return 'following';
    case 'waiting':
      return state.groups.every((group) => group.missing) ? 'waiting for the log group' : 'waiting for the first line';
    case 'throttled':
      return `throttled${wait}`;
    case 'signed-out':
      return 'waiting for credentials';
    case 'unreachable':
      return `unreachable, again in${wait}`;
    case 'sweeping':
      return 'sweeping once more';
    case 'failed':
      return 'not readable';
    default:
      return 'ended';
  }
}
