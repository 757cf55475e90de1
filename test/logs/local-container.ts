import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ECSClient, RegisterTaskDefinitionCommand, RunTaskCommand } from '@aws-sdk/client-ecs';
import { startRegion } from '../../src/demo/region.ts';
import { INGESTION_CLUSTER } from '../../src/demo/world/names.ts';
import { clientOptions } from '../demo/core/bench.ts';
import { AWSLOGS, definition, NETWORK } from '../demo/ecs/bench.ts';

/** A container that is a process of this machine, its output going to a log group of its own. */
export interface LocalContainer {
  readonly url: string;
  readonly group: string;
  /** What its log events say, in order, as the awslogs driver makes them of its output. */
  readonly messages: readonly string[];
  close(): Promise<void>;
}

/** Longest event of the awslogs driver, bytes. */
const LONGEST = 256 * 1024;
const LONG_LINE = 'x'.repeat(300_000);
/** All bytes but the end of a line: controls, escape sequences, and what is no UTF-8. */
const JUNK = [...Array(256).keys()].filter((byte) => byte !== 10);

/** The program: lines in bursts over some time, junk, a line of 300 KB, and a last line without its end. */
function program(lines: number, seconds: number): string {
  return `
    const bursts = 100;
    let line = 0;
    const burst = () => {
      let text = '';
      for (const end = line + ${lines} / bursts; line < end; line += 1) text += 'line ' + line + '\\n';
      process.stdout.write(text);
      if (line < ${lines}) setTimeout(burst, ${(seconds * 1000) / 100});
      else {
        process.stdout.write(Buffer.from(${JSON.stringify(JUNK)}));
        process.stdout.write('\\n\\u001b[2J\\u001b[Htorn\\u0007\\n' + 'x'.repeat(300000) + '\\nthe end');
      }
    };
    burst();`;
}

/** Starts the region and the container; `lines` is a multiple of 100. */
export async function localContainer(lines: number, seconds: number): Promise<LocalContainer> {
  const folder = mkdtempSync(join(tmpdir(), 'mwaa-console-container-'));
  const file = join(folder, 'program.js');
  writeFileSync(file, program(lines, seconds));
  const images = { 'local/flood': `${JSON.stringify(process.execPath)} ${JSON.stringify(file)}` };
  const region = await startRegion({ speed: 20, images, throttling: false });
  const group = '/ecs/flood';
  region.region.logs.createGroup(group);
  const ecs = new ECSClient(clientOptions(region));
  const image = definition('flood', { image: 'docker.io/local/flood:1', logConfiguration: AWSLOGS(group) });
  const { taskDefinition } = await ecs.send(new RegisterTaskDefinitionCommand(image));
  const run = {
    cluster: INGESTION_CLUSTER,
    taskDefinition: taskDefinition?.taskDefinitionArn,
    networkConfiguration: NETWORK,
  };
  await ecs.send(new RunTaskCommand(run));
  ecs.destroy();
  return {
    url: region.url,
    group,
    messages: [
      ...Array.from({ length: lines }, (_, line) => `line ${line}`),
      Buffer.from(JUNK).toString('utf8'),
      '\u001b[2J\u001b[Htorn\u0007',
      LONG_LINE.slice(0, LONGEST),
      LONG_LINE.slice(LONGEST),
      'the end',
    ],
    close: async () => {
      await region.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
