import { describe, expect, test } from 'vitest';
import type { Session } from '../../src/aws/session.ts';
import { knownToken } from '../../src/openmetadata/known-server.ts';

const { signal } = new AbortController();

/** Only what `knownToken` asks for. */
function holding(content: string): Pick<Session, 'secretsManager'> {
  return {
    secretsManager: { getSecretValue: async () => ({ SecretString: content }) } as unknown as Session['secretsManager'],
  };
}

describe('the token of a known server', () => {
  test.each([
    ['a.b-c.d_e', 'a.b-c.d_e'],
    ['a.b.c\n', 'a.b.c'],
    ['{"jwtToken":"a.b.c"}', 'a.b.c'],
    ['{"token":"a.b.c","user":"x"}', 'a.b.c'],
  ])('a secret that holds %j', async (content, token) => {
    expect(await knownToken(holding(content), { tokenSecret: 'bot' }, signal)).toBe(token);
  });

  test.each(['', 'password', '{"jwtToken":7}', '{"jwtToken":', 'a.b.c\nX-Header: d'])(
    'a secret that holds %j holds none, and is not told',
    async (content) => {
      const refused = knownToken(holding(content), { tokenSecret: 'bot' }, signal);
      await expect(refused).rejects.toThrow(/^The secret bot holds no token\.$/);
    },
  );

  test('a token that is known asks for no secret; without either there is none', async () => {
    const never = { secretsManager: undefined } as unknown as Session;
    expect(await knownToken(never, { token: 'a.b.c', tokenSecret: 'bot' }, signal)).toBe('a.b.c');
    expect(await knownToken(never, {}, signal)).toBeUndefined();
  });
});
