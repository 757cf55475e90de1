import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { startRegion } from '../../../src/demo/region.ts';
import { clientOptions, control, NOON, regionOfFile } from './bench.ts';

const bench = regionOfFile({ seed: 5 });

describe('the control paths', () => {
  it('tell the clock and what the region is', async () => {
    expect((await control(bench.running, 'GET', 'clock')).value).toEqual({ now: NOON, speed: 1 });
    expect((await control(bench.running, 'GET', 'state')).value).toMatchObject({
      product: 'mwaa-console',
      account: '123456789012',
      region: 'eu-west-1',
      url: bench.running.url,
      seed: 5,
    });
  });

  it("set the speed of the region's own clock alone, to what can be one", async () => {
    for (const speed of [0, -1, '20', null]) {
      expect(await control(bench.running, 'POST', 'clock', { speed })).toMatchObject({ status: 400 });
    }
    const refused = await control(bench.running, 'POST', 'clock', { speed: 20 });
    expect(refused).toMatchObject({ status: 400, value: { message: expect.stringContaining("caller's own") } });
    const running = await startRegion({ speed: 2 });
    expect((await control(running, 'POST', 'clock', { speed: 20 })).value).toMatchObject({ speed: 20 });
    expect((await control(running, 'GET', 'clock')).value).toMatchObject({ speed: 20 });
    expect((await control(running, 'GET', 'state')).value).toMatchObject({ speed: 20 });
    await running.close();
  });

  it('tell what the services hold, without a secret in it', async () => {
    const { value } = await control(bench.running, 'GET', 'state');
    expect(value).toMatchObject({
      environments: [{ name: 'analytics', status: 'UPDATING' }, { name: 'data-prod', status: 'AVAILABLE' }, {}, {}],
      roles: expect.arrayContaining([expect.objectContaining({ name: 'mwaa-data-prod-role' })]),
      secrets: expect.arrayContaining([expect.objectContaining({ name: 'mwaa-console/data-prod/kafka_metadata' })]),
    });
    const { buckets, clusters } = value as { buckets: { objects: object[] }[]; clusters: { tasks: object[] }[] };
    expect(buckets.flatMap(({ objects }) => objects).length).toBeGreaterThan(4);
    expect(clusters.flatMap(({ tasks }) => tasks).length).toBeGreaterThan(4);
    const secret = bench.running.region.secrets.value('mwaa-console/data-prod/snowflake_metadata') ?? '';
    expect(secret).toContain('correct-horse-battery-staple');
    expect(JSON.stringify(value)).not.toContain('correct-horse-battery-staple');
  });

  it('list the requests with their ends, and no secret in them', async () => {
    const secrets = new SecretsManagerClient(clientOptions(bench.running, 'AKIADEMOREADONLY0000'));
    const command = new CreateSecretCommand({ Name: 'listed', SecretString: 'do not show me' });
    await expect(secrets.send(command)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    const { value } = await control(bench.running, 'GET', 'requests?service=secretsmanager');
    expect(value).toMatchObject({
      requests: [
        {
          service: 'secretsmanager',
          operation: 'CreateSecret',
          input: { Name: 'listed', SecretString: '***' },
          caller: 'arn:aws:sts::123456789012:assumed-role/ReadOnly/demo',
          at: NOON,
          status: 400,
          error: 'AccessDeniedException',
        },
      ],
      dropped: 0,
    });
    expect(JSON.stringify(value)).not.toContain('do not show me');
    await control(bench.running, 'DELETE', 'requests');
    expect((await control(bench.running, 'GET', 'requests')).value).toEqual({ requests: [], dropped: 0 });
  });

  it('say what there is when asked for something else', async () => {
    expect(await control(bench.running, 'GET', 'nonsense')).toMatchObject({ status: 404 });
    expect(await control(bench.running, 'DELETE', 'clock')).toMatchObject({ status: 405 });
  });
});
