import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { Failure } from '../text/failure.ts';
import type { Context, GlobalOptions } from './context.ts';
import type { Printer } from './print.ts';

/** What the program needs from the process that runs it. */
export interface Surroundings {
  readonly version: string;
  readonly print: Printer;
  begin(options: GlobalOptions): { readonly context: Context; close(): Promise<void> };
}

/** A verb's work: its arguments and options as commander read them; the exit code. */
export type Verb = (context: Context, args: readonly string[], options: VerbOptions) => Promise<number>;

/** A verb's own options, by their names in camel case. */
export type VerbOptions = Readonly<Record<string, unknown>>;

/** Parses `argv` and runs the verb it names; the exit code. Usage errors end with Failure 'usage', exit 2. */
export async function program({ version, print, begin }: Surroundings, argv: readonly string[]): Promise<number> {
  let code = 0;
  const run = (load: () => Promise<Verb>) =>
    async function action(this: Command): Promise<void> {
      const { context, close } = begin(this.optsWithGlobals<GlobalOptions>());
      try {
        const verb = await load();
        code = await verb(
          context,
          this.processedArgs.flat().filter((arg) => arg !== undefined),
          this.opts(),
        );
      } finally {
        await close();
      }
    };
  const root = new Command('mwaa-console')
    .description('Operations console for Amazon MWAA environments, ECS clusters and OpenMetadata ingestion.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => print.lines(text.trimEnd()),
      writeErr: () => {},
      outputError: () => {},
    })
    .showSuggestionAfterError()
    .allowExcessArguments(false)
    .option('--profile <name>', 'AWS profile')
    .option('--region <name>', 'AWS region')
    .option('--endpoint-url <url>', 'send every call here instead of to AWS')
    .option('--demo', 'use an embedded region instead of AWS')
    .addOption(new Option('--speed <factor>', 'with --demo: how fast its time runs').argParser(positiveNumber))
    .option('--read-only', 'refuse every call that writes')
    .option('--yes', 'answer yes to every question that restarts no workers')
    .option('--no-color', 'no colours')
    .option('--screen-reader', 'the console as plain lines of what is new')
    .option('--debug <file>', 'write every AWS call to a file, without secrets')
    .option('-o, --output <format>', 'table, json or yaml', 'table')
    .action(run(async () => (await import('./console.ts')).console));

  verb('dashboard', 'environments and clusters at a glance', async () => (await import('./dashboard.ts')).dashboard);
  verb('envs [name]', 'list MWAA environments, or describe one', async () => (await import('./estate.ts')).envs);
  verb('clusters [name]', 'list ECS clusters, or describe one', async () => (await import('./estate.ts')).clusters);
  verb('tasks <cluster>', "list a cluster's tasks", async () => (await import('./estate.ts')).tasks);
  verb('modes <env>', "each ingestion mode's verdict", async () => (await import('./modes.ts')).modes)
    .requiredOption('--pipeline <file>', 'OpenMetadata workflow YAML; - for standard input')
    .option('--openmetadata-version <version>', "the server's version; asked of the pipeline's server when absent");
  deploymentOptions(
    verb('generate', "write a mode's files, without touching AWS", async () => (await import('./generate.ts')).generate)
      .addOption(modeOption())
      .requiredOption('--airflow-version <version>', "the environment's Airflow version")
      .requiredOption('--out <dir>', 'folder to write to'),
  )
    .option('--requirements <file>', "the environment's requirements.txt, to merge into")
    .option('--private-web-server', 'nothing is fetched from an index: wheels come with plugins.zip')
    .option('--environment <name>', 'environment that the files are for', 'environment')
    .option('--account <id>', 'account that the files are for', '123456789012');
  deploymentOptions(
    verb('plan <env>', 'what a deployment would do', async () => (await import('./plan.ts')).plan).addOption(
      modeOption(),
    ),
  ).option('--detailed-exitcode', '0 nothing to do, 10 changes, 3 a check failed');
  deploymentOptions(
    verb('deploy <env>', 'deploy an ingestion', async () => (await import('./deploy.ts')).deploy).addOption(
      modeOption(),
    ),
  )
    .option('--confirm <env>', 'confirm a restart of workers by the name of the environment')
    .option('--no-wait', 'return once what takes minutes has begun; resume goes on');
  verb(
    'resume <env> [id]',
    'go on with a deployment, or with its undo, where it stopped',
    async () => (await import('./resume.ts')).resume,
  ).option('--no-wait', "refuse at once where somebody's lock has not run out yet");
  verb('undo <env> [id]', 'take a deployment back', async () => (await import('./undo.ts')).undo).option(
    '--confirm <env>',
    'confirm a restart of workers by the name of the environment',
  );
  verb(
    'deployments [env] [id]',
    'list deployments, or show one',
    async () => (await import('./deployments.ts')).deployments,
  );
  verb(
    'run [env] [dag]',
    'run an ingestion task and follow it to its exit',
    async () => (await import('./task.ts')).runTask,
  )
    .option('--cluster <name>', 'cluster to run in')
    .option('--task-definition <ref>', 'family, family:revision or ARN')
    .option('--container <name>', 'container that runs the ingestion')
    .option('--subnet <id...>', 'subnets')
    .option('--security-group <id...>', 'security groups')
    .option('--assign-public-ip', 'give the task a public address')
    .option('--capacity-provider <name>', 'such as FARGATE_SPOT')
    .option('--pipeline-type <type>', 'pipelineType of the ingestion image')
    .addOption(new Option('--timeout <seconds>', 'stop the task after so long').argParser(positiveNumber))
    .option(
      '--config <file>',
      'run with this OpenMetadata workflow YAML, by a secret that is removed; - for standard input',
    )
    .option('--detach', 'print the ARN and return')
    .option('--clean-up', 'remove what runs with --config that were cut off have left behind');
  verb(
    'runs <env> <dag>',
    "a DAG's runs, with the ECS tasks that they started",
    async () => (await import('./runs.ts')).runs,
  );
  verb('logs <group...>', 'read or follow log groups', async () => (await import('./logs.ts')).logs)
    .option('-f, --follow', 'go on until Ctrl-C')
    .option('--since <time>', 'an age (15m, 2h, 3d) or a time', '1h')
    .option('--until <time>', 'an age or a time')
    .option('--filter <pattern>', 'CloudWatch filter pattern')
    .option('--stream-prefix <prefix>', 'only streams that begin so');
  verb(
    'connection <env>',
    "the environment's metadata database",
    async () => (await import('./connection.ts')).connection,
  )
    .option('--discover', 'find user and password by a one-off DAG that encrypts them for this command')
    .option('--probe', 'try the database and the REST route, from here and from an ECS task in the VPC')
    .option('--reveal', 'print the password; on a terminal, or with --yes')
    .option('--store <name>', 'keep what was discovered in this secret of Secrets Manager');
  verb(
    'doctor',
    'check Node, terminal, credentials, endpoints and permissions',
    async () => (await import('./doctor.ts')).doctor,
  );
  verb('completion', 'print what makes a shell complete these commands', async () =>
    (await import('./completion.ts')).completion(root),
  ).addArgument(new Argument('<shell>', 'bash, zsh or fish').choices(['bash', 'zsh', 'fish', 'profiles']));
  verb('tour', 'the whole main job on an embedded region', async () => (await import('./tour.ts')).tour);
  verb('demo', 'serve the embedded region to any AWS client', async () => (await import('./demo.ts')).demo)
    .addOption(new Option('--port <number>', 'port on 127.0.0.1').argParser(wholeNumber).default(4599))
    .addOption(new Option('--seed <number>', 'seed of everything random').argParser(wholeNumber))
    .option('--airflow <env=url...>', 'hand that environment to a real Airflow')
    .option('--image <image=command...>', 'run that container image as a local process');

  try {
    await root.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    throw new Failure('usage', sentence(error.message), { advice: 'See `mwaa-console --help`.' });
  }
  return code;

  function verb(signature: string, description: string, load: () => Promise<Verb>): Command {
    return root.command(signature).description(description).allowExcessArguments(false).action(run(load));
  }
}

function modeOption(): Option {
  return new Option('--mode <mode>', 'how ingestion runs')
    .choices(['ecs', 'python', 'virtualenv'])
    .makeOptionMandatory();
}

/** The deployment options, the same for every verb that takes them. */
function deploymentOptions(command: Command): Command {
  return command
    .requiredOption('--pipeline <file>', 'OpenMetadata workflow YAML; - for standard input')
    .option('--dag-id <id>', 'DAG id, at most 20 characters by default')
    .option(
      '--schedule <cron>',
      'cron expression or preset, or none: only triggered runs; as deployed last when absent',
    )
    .addOption(new Option('--retries <number>', 'tries after the first').argParser(wholeNumber))
    .addOption(new Option('--timeout <minutes>', 'what one try may take').argParser(wholeNumber))
    .option('--start-date <day>', 'no scheduled run is older, as 2026-01-31')
    .option('--openmetadata-version <version>', "the server's version; asked of the pipeline's server when absent")
    .option(
      '--extra <name...>',
      'extras of openmetadata-ingestion beside what the pipeline tells; none takes earlier ones away',
    )
    .option('--cluster <name>', 'ECS cluster')
    .option('--task-definition <ref>', 'take image, size and roles from this task definition')
    .option('--container <name>', 'name of the container')
    .option('--subnet <id...>', "subnets; the environment's own when absent")
    .option('--security-group <id...>', "security groups; the environment's own when absent")
    .option('--log-group <name>', "log group of the ingestion's containers")
    .option('--image <image>', 'container image')
    .option('--registry <name>', 'docker-hub, open-metadata, collate, or a repository that mirrors the image')
    .addOption(new Option('--architecture <name>', 'of the container').choices(['X86_64', 'ARM64']))
    .option('--user <uid>', "user that the container runs as; the image's own when absent")
    .addOption(new Option('--cpu <units>', 'CPU units, 1024 to a vCPU').argParser(wholeNumber))
    .addOption(new Option('--memory <MiB>', 'memory in MiB').argParser(wholeNumber))
    .option('--task-role <role>', 'role that the ingestion acts as')
    .option('--execution-role <role>', 'role that ECS acts as to start it')
    .addOption(
      new Option('--worker-replacement <how>', 'how an update of the environment replaces its workers').choices([
        'FORCED',
        'GRACEFUL',
      ]),
    )
    .option('--secret <name>', 'name of the secret that holds the configuration')
    .option('--secret-kms-key <arn>', 'key of yours that the secret is encrypted with');
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It has to be a whole number.');
  return Number(text);
}

function positiveNumber(text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new InvalidArgumentError('It has to be a number above 0.');
  return value;
}

/** Commander's messages begin with `error: ` in small letters; ours are sentences. */
function sentence(message: string): string {
  const text = message.replace(/^error: /, '').trim();
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.?!)]$/.test(first) ? first : `${first}.`;
}
