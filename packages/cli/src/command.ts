import { parseArgs, type ParseArgsConfig } from 'node:util';

/** A mistake of the person at the keyboard or of the surroundings: the message is all they need. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

export interface Command {
  /** The whole text of `--help`. */
  readonly help: string;
  run(args: string[], env: NodeJS.ProcessEnv): Promise<void>;
}

type Options = NonNullable<ParseArgsConfig['options']>;

/** Parses arguments; what is unknown or misspelt ends the command with a sentence and a pointer to `--help`. */
export function parseOptions<const O extends Options>(name: string, args: string[], options: O) {
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    throw new CommandError(`${error instanceof Error ? error.message : String(error)}\nSee: aegis ${name} --help`, {
      cause: error,
    });
  }
}

/** A whole number within bounds, from an option's text. */
export function wholeNumber(option: string, text: string, minimum: number, maximum: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= minimum && value <= maximum) return value;
  throw new CommandError(`--${option} must be a whole number from ${minimum} to ${maximum}, not ${text}`);
}
