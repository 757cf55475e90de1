/** What stands for a value that may be a secret. */
const HIDDEN = '(hidden)';

// Airflow's own list of telling names (airflow.sdk.log.secrets_masker), and the members that hold addresses with passwords.
const TELLING_NAME =
  /access|api_?key|authorization|backend_kwargs|broker_url|config$|conn|credential|fernet|jwt|keyfile|pass|pwd|private_?key|result_backend|secret|token/i;
const ADDRESS_WITH_PASSWORD = /[a-z][a-z0-9+.-]*:\/\/[^\s/@:]*:[^\s@]+@/i;

/** Whether a setting may be a secret, judged by its name and its value. */
function looksSecret(name: string, value: string): boolean {
  return value !== '' && (TELLING_NAME.test(name) || ADDRESS_WITH_PASSWORD.test(value));
}

/**
 * Settings (Airflow options, environment variables of a container) with everything that may be a secret
 * hidden: AWS gives them in clear to every reader. OpenMetadata's whole `config` counts as one.
 */
export function maskSettings(settings: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [name, looksSecret(name, value) ? HIDDEN : value]),
  );
}
