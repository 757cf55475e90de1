import { Box } from 'ink';
import { useMemo } from 'react';
import { modes, type Verdict } from '../../../ingestion/modes/index.ts';
import type { IngestionMode } from '../../../ingestion/request.ts';
import type { Row } from '../../row.ts';
import { Select } from '../../widgets/select.tsx';
import { Rows } from '../../widgets/text.tsx';
import type { Draft } from './draft.ts';

const FIT_WORDS: Record<Verdict['fit'], string> = {
  fits: 'fits',
  'with-care': 'with care',
  'does-not-fit': 'does not fit',
};
const FIT_TONE = { fits: 'ok', 'with-care': 'warn', 'does-not-fit': 'error' } as const;

/** How should ingestion run? Each mode with its verdict for this environment. */
export function ModeStage({
  draft: { environment },
  width,
  onChoose,
}: {
  draft: Draft;
  width: number;
  onChoose: (mode: IngestionMode) => void;
}) {
  const verdicts = useMemo(
    () =>
      modes.map((mode) => ({
        mode,
        verdict: mode.verdict({
          airflowVersion: environment.airflowVersion,
          environmentClass: environment.environmentClass,
          webserverAccessMode: environment.webserverAccessMode,
        }),
      })),
    [environment],
  );
  const choices = useMemo(
    () =>
      verdicts.map(({ mode, verdict }) => ({
        label: `${mode.title.padEnd(20)} ${FIT_WORDS[verdict.fit].padEnd(13)}`,
        value: mode.id,
        hint: `${verdict.summary}${verdict.recommended ? '   recommended' : ''}`,
        tone: FIT_TONE[verdict.fit],
        disabled: unavailable(mode.id, verdict),
      })),
    [verdicts],
  );
  const reasons = verdicts.flatMap(({ mode, verdict }): Row[] =>
    verdict.reasons
      .filter(({ severity }) => severity !== 'info')
      .map((reason) => [
        { text: `${mode.title}: `, tone: 'dim' },
        { text: reason.text, tone: reason.severity === 'error' ? 'error' : 'warn' },
        { text: reason.remedy === undefined ? '' : `  ${reason.remedy}`, tone: 'dim' },
      ]),
  );
  return (
    <Box flexDirection="column" width={width}>
      <Rows
        rows={[
          [
            { text: `How should ingestion run in ${environment.name}?`, bold: true },
            { text: `   Airflow ${environment.airflowVersion}, ${environment.environmentClass}`, tone: 'dim' },
          ],
          '',
        ]}
        width={width}
      />
      <Select choices={choices} width={width} rows={choices.length} onChoose={onChoose} />
      <Rows rows={['', ...reasons]} width={width} />
    </Box>
  );
}

function unavailable(mode: IngestionMode, { fit, summary }: Verdict): string | undefined {
  if (fit === 'does-not-fit') return `It does not fit: ${summary}`;
  return mode === 'ecs' ? undefined : 'This mode is judged here, and not deployed yet; the ECS operator is';
}
