import type { Row, Segment } from '../../row.ts';
import { Line } from '../../widgets/text.tsx';
import type { Draft, Stage } from './draft.ts';
import { modeTitle } from './mode-stage.tsx';

/** The stages as the user sees them; checking belongs to the pipeline. */
const SHOWN = ['mode', 'pipeline', 'target', 'review'] as const;

/** Where in the making of a deployment we are, with what was chosen. */
export function StageLine({ draft, width }: { draft: Draft; width: number }) {
  const at = SHOWN.indexOf(shownStage(draft.stage));
  const row: Row = SHOWN.flatMap((stage, index): readonly Segment[] => {
    const before = index === 0 ? [{ text: ' ' }] : [{ text: ' › ', tone: 'dim' as const }];
    if (index === at) return [...before, { text: ` ${index + 1} ${stage} `, inverse: true, bold: true }];
    const choice = index < at ? chosen(stage, draft) : undefined;
    return [
      ...before,
      { text: `${index + 1} ${stage}`, tone: 'dim' },
      ...(choice === undefined ? [] : [{ text: ` ${choice}` }]),
    ];
  });
  return <Line row={row} width={width} fill />;
}

function shownStage(stage: Stage): (typeof SHOWN)[number] {
  return stage === 'check' ? 'pipeline' : stage;
}

function chosen(stage: (typeof SHOWN)[number], { mode, pipeline }: Draft): string | undefined {
  if (stage === 'mode') return modeTitle(mode);
  if (stage === 'pipeline') return pipeline?.source.split('/').at(-1);
  return undefined;
}
