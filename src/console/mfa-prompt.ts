import { Failure } from '../text/failure.ts';
import type { Dialogs } from './stores/dialogs.ts';

/** Asks for codes of a multi-factor device in the console. */
export interface MfaPrompt {
  /** Fails with 'not-signed-in' where no code is given. */
  ask(serial: string): Promise<string>;
  /** Somebody wants to sign in: who gave no code before is asked again. */
  allow(): void;
}

/** A prompt that takes no for an answer: what is read again and again would else ask again and again. */
export function createMfaPrompt(dialogs: Dialogs): MfaPrompt {
  let refused = false;
  return {
    allow: () => {
      refused = false;
    },
    ask: async (serial) => {
      const answer = refused
        ? undefined
        : await dialogs.form({
            title: 'Multi-factor authentication',
            lines: [`The profile's role asks for a code of ${serial}.`],
            fields: [
              {
                id: 'code',
                label: 'Code',
                value: '',
                check: (value) => (/^\d{6}$/.test(value) ? undefined : 'The device shows six digits.'),
              },
            ],
            submit: 'sign in',
          });
      if (answer?.code !== undefined) return answer.code;
      refused = true;
      throw new Failure('not-signed-in', 'No code was given for the multi-factor device.', {
        advice: 'Press Ctrl-R to be asked again.',
      });
    },
  };
}
