import { glob } from '../iam/match.ts';
import { optionalBoolean, optionalNumber, optionalString, optionalStrings, optionalStructures } from '../members.ts';
import { pageOf } from '../paging.ts';
import { AwsError, type Input, type Operation } from '../service.ts';
import type { Tag } from './network.ts';

/** Values of a filter for one resource; any that matches any of the filter's own selects the resource. */
type FilterValues<Item> = (item: Item) => readonly (string | undefined)[];

/** A kind of resource and how its Describe operation names things. */
export interface Description<Item extends { readonly tagSet: readonly Tag[] }> {
  readonly operation: string;
  readonly items: () => Iterable<Item>;
  readonly id: (item: Item) => string;
  /** Request parameter with the ids, such as `VpcId`, and the prefix that an id has. */
  readonly parameter: string;
  readonly prefix: string;
  /** Error code and the resource's name in its text, when an id is not there. */
  readonly missing: readonly [code: string, noun: string];
  /** Element of the answer. */
  readonly set: string;
  readonly filters: Readonly<Record<string, FilterValues<Item>>>;
  /** Smallest MaxResults taken. */
  readonly least: number;
  /** Other parameters taken, such as `GroupName`, with what they select by. */
  readonly selectors?: Readonly<Record<string, { values: FilterValues<Item>; missing: (value: string) => AwsError }>>;
}

const COMMON = ['Filter', 'MaxResults', 'NextToken', 'DryRun'];

/** A Describe operation: ids, filters, paging, DryRun, in EC2's manner. */
export function describing<Item extends { readonly tagSet: readonly Tag[] }>(
  description: Description<Item>,
  shown: (item: Item) => object = (item) => item,
): Operation {
  const selectors = description.selectors ?? {};
  const known = [...COMMON, description.parameter, ...Object.keys(selectors)];
  return (input, call) => {
    for (const parameter of Object.keys(input)) {
      if (!known.includes(parameter)) {
        throw new AwsError('UnknownParameter', `The parameter ${parameter} is not recognized`);
      }
    }
    call.authorize(`ec2:${description.operation}`, '*');
    if (optionalBoolean(input, 'DryRun') === true) {
      throw new AwsError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412);
    }
    const ids = optionalStrings(input, description.parameter);
    let found = select(description, ids);
    for (const [parameter, { values, missing }] of Object.entries(selectors)) {
      const wanted = optionalStrings(input, parameter);
      if (wanted === undefined) continue;
      for (const value of wanted) if (!found.some((item) => values(item).includes(value))) throw missing(value);
      found = found.filter((item) => values(item).some((value) => value !== undefined && wanted.includes(value)));
    }
    const filters = readFilters(description, input);
    const matching = found.filter((item) => filters.every((matches) => matches(item)));
    const { items, next } = paged(description, matching, input, ids);
    return { [description.set]: items.map(shown), nextToken: next };
  };
}

function select<Item extends { readonly tagSet: readonly Tag[] }>(
  description: Description<Item>,
  ids: readonly string[] | undefined,
): Item[] {
  const items = [...description.items()];
  if (ids === undefined) return items;
  const [code, noun] = description.missing;
  return ids.map((id) => {
    if (!id.startsWith(`${description.prefix}-`)) {
      const malformed = code.replace(/\.NotFound$/, '.Malformed');
      throw new AwsError(malformed, `Invalid id: "${id}" (expecting "${description.prefix}-...")`);
    }
    const item = items.find((candidate) => description.id(candidate) === id);
    if (item === undefined) throw new AwsError(code, `The ${noun} '${id}' does not exist`);
    return item;
  });
}

function readFilters<Item extends { readonly tagSet: readonly Tag[] }>(
  description: Description<Item>,
  input: Input,
): ((item: Item) => boolean)[] {
  return (optionalStructures(input, 'Filter') ?? []).map((filter) => {
    const name = optionalString(filter, 'Name');
    const values = optionalStrings(filter, 'Value') ?? [];
    if (name === undefined)
      throw new AwsError('MissingParameter', 'The request must contain the parameter Filter.Name');
    if (values.length === 0) {
      throw new AwsError('InvalidParameterValue', `The filter '${name}' must have at least one value.`);
    }
    const given = filterValues(description, name);
    return (item) => given(item).some((text) => text !== undefined && values.some((pattern) => glob(pattern, text)));
  });
}

function filterValues<Item extends { readonly tagSet: readonly Tag[] }>(
  description: Description<Item>,
  name: string,
): FilterValues<Item> {
  if (name.startsWith('tag:')) {
    return (item) => item.tagSet.filter(({ key }) => key === name.slice(4)).map(({ value }) => value);
  }
  if (name === 'tag-key') return (item) => item.tagSet.map(({ key }) => key);
  const given = Object.hasOwn(description.filters, name) ? description.filters[name] : undefined;
  if (given === undefined) throw new AwsError('InvalidParameterValue', `The filter '${name}' is invalid`);
  return given;
}

function paged<Item extends { readonly tagSet: readonly Tag[] }>(
  description: Description<Item>,
  items: readonly Item[],
  input: Input,
  ids: readonly string[] | undefined,
) {
  const size = optionalNumber(input, 'MaxResults');
  if (size !== undefined && ids !== undefined) {
    const named = description.parameter.charAt(0).toLowerCase() + description.parameter.slice(1);
    throw new AwsError(
      'InvalidParameterCombination',
      `The parameter ${named}s cannot be used with the parameter maxResults`,
    );
  }
  if (size !== undefined && (size < description.least || size > 1000)) {
    const rule = size > 1000 ? 'less than 1000' : `greater than ${description.least}`;
    throw new AwsError(
      'InvalidParameterValue',
      `Value ( ${size} ) for parameter maxResults is invalid. Expecting a value ${rule}.`,
    );
  }
  const page = pageOf(items, description.id, optionalString(input, 'NextToken'), size ?? 1000);
  if (page === undefined) throw new AwsError('InvalidNextToken', 'The token is invalid.');
  return page;
}
