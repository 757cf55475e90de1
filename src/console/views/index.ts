import type { View } from '../view.ts';
import { dashboardView } from './dashboard.tsx';

/** Every screen; a new one is a line here. */
export const views: readonly View[] = [dashboardView];
