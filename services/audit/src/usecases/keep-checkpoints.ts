import { ALL_ORGANIZATIONS } from '@aegis/postgres/database';
import type { Logger } from '@aegis/runtime/log';
import { organizationsToSign } from '../store/checkpoints.ts';
import { type CheckpointDependencies, signCheckpoint } from './sign-checkpoint.ts';

const PAGE = 100;

export interface KeepOptions {
  /** Leaves out logs that were signed within this time, be it by another replica. */
  readonly olderThanMs: number;
  /** Also those that have not grown: what was signed but not yet kept outside when a process ended. */
  readonly all: boolean;
}

/**
 * Signs a checkpoint of every log that has grown since its last one and keeps it outside. Resolves to how many logs could
 * not be signed or kept: each is told to the operator, and does not keep the others waiting.
 */
export async function keepCheckpoints(
  dependencies: CheckpointDependencies & { readonly log: Logger },
  options: KeepOptions,
  signal: AbortSignal,
): Promise<number> {
  const { database, place, clock, log } = dependencies;
  let failed = 0;
  let after: string | null = null;
  for (;;) {
    const query = { ...options, after, limit: PAGE };
    const page: string[] = await database.read(ALL_ORGANIZATIONS, (tx) => organizationsToSign(tx, query));
    for (const organizationId of page) {
      if (signal.aborted) return failed;
      try {
        const { note } = await signCheckpoint(dependencies, organizationId);
        await place?.keep(organizationId, note, clock.now());
      } catch (error) {
        failed += 1;
        log.error({ err: error, organizationId }, 'no checkpoint of the audit log');
      }
    }
    after = page.at(-1) ?? null;
    if (page.length < PAGE) return failed;
  }
}
