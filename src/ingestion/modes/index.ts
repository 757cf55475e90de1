import { ecs } from './ecs.ts';
import type { Mode } from './mode.ts';

export type { Mode, ModeFacts, Reason, Verdict } from './mode.ts';

/** The ways to run ingestion, the one to begin with first. */
export const modes: readonly Mode[] = [ecs];
