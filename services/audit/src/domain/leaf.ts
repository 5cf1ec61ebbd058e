import { hash } from 'node:crypto';
import type { Actor } from '@aegis/contracts/actor';
import { canonicalJson } from '@aegis/verify/format/canonical-json';
import type { Disclosure } from '@aegis/verify/format/disclosure';
import { GENESIS_HASH, LEAF_VERSION, MAX_LEAF_BYTES } from '@aegis/verify/format/leaf';

/** What an entry says, before its place in the chain is known. */
export interface LeafContent {
  /** The organisation's UUID. */
  readonly org: string;
  readonly id: string;
  readonly type: string;
  readonly occurredAt: string;
  readonly actor: Actor;
  readonly subject: { readonly type: string; readonly id: string };
  readonly causationId: string | null;
  /** Canonical JSON of what stands in clear. */
  readonly data: string;
  /** What stands as a digest only. */
  readonly sd: readonly Disclosure[];
}

/** What only the append knows: times are RFC 3339 UTC in milliseconds, `prev` is the leaf hash before in hex. */
export interface LeafPosition {
  readonly seq: number;
  readonly prev: string;
  readonly recordedAt: string;
}

/**
 * A leaf's canonical text but for its position. Members stand in the order of their names, so the three that the append
 * fills in split the text in fixed places: everything else is serialised before the chain is locked.
 */
export interface LeafParts {
  readonly beforePrev: string;
  readonly beforeSeq: string;
  readonly afterSeq: string;
}

/** @throws NotCanonicalError when the content has no canonical form */
export function prepareLeaf(content: LeafContent): LeafParts {
  const { actor, causationId } = content;
  const leafActor = { auth_method: actor.authMethod, id: actor.id, role: actor.role ?? undefined, type: actor.type };
  const causation = causationId === null ? '' : `,"causation_id":${canonicalJson(causationId)}`;
  const digests = Object.fromEntries(content.sd.map(({ path, digest }) => [path, digest]));
  const sd = content.sd.length === 0 ? '' : `,"sd":${canonicalJson(digests)}`;
  return {
    beforePrev:
      `{"actor":${canonicalJson(leafActor)}${causation},"data":${content.data}` +
      `,"id":${canonicalJson(content.id)},"occurred_at":${canonicalJson(content.occurredAt)}` +
      `,"org":${canonicalJson(content.org)},"prev":"`,
    beforeSeq: `"${sd},"seq":`,
    afterSeq:
      `,"subject":${canonicalJson(content.subject)},"type":${canonicalJson(content.type)}` +
      `,"v":${canonicalJson(LEAF_VERSION)}}`,
  };
}

/** A leaf in its place: its canonical text (RFC 8785), of which the UTF-8 bytes are hashed and stored, and their hash. */
export interface SealedLeaf {
  readonly leaf: string;
  readonly leafHash: string;
}

export function sealLeaf(parts: LeafParts, { seq, prev, recordedAt }: LeafPosition): SealedLeaf {
  const hashed = `\0${parts.beforePrev}${prev}","recorded_at":"${recordedAt}${parts.beforeSeq}${seq}${parts.afterSeq}`;
  // Taking the slice first lays the pieces out in memory once, for the hash as well.
  const leaf = hashed.slice(1);
  return { leaf, leafHash: hash('sha256', hashed) };
}

/** What the position adds at most: a hash, a time, and a number of 16 digits. */
const LONGEST_POSITION = GENESIS_HASH.length + '","recorded_at":"2000-01-01T00:00:00.000Z'.length + 16;

/** Whether the leaf stays within the limit wherever it comes to stand. */
export function leafFits({ beforePrev, beforeSeq, afterSeq }: LeafParts): boolean {
  const room = MAX_LEAF_BYTES - LONGEST_POSITION;
  // A UTF-16 code unit takes three bytes at most, which spares nearly every leaf the counting.
  if ((beforePrev.length + beforeSeq.length + afterSeq.length) * 3 <= room) return true;
  return Buffer.byteLength(beforePrev) + Buffer.byteLength(beforeSeq) + Buffer.byteLength(afterSeq) <= room;
}
