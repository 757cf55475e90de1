import { describe, expect, it } from 'vitest';
import { regionOfFile, send } from '../core/bench.ts';

const bench = regionOfFile();
const TOKEN = { authorization: 'Bearer a.b.c' };
const api = (path: string, options: Parameters<typeof send>[2] = {}) =>
  send(bench.running, `/openmetadata/api/v1/${path}`, options);
const PIPELINES = 'services/ingestionPipelines';

describe('the OpenMetadata server', () => {
  it('tells its version and health to anybody', async () => {
    const version = await api('system/version');
    expect(version.status).toBe(200);
    expect(JSON.parse(version.body)).toEqual({
      version: '1.12.8',
      revision: expect.any(String),
      timestamp: expect.any(Number),
    });
    expect(await api('system/health')).toMatchObject({ status: 200, body: 'OK' });
  });

  it('wants a token for everything else', async () => {
    expect((await api(PIPELINES)).status).toBe(401);
    expect((await api(PIPELINES, { headers: { authorization: 'Bearer nonsense' } })).status).toBe(401);
    expect((await api('elsewhere', { headers: TOKEN })).status).toBe(404);
  });

  it('lists the ingestion pipelines, with their last status when asked for', async () => {
    const plain = JSON.parse((await api(`${PIPELINES}?limit=100`, { headers: TOKEN })).body);
    expect(plain.paging.total).toBe(6);
    expect(plain.data[0].pipelineStatuses).toBeUndefined();
    const answer = await api(`${PIPELINES}?service=kafka_events&fields=pipelineStatuses`, { headers: TOKEN });
    const { data } = JSON.parse(answer.body);
    expect(data).toHaveLength(1);
    expect(data[0]).toMatchObject({
      fullyQualifiedName: 'kafka_events.kafka_metadata',
      pipelineStatuses: { pipelineState: 'failed', runId: expect.any(String) },
    });
  });

  it('keeps the status that a run puts, and gives it by time and by run', async () => {
    const path = `${PIPELINES}/mine.metadata/pipelineStatus`;
    const now = bench.clock.now();
    const put = (body: unknown) => api(path, { method: 'PUT', headers: TOKEN, body: JSON.stringify(body) });
    const status = { runId: 'r1', pipelineState: 'running', startDate: now, timestamp: now };
    expect((await put(status)).status).toBe(200);
    expect((await put({ ...status, pipelineState: 'success', endDate: now + 5 })).status).toBe(200);
    expect((await put({ nothing: true })).status).toBe(400);
    const listed = await api(`${path}?startTs=${now - 1}&endTs=${now + 1}`, { headers: TOKEN });
    expect(JSON.parse(listed.body).data).toEqual([{ ...status, pipelineState: 'success', endDate: now + 5 }]);
    expect(JSON.parse((await api(`${path}?startTs=0&endTs=1`, { headers: TOKEN })).body).data).toEqual([]);
    expect((await api(path, { headers: TOKEN })).status).toBe(400);
    const one = await api(`${path}/r1`, { headers: TOKEN });
    expect(JSON.parse(one.body)).toMatchObject({ runId: 'r1', pipelineState: 'success' });
    expect((await api(`${path}/r2`, { headers: TOKEN })).status).toBe(404);
    const named = await api(`${PIPELINES}/name/mine.metadata`, { headers: TOKEN });
    expect(JSON.parse(named.body)).toMatchObject({ name: 'metadata', service: { name: 'mine' } });
  });
});
