import type { View } from '../view.ts';
import { applyView } from './apply.tsx';
import { clusterView } from './cluster.tsx';
import { dagView } from './dag.tsx';
import { dashboardView } from './dashboard.tsx';
import { deployView } from './deploy/index.tsx';
import { environmentView } from './environment/index.tsx';
import { logsView } from './logs/index.tsx';
import { profilesView } from './profiles.tsx';
import { runView } from './run.tsx';
import { taskDefinitionView } from './task-definition.tsx';
import { timelineView } from './timeline.tsx';

/** Every screen; a new one is a line here. */
export const views: readonly View[] = [
  dashboardView,
  environmentView,
  clusterView,
  dagView,
  deployView,
  applyView,
  runView,
  taskDefinitionView,
  logsView,
  profilesView,
  timelineView,
];
