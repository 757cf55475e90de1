/**
 * Read or write of one InvokeRestApi call, by its method and path. Airflow's batch reads are POST
 * requests to a path that ends in `/list` (`/dags/~/dagRuns/list`, `/dags/~/dagRuns/~/taskInstances/list`;
 * Airflow REST API v1 and v2): they pass, every other POST is a write. What cannot be judged is a write.
 */
export function restApiAccess(input: object): 'read' | 'write' {
  const { Method: method, Path: path } = input as { readonly Method?: unknown; readonly Path?: unknown };
  if (method === 'GET') return 'read';
  return method === 'POST' && typeof path === 'string' && BATCH_READ.test(path) ? 'read' : 'write';
}

/** Exactly the batch reads that both API versions have; a DAG may be named `list`, so no loose ending. */
const BATCH_READ = /^\/dags\/~\/dagRuns(?:\/~\/taskInstances)?\/list$/;
