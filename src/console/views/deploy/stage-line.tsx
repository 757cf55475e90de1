import { type Row, rowWidth, type Segment } from '../../row.ts';
import { Line } from '../../widgets/text.tsx';
import type { Draft, Stage } from './draft.ts';
import { modeTitle } from './mode-stage.tsx';

/** The stages as the user sees them; checking belongs to the pipeline. */
const SHOWN = ['mode', 'pipeline', 'target', 'review'] as const;

/** Where in the making of a deployment we are, with what was chosen. */
export function StageLine({ draft, width }: { draft: Draft; width: number }) {
  const whole = stageRow(draft, true);
  // A narrow screen keeps the stages and leaves out what was chosen.
  return <Line row={rowWidth(whole) <= width ? whole : stageRow(draft, false)} width={width} fill />;
}

function stageRow(draft: Draft, withChoices: boolean): Row {
  const at = SHOWN.indexOf(shownStage(draft.stage));
  return SHOWN.flatMap((stage, index): readonly Segment[] => {
    const before = index === 0 ? [] : [{ text: ' › ', tone: 'dim' as const }];
    if (index === at) return [...before, { text: ` ${index + 1} ${stage} `, inverse: true, bold: true }];
    const choice = withChoices && index < at ? chosen(stage, draft) : undefined;
    return [
      ...before,
      { text: ` ${index + 1} ${stage} `, tone: 'dim' },
      ...(choice === undefined ? [] : [{ text: `${choice} ` }]),
    ];
  });
}

function shownStage(stage: Stage): (typeof SHOWN)[number] {
  return stage === 'check' ? 'pipeline' : stage;
}

function chosen(stage: (typeof SHOWN)[number], { mode, pipeline }: Draft): string | undefined {
  if (stage === 'mode') return modeTitle(mode);
  if (stage === 'pipeline') return pipeline?.source.split('/').at(-1);
  return undefined;
}
