/** Domains of the AWS web console by partition (AWS China and GovCloud user guides). */
const DOMAINS: Readonly<Record<string, string>> = {
  aws: 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
};

const ARN = /^arn:([\w-]+):([\w-]*):([\w-]*):(\d*):(.+)$/s;

/**
 * The page of the AWS web console that shows what an ARN names; undefined where none is known. The addresses are
 * those of the consoles as of 2026-11; AWS documents none of them. An ARN may hold anything: halves of characters too.
 */
export function consoleLink(arn: string): string | undefined {
  const [, partition = '', service = '', region = '', , resource = ''] = ARN.exec(arn.toWellFormed()) ?? [];
  const domain = DOMAINS[partition];
  const page = domain === undefined ? undefined : PAGES[service]?.(resource, region);
  if (page === undefined) return undefined;
  return region === '' ? `https://${domain}${page}` : `https://${region}.${domain}${page}`;
}

const PAGES: Readonly<Record<string, (resource: string, region: string) => string | undefined>> = {
  airflow: (resource, region) => {
    const name = after(resource, 'environment/');
    return name && `/mwaa/home?region=${region}#environments/${encodeURIComponent(name)}`;
  },
  ecs: (resource, region) => {
    const [kind, first = '', second = ''] = resource.split('/').map(encodeURIComponent);
    const query = `?region=${region}`;
    switch (kind) {
      case 'cluster':
        return `/ecs/v2/clusters/${first}${query}`;
      case 'service':
        return second === '' ? undefined : `/ecs/v2/clusters/${first}/services/${second}${query}`;
      case 'task':
        return second === '' ? undefined : `/ecs/v2/clusters/${first}/tasks/${second}${query}`;
      case 'task-definition': {
        const [family = '', revision = ''] = (resource.split('/')[1] ?? '').split(':');
        return `/ecs/v2/task-definitions/${encodeURIComponent(family)}/${encodeURIComponent(revision)}${query}`;
      }
      default:
        return undefined;
    }
  },
  logs: (resource, region) => {
    const group = after(resource, 'log-group:')?.replace(/:\*$/, '');
    // The page's own router decodes twice, with `$` for `%`.
    return group && `/cloudwatch/home?region=${region}#logsV2:log-groups/log-group/${twice(group)}`;
  },
  secretsmanager: (resource, region) => {
    const name = after(resource, 'secret:')?.replace(/-[A-Za-z0-9]{6}$/, '');
    return name && `/secretsmanager/secret?region=${region}&name=${encodeURIComponent(name)}`;
  },
  iam: (resource) => {
    const role = after(resource, 'role/')?.split('/').at(-1);
    return role && `/iam/home#/roles/details/${encodeURIComponent(role)}`;
  },
};

function after(resource: string, prefix: string): string | undefined {
  return resource.startsWith(prefix) && resource.length > prefix.length ? resource.slice(prefix.length) : undefined;
}

function twice(text: string): string {
  return encodeURIComponent(encodeURIComponent(text)).replaceAll('%', '$');
}
