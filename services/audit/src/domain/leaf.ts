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
 * A leaf's canonical text, in UTF-8, but for its position. Members stand in the order of their names, so the three that
 * the append fills in split the text in fixed places: everything else is serialised before the chain is locked. Bytes and
 * not strings, because a text put together from many lies in memory as its pieces, which the collector of garbage then
 * carries along for every entry of a batch.
 */
export interface LeafParts {
  readonly beforePrev: Buffer;
  readonly beforeSeq: Buffer;
  readonly afterSeq: Buffer;
}

/** @throws NotCanonicalError when the content has no canonical form */
export function prepareLeaf(content: LeafContent): LeafParts {
  const { actor, causationId } = content;
  const leafActor = { auth_method: actor.authMethod, id: actor.id, role: actor.role ?? undefined, type: actor.type };
  const causation = causationId === null ? '' : `,"causation_id":${canonicalJson(causationId)}`;
  const digests = Object.fromEntries(content.sd.map(({ path, digest }) => [path, digest]));
  const sd = content.sd.length === 0 ? '' : `,"sd":${canonicalJson(digests)}`;
  return {
    beforePrev: Buffer.from(
      `{"actor":${canonicalJson(leafActor)}${causation},"data":${content.data}` +
        `,"id":${canonicalJson(content.id)},"occurred_at":${canonicalJson(content.occurredAt)}` +
        `,"org":${canonicalJson(content.org)},"prev":"`,
    ),
    beforeSeq: Buffer.from(`"${sd},"seq":`),
    afterSeq: Buffer.from(
      `,"subject":${canonicalJson(content.subject)},"type":${canonicalJson(content.type)}` +
        `,"v":${canonicalJson(LEAF_VERSION)}}`,
    ),
  };
}

/** A leaf in its place: the UTF-8 bytes of its canonical text (RFC 8785), and their hash in hex. */
export interface SealedLeaf {
  readonly leaf: Buffer;
  readonly leafHash: string;
}

export function sealLeaf(parts: LeafParts, { seq, prev, recordedAt }: LeafPosition): SealedLeaf {
  const { beforePrev, beforeSeq, afterSeq } = parts;
  const [link, place] = [`${prev}","recorded_at":"${recordedAt}`, String(seq)];
  const length = beforePrev.length + link.length + beforeSeq.length + place.length + afterSeq.length;
  // With the byte before it that a leaf is hashed with (RFC 6962).
  const hashed = Buffer.allocUnsafe(1 + length);
  hashed[0] = 0;
  hashed.set(beforePrev, 1);
  let at = 1 + beforePrev.length;
  at += hashed.write(link, at, 'latin1');
  hashed.set(beforeSeq, at);
  at += beforeSeq.length;
  at += hashed.write(place, at, 'latin1');
  hashed.set(afterSeq, at);
  return { leaf: hashed.subarray(1), leafHash: hash('sha256', hashed) };
}

/** What the position adds at most: a hash, a time, and a number of 16 digits. */
const LONGEST_POSITION = GENESIS_HASH.length + '","recorded_at":"2000-01-01T00:00:00.000Z'.length + 16;

/** Whether the leaf stays within the limit wherever it comes to stand. */
export function leafFits({ beforePrev, beforeSeq, afterSeq }: LeafParts): boolean {
  return beforePrev.length + beforeSeq.length + afterSeq.length <= MAX_LEAF_BYTES - LONGEST_POSITION;
}
