import type { Clock } from '../../src/aws/clock.ts';
import { openSession } from '../../src/aws/open.ts';
import type { Session } from '../../src/aws/session.ts';
import { type RunningRegion, startRegion } from '../../src/demo/region.ts';
import { SteadyClock } from './steady-clock.ts';

/** An embedded region whose time runs fast, and sessions on it that share its time. */
export interface TestRegion {
  readonly running: RunningRegion;
  readonly url: string;
  readonly clock: Clock;
  /** A session of the administrator, or of the holder of another access key. */
  open(options?: { readonly accessKeyId?: string; readonly readOnly?: boolean }): Promise<Session>;
  /** Makes requests fail; see docs/DEMO.md for the faults. */
  fault(fault: Readonly<Record<string, unknown>>): Promise<void>;
  /** What was asked of the region so far, as `/_demo/requests` tells it. */
  requests(): Promise<readonly { readonly service: string; readonly operation: string; readonly status: number }[]>;
  close(): Promise<void>;
}

/** Starts a region whose time runs `speed` times as fast as the wall's, or slower where the machine is busy. */
export async function testRegion(speed = 60, seed = 7): Promise<TestRegion> {
  const clock = new SteadyClock(speed);
  const running = await startRegion({ clock, speed, seed });
  const sessions: Session[] = [];
  return {
    running,
    url: running.url,
    clock,
    open: async ({ accessKeyId = 'AKIADEMOADMIN0000000', readOnly = false } = {}) => {
      const session = await openSession({
        endpoint: running.url,
        region: 'eu-west-1',
        credentials: { accessKeyId, secretAccessKey: 'demo' },
        clock,
        readOnly,
      });
      sessions.push(session);
      return session;
    },
    fault: async (fault) => {
      const set = await fetch(`${running.url}/_demo/faults`, { method: 'POST', body: JSON.stringify(fault) });
      if (!set.ok) throw new Error(`The fault was refused: ${await set.text()}`);
    },
    requests: async () => {
      const list = await fetch(`${running.url}/_demo/requests`);
      return ((await list.json()) as { requests: { service: string; operation: string; status: number }[] }).requests;
    },
    close: async () => {
      for (const session of sessions) session.close();
      await running.close();
      clock.close();
    },
  };
}
