import type { Failure } from '../../text/failure.ts';
import type { Console } from '../console.ts';
import { failureRows } from '../message.ts';
import { workflowFiles } from '../terminal/editor.ts';

/** Cells of what was wrong with a file: a dialog is as wide on 80 columns. */
const COLUMNS = 72;

/**
 * Asks for a workflow file by its path, with those of the folder to step through; undefined when it is left. `wrong` is
 * what was the matter with `path`, which stands in the field.
 */
export async function askWorkflowFile(
  console: Console,
  { title, path = '', wrong }: { readonly title: string; readonly path?: string; readonly wrong?: Failure | undefined },
): Promise<string | undefined> {
  const values = await console.dialogs.form({
    title,
    lines: [
      ...(wrong === undefined ? [] : [...failureRows(wrong, COLUMNS), '']),
      `Relative to ${process.cwd()}, or with ~/ before it.`,
    ],
    fields: [
      {
        id: 'path',
        label: 'Path',
        value: path,
        placeholder: 'redshift.yaml',
        suggestions: await workflowFiles(),
        check: (value) => (value.trim() === '' ? 'Name a file' : undefined),
      },
    ],
    submit: 'read it',
  });
  return values?.path?.trim();
}
