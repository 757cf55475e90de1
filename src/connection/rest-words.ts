import type { Tone } from '../text/columns.ts';
import { pathLimitWords } from './path-limits.ts';
import type { RestChecks } from './probe/probe.ts';

/** One sentence on the REST route: of whom, where it is of somebody, what was found, and what would mend it. */
export interface RestSentence {
  readonly whom?: string;
  readonly text: string;
  readonly tone: Tone;
  readonly advice?: string | undefined;
}

/** What the checks of the REST route found, for people. */
export function restWords({ here, task, role, limits }: RestChecks): readonly RestSentence[] {
  const calls = [
    ['you', here],
    ['the role of an ingestion’s task', task],
  ] as const;
  return [
    ...calls.flatMap(([whom, check]): RestSentence[] => {
      if (check === null) return [];
      const { ok, detail, advice } = check;
      return [
        {
          whom: `/dags for ${whom}`,
          text: ok ? `answers, ${detail}` : detail,
          tone: ok ? 'ok' : 'error',
          advice: advice ?? undefined,
        },
      ];
    }),
    ...(role === null
      ? []
      : [
          {
            whom: `/dags for ${role.role.split('/').at(-1)}, the role of ${role.of}`,
            text: role.detail,
            tone: role.allowed === null ? 'dim' : role.allowed ? 'ok' : 'error',
            advice: role.advice ?? undefined,
          } as const,
        ]),
    ...(limits === null ? [] : pathLimitWords(limits).map((text): RestSentence => ({ text, tone: 'plain' }))),
  ];
}
