import { expect } from 'vitest';
import { startCommand } from '../support/command.ts';
import { localContainer } from './local-container.ts';

/** Follows a container's flood by `logs -f -o json`: every event is printed, once, in the end of it all. */
export async function flood(lines: number, seconds: number): Promise<void> {
  const container = await localContainer(lines, seconds);
  try {
    const running = startCommand(
      ['logs', container.group, '-f', '-o', 'json', '--since', '1h', '--endpoint-url', container.url],
      { AWS_ACCESS_KEY_ID: 'demo', AWS_SECRET_ACCESS_KEY: 'demo', AWS_REGION: 'eu-west-1' },
    );
    const printed = () => running.stdout().split('\n').length - 1;
    await expect.poll(printed, { timeout: 280_000, interval: 500 }).toBeGreaterThanOrEqual(container.messages.length);
    running.signal('SIGINT');
    const { code, stdout } = await running.ended;
    const events = stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as { eventId: string; message: string; timestamp: number });
    expect(code).toBe(130);
    expect(new Set(events.map((event) => event.eventId)).size).toBe(events.length);
    const counted = (texts: readonly string[]) => [...texts].sort();
    expect(counted(events.map((event) => event.message))).toEqual(counted(container.messages));
  } finally {
    await container.close();
  }
}
