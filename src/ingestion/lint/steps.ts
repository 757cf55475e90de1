import type { PipelineType } from '../pipeline.ts';
import { at, mapping, textOf } from '../values.ts';
import type { Findings } from './findings.ts';

type StepName = 'processor' | 'sink' | 'stage' | 'bulkSink';

/** The steps that a workflow runs by, with the types that fit; the first is the usual one. */
const STEPS: Readonly<Record<PipelineType, Readonly<Partial<Record<StepName, readonly string[]>>>>> = {
  metadata: { sink: ['metadata-rest', 'file'] },
  lineage: { sink: ['metadata-rest', 'file'] },
  dbt: { sink: ['metadata-rest', 'file'] },
  elasticSearchReindex: { sink: ['metadata-rest', 'elasticsearch'] },
  dataInsight: { sink: ['metadata-rest'] },
  usage: { processor: ['query-parser'], stage: ['table-usage'], bulkSink: ['metadata-usage'] },
  profiler: { processor: ['orm-profiler'], sink: ['metadata-rest', 'file'] },
  autoClassification: { processor: ['orm-profiler', 'tag-pii-processor'], sink: ['metadata-rest', 'file'] },
  TestSuite: { processor: ['orm-test-runner'], sink: ['metadata-rest', 'file'] },
  application: {},
};

/** Checks that a workflow has the steps that it runs by. The models let them be missing; the run does not. */
export function checkSteps(findings: Findings): void {
  const { pipelineType, value } = findings.pipeline;
  for (const [name, types] of Object.entries(STEPS[pipelineType])) {
    const step = value[name];
    const type = at(step, 'type');
    if (step === undefined || step === null) {
      findings.add('missing-step', [name], {
        message: `is missing: a ${pipelineType} workflow can't run without it.`,
        advice: `Add ${name} with type ${types[0]} and config: {}.`,
      });
    } else if (typeof type === 'string' && !types.includes(type)) {
      findings.add('wrong-step', [name, 'type'], {
        severity: 'warning',
        message: `is ${JSON.stringify(type)}, where a ${pipelineType} workflow has ${types.join(' or ')}.`,
        advice: `Write ${types[0]} unless a step of your own is meant.`,
      });
    }
  }
  if (pipelineType === 'usage') checkStageFile(findings);
}

/** Usage is staged in a file that two steps have to agree about. */
function checkStageFile(findings: Findings): void {
  const { value } = findings.pipeline;
  const written = textOf(at(value, 'stage', 'config', 'filename'));
  const read = textOf(at(value, 'bulkSink', 'config', 'filename'));
  if (mapping(value.stage) === undefined || mapping(value.bulkSink) === undefined) return;
  if (written !== undefined && written === read) {
    if (written.startsWith('/tmp/')) return;
    findings.add('stage-file', ['stage', 'config', 'filename'], {
      severity: 'warning',
      message: 'is outside /tmp, where the ingestion image may not write.',
      advice: 'Write a path below /tmp in both steps.',
    });
    return;
  }
  findings.add('stage-file', ['bulkSink', 'config', 'filename'], {
    message: 'is not the file that stage.config.filename names.',
    advice: 'Write the same path below /tmp in both, such as /tmp/usage.',
  });
}
