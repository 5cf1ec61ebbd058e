import { hash } from 'node:crypto';
import { encodeVerifierKey, type Signer, signNote } from '@aegis/verify/format/note';

/** Names an organisation's log, and its keys, for whoever follows several of them. */
export function logOrigin(base: string, organizationId: string): string {
  return `${base}/org/${organizationId}`;
}

/** How one key of a log followed another; stands in the log, so that whoever trusts the old key learns the new one. */
export interface KeyRotation {
  readonly generation: number;
  readonly oldVkey: string;
  readonly newVkey: string;
  /** A signed note that names both keys, signed by both; by the new one alone where the old one was lost. */
  readonly note: string;
}

export function keyRotation(generation: number, oldVkey: string, old: Signer | null, current: Signer): KeyRotation {
  const newVkey = encodeVerifierKey(current.verifier);
  const text = `aegis.audit/key-rotation/1\n${oldVkey}\n${newVkey}\n`;
  return { generation, oldVkey, newVkey, note: signNote(text, old ? [old, current] : [current]) };
}

/** The same for the same rotation, so that it is recorded once whoever comes first. */
export function rotationEventId(organizationId: string, newVkey: string): string {
  return `evt_${hash('sha256', `key-rotation ${organizationId} ${newVkey}`).slice(0, 32)}`;
}
