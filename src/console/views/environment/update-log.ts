import type { Environment } from '../../../fleet/environments.ts';
import { isoTime } from '../../../text/ages.ts';
import type { Console } from '../../console.ts';
import { FAILING } from '../apply-progress.ts';

/** Streams of a requirements install begin so in each component's group (MWAA user guide, "Viewing logs for your requirements.txt"). */
const INSTALL_STREAMS = 'requirements_install';
/** Clocks and the update's own start may lie a little apart: ms. */
const BEFORE = 60_000;

/**
 * Opens what installing the requirements logged in an update, in every component that logs, at the first line that says
 * why nothing was installed.
 * @param began when the update was asked for, ms since the epoch; that of the last one when absent.
 */
export function openUpdateLog(
  console: Console,
  { name, logGroups, lastUpdate }: Environment,
  began = lastUpdate?.createdAt,
): void {
  const groups = [logGroups.scheduler, logGroups.worker, logGroups.webserver].flatMap((log) =>
    log?.enabled === true && log.group !== undefined ? [log.group] : [],
  );
  if (groups.length === 0) {
    console.notices.flash(`${name} logs nothing to CloudWatch: its logging is switched off`, 'warn');
    return;
  }
  console.router.push({
    kind: 'logs',
    groups,
    streamPrefix: INSTALL_STREAMS,
    since: began === undefined ? '1d' : isoTime(began - BEFORE),
    opensAt: FAILING,
  });
}
