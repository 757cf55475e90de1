import { describe, expect, test } from 'vitest';
import type { Finding, Preflight } from '../../../src/deployment/checks/check.ts';
import { requirementsFit } from '../../../src/deployment/checks/requirements.ts';
import type { IngestionMode } from '../../../src/ingestion/request.ts';
import { requestFor } from '../../ingestion/samples.ts';

/** The check's verdicts for an environment whose requirements.txt in force is this text; undefined for none. */
async function verdicts(text: string | undefined, mode: IngestionMode = 'python') {
  const asked: unknown[] = [];
  const preflight = {
    request: requestFor({ mode }),
    environment: {
      sourceBucket: 'bucket',
      ...(text === undefined ? {} : { requirements: { path: 'requirements.txt', versionId: 'in-force' } }),
    },
    session: {
      s3: {
        getObject: async (input: unknown) => {
          asked.push(input);
          return { Body: { transformToByteArray: async () => new TextEncoder().encode(text) } };
        },
      },
    },
  } as unknown as Preflight;
  const found = await requirementsFit.look(preflight, new AbortController().signal);
  const findings = found === undefined ? [] : Array.isArray(found) ? (found as Finding[]) : [found as Finding];
  return { asked, findings: findings.map(({ verdict, evidence }) => `${verdict}: ${evidence}`) };
}

describe('the requirements in force', () => {
  test('are read at the version that is pinned, and pass where nothing stands in the way', async () => {
    const { asked, findings } = await verdicts('pandas==2.1.4\n');
    expect(asked).toEqual([{ Bucket: 'bucket', Key: 'requirements.txt', VersionId: 'in-force' }]);
    expect(findings).toEqual(['pass: Nothing in requirements.txt keeps OpenMetadata out.']);
    expect(await verdicts(undefined)).toEqual({ asked: [], findings });
  });

  test('keep a deployment from beginning where a line keeps OpenMetadata out', async () => {
    const { findings } = await verdicts('# ours\nboto3==1.35.36\n-c /usr/local/airflow/dags/ours.txt\n');
    expect(findings).toEqual([
      expect.stringMatching(/^fail: requirements\.txt, line 2: boto3==1\.35\.36 can't be installed/),
      expect.stringMatching(/^warning: requirements\.txt, line 3: This constraint file stays/),
    ]);
  });

  test.each(['ecs', 'virtualenv'] as const)('do not matter to the %s operator', async (mode) => {
    expect(await verdicts('boto3==1.35.36\n', mode)).toEqual({ asked: [], findings: [] });
  });
});
