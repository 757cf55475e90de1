import { ecsMode } from './ecs.ts';
import type { Mode } from './mode.ts';
import { pythonMode } from './python.ts';
import { virtualenvMode } from './virtualenv.ts';

export type { Mode, ModeFacts, Verdict } from './mode.ts';

/** The ways to run ingestion, the one to begin with first. */
export const modes: readonly Mode[] = [ecsMode, virtualenvMode, pythonMode];
