/** The longest text of Airflow's that goes into a message. */
const LONGEST = 400;

/**
 * What Airflow said when it refused a call: v1's problem document (`detail`, `title`), v2's `detail` as text
 * or as a list of what is wrong with which member, or a text. Empty when it said nothing.
 */
export function refusalText(response: unknown): string {
  const value = typeof response === 'string' ? jsonOrText(response) : response;
  return shortened(textOf(value)).replace(/\.+$/, '');
}

function jsonOrText(response: string): unknown {
  try {
    return JSON.parse(response);
  } catch {
    // A web page is no message.
    return /^\s*</.test(response) ? '' : response;
  }
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value.trim();
  if (Array.isArray(value)) return value.map(textOf).filter(Boolean).join('; ');
  if (typeof value !== 'object' || value === null) return '';
  const members = value as Record<string, unknown>;
  const message = textOf(members.msg);
  if (message !== '') {
    const place = Array.isArray(members.loc) ? members.loc.join('.') : '';
    return place === '' ? message : `${place}: ${message}`;
  }
  return textOf(members.detail) || textOf(members.reason) || textOf(members.message) || textOf(members.title);
}

function shortened(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
