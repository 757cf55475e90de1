import { mergeRequirements } from '../../ingestion/requirements/merge.ts';
import { requirementsNeed } from '../../ingestion/requirements/need.ts';
import { readObject } from '../steps/bucket-object.ts';
import type { CheckDefinition } from './check.ts';

/** Whether OpenMetadata's package can be installed beside what the requirements.txt in force holds already, line by line. */
export const requirementsFit: CheckDefinition = {
  id: 'requirements',
  source: 'https://docs.aws.amazon.com/mwaa/latest/userguide/connections-packages.html',
  look: async (preflight, signal) => {
    const need = requirementsNeed(preflight.request);
    if (need === undefined) return undefined;
    const { requirements } = preflight.environment;
    const inForce =
      requirements === undefined
        ? undefined
        : await readObject(preflight, requirements.path, signal, requirements.versionId);
    const { findings } = mergeRequirements(inForce?.text ?? '', need);
    if (findings.length === 0) {
      return { verdict: 'pass', evidence: 'Nothing in requirements.txt keeps OpenMetadata out.' };
    }
    return findings.map(({ severity, line, text, remedy, source }) => ({
      verdict: severity === 'error' ? ('fail' as const) : ('warning' as const),
      evidence: `requirements.txt, line ${line}: ${text}`,
      advice: remedy ?? `See ${source}.`,
    }));
  },
};
