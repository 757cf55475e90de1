import { openAirflow } from '../../airflow/airflow.ts';
import type { StepDefinition } from '../step.ts';
import { askForDag } from './airflow.ts';

/** A new DAG is paused until it was seen whole; a paused one's runs would only queue. */
export const unpause: StepDefinition = {
  id: 'unpause',
  kind: 'unpause',
  shared: false,
  look: async (target, signal) => {
    const { found, silent } = await askForDag(target, signal);
    // One that somebody paused after an earlier deployment stays paused: that was a decision.
    const known = found !== undefined || silent !== undefined;
    if (found?.paused === false || (known && target.known.deployedBefore === true)) return undefined;
    const { schedule } = target.request;
    return {
      action: 'update',
      resource: target.request.dagId,
      diff: '',
      reason: schedule === undefined ? 'runs when triggered' : `runs on its schedule, ${schedule}`,
      before: { paused: true },
    };
  },
  act: async (target, { signal }) => {
    await openAirflow(target.session, target.environment).setPaused(target.request.dagId, false, signal);
    return { paused: false };
  },
  lookBack: async (target, { resource }, signal) => {
    const found = await openAirflow(target.session, target.environment).dag(resource, signal);
    return found === undefined || found.paused ? undefined : { action: 'restore', text: 'is paused again' };
  },
  takeBack: async (target, { step, signal }) => {
    const restoration = await unpause.lookBack(target, step, signal);
    if (restoration === undefined) return;
    await openAirflow(target.session, target.environment).setPaused(step.resource, true, signal);
  },
};
