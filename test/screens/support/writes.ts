import { accessOf, findOperation } from '../../../src/reference/operations.ts';

interface SeenRequest {
  readonly service: string;
  readonly operation: string;
  readonly input: object;
}

/** Writes that a region has seen, each with its input: by what reached it, not by what a screen said. */
export async function writes(url: string): Promise<readonly string[]> {
  const answer = await fetch(`${url}/_demo/requests`);
  const { requests } = (await answer.json()) as { readonly requests: readonly SeenRequest[] };
  return requests.flatMap(({ service, operation: name, input }) => {
    const member = SERVICE_MEMBERS[service] ?? service;
    const operation = findOperation(member, name);
    const isRead = service === 'openmetadata' || (operation !== undefined && accessOf(operation, input) === 'read');
    return isRead ? [] : [`${service} ${name} ${JSON.stringify(input)}`];
  });
}

const SERVICE_MEMBERS: Readonly<Record<string, string>> = { airflow: 'mwaa', secretsmanager: 'secretsManager' };
