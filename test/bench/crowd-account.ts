import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const ACCOUNT = '123456789012';
const REGION = 'eu-west-1';

/** An account of many environments and clusters, as far as the dashboard asks; it answers at once. */
export async function crowdedAccount(environments: number, clusters: number) {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => answer(request, Buffer.concat(chunks).toString('utf8'), response, environments, clusters));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(
  request: IncomingMessage,
  body: string,
  response: ServerResponse,
  environments: number,
  clusters: number,
): void {
  const json = (value: unknown, type = 'application/json') => {
    response.writeHead(200, { 'content-type': type });
    response.end(JSON.stringify(value));
  };
  const url = new URL(request.url ?? '/', 'http://localhost');
  const target = String(request.headers['x-amz-target'] ?? '');
  if (target.startsWith('AmazonEC2ContainerService')) {
    json(ecs(target.split('.').at(-1) ?? '', JSON.parse(body || '{}'), clusters), 'application/x-amz-json-1.1');
  } else if (url.pathname === '/environments') {
    const from = Number(url.searchParams.get('NextToken') ?? 0);
    const names = range(from, Math.min(from + 25, environments)).map(environmentName);
    json({ Environments: names, ...(from + 25 < environments ? { NextToken: String(from + 25) } : {}) });
  } else if (url.pathname.startsWith('/environments/')) {
    json({ Environment: environment(decodeURIComponent(url.pathname.slice('/environments/'.length))) });
  } else if (body.includes('GetCallerIdentity')) {
    response.writeHead(200, { 'content-type': 'text/xml' });
    response.end(
      `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:sts::${ACCOUNT}:assumed-role/OnCall/bench</Arn><UserId>A</UserId><Account>${ACCOUNT}</Account></GetCallerIdentityResult><ResponseMetadata><RequestId>0</RequestId></ResponseMetadata></GetCallerIdentityResponse>`,
    );
  } else json({});
}

function ecs(
  operation: string,
  input: { readonly nextToken?: string; readonly clusters?: readonly string[] },
  clusters: number,
) {
  if (operation === 'ListClusters') {
    const from = Number(input.nextToken ?? 0);
    const clusterArns = range(from, Math.min(from + 100, clusters)).map(clusterArn);
    return { clusterArns, ...(from + 100 < clusters ? { nextToken: String(from + 100) } : {}) };
  }
  if (operation === 'DescribeClusters') {
    return {
      clusters: (input.clusters ?? []).map((arn) => ({
        clusterArn: arn,
        clusterName: arn.split('/').at(-1),
        status: 'ACTIVE',
        runningTasksCount: 0,
        pendingTasksCount: 0,
        activeServicesCount: 0,
      })),
      failures: [],
    };
  }
  return { taskArns: [], tasks: [], failures: [] };
}

function environment(name: string) {
  return {
    Name: name,
    Arn: `arn:aws:airflow:${REGION}:${ACCOUNT}:environment/${name}`,
    Status: 'AVAILABLE',
    AirflowVersion: '3.2.1',
    EnvironmentClass: 'mw1.small',
    MinWorkers: 1,
    MaxWorkers: 10,
  };
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, at) => from + at);
}

function environmentName(at: number): string {
  return `environment-${String(at).padStart(4, '0')}`;
}

function clusterArn(at: number): string {
  return `arn:aws:ecs:${REGION}:${ACCOUNT}:cluster/cluster-${String(at).padStart(4, '0')}`;
}
