import {
  isStructure,
  optionalNumber,
  optionalString,
  optionalStructure,
  requiredString,
  validationError,
} from './members.ts';
import { AwsError, type Input } from './service.ts';

const KINDS = ['throttle', 'error', 'denied', 'timeout', 'cut', 'garbage', 'slow'] as const;

/** What goes wrong with a request; docs/DEMO.md describes each kind. */
export interface Fault {
  readonly kind: (typeof KINDS)[number];
  /** Before or after the operation has been carried out; `during` cuts inside the answer. */
  readonly when: 'before' | 'during' | 'after';
  /** Delay of `slow`, in ms of the region's time. */
  readonly ms: number;
  /** Status, code and text of `error`; status and text of `garbage`. */
  readonly status: number | undefined;
  readonly code: string | undefined;
  readonly message: string | undefined;
}

interface Planned {
  readonly id: number;
  readonly service: string;
  readonly operation: string;
  /** Members that the input must have to count. */
  readonly input: Input | undefined;
  /** Matching requests to let pass first. */
  skip: number;
  /** Matching requests left to hit; Infinity for all. */
  times: number;
  readonly fault: Fault;
}

const invalid = (message: string): AwsError => new AwsError('ValidationException', message);

/** The faults that tests have asked for, oldest first. */
export class Faults {
  readonly #planned: Planned[] = [];
  #sequence = 0;

  /**
   * Plans a fault from the body of `POST /_demo/faults` and answers its id. Throws `AwsError` for a body
   * that asks for no such thing.
   */
  plan(body: unknown): { id: number } {
    if (!isStructure(body)) throw invalid('The body must be a JSON object.');
    const nth = optionalNumber(body, 'nth') ?? 1;
    const times = optionalNumber(body, 'times') ?? 1;
    if (!Number.isInteger(nth) || nth < 1) throw invalid('nth must be a positive integer.');
    if (!Number.isInteger(times) || times < 0) throw invalid('times must be a positive integer, or 0 for always.');
    const missing = validationError('ValidationException');
    const planned: Planned = {
      id: ++this.#sequence,
      service: requiredString(body, 'service', missing),
      operation: optionalString(body, 'operation') ?? '*',
      input: optionalStructure(body, 'input'),
      skip: nth - 1,
      times: times === 0 ? Number.POSITIVE_INFINITY : times,
      fault: readFault(body.fault),
    };
    this.#planned.push(planned);
    return { id: planned.id };
  }

  /** The fault for this request, if one is due now; counts the request for the others that it matches. */
  next(service: string, operation: string, input: Input): Fault | undefined {
    let due: Planned | undefined;
    for (const planned of [...this.#planned]) {
      if (planned.service !== '*' && planned.service !== service) continue;
      if (planned.operation !== '*' && planned.operation !== operation) continue;
      if (planned.input !== undefined && !holds(input, planned.input)) continue;
      if (planned.skip > 0) planned.skip -= 1;
      else due ??= planned;
    }
    if (due === undefined) return undefined;
    due.times -= 1;
    if (due.times <= 0) this.#planned.splice(this.#planned.indexOf(due), 1);
    return due.fault;
  }

  /** Those still to come. */
  list(): readonly object[] {
    return this.#planned.map(({ skip, times, ...rest }) => ({
      ...rest,
      nth: skip + 1,
      times: Number.isFinite(times) ? times : 0,
    }));
  }

  clear(): void {
    this.#planned.length = 0;
  }
}

function readFault(value: unknown): Fault {
  const body: Input = typeof value === 'string' ? { kind: value } : isStructure(value) ? value : {};
  const kind = KINDS.find((known) => known === body.kind);
  if (kind === undefined) throw invalid(`fault must be one of ${KINDS.join(', ')}.`);
  const when = optionalString(body, 'when') ?? (kind === 'timeout' || kind === 'cut' ? 'after' : 'before');
  if (when !== 'before' && when !== 'during' && when !== 'after') {
    throw invalid('when must be before, during or after.');
  }
  return {
    kind,
    when,
    ms: optionalNumber(body, 'ms') ?? 5000,
    status: optionalNumber(body, 'status'),
    code: optionalString(body, 'code'),
    message: optionalString(body, 'message'),
  };
}

/** Whether `value` has everything that `wanted` has, structures member by member. */
function holds(value: unknown, wanted: unknown): boolean {
  if (isStructure(wanted)) {
    return isStructure(value) && Object.entries(wanted).every(([name, member]) => holds(value[name], member));
  }
  return JSON.stringify(value) === JSON.stringify(wanted);
}
