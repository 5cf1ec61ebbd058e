const STRING = String.raw`"(?:[^"\\]|\\.)*"`;

/** Members whose value is a secret wherever they stand. Names are bounded, or a long text would take quadratic time. */
const SECRET_MEMBER = new RegExp(
  `("[^"\\\\]{0,64}(?:(?:authorization|cookie|password|passphrase|secret)[^"\\\\]{0,64}|(?:private|api)_?key)":)` +
    `(?:${STRING}|\\[(?:${STRING},?)*\\])`,
  'gi',
);
/** Text that is a secret wherever it stands. */
const API_KEY = /aegis_sk_[\w-]+/g;
const BEARER = /\bbearer\s+[\w.~+/=-]+/gi;
const URL_PASSWORD = /(\w:\/\/[^\s:/@"]*):[^\s/@"]+@/g;

/**
 * Takes the secrets out of a line of JSON: it works on the finished text, so that neither depth nor an error's message
 * hides one.
 */
export function redact(line: string): string {
  return line
    .replace(SECRET_MEMBER, '$1"[redacted]"')
    .replace(API_KEY, 'aegis_sk_[redacted]')
    .replace(BEARER, 'Bearer [redacted]')
    .replace(URL_PASSWORD, '$1:[redacted]@');
}
