import { compareVersions } from './version.ts';

/** A name that only some releases of a product know. */
export interface Span {
  readonly name: string;
  /** First release, such as `1.12` or `1.12.4`; every release when absent. */
  readonly since?: string;
  /** First release without it; none when absent. */
  readonly until?: string;
  /** As a key: it can't be left out. */
  readonly required?: true;
  /** As a key: the model of the mapping that it holds. */
  readonly model?: string;
}

/** Reads `name!:Model@1.12<2.0`: required, a mapping of that model, known from 1.12 on, before 2.0. */
export function spanOf(text: string): Span {
  const [, name = '', required, model, since, until] =
    /^([^@<!:]+)(!)?(?::(\w+))?(?:@([\d.]+))?(?:<([\d.]+))?$/.exec(text) ?? [];
  if (name === '') throw new Error(`not a span: ${text}`);
  return {
    name,
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(required === undefined ? {} : { required: true }),
    ...(model === undefined ? {} : { model }),
  };
}

/** Reads several spans, separated by spaces. */
export function spansOf(text: string): Span[] {
  return text
    .split(' ')
    .filter((word) => word !== '')
    .map(spanOf);
}

/** Whether a release knows the name. */
export function inSpan(span: Span, version: string): boolean {
  if (span.since !== undefined && compareVersions(version, span.since) < 0) return false;
  return span.until === undefined || compareVersions(version, span.until) < 0;
}
