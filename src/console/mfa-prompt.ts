import type { MfaCode } from '../aws/credentials.ts';
import { Failure } from '../text/failure.ts';
import type { Dialogs } from './stores/dialogs.ts';

/** Asks for the codes of one session's multi-factor device in the console. */
export interface MfaPrompt {
  /** Fails with 'not-signed-in' where no code is given. */
  readonly ask: MfaCode;
  /** Somebody wants to sign in: who gave no code before is asked again. */
  allow(): void;
  /** The session has been left: nobody is asked for it any more. */
  end(): void;
}

/** A prompt that takes no for an answer: what is read again and again would else ask again and again. */
export function createMfaPrompt(dialogs: Dialogs): MfaPrompt {
  let given = true;
  let ended = false;
  return {
    allow: () => {
      given = true;
    },
    end: () => {
      ended = true;
    },
    ask: async (serial, refused) => {
      const code = given && !ended ? await askCode(dialogs, serial, refused) : undefined;
      if (code !== undefined) return code;
      given = false;
      throw new Failure('not-signed-in', 'No code was given for the multi-factor device.', {
        advice: 'Press Ctrl-R to be asked again.',
      });
    },
  };
}

/** Six digits, which some devices show in two groups; undefined where it was left. */
async function askCode(dialogs: Dialogs, serial: string, refused: Failure | undefined): Promise<string | undefined> {
  const digits = (text: string) => text.replaceAll(' ', '');
  const answer = await dialogs.form({
    title: 'Multi-factor authentication',
    lines: [
      ...(refused === undefined ? [] : [[{ text: refused.message, tone: 'error' as const }], refused.advice ?? '']),
      "The profile's role asks for a code of",
      serial,
    ],
    fields: [
      {
        id: 'code',
        label: 'Code',
        value: '',
        check: (value) => (/^\d{6}$/.test(digits(value)) ? undefined : 'The device shows six digits.'),
      },
    ],
    submit: 'sign in',
  });
  return answer?.code === undefined ? undefined : digits(answer.code);
}
