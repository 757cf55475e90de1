import { examineAll } from '../deployment/examination.ts';
import { verdictTones } from '../text/verdict.ts';
import { present } from './present.ts';
import type { Verb } from './program.ts';

/** `doctor`: what this machine and these credentials can do, each finding with what would mend it. */
export const doctor: Verb = async (context) => {
  const { stdout, env } = context.process;
  const terminal = { isTTY: stdout.isTTY === true, columns: stdout.columns, rows: stdout.rows, term: env.TERM };
  const { signal, temporary } = context;
  const { findings, failure } = await examineAll(() => context.session(), terminal, temporary, signal);
  await present(context, { checks: findings }, () => {
    for (const { verdict, evidence, advice } of findings) {
      context.print.line(`${verdict.padEnd(8)} ${evidence}`, verdictTones[verdict]);
      if (advice !== '') context.print.line(`         ${advice}`);
    }
  });
  if (failure !== undefined) return failure.exitCode;
  return findings.some(({ verdict }) => verdict === 'fail') ? 1 : 0;
};
