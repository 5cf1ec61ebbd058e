import { z } from 'zod';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The configuration cannot be used; the message has one line a variable: its name and what it must be. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** The process' own environment, for entry points; everything below them is handed what it needs. */
export function processEnvironment(): Environment {
  return process.env;
}

/** The variables that are set to something; an empty one counts as absent. */
export function presentVariables(env: Environment): Readonly<Record<string, string>> {
  const present: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) if (value) present[name] = value;
  return present;
}

/**
 * Reads variables into one typed object; the schema's keys are the variables' names.
 * Values never appear in the error, because any of them may be a secret.
 *
 * @throws ConfigError naming every variable at fault
 */
export function readConfig<S extends z.ZodType>(schema: S, env: Environment): z.output<S> {
  const given = presentVariables(env);
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => {
    const name = issue.path.join('.') || 'configuration';
    return given[name] === undefined && issue.path.length > 0
      ? `${name} is missing: ${issue.message}`
      : `${name}: ${issue.message}`;
  });
  throw new ConfigError([...new Set(lines)].join('\n'));
}

/** A whole number; `defaultValue` makes the variable optional. */
export function integer(range: { min: number; max: number }, defaultValue?: number) {
  const message = `must be a whole number from ${range.min} to ${range.max}`;
  const schema = z
    .string({ error: message })
    .regex(/^-?\d{1,15}$/, message)
    .transform(Number)
    .refine((value) => value >= range.min && value <= range.max, message);
  return defaultValue === undefined ? schema : schema.default(defaultValue);
}

/** A TCP port; 0 lets the system choose. */
export function port(defaultValue: number) {
  return integer({ min: 0, max: 65_535 }, defaultValue);
}

/** `true` or `false`. */
export function flag(defaultValue: boolean) {
  return z
    .enum(['true', 'false'], { error: 'must be true or false' })
    .transform((value) => value === 'true')
    .default(defaultValue);
}

/** One of a few words. */
export function oneOf<const T extends readonly [string, ...string[]]>(values: T, defaultValue: T[number]) {
  const message = `must be one of ${values.join(', ')}`;
  return z
    .string()
    .default(defaultValue)
    .refine((value): value is T[number] => values.includes(value), message);
}

/** A URL of one of the schemes, such as `['postgres', 'postgresql']`. */
export function url(schemes: readonly string[]) {
  const message = `must be a URL that starts with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`;
  return z.string({ error: message }).refine((value) => {
    const parsed = URL.parse(value);
    return parsed !== null && schemes.includes(parsed.protocol.slice(0, -1));
  }, message);
}

/** `host:port`, where a service is reached by gRPC. */
export function address() {
  const message = 'must be host:port';
  return z.string({ error: message }).regex(/^[^\s/]+:\d{1,5}$/, message);
}

/** Words separated by commas, at least one. */
export function list() {
  const message = 'must be a list separated by commas';
  return z
    .string({ error: message })
    .transform((value) =>
      value
        .split(',')
        .map((item) => item.trim())
        .filter(Boolean),
    )
    .refine((items) => items.length > 0, message);
}

const SECRET_KEY_BYTES = 32;

/**
 * AEGIS_SECRET_KEY: 32 bytes in base64. Several, separated by commas, while it is exchanged: the first seals, all open.
 */
export function secretKeys() {
  const message = `must be ${SECRET_KEY_BYTES} bytes in base64 (openssl rand -base64 ${SECRET_KEY_BYTES}), or several of them separated by commas`;
  return z
    .string({ error: message })
    .transform((text) => text.split(',').map((key) => Buffer.from(key.trim(), 'base64')))
    .refine((keys) => keys.every((key) => key.length === SECRET_KEY_BYTES), message);
}
