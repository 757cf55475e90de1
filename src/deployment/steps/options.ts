import { type PluginNeed, pluginNeed } from '../../ingestion/plugins.ts';
import { unifiedDiff } from '../../text/diff.ts';
import { readJournals } from '../journal.ts';
import type { StepDefinition, Target } from '../step.ts';

/** How many of the newest deployments are searched for what an option was before. */
const SEARCHED = 50;

type Options = Readonly<Record<string, string | null>>;

/** Airflow configuration options that an ingestion needs; the environment's update sets them with everything else. */
export const options: StepDefinition = {
  id: 'airflow-options',
  kind: 'airflow-options',
  shared: true,
  look: async (target, signal) => {
    const { known, request } = target;
    const { configurationOptions } = target.environment;
    const wanted = request.mode === 'virtualenv' ? (pluginNeed(request)?.configuration ?? {}) : undefined;
    const changed = Object.fromEntries(
      Object.entries(wanted ?? (await leftOptions(target, signal))).filter(
        ([key, value]) => (configurationOptions[key] ?? null) !== value,
      ),
    );
    const keys = Object.keys(changed);
    if (keys.length === 0) return undefined;
    known.update = { ...known.update, options: changed };
    const lines = (values: Readonly<Record<string, string | null | undefined>>) =>
      keys.map((key) => `${key} = ${values[key] ?? '(not set)'}\n`).join('');
    return {
      action: 'update',
      resource: keys.join(', '),
      diff: await unifiedDiff(lines(configurationOptions), lines(changed), 'Airflow configuration options'),
      reason:
        wanted === undefined
          ? 'as before the plugin came; the other options stay'
          : 'Airflow loads the plugin by it; the other options stay',
      before: null,
    };
  },
  act: async ({ known }) => known.update?.options ?? null,
  lookBack: async () => undefined,
  takeBack: async () => {},
};

/** Whether plugin and option that this ingestion brought have to stay for others: they are the same for all. */
export function isNeededByOthers({ request, others, formerOthers = [] }: Target): boolean {
  return request.mode === 'virtualenv' && [...others, ...formerOthers].some(({ mode }) => mode === 'virtualenv');
}

/** Whether this ingestion, by the virtualenv operator until now, was the last that needs plugin and option. */
export function hasLeftPlugin({ request, earlier, others }: Target): boolean {
  if (request.mode === 'virtualenv' || earlier?.mode !== 'virtualenv') return false;
  return !others.some(({ mode }) => mode === 'virtualenv');
}

/** The plugin that the virtualenv operator needs here. */
export function earlierPlugin({ request }: Target): PluginNeed | undefined {
  return pluginNeed({ ...request, mode: 'virtualenv' });
}

/** What the options that a virtualenv ingestion has set were before; none where no journal tells. */
async function leftOptions(target: Target, signal: AbortSignal): Promise<Options> {
  const { session, environment } = target;
  const set = hasLeftPlugin(target) ? Object.entries(earlierPlugin(target)?.configuration ?? {}) : [];
  const ours = set.filter(([key, value]) => environment.configurationOptions[key] === value);
  if (ours.length === 0) return {};
  const store = { session, bucket: environment.sourceBucket };
  const journals = await readJournals(store, environment.name, SEARCHED, signal);
  const updates = journals.flatMap(({ steps }) =>
    steps.filter(({ id, state }) => id.startsWith(UPDATE) && state === 'done'),
  );
  return Object.fromEntries(
    ours.flatMap(([key]) => {
      for (const { before } of updates) {
        const value = (before as { readonly options?: Options }).options?.[key];
        if (value !== undefined) return [[key, value] as const];
      }
      return [];
    }),
  );
}

/** The steps that set options, before the DAG and after it. */
const UPDATE = 'environment-update';
