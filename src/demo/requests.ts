import { isStructure } from './members.ts';
import type { Input } from './service.ts';

/** One request as `GET /_demo/requests` lists it. */
export interface RequestRecord {
  readonly id: string;
  /** When it came, ms of the region's time. */
  readonly at: number;
  readonly service: string;
  readonly operation: string;
  /** The input with secret values masked. */
  readonly input: unknown;
  readonly caller: string;
  /** HTTP status answered; undefined while it is under way, null when it was never answered. */
  status?: number | null;
  /** The error's code, if it was refused. */
  error?: string;
}

const LIMIT = 20_000;
const SECRET = /^(SecretString|SecretBinary|RandomPassword)$/;

/** The requests that the region has seen, bounded. */
export class Requests {
  readonly #records: RequestRecord[] = [];
  #dropped = 0;

  add(record: RequestRecord): void {
    this.#records.push({ ...record, input: masked(record.input) });
    if (this.#records.length > LIMIT) {
      this.#dropped += this.#records.splice(0, LIMIT / 10).length;
    }
  }

  /** Notes a request's end on its record. */
  end(id: string, status: number | null, error: string | undefined): void {
    const record = this.#records.findLast((candidate) => candidate.id === id);
    if (record === undefined) return;
    record.status = status;
    if (error !== undefined) record.error = error;
  }

  /** Oldest first, those of one service or operation only when asked for; and how many older ones are gone. */
  list(filter: { service?: string | undefined; operation?: string | undefined }): {
    requests: readonly RequestRecord[];
    dropped: number;
  } {
    const requests = this.#records.filter(
      (record) =>
        (filter.service === undefined || record.service === filter.service) &&
        (filter.operation === undefined || record.operation === filter.operation),
    );
    return { requests, dropped: this.#dropped };
  }

  clear(): void {
    this.#records.length = 0;
    this.#dropped = 0;
  }
}

/** The same input with the values of Secrets Manager's secrets left out. */
function masked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(masked);
  if (!isStructure(value)) return value;
  const copy: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value as Input)) {
    copy[name] = SECRET.test(name) ? '***' : masked(member);
  }
  return copy;
}
