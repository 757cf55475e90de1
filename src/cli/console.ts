import { fileHistory } from '../settings/history.ts';
import { statePath } from '../settings/path.ts';
import { readSettings } from '../settings/read.ts';
import { defaultSettings, isProduction, locksWrites } from '../settings/settings.ts';
import type { ConsoleContext, Context } from './context.ts';
import type { Verb } from './program.ts';

/** In three parts as any token of a bot; nobody checks it. */
export const DEMO_TOKEN = 'embedded.demo-token.unsigned';

/** No verb: the console; where there is no terminal, the dashboard as text, or with `--demo` the tour. */
export const console: Verb = async (context, args, options) => {
  const { stdin, stdout } = context.process;
  if (!stdout.isTTY || !stdin.isTTY) {
    const verb = context.options.demo ? (await import('./tour.ts')).tour : (await import('./dashboard.ts')).dashboard;
    return verb(context, args, options);
  }
  return context.parts.openConsole(context.options.demo ? embedded(context) : await configured(context));
};

/** The console on the embedded region, which knows nothing of the user's files. */
function embedded(context: Context): ConsoleContext {
  return {
    ...context,
    choice: {},
    embedded: true,
    profiles: async () => [],
    regions: async () => [],
    isProduction: () => false,
    locksWrites: () => false,
    // The region's own server, which takes any token.
    openmetadata: ({ endpoint }) => ({ url: `${endpoint}/openmetadata/api`, token: DEMO_TOKEN }),
    settings: defaultSettings,
  };
}

/** The console as the user has set it; the command line and the environment's variables win over the file. */
async function configured(context: Context): Promise<ConsoleContext> {
  const { options, process } = context;
  const { env } = process;
  const settings = await readSettings(env);
  // Every time on the screen is shown by the process's own zone.
  if (settings.timeZone === 'utc') globalThis.process.env.TZ = 'UTC';
  return {
    ...context,
    choice: {
      profile: options.profile ?? (env.AWS_PROFILE ? undefined : settings.profile),
      region: options.region ?? (env.AWS_REGION || env.AWS_DEFAULT_REGION ? undefined : settings.region),
    },
    embedded: false,
    history: fileHistory(statePath(env)),
    profiles: async () => (await import('../aws/profiles.ts')).listProfiles(env),
    regions: async () => (await import('../reference/regions.ts')).regions,
    isProduction: (profile, account) => isProduction(settings, profile, account),
    locksWrites: (profile, account) => locksWrites(settings, profile, account),
    openmetadata: () => ({ url: settings.openMetadataUrl, tokenSecret: settings.openMetadataTokenSecret }),
    settings,
  };
}
