import { Failure } from '../text/failure.ts';

/** The answer of a read, or undefined where the service says that there is no such thing. */
export async function unlessMissing<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof Failure && error.kind === 'not-found') return undefined;
    throw error;
  }
}

/** The answer of a creation, or undefined where somebody (an earlier try of ours, it may be) has made it already. */
export async function unlessThere<T>(creation: Promise<T>): Promise<T | undefined> {
  try {
    return await creation;
  } catch (error) {
    if (error instanceof Failure && error.kind === 'in-use') return undefined;
    throw error;
  }
}
