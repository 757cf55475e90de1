import { isStructure } from '../../members.ts';
import { type RestRequest, restError, unprocessable } from './answer.ts';

/** The first value of a query parameter. */
export function parameter(request: RestRequest, name: string): string | undefined {
  return request.query.get(name)?.[0];
}

/** A boolean query parameter. */
export function flag(request: RestRequest, name: string): boolean | undefined {
  const text = parameter(request, name)?.toLowerCase();
  return text === undefined ? undefined : ['true', '1', 'yes', 't', 'on'].includes(text);
}

/** A whole number of the query or of a list's body; refused as the version at hand refuses another thing. */
function count(request: RestRequest, name: string, value: unknown, fallback: number): number {
  if (value === undefined || value === null) return fallback;
  const number = typeof value === 'number' ? value : Number(value);
  if (Number.isInteger(number) && number >= 0) return number;
  if (request.airflow.third) {
    throw unprocessable(
      'int_parsing',
      ['query', name],
      'Input should be a valid integer, unable to parse string as an integer',
      value,
    );
  }
  throw restError(request.airflow, 400, `Wrong type, expected 'integer' for query parameter '${name}'`);
}

/**
 * One page of a list: `limit` (100 before Airflow 3, 50 since; never above 100) and `offset`. The total counts
 * everything.
 */
export function page<Item>(
  request: RestRequest,
  items: readonly Item[],
  asked: { readonly limit?: unknown; readonly offset?: unknown } = {
    limit: parameter(request, 'limit'),
    offset: parameter(request, 'offset'),
  },
): readonly Item[] {
  const fallback = request.airflow.third ? 50 : 100;
  const limit = count(request, 'limit', asked.limit, fallback);
  const offset = count(request, 'offset', asked.offset, 0);
  return items.slice(offset, offset + (limit === 0 ? 100 : Math.min(limit, 100)));
}

/** Sorts by `order_by`, `-` first for descending; an unknown attribute is refused. */
export function ordered<Item>(
  request: RestRequest,
  items: readonly Item[],
  attributes: Readonly<Record<string, (item: Item) => string | number | boolean | undefined>>,
  orders: readonly string[] = request.query.get('order_by') ?? [],
): readonly Item[] {
  let sorted = [...items];
  for (const order of orders.toReversed()) {
    const descending = order.startsWith('-');
    const name = descending ? order.slice(1) : order;
    const value = attributes[name];
    if (value === undefined) {
      throw restError(
        request.airflow,
        400,
        request.airflow.third
          ? `Ordering with '${name}' is disallowed or the attribute does not exist on the model`
          : `Ordering with '${name}' is disallowed or the attribute does not exist on the model`,
      );
    }
    sorted = sorted.toSorted((left, right) => (descending ? -1 : 1) * compare(value(left), value(right)));
  }
  return sorted;
}

/** Nulls sort last in ascending order, as PostgreSQL has it. */
function compare(left: string | number | boolean | undefined, right: string | number | boolean | undefined): number {
  if (left === right) return 0;
  if (left === undefined) return 1;
  if (right === undefined) return -1;
  return left < right ? -1 : 1;
}

/** SQL's ILIKE of `%pattern%`: `%` and `_` are wildcards in what the caller gives, too. */
export function like(pattern: string, text: string): boolean {
  const source = [...pattern]
    .map((character) =>
      character === '%' ? '.*' : character === '_' ? '.' : character.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
    )
    .join('');
  return new RegExp(source, 'is').test(text);
}

/** A JSON body that has to be an object. */
export function bodyOf(request: RestRequest): Readonly<Record<string, unknown>> {
  const { body, airflow } = request;
  if (body === undefined || body === null) return {};
  if (isStructure(body)) return body;
  if (airflow.third) {
    throw unprocessable(
      'model_attributes_type',
      ['body'],
      'Input should be a valid dictionary or object to extract fields from',
      body,
    );
  }
  throw restError(airflow, 400, `${JSON.stringify(body)} is not of type 'object'`);
}

/** Refuses members of a body that the model doesn't have. */
export function onlyMembers(
  request: RestRequest,
  body: Readonly<Record<string, unknown>>,
  allowed: readonly string[],
): void {
  const unknown = Object.keys(body).find((name) => !allowed.includes(name));
  if (unknown === undefined) return;
  if (request.airflow.third) {
    throw unprocessable('extra_forbidden', ['body', unknown], 'Extra inputs are not permitted', body[unknown]);
  }
  throw restError(request.airflow, 400, `{'${unknown}': ['Unknown field.']}`);
}

/** The texts of a body's list member. */
export function texts(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : undefined;
}

/** A time of the query or the body, ms since the epoch. */
export function time(request: RestRequest, name: string, value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  const parsed = Date.parse(String(value).replace(' ', '+'));
  if (!Number.isNaN(parsed)) return parsed;
  if (request.airflow.third)
    throw unprocessable(
      'datetime_from_date_parsing',
      ['body', name],
      'Input should be a valid datetime or date',
      value,
    );
  throw restError(request.airflow, 400, `{'${name}': ['Not a valid datetime.']}`);
}
