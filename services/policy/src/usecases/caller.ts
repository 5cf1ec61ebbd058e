import type { Actor } from '@aegis/contracts/actor';

/** On whose behalf a command or a query runs; every row it touches belongs to the organisation. */
export interface Caller {
  readonly organizationId: string;
  readonly actor: Actor;
  readonly traceparent: string | null;
}
