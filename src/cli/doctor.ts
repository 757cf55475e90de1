import { examine, type Finding } from '../aws/doctor.ts';
import { leftBehind } from '../deployment/one-off/left-behind.ts';
import type { Tone } from '../text/columns.ts';
import { present } from './present.ts';
import type { Verb } from './program.ts';

const TONE: Record<Finding['verdict'], Tone> = { pass: 'ok', warning: 'warn', fail: 'error', unknown: 'dim' };

/** `doctor`: what this machine and these credentials can do, each finding with what would mend it. */
export const doctor: Verb = async (context) => {
  const { stdout, env } = context.process;
  const terminal = { isTTY: stdout.isTTY === true, columns: stdout.columns, rows: stdout.rows, term: env.TERM };
  const { signal, temporary } = context;
  const { findings: found, signedIn } = await examine(() => context.session(), terminal, signal);
  const left = signedIn ? await leftBehind(await context.session(), temporary, signal) : [];
  const findings = [...found, ...left];
  await present(context, { checks: findings }, () => {
    for (const { verdict, evidence, advice } of findings) {
      context.print.line(`${verdict.padEnd(8)} ${evidence}`, TONE[verdict]);
      if (advice !== '') context.print.line(`         ${advice}`);
    }
  });
  if (!signedIn) return 4;
  return findings.some(({ verdict }) => verdict === 'fail') ? 1 : 0;
};
