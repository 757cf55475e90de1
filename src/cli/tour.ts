import type { Session } from '../aws/session.ts';
import { readConnection } from '../connection/connection.ts';
import { planDeployment } from '../deployment/plan.ts';
import { readDashboard } from '../fleet/dashboard.ts';
import { readEnvironment } from '../fleet/environments.ts';
import { templates } from '../ingestion/templates.ts';
import { openFollower } from '../logs/follow.ts';
import { resolveRun } from '../tasks/resolve.ts';
import { runTask } from '../tasks/run.ts';
import type { RunResult } from '../tasks/types.ts';
import { Failure } from '../text/failure.ts';
import { printConnection } from './connection-card.ts';
import { DEMO_TOKEN } from './console.ts';
import type { Context } from './context.ts';
import { lastSnapshot, printDashboard } from './dashboard.ts';
import { apply } from './deploy.ts';
import { openDemoDoor } from './door.ts';
import { printEvent } from './logs.ts';
import { printPlan } from './plan.ts';
import type { Verb } from './program.ts';
import { teller } from './progress.ts';
import { followRun, printResult } from './task.ts';

/** Where the tour deploys to, and what. Both are in the embedded region's world. */
const ENVIRONMENT = 'data-prod';
const TEMPLATE = 'redshift_ingestion';
/** The region's time runs so much faster in the tour's own region: a Fargate start takes seconds. */
const SPEED = 20;

/**
 * `tour`: the whole main job told in plain text, for real, on an embedded region only: its own, or a loopback
 * `--endpoint-url` that answers `/_demo/`.
 */
export const tour: Verb = async (context) => {
  const door = await openDemoDoor(context.options, SPEED, context.parts);
  try {
    const result = await walk({ ...context, print: context.print.asStory() }, door.session);
    return result.ok ? 0 : 1;
  } finally {
    await door.close();
  }
};

async function walk(context: Context, session: Session): Promise<RunResult> {
  const { print, signal } = context;
  const heading = (text: string) => {
    print.line();
    print.line(text, 'accent');
  };
  print.line(`An embedded region at ${session.endpoint}: no AWS account is touched.`);

  heading('1  The estate');
  printDashboard(context, await lastSnapshot(readDashboard(session, signal)), session.clock.now());

  heading(`2  The plan: ${TEMPLATE} into ${ENVIRONMENT} by the ECS operator`);
  const planned = await planDeployment(
    session,
    {
      environment: ENVIRONMENT,
      mode: 'ecs',
      pipelineText: pipelineText(session),
      pipelineFile: `${TEMPLATE}.yaml`,
      options: {},
    },
    signal,
  );
  printPlan(context, planned.plan, true);

  heading('3  The deployment');
  const outcome = await apply(signal, planned, teller(context));
  if (outcome.failure) throw outcome.failure;
  const { known, environment, request } = planned.target;
  print.line(`deployment       ${outcome.deployment}`);
  print.line(`secret           ${known.secretArn}`);
  print.line(`task definition  ${known.taskDefinitionArn}`);
  print.line(
    `DAG              s3://${environment.sourceBucket}/${environment.dagsPath}/${request.dagId}.py version ${known.dagVersionId}`,
  );

  heading('4  The run');
  const run = await resolveRun(session, ENVIRONMENT, request.dagId, signal);
  const { taskArn } = await runTask(session, run, signal);
  print.line(`task             ${taskArn}`);
  const result = await followRun(context, session, { ...run, taskArn });
  printResult(context, result);

  heading(`5  The log group ${request.ecs?.logGroup}, last lines of all its streams`);
  await printLastLines(context, session, request.ecs?.logGroup ?? '');

  heading(`6  The metadata database of ${ENVIRONMENT}`);
  const connection = await readConnection(session, await readEnvironment(session, ENVIRONMENT, signal), signal);
  printConnection(context, connection);
  return result;
}

/** The template with this region's OpenMetadata server and a token of its own. */
function pipelineText(session: Session): string {
  const template = templates.find(({ id }) => id === TEMPLATE);
  if (template === undefined) throw new Error(`The template ${TEMPLATE} is gone.`);
  return template.text({
    environment: ENVIRONMENT,
    region: session.region,
    serverUrl: `${session.endpoint}/openmetadata/api`,
    jwtToken: DEMO_TOKEN,
  });
}

const LAST_LINES = 15;

async function printLastLines(context: Context, session: Session, group: string): Promise<void> {
  const follower = openFollower(session, { groups: [group], since: session.clock.now() - 15 * 60_000, follow: false });
  const last = [];
  let count = 0;
  for await (const batch of follower.batches(context.signal)) {
    count += batch.length;
    last.push(...batch);
    last.splice(0, last.length - LAST_LINES);
  }
  if (count === 0) throw new Failure('failed', `${group} holds no lines.`);
  for (const event of last) printEvent(context, event, 'stream');
  context.print.line(`${count} lines in 15 minutes`, 'dim');
}
