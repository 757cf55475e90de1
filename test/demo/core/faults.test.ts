import {
  CreateSecretCommand,
  DescribeSecretCommand,
  ListSecretsCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { clientOptions, control, regionOfFile } from './bench.ts';

const bench = regionOfFile();
const secrets = () => new SecretsManagerClient(clientOptions(bench.running));
const list = () => secrets().send(new ListSecretsCommand({}));
const plan = (body: unknown) => control(bench.running, 'POST', 'faults', body);

afterEach(() => control(bench.running, 'DELETE', 'faults'));

async function exists(name: string): Promise<boolean> {
  const found = await secrets().send(new ListSecretsCommand({ Filters: [{ Key: 'name', Values: [name] }] }));
  return (found.SecretList?.length ?? 0) > 0;
}

describe('a fault', () => {
  it('strikes the nth request and no other', async () => {
    await plan({ service: 'secretsmanager', operation: 'ListSecrets', nth: 2, fault: 'throttle' });
    await list();
    await expect(list()).rejects.toMatchObject({ name: 'ThrottlingException', message: 'Rate exceeded' });
    await list();
  });

  it('strikes as often as it is told, and always for 0', async () => {
    await plan({ service: 'secretsmanager', operation: 'ListSecrets', times: 2, fault: 'error' });
    await expect(list()).rejects.toMatchObject({ name: 'InternalServiceError', $metadata: { httpStatusCode: 500 } });
    await expect(list()).rejects.toThrow();
    await list();
    await plan({ service: '*', times: 0, fault: 'throttle' });
    for (let round = 0; round < 4; round++) await expect(list()).rejects.toMatchObject({ name: 'ThrottlingException' });
    await control(bench.running, 'DELETE', 'faults');
    await list();
  });

  it('can ask for members of the input', async () => {
    const input = { SecretId: 'mwaa-console/data-prod/kafka_metadata' };
    await plan({ service: 'secretsmanager', input, times: 0, fault: 'denied' });
    await expect(secrets().send(new DescribeSecretCommand(input))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('is not authorized to perform: secretsmanager:DescribeSecret on resource: *'),
    });
    await secrets().send(new DescribeSecretCommand({ SecretId: 'mwaa-console/data-prod/looker_metadata' }));
  });

  it('may bring a status, code and text of its own', async () => {
    const fault = { kind: 'error', status: 409, code: 'Odd', message: 'oh' };
    await plan({ service: 'secretsmanager', fault });
    await expect(list()).rejects.toMatchObject({ name: 'Odd', message: 'oh', $metadata: { httpStatusCode: 409 } });
  });

  it('cuts after the operation has been carried out, or before it', async () => {
    const create = (name: string) => secrets().send(new CreateSecretCommand({ Name: name, SecretString: 'value' }));
    await plan({ service: 'secretsmanager', operation: 'CreateSecret', fault: 'cut' });
    await expect(create('cut-after')).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(await exists('cut-after')).toBe(true);
    await plan({ service: 'secretsmanager', operation: 'CreateSecret', fault: { kind: 'cut', when: 'before' } });
    await expect(create('cut-before')).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(await exists('cut-before')).toBe(false);
    await plan({ service: 'secretsmanager', operation: 'CreateSecret', fault: { kind: 'cut', when: 'during' } });
    await expect(create('cut-during')).rejects.toThrow();
    expect(await exists('cut-during')).toBe(true);
  });

  it('can leave a request that was carried out without an answer', async () => {
    await plan({ service: 'secretsmanager', operation: 'CreateSecret', fault: 'timeout' });
    const abort = new AbortController();
    const command = new CreateSecretCommand({ Name: 'unanswered', SecretString: 'value' });
    const pending = secrets().send(command, { abortSignal: abort.signal });
    pending.catch(() => {});
    await vi.waitFor(async () => expect(await exists('unanswered')).toBe(true));
    abort.abort();
    await expect(pending).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('can answer what is no answer', async () => {
    await plan({ service: 'secretsmanager', fault: 'garbage' });
    await expect(list()).rejects.toThrow();
    await plan({ service: 'sts', fault: { kind: 'garbage', status: 502, message: 'Bad Gateway' } });
    const sts = new STSClient(clientOptions(bench.running));
    await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 502 },
    });
  });

  it('can hold a request back on the clock of the region', async () => {
    await plan({ service: 'secretsmanager', fault: { kind: 'slow', ms: 20_000 } });
    let answered = false;
    const pending = list().then(() => {
      answered = true;
    });
    await vi.waitFor(async () => {
      const { value } = await control(bench.running, 'GET', 'requests?operation=ListSecrets');
      expect((value as { requests: { status?: number }[] }).requests.at(-1)?.status).toBeUndefined();
    });
    expect(answered).toBe(false);
    bench.clock.move(20_000);
    await pending;
  });

  it.each([
    [{}, 'service'],
    [{ service: 'ecs', fault: 'nonsense' }, 'fault must be one of'],
    [{ service: 'ecs', fault: 'cut', nth: 0 }, 'nth must be a positive integer.'],
    [{ service: 'ecs', fault: { kind: 'cut', when: 'sometimes' } }, 'when must be'],
  ])('is refused as %j', async (body, message) => {
    const answer = await plan(body);
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.value)).toContain(message);
  });
});
