import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startRegion } from '../../../src/demo/region.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { NOON, regionOfFile, send, sendForm, sendJson, signed } from './bench.ts';

const bench = regionOfFile();

describe('the door', () => {
  it.each(['127.0.0.1', 'localhost', '[::1]', 'some-bucket.localhost'])('lets the name %s in', async (host) => {
    const answer = await send(bench.running, '/_demo/clock', { headers: { host: `${host}:${bench.running.port}` } });
    expect(answer.status).toBe(200);
  });

  it.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', '10.0.0.1'])(
    'keeps the name %s out',
    async (host) => {
      const answer = await send(bench.running, '/_demo/clock', { headers: { host: `${host}:${bench.running.port}` } });
      expect(answer.status).toBe(403);
    },
  );

  it('keeps another port and the pages of web sites out', async () => {
    const { running } = bench;
    expect((await send(running, '/_demo/clock', { headers: { host: '127.0.0.1:1' } })).status).toBe(403);
    expect((await send(running, '/_demo/clock', { headers: { host: '127.0.0.1' } })).status).toBe(403);
    const headers = { origin: 'https://evil.example' };
    expect((await send(running, '/_demo/faults', { method: 'DELETE', headers })).status).toBe(403);
  });

  it('tells the time of the region in Date', async () => {
    const answer = await send(bench.running, '/_demo/clock');
    expect(answer.headers.date).toBe('Sun, 22 Nov 2026 12:00:00 GMT');
  });

  it('gives every answer an id of its own', async () => {
    const ids = new Set<unknown>();
    for (let round = 0; round < 3; round++) {
      const answer = await sendJson(bench.running, 'secretsmanager', 'secretsmanager.ListSecrets', '{}');
      ids.add(answer.headers['x-amzn-requestid']);
    }
    expect(ids.size).toBe(3);
    const s3 = await send(bench.running, '/', { headers: { authorization: signed('s3') } });
    expect(s3.headers['x-amz-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('a request without a signature', () => {
  it('is refused in JSON', async () => {
    const answer = await sendJson(bench.running, 'ecs', 'AmazonEC2ContainerServiceV20141113.ListClusters', '{}', {});
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toEqual({
      __type: 'MissingAuthenticationTokenException',
      message: 'Missing Authentication Token',
    });
  });

  it('is refused in the query protocols', async () => {
    const form = 'Action=GetCallerIdentity&Version=2011-06-15';
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const sts = await send(bench.running, '/', { method: 'POST', headers, body: form });
    expect(sts.status).toBe(403);
    expect(sts.body).toContain('<Code>MissingAuthenticationToken</Code>');
    expect(sts.body).toContain('<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">');
    const ec2 = await send(bench.running, '/?Action=DescribeVpcs&Version=2016-11-15');
    expect(ec2.body).toContain('<Response><Errors><Error><Code>MissingAuthenticationToken</Code>');
  });

  it('is refused in REST', async () => {
    const mwaa = await send(bench.running, '/environments');
    expect(mwaa.status).toBe(403);
    expect(mwaa.headers['x-amzn-errortype']).toBe('MissingAuthenticationTokenException');
    const s3 = await send(bench.running, '/some-bucket/some-key');
    expect(s3.status).toBe(403);
    expect(s3.body).toContain('<Code>AccessDenied</Code>');
  });

  it('reaches the web server of an environment, which has tokens of its own', async () => {
    const headers = { authorization: 'Bearer nonsense', 'content-type': 'text/plain' };
    const answer = await send(bench.running, '/aws_mwaa/cli', { method: 'POST', headers, body: 'version' });
    expect(answer).toMatchObject({ status: 403, body: 'Forbidden' });
  });

  it('is taken with the signature in its query', async () => {
    const credential = encodeURIComponent('test/20261122/eu-west-1/sts/aws4_request');
    const query = `Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Credential=${credential}&X-Amz-Signature=00`;
    const answer = await send(bench.running, `/?${query}`);
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('assumed-role/OnCall/demo');
  });
});

describe('a request that is not as it should be', () => {
  it('for another region is refused', async () => {
    const headers = { authorization: signed('ecs', 'test', 'us-east-1') };
    const target = 'AmazonEC2ContainerServiceV20141113.ListClusters';
    const answer = await sendJson(bench.running, 'ecs', target, '{}', headers);
    expect(JSON.parse(answer.body).__type).toBe('InvalidSignatureException');
    const s3 = await send(bench.running, '/', { headers: { authorization: signed('s3', 'test', 'us-east-1') } });
    expect(s3.body).toContain('<Code>AuthorizationHeaderMalformed</Code>');
    expect(s3.body).toContain('<Region>eu-west-1</Region>');
  });

  it('with half an Authorization header is refused', async () => {
    const headers = { authorization: 'AWS4-HMAC-SHA256 Credential=test' };
    const answer = await sendJson(bench.running, 'logs', 'Logs_20140328.DescribeLogGroups', '{}', headers);
    expect(JSON.parse(answer.body).__type).toBe('IncompleteSignatureException');
  });

  it('for an unknown operation is answered as its protocol does', async () => {
    const json = await sendJson(bench.running, 'secretsmanager', 'secretsmanager.Nonsense', '{}');
    expect(json.status).toBe(400);
    expect(JSON.parse(json.body).__type).toBe('UnknownOperationException');
    const inherited = await sendJson(bench.running, 'secretsmanager', 'secretsmanager.toString', '{}');
    expect(JSON.parse(inherited.body).__type).toBe('UnknownOperationException');
    const query = await sendForm(bench.running, 'iam', { Action: 'Nonsense', Version: '2010-05-08' });
    expect(query.body).toContain('<Code>InvalidAction</Code>');
    expect(query.body).toContain('Could not find operation Nonsense for version 2010-05-08');
    const ec2 = await sendForm(bench.running, 'ec2', { Action: 'Nonsense', Version: '2016-11-15' });
    expect(ec2.body).toContain('The action Nonsense is not valid for this web service.');
  });

  it('with a body that is no JSON, or a member of another type, is a SerializationException', async () => {
    const broken = await sendJson(bench.running, 'secretsmanager', 'secretsmanager.GetSecretValue', '{');
    expect(JSON.parse(broken.body).__type).toBe('SerializationException');
    const mistyped = await sendJson(bench.running, 'secretsmanager', 'secretsmanager.GetSecretValue', '{"SecretId":1}');
    expect(JSON.parse(mistyped.body)).toEqual({
      __type: 'SerializationException',
      Message: 'NUMBER_VALUE can not be converted to a String',
    });
  });
});

describe('the region', () => {
  it('takes the same seed to the same world', async () => {
    const worlds = [];
    for (const seed of [7, 7, 8]) {
      const running = await startRegion({ clock: new HandClock(NOON), seed });
      worlds.push(JSON.stringify([running.region.iam.roles(), [...running.region.ec2.endpoints]]));
      await running.close();
    }
    expect(worlds[0]).toBe(worlds[1]);
    expect(worlds[0]).not.toBe(worlds[2]);
  }, 60_000);

  it('refuses a port in use with the code of the system', async () => {
    await expect(startRegion({ port: bench.running.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('frees its port when it closes, with connections open', async () => {
    const running = await startRegion({ clock: new HandClock(NOON) });
    const socket = connect(running.port, '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    const ended = new Promise((resolve) => socket.once('close', resolve));
    await running.close();
    await ended;
    const again = await startRegion({ clock: new HandClock(NOON), port: running.port });
    expect(again.port).toBe(running.port);
    await again.close();
  });

  it('drops what was due when it closes', async () => {
    const clock = new HandClock(NOON);
    const running = await startRegion({ clock });
    let happened = false;
    running.region.clock.after(1000, () => {
      happened = true;
    });
    await running.close();
    clock.move(3_600_000);
    expect(happened).toBe(false);
  });
});
