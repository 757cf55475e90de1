import { Box } from 'ink';
import { useMemo, useState } from 'react';
import { modes, type Verdict } from '../../../ingestion/modes/index.ts';
import type { IngestionMode } from '../../../ingestion/request.ts';
import { serverVersion } from '../../../openmetadata/server.ts';
import { airflowVersion } from '../../../reference/airflow-versions.ts';
import { Failure } from '../../../text/failure.ts';
import { useConsole, useRead, useStore } from '../../hooks.ts';
import type { Row } from '../../row.ts';
import { Select } from '../../widgets/select.tsx';
import { Rows } from '../../widgets/text.tsx';
import { hanging } from '../field-rows.ts';
import type { Draft } from './draft.ts';

const FIT_WORDS: Record<Verdict['fit'], string> = {
  fits: 'fits',
  'with-care': 'with care',
  'does-not-fit': 'does not fit',
};
const FIT_TONE = { fits: 'ok', 'with-care': 'warn', 'does-not-fit': 'error' } as const;
const SEVERITY_TONE = { info: 'dim', warning: 'warn', error: 'error' } as const;

/** A mode's name for people. */
export function modeTitle(mode: IngestionMode): string {
  return modes.find(({ id }) => id === mode)?.title ?? mode;
}

/** How should ingestion run? Each mode with its verdict for this environment, and the reasons of the selected one. */
export function ModeStage({
  draft: { environment, mode },
  width,
  height,
  onChoose,
}: {
  draft: Draft;
  width: number;
  height: number;
  onChoose: (mode: IngestionMode) => void;
}) {
  const server = useServerVersion();
  const [at, setAt] = useState<IngestionMode>(mode);
  const verdicts = useMemo(
    () =>
      modes.map((each) => ({
        id: each.id,
        title: each.title,
        verdict: each.verdict({
          airflowVersion: environment.airflowVersion,
          environmentClass: environment.environmentClass,
          webserverAccessMode: environment.webserverAccessMode,
          ...(server === undefined ? {} : { openmetadataVersion: server }),
        }),
      })),
    [environment, server],
  );
  const choices = useMemo(
    () =>
      verdicts.map(({ id, title, verdict }) => ({
        label: `${title.padEnd(20)} ${FIT_WORDS[verdict.fit].padEnd(12)} ${verdict.recommended ? 'recommended' : ''}`,
        value: id,
        hint: verdict.summary,
        tone: FIT_TONE[verdict.fit],
        disabled: unavailable(verdict),
      })),
    [verdicts],
  );
  const facts = [
    `Airflow ${environment.airflowVersion}`,
    `Python ${airflowVersion(environment.airflowVersion).row.python}`,
    ...(server === undefined ? [] : [`OpenMetadata server ${server}`]),
  ];
  const shown = verdicts.find(({ id }) => id === at);
  const reasons = shown === undefined ? [] : reasonRows(shown.verdict, width);
  return (
    <Box flexDirection="column" width={width}>
      <Rows
        rows={[
          [{ text: `How should ingestion run in ${environment.name}?`, bold: true }],
          [{ text: facts.join(', '), tone: 'dim' }],
          '',
        ]}
        width={width}
      />
      <Select
        choices={choices}
        initial={Math.max(
          0,
          modes.findIndex(({ id }) => id === mode),
        )}
        width={width}
        rows={choices.length}
        onChoose={onChoose}
        onHighlight={setAt}
      />
      <Rows rows={['', ...reasons].slice(0, Math.max(0, height - choices.length - 3))} width={width} />
    </Box>
  );
}

/** The version of the server that is configured; undefined while it is not known. */
function useServerVersion(): string | undefined {
  const console = useConsole();
  const session = useStore(console.session, (state) => state.session);
  const url = session && console.options.openmetadata?.(session).url;
  const read = useRead(
    `version of ${url ?? 'no server'}`,
    async (_, signal) => {
      try {
        return url === undefined ? undefined : await serverVersion(url, { signal });
      } catch (error) {
        // Verdicts stand without it; the plan asks again, and says what is wrong.
        if (error instanceof Failure) return undefined;
        throw error;
      }
    },
    Number.POSITIVE_INFINITY,
  );
  return read.data;
}

function reasonRows({ summary, reasons }: Verdict, width: number): readonly Row[] {
  const sentence = `${summary[0]?.toUpperCase() ?? ''}${summary.slice(1)}.`;
  if (reasons.length === 0) return [sentence, [{ text: 'Nothing speaks against it.', tone: 'dim' }]];
  return [
    sentence,
    '',
    ...reasons.flatMap((reason): readonly Row[] => {
      const lead = [{ text: `${reason.severity.padEnd(8)} `, tone: SEVERITY_TONE[reason.severity] }];
      return [
        ...hanging(lead, reason.text, width),
        ...(reason.remedy === undefined
          ? []
          : hanging([{ text: ' '.repeat(9) }], [{ text: reason.remedy, tone: 'dim' }], width)),
      ];
    }),
  ];
}

function unavailable({ fit, summary }: Verdict): string | undefined {
  return fit === 'does-not-fit' ? `It does not fit: ${summary}` : undefined;
}
