import { AwsError, type Input } from './service.ts';

const FOUND: Record<string, string> = { number: 'NUMBER_VALUE', boolean: 'TRUE_VALUE', string: 'STRING_VALUE' };

function serialization(value: unknown, wanted: string): AwsError {
  const found = Array.isArray(value) ? 'START_ARRAY' : (FOUND[typeof value] ?? 'START_OBJECT');
  return new AwsError('SerializationException', `${found} can not be converted to ${wanted}`);
}

/** Which error a service throws for a required member that is missing. */
export type Missing = (member: string) => AwsError;

/** The usual refusal: one constraint, as most of the JSON services word it. */
export const validationError =
  (code: string): Missing =>
  (member) =>
    new AwsError(
      code,
      `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
    );

/** An optional string member; `SerializationException` when it is something else. */
export function optionalString(input: Input, member: string): string | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw serialization(value, 'a String');
  return value;
}

/** A required string member. */
export function requiredString(input: Input, member: string, missing: Missing): string {
  const value = optionalString(input, member);
  if (value === undefined) throw missing(member);
  return value;
}

/** An optional number; the query protocols send it as text, which is taken too. */
export function optionalNumber(input: Input, member: string): number | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' && /^-?\d+$/.test(value)) return Number(value);
  if (typeof value !== 'number') throw serialization(value, 'a Number');
  return value;
}

/** An optional boolean; `true` and `false` as text are taken too, as the query protocols send them. */
export function optionalBoolean(input: Input, member: string): boolean | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (value === 'true' || value === 'false') return value === 'true';
  if (typeof value !== 'boolean') throw serialization(value, 'a Boolean');
  return value;
}

/** An optional list of strings. */
export function optionalStrings(input: Input, member: string): readonly string[] | undefined {
  return optionalList(input, member)?.map((value) => {
    if (typeof value !== 'string') throw serialization(value, 'a String');
    return value;
  });
}

/** An optional list of structures. */
export function optionalStructures(input: Input, member: string): readonly Input[] | undefined {
  return optionalList(input, member)?.map((value) => {
    if (!isStructure(value)) throw serialization(value, 'a Structure');
    return value;
  });
}

/** An optional structure. */
export function optionalStructure(input: Input, member: string): Input | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (!isStructure(value)) throw serialization(value, 'a Structure');
  return value;
}

/** A list; the query protocols send an empty one as a parameter without text. */
function optionalList(input: Input, member: string): readonly unknown[] | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (value === '') return [];
  if (!Array.isArray(value)) throw serialization(value, 'a List');
  return value;
}

/** Whether a value is a JSON object. */
export function isStructure(value: unknown): value is Input {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
