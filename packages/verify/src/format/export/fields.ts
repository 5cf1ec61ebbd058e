/** Members of an event's data, which are whatever was recorded: what is not of the kind asked for counts as absent. */
export type Fields = Readonly<Record<string, unknown>>;

export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : NOTHING;
}

const NOTHING: Fields = {};

export function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

export function integerOf(value: unknown): number | null {
  return Number.isSafeInteger(value) ? (value as number) : null;
}

export function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** `true` and `false` as cells hold them; null where nothing is known. */
export function flag(value: boolean | null): string | null {
  return value === null ? null : String(value);
}
