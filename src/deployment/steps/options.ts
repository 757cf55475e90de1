import { pluginNeed } from '../../ingestion/plugins.ts';
import { unifiedDiff } from '../../text/diff.ts';
import type { BackTarget, StepDefinition, Target } from '../step.ts';

/** Airflow configuration options that an ingestion needs; the environment's update sets them with everything else. */
export const options: StepDefinition = {
  id: 'airflow-options',
  kind: 'airflow-options',
  shared: true,
  look: async (target) => {
    const { known, environment } = target;
    const changed = Object.fromEntries(
      Object.entries(wantedOptions(target)).filter(([key, value]) => environment.configurationOptions[key] !== value),
    );
    const keys = Object.keys(changed);
    if (keys.length === 0) return undefined;
    known.update = { ...known.update, options: changed };
    const lines = (values: Readonly<Record<string, string | undefined>>) =>
      keys.map((key) => `${key} = ${values[key] ?? '(not set)'}\n`).join('');
    return {
      action: 'update',
      resource: keys.join(', '),
      diff: await unifiedDiff(lines(environment.configurationOptions), lines(changed), 'Airflow configuration options'),
      reason: 'Airflow loads the plugin by it; the other options stay',
      before: null,
    };
  },
  act: async ({ known }) => known.update?.options ?? null,
  lookBack: async () => undefined,
  takeBack: async () => {},
};

/** Whether the plugin that this ingestion brought, and its option, have to stay for others. */
export function isNeededByOthers({ others }: BackTarget): boolean {
  return others.some(({ mode }) => mode === 'virtualenv');
}

function wantedOptions({ request }: Target): Readonly<Record<string, string>> {
  return pluginNeed(request)?.configuration ?? {};
}
