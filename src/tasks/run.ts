export type { RunRequest } from './types.ts';
