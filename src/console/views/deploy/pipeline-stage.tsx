import { Box } from 'ink';
import { useMemo } from 'react';
import { templates } from '../../../ingestion/templates.ts';
import { Failure } from '../../../text/failure.ts';
import type { Console } from '../../console.ts';
import { useConsole } from '../../hooks.ts';
import { editText, readTextFile } from '../../terminal/editor.ts';
import { Select } from '../../widgets/select.tsx';
import { Rows } from '../../widgets/text.tsx';
import type { Draft, DraftPipeline } from './draft.ts';

type Source = { readonly kind: 'file' } | { readonly kind: 'template'; readonly id: string };

/** What should be ingested? A workflow file, or a template that is filled in and edited. */
export function PipelineStage({
  draft,
  width,
  onChoose,
}: {
  draft: Draft;
  width: number;
  onChoose: (pipeline: DraftPipeline) => void;
}) {
  const console = useConsole();
  const choices = useMemo(
    () => [
      {
        label: 'A workflow file',
        value: { kind: 'file' } as Source,
        hint: 'OpenMetadata YAML or JSON on this machine',
      },
      ...templates.map(({ id, title }) => ({
        label: title,
        value: { kind: 'template', id } as Source,
        hint: 'template',
      })),
    ],
    [],
  );
  const choose = async (source: Source) => {
    try {
      const pipeline =
        source.kind === 'file' ? await chooseFile(console) : await fillTemplate(console, draft, source.id);
      if (pipeline !== undefined) onChoose(pipeline);
    } catch (error) {
      console.notices.error(error, 'pipeline');
    }
  };
  return (
    <Box flexDirection="column" width={width}>
      <Rows rows={[[{ text: 'What should be ingested?', bold: true }], '']} width={width} />
      <Select choices={choices} width={width} rows={choices.length} onChoose={(source) => void choose(source)} />
    </Box>
  );
}

async function chooseFile(console: Console): Promise<DraftPipeline | undefined> {
  const values = await console.dialogs.form({
    title: 'Workflow file',
    fields: [
      {
        id: 'path',
        label: 'Path',
        value: '',
        placeholder: 'redshift.yaml',
        check: (value) => (value.trim() === '' ? 'Name a file' : undefined),
      },
    ],
    submit: 'reads it',
  });
  if (values === undefined) return undefined;
  const path = (values.path ?? '').trim();
  return { source: path, text: await readTextFile(path) };
}

async function fillTemplate(console: Console, draft: Draft, id: string): Promise<DraftPipeline | undefined> {
  const template = templates.find((each) => each.id === id);
  if (template === undefined) throw new Failure('invalid-input', `There is no template ${id}.`);
  const { openmetadata, environment } = console.options;
  const values = await console.dialogs.form({
    title: template.title,
    lines: ['The server that the ingestion reports to, and the token of its ingestion bot.'],
    fields: [
      {
        id: 'serverUrl',
        label: 'OpenMetadata server',
        value: openmetadata?.url ?? '',
        placeholder: 'https://openmetadata.example.com/api',
        check: (value) => (/^https?:\/\/.+\/api\/?$/.test(value) ? undefined : 'An address that ends in /api'),
      },
      {
        id: 'jwtToken',
        label: 'Token',
        value: openmetadata?.token ?? '',
        secret: true,
        check: (value) => (value === '' ? 'The ingestion bot has one: Settings, Bots, ingestion-bot' : undefined),
      },
    ],
    submit: 'fills the template in',
  });
  if (values === undefined) return undefined;
  const text = template.text({
    environment: draft.environment.name,
    region: console.openSession().region,
    ...(draft.environment.webserverUrl === undefined ? {} : { webserverUrl: draft.environment.webserverUrl }),
    serverUrl: (values.serverUrl ?? '').replace(/\/+$/, ''),
    jwtToken: values.jwtToken ?? '',
  });
  const editor = environment.VISUAL || environment.EDITOR || 'vi';
  const next = await console.dialogs.select<'use' | 'edit'>({
    title: template.title,
    choices: [
      { label: 'Use it as it is', value: 'use' },
      { label: 'Edit it first', value: 'edit', hint: editor },
    ],
  });
  if (next === undefined) return undefined;
  return { source: template.title, text: next === 'use' ? text : await editText(text, editor, console.suspend) };
}
