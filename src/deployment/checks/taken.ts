import { unlessMissing } from '../../aws/found.ts';
import { describeRevision } from '../../fleet/registrable.ts';
import { readObject } from '../steps/bucket-object.ts';
import { SECRET_MARK } from '../steps/secret.ts';
import type { CheckDefinition, Finding, Preflight } from './check.ts';
import { secretNameOf } from './leaves.ts';

/** Stands in every DAG that we make. */
const DAG_MARK = 'Made by mwaa-console';

/** What the ingestion would write under its names belongs to nobody else. */
export const namesTaken: CheckDefinition = {
  id: 'names-taken',
  source: 'https://docs.aws.amazon.com/secretsmanager/latest/userguide/best-practices.html',
  look: async (preflight, signal) => {
    const { others, request, earlier } = preflight;
    const owner = others.find(({ secretArn }) => secretNameOf(secretArn) === request.secretName);
    if (owner !== undefined) {
      return {
        verdict: 'fail',
        evidence: `The secret ${request.secretName} is the configuration of ${owner.dagId}, which would be replaced`,
        advice: 'Leave --secret out, or name one of its own.',
      };
    }
    // What an earlier deployment of it made is its own.
    if (earlier !== undefined) return undefined;
    const updated = (await preflight.steps).filter(({ action }) => action === 'update');
    const found = await Promise.all(
      updated.map(async ({ kind, resource }): Promise<Finding | undefined> => {
        const look = OWNERS[kind as keyof typeof OWNERS];
        if (look === undefined || (await look(preflight, resource, signal))) return undefined;
        return {
          verdict: 'warning',
          evidence: `${resource} is there already, and no deployment from here has made it: it gets another content`,
          advice:
            'Its diff shows what is replaced; undo brings it back. To leave it alone, choose another --dag-id or --secret.',
        };
      }),
    );
    return found.flatMap((finding) => finding ?? []);
  },
};

type Owned = (preflight: Preflight, resource: string, signal: AbortSignal) => Promise<boolean>;

/** Whether what is there tells that a deployment of this ingestion made it, be it one that was stopped half way. */
const OWNERS = {
  secret: async ({ session }, SecretId, signal) => {
    const found = await unlessMissing(session.secretsManager.describeSecret({ SecretId }, { signal }));
    return found?.Description?.endsWith(SECRET_MARK) === true;
  },
  'task-definition': async ({ session, request }, family, signal) => {
    const containers = (await describeRevision(session, family, signal))?.containerDefinitions ?? [];
    const secrets = containers.flatMap((container) => container.secrets ?? []);
    return secrets.some(({ valueFrom }) => valueFrom?.includes(`:secret:${request.secretName}`));
  },
  dag: async (preflight, key, signal) => (await readObject(preflight, key, signal))?.text.includes(DAG_MARK) === true,
} satisfies Partial<Record<string, Owned>>;
