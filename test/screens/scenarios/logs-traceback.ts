import type { RunningRegion } from '../../../src/demo/region.ts';
import type { Scenario } from '../support/play.ts';

/** A traceback of one stream, and lines of another between its own. */
function traceback({ region }: RunningRegion): void {
  const { logs, clock } = region;
  logs.createGroup('/ecs/scenario', {});
  const put = (stream: string, at: number, message: string) =>
    logs.write('/ecs/scenario', stream, [{ timestamp: clock.now() - 1000 + at, message }], { delay: 0 });
  put('a', 0, '[2026-06-16 12:19:59] ERROR    {metadata.Ingestion:workflow:75} - the task broke');
  put('b', 1, '[2026-06-16 12:19:59] INFO     {metadata.Ingestion:workflow:74} - another task goes on');
  put('a', 2, 'Traceback (most recent call last):');
  put('b', 3, '[2026-06-16 12:19:59] INFO     {metadata.Ingestion:workflow:74} - and on');
  put('a', 4, '  File "ingest.py", line 7, in <module>');
  put('a', 5, 'ValueError: no such table');
}

export const scenario: Scenario = {
  shows: 'a traceback stays whole between the lines of other streams, opens whole, and is one error',
  at: { kind: 'logs', groups: ['/ecs/scenario'], since: '1h' },
  given: traceback,
  play: async (user) => {
    await user.sees(/broke.*Traceback.*File.*ValueError.*another.*and on/s);
    await user.does('next-error');
    await user.does('next-error');
    await user.sees('Goes on from the start');
    await user.does('open');
    await user.sees(/events +4/, 'ValueError: no such table');
  },
};
