import { Box } from 'ink';
import { useEffect, useMemo, useState } from 'react';
import { readIngestion } from '../../../fleet/ingestions.ts';
import { type Template, templates } from '../../../ingestion/templates.ts';
import { knownToken } from '../../../openmetadata/known-server.ts';
import { Failure } from '../../../text/failure.ts';
import type { Console } from '../../console.ts';
import { useConsole } from '../../hooks.ts';
import type { Row } from '../../row.ts';
import type { Choice } from '../../stores/dialogs.ts';
import { readTextFile, workflowFiles } from '../../terminal/editor.ts';
import { Panel, panelInnerWidth } from '../../widgets/panel.tsx';
import { Select } from '../../widgets/select.tsx';
import { Rows } from '../../widgets/text.tsx';
import { sentenceRows } from '../field-rows.ts';
import { askWorkflowFile } from '../workflow-file.ts';
import type { Draft, DraftPipeline } from './draft.ts';

/** Where a pipeline comes from. */
type Source =
  | { readonly kind: 'deployed'; readonly dagId: string }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'other-file' }
  | { readonly kind: 'template'; readonly template: Template };

/** Files of the folder that are offered by name; others are named by hand. */
const MOST_FILES = 6;
/** Rows that the question takes, and the least that a preview needs. */
const QUESTION_ROWS = 2;
const LEAST_PREVIEW = 5;

/** What should be ingested? A workflow file, or a template that is filled in and edited. */
export function PipelineStage({
  draft,
  width,
  height,
  onChoose,
}: {
  draft: Draft;
  width: number;
  height: number;
  onChoose: (pipeline: DraftPipeline) => void;
}) {
  const console = useConsole();
  const choices = useChoices(draft);
  const [at, setAt] = useState<Source>();
  const choose = async (source: Source) => {
    try {
      const pipeline = await readSource(console, draft, source);
      if (pipeline !== undefined) onChoose(pipeline);
    } catch (error) {
      console.notices.error(error, 'pipeline');
    }
  };
  const rows = Math.min(choices.length, Math.max(3, height - QUESTION_ROWS - LEAST_PREVIEW));
  const room = height - QUESTION_ROWS - rows - 1;
  return (
    <Box flexDirection="column" width={width}>
      <Rows rows={[[{ text: 'What should be ingested?', bold: true }], '']} width={width} />
      <Select
        key={choices.length}
        choices={choices}
        width={width}
        rows={rows}
        onChoose={(source) => void choose(source)}
        onHighlight={setAt}
      />
      <Rows rows={['']} width={width} />
      <Preview source={at ?? choices[0]?.value} draft={draft} width={width} height={room} />
    </Box>
  );
}

function useChoices({ dagId, template: wanted }: Draft): readonly Choice<Source>[] {
  const [files, setFiles] = useState<readonly string[]>([]);
  useEffect(() => {
    let current = true;
    void workflowFiles().then((found) => {
      if (current) setFiles(found);
    });
    return () => {
      current = false;
    };
  }, []);
  return useMemo(
    () => [
      // What was asked for stands first, where the cursor is.
      ...templates
        .filter(({ id }) => id === wanted)
        .map((template) => choice('template', template.title, { kind: 'template', template })),
      ...(dagId === undefined ? [] : [choice('deployed', dagId, { kind: 'deployed', dagId })]),
      ...files.slice(0, MOST_FILES).map((path) => choice('file', path, { kind: 'file', path })),
      choice('file', files.length === 0 ? 'name one' : 'another one', { kind: 'other-file' }),
      ...templates
        .filter(({ id }) => id !== wanted)
        .map((template) => choice('template', template.title, { kind: 'template', template })),
    ],
    [dagId, wanted, files],
  );
}

function choice(kind: string, name: string, value: Source): Choice<Source> {
  return { label: `${kind.padEnd(9)} ${name}`, value };
}

/** What the selected source holds, as far as it may be shown: a file may hold secrets. */
function Preview({
  source,
  draft,
  width,
  height,
}: {
  source: Source | undefined;
  draft: Draft;
  width: number;
  height: number;
}) {
  const { environment } = draft;
  const rows = useMemo<readonly Row[]>(() => {
    switch (source?.kind) {
      case 'template':
        return source.template
          .text({
            environment: environment.name,
            ...(environment.webserverUrl === undefined ? {} : { webserverUrl: environment.webserverUrl }),
          })
          .trimEnd()
          .split('\n')
          .map((text): Row => [{ text, tone: text.trimStart().startsWith('#') ? 'dim' : 'plain' }]);
      case 'deployed':
        return sentenceRows('The configuration is read back from the secret of the ingestion.', width - 4, 'dim');
      case 'file':
      case 'other-file':
        return sentenceRows(
          'The file is read, checked and deployed as it is. Its configuration goes to Secrets Manager and nowhere else.',
          width - 4,
          'dim',
        );
      default:
        return [];
    }
  }, [source, environment, width]);
  if (height < 3) return null;
  const inner = panelInnerWidth(width);
  const hidden = rows.length - (height - 2);
  const shown: readonly Row[] =
    hidden > 0 ? [...rows.slice(0, height - 3), [{ text: `… ${hidden + 1} more lines`, tone: 'dim' }]] : rows;
  return (
    <Panel
      title={source?.kind === 'template' ? 'This template' : 'What becomes of it'}
      rows={inner > 0 ? shown : []}
      width={width}
      height={Math.min(height, shown.length + 2)}
    />
  );
}

async function readSource(console: Console, draft: Draft, source: Source): Promise<DraftPipeline | undefined> {
  switch (source.kind) {
    case 'deployed':
      return readDeployed(console, draft, source.dagId);
    case 'file':
      return { source: source.path, path: source.path, text: await readTextFile(source.path) };
    case 'other-file': {
      const path = await askWorkflowFile(console, { title: 'Workflow file' });
      return path === undefined ? undefined : { source: path, path, text: await readTextFile(path) };
    }
    case 'template':
      return fillTemplate(console, draft, source.template);
  }
}

async function readDeployed(console: Console, draft: Draft, dagId: string): Promise<DraftPipeline> {
  const session = console.openSession();
  const signal = AbortSignal.timeout(30_000);
  const record = await readIngestion(session, draft.environment, dagId, signal);
  if (record === undefined)
    throw new Failure('not-found', `${draft.environment.name} has no ingestion ${dagId} any more.`);
  const secret = await session.secretsManager.getSecretValue({ SecretId: record.secretArn }, { signal });
  if (secret.SecretString === undefined) {
    throw new Failure('not-found', `The secret of ${dagId} holds no text.`, {
      advice: 'Take its workflow file or a template.',
      resource: record.secretArn,
    });
  }
  return { source: `${dagId} as deployed`, text: secret.SecretString, dagId };
}

async function fillTemplate(console: Console, { environment }: Draft, template: Template) {
  const session = console.openSession();
  const known = console.options.openmetadata?.(session) ?? {};
  const token = await knownToken(session, known, AbortSignal.timeout(30_000)).catch((error: unknown) => {
    // It can still be typed.
    console.notices.error(error, 'openMetadataTokenSecret');
    return undefined;
  });
  const values = await console.dialogs.form({
    title: template.title,
    lines: ['The server that the ingestion reports to, and the token of its ingestion bot.'],
    fields: [
      {
        id: 'serverUrl',
        label: 'OpenMetadata server',
        value: known.url ?? '',
        placeholder: 'https://openmetadata.example.com/api',
        check: (value) => (/^https?:\/\/.+\/api\/?$/.test(value.trim()) ? undefined : 'An address that ends in /api'),
      },
      {
        id: 'jwtToken',
        label: 'Token',
        value: token ?? '',
        secret: true,
        check: (value) => (value === '' ? 'The ingestion bot has one: Settings, Bots, ingestion-bot' : undefined),
      },
    ],
    submit: 'fill it in',
  });
  if (values === undefined) return undefined;
  const text = template.text({
    environment: environment.name,
    region: session.region,
    ...(environment.webserverUrl === undefined ? {} : { webserverUrl: environment.webserverUrl }),
    serverUrl: (values.serverUrl ?? '').trim().replace(/\/+$/, ''),
    jwtToken: values.jwtToken ?? '',
  });
  return { source: `${template.id}.yaml`, text };
}
