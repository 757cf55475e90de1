import { type PackageRequirement, packageRequirement } from '../../reference/version-specifier.ts';

/** One statement of a requirements file: a physical line, or several that backslashes join. */
export interface Statement {
  /** 1-based line that it begins in. */
  readonly line: number;
  /** As it stands in the file, its line ends included. */
  readonly text: string;
  /** Set for a package by name. */
  readonly requirement?: PackageRequirement;
  /** The path or URL of a `-c` or `--constraint` line, without quotes. */
  readonly constraint?: string;
  /** The name of any other option, such as `--index-url`. */
  readonly option?: string;
  /** It names a hash, so that pip wants one for every package there is (pip: secure-installs). */
  readonly hashed: boolean;
}

/** The statements of a requirements file, in order: joined, their texts are the file (pip: requirements-file-format). */
export function statementsOf(text: string): Statement[] {
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const statements: Statement[] = [];
  let begun = 0;
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    // A comment is not continued.
    if (/\\\r?\n$/.test(line) && !/^\s*#/.test(line) && at + 1 < lines.length) continue;
    statements.push(statementOf(lines.slice(begun, at + 1).join(''), begun + 1));
    begun = at + 1;
  }
  return statements;
}

/** The statement that names an index in place of PyPI; `--extra-index-url` leaves that in place. */
export function ownIndex(statements: readonly Statement[]): Statement | undefined {
  return statements.find(({ option }) => option === '--index-url' || option === '-i');
}

function statementOf(text: string, line: number): Statement {
  const content = text
    .replace(/\\\r?\n/g, ' ')
    .replace(/^\uFEFF/, '')
    .trim();
  const [, option, value = ''] = /^(--?[A-Za-z][\w-]*)[\s=]*(.*)$/.exec(content) ?? [];
  const requirement = option === undefined ? packageRequirement(content) : undefined;
  const isConstraint = option === '-c' || option === '--constraint';
  return {
    line,
    text,
    ...(requirement === undefined ? {} : { requirement }),
    ...(isConstraint ? { constraint: value.replace(/\s+#.*$/, '').replace(/^(["'])(.*)\1$/, '$2') } : {}),
    ...(option === undefined || isConstraint ? {} : { option }),
    hashed: /\s--hash[=\s]/.test(content) || option === '--require-hashes',
  };
}
