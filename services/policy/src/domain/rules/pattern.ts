import { RE2JS } from 're2js';

/** A regular expression of the RE2 syntax: matching takes time linear in the text, whatever the pattern. */
export interface Pattern {
  /** True when any part of the text matches. */
  test(text: string): boolean;
  /** Instructions of the compiled program; each may cost one step a character. */
  programSize(): number;
}

const MAX_LENGTH = 512;
/** Instructions of one pattern. */
const MAX_PROGRAM_SIZE = 1_000;

/** Why a pattern is refused, in words for its author. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
  /** Instructions that were compiled before it was refused. */
  readonly programSize: number;

  constructor(message: string, options: ErrorOptions & { readonly programSize?: number } = {}) {
    super(message, options);
    this.programSize = options.programSize ?? 0;
  }
}

/** @throws PatternError for a syntax that RE2 does not have (look-around, back references) or an oversized pattern */
export function compilePattern(source: string, caseless: boolean): Pattern {
  if (source.length > MAX_LENGTH) throw new PatternError(`must have at most ${MAX_LENGTH} characters`);
  let pattern: RE2JS;
  try {
    pattern = RE2JS.compile(source, caseless ? RE2JS.CASE_INSENSITIVE : 0);
  } catch (error) {
    throw new PatternError(`must be a regular expression of the RE2 syntax: ${messageOf(error)}`, { cause: error });
  }
  const programSize = pattern.programSize();
  if (programSize > MAX_PROGRAM_SIZE) {
    throw new PatternError('expands to too large a program; use smaller repeat counts', { programSize });
  }
  return pattern;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
