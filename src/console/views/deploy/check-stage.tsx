import { Box } from 'ink';
import { useMemo } from 'react';
import { type Finding, findingsFor, type Pipeline, readPipeline } from '../../../ingestion/pipeline.ts';
import { Failure } from '../../../text/failure.ts';
import { useConsole } from '../../hooks.ts';
import type { Row } from '../../row.ts';
import { editFile, editText, readTextFile } from '../../terminal/editor.ts';
import { Select } from '../../widgets/select.tsx';
import { Rows } from '../../widgets/text.tsx';
import { fieldRows, hanging, sentenceRows } from '../field-rows.ts';
import type { Draft, DraftPipeline } from './draft.ts';

type Next = 'go-on' | 'edit' | 'again' | 'other';

/** What was read of a pipeline: itself with its faults, or why it is none. */
interface Checked {
  readonly pipeline: Pipeline | undefined;
  readonly findings: readonly Finding[];
  readonly failure: Failure | undefined;
}

/** Is the pipeline sound? What it is, its faults with line and key, and what to do about them. */
export function CheckStage({
  draft,
  pipeline,
  width,
  height,
  onChange,
  onGoOn,
  onOther,
}: {
  draft: Draft;
  pipeline: DraftPipeline;
  width: number;
  height: number;
  onChange: (pipeline: DraftPipeline) => void;
  onGoOn: () => void;
  onOther: () => void;
}) {
  const console = useConsole();
  const { environment, mode } = draft;
  const checked = useMemo(
    () => check(pipeline, { airflowVersion: environment.airflowVersion, mode }),
    [pipeline, environment, mode],
  );
  const errors = checked.findings.filter(({ severity }) => severity === 'error').length;
  const bad = checked.failure !== undefined || errors > 0;
  const editor = console.options.environment.VISUAL || console.options.environment.EDITOR || 'vi';
  const choices = useMemo(
    () => [
      ...(bad ? [] : [{ label: 'Go on', value: 'go-on' as Next, hint: 'choose where it runs' }]),
      { label: 'Edit it', value: 'edit' as Next, hint: editor },
      ...(pipeline.path === undefined ? [] : [{ label: 'Read it again', value: 'again' as Next, hint: pipeline.path }]),
      { label: 'Take another', value: 'other' as Next },
    ],
    [bad, editor, pipeline.path],
  );
  const choose = async (next: Next) => {
    try {
      if (next === 'go-on') onGoOn();
      else if (next === 'other') onOther();
      else if (next === 'again') onChange(await readAgain(pipeline));
      else onChange(await edit(pipeline, editor, console.suspend));
    } catch (error) {
      console.notices.error(error, 'pipeline');
    }
  };
  const rows = useMemo(() => checkedRows(pipeline, checked, width), [pipeline, checked, width]);
  const room = Math.max(1, height - choices.length - 1);
  const shown: readonly Row[] =
    rows.length > room
      ? [...rows.slice(0, room - 1), [{ text: ' … more below: mend these first', tone: 'dim' }]]
      : rows;
  return (
    <Box flexDirection="column" width={width}>
      <Rows rows={[...shown, '']} width={width} />
      <Select
        key={String(bad)}
        choices={choices}
        width={width}
        rows={choices.length}
        onChoose={(next) => void choose(next)}
      />
    </Box>
  );
}

function check({ source, text }: DraftPipeline, target: Parameters<typeof findingsFor>[1]): Checked {
  try {
    const pipeline = readPipeline(text, source);
    return { pipeline, findings: findingsFor(pipeline, target), failure: undefined };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { pipeline: undefined, findings: [], failure: error };
  }
}

async function readAgain(pipeline: DraftPipeline): Promise<DraftPipeline> {
  return pipeline.path === undefined ? pipeline : { ...pipeline, text: await readTextFile(pipeline.path) };
}

async function edit(
  pipeline: DraftPipeline,
  editor: string,
  suspend: (borrow: () => Promise<void>) => Promise<void>,
): Promise<DraftPipeline> {
  if (pipeline.path === undefined) return { ...pipeline, text: await editText(pipeline.text, editor, suspend) };
  await editFile(pipeline.path, editor, suspend);
  return readAgain(pipeline);
}

function checkedRows(
  { source, text }: DraftPipeline,
  { pipeline, findings, failure }: Checked,
  width: number,
): readonly Row[] {
  const style = { columns: width, names: 12 };
  const head: Row[] = [
    [
      { text: source, bold: true },
      { text: `   ${text.trimEnd().split('\n').length} lines`, tone: 'dim' },
    ],
    '',
  ];
  if (failure !== undefined) {
    return [
      ...head,
      ...sentenceRows(failure.message, width, 'error'),
      ...(failure.advice === undefined ? [] : sentenceRows(failure.advice, width)),
    ];
  }
  if (pipeline !== undefined) {
    const { sourceType, pipelineType, serviceName, connectionType, server } = pipeline;
    const connection = connectionType ?? 'the one that OpenMetadata stores for the service';
    head.push(
      ...fieldRows('reads', `${sourceType}: ${pipelineType}`, style),
      ...(serviceName === undefined ? [] : fieldRows('service', serviceName, style)),
      ...fieldRows('connection', connection, style),
      ...fieldRows('reports to', server.hostPort ?? 'no server', style),
      '',
    );
  }
  if (findings.length === 0) return [...head, [{ text: 'No fault was found.', tone: 'ok' }]];
  const faults = [...findings].sort((one, other) => Number(one.severity > other.severity) || one.line - other.line);
  return [...head, ...faults.flatMap((finding) => findingRows(finding, width))];
}

function findingRows({ severity, line, column, key, message, advice }: Finding, width: number): readonly Row[] {
  const lead = [
    { text: `${severity.padEnd(8)} `, tone: severity === 'error' ? ('error' as const) : ('warn' as const) },
  ];
  const text: Row = [
    { text: `line ${line}:${column} `, bold: true },
    { text: key === '' ? '' : `${key}: `, tone: 'accent' },
    { text: message },
  ];
  return [
    ...hanging(lead, text, width),
    ...(advice === '' ? [] : hanging([{ text: ' '.repeat(9) }], [{ text: advice, tone: 'dim' }], width)),
  ];
}
