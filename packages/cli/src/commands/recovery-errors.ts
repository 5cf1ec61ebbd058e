import { RecoveryError } from '@aegis/recovery/recovery-error';
import { EngineError } from '@aegis/engines/postgres';
import { CommandError } from '../command.ts';

/** Runs work on the stores; what its own errors say is all that the person at the keyboard needs. */
export async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RecoveryError || error instanceof EngineError)
      throw new CommandError(error.message, { cause: error });
    throw error;
  }
}
