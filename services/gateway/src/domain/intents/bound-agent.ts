import type { Permission } from '@aegis/contracts/permissions';

/** The part of whoever submits that says for which agents they may. */
export interface Submitting {
  readonly kind: string;
  /** The one agent a key is bound to. */
  readonly agentId: string | null;
  readonly permissions: ReadonlySet<Permission>;
}

/** What a key needs to submit for an agent that it is not bound to. */
export const SUBMIT_FOR_ANY: Permission = 'intents:write:any';

/**
 * Why this caller may not submit for that agent, or null when they may: a key bound to an agent submits for that one
 * only, and an unbound one, which runs many, must be allowed to by name. Says nothing about whether the agent exists.
 */
export function refusalToSubmitFor(named: string, { kind, agentId, permissions }: Submitting): string | null {
  if (kind !== 'key' || agentId === named) return null;
  if (agentId !== null) return `this key is bound to the agent ${agentId} and submits for that one only`;
  return permissions.has(SUBMIT_FOR_ANY) ? null : `a key that is bound to no agent needs ${SUBMIT_FOR_ANY}`;
}
