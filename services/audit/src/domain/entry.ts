import type { Actor } from '@aegis/contracts/actor';
import { EVENTS, LOG_ONLY_EVENTS } from '@aegis/contracts/events/catalog';
import { UnreadableEventError } from '@aegis/contracts/events/envelope';
import { personalFields } from '@aegis/contracts/events/personal';
import { canonicalJson, NotCanonicalError } from '@aegis/verify/format/canonical-json';
import { createDisclosure, type Disclosure } from '@aegis/verify/format/disclosure';
import { WHOLE_DATA } from '@aegis/verify/format/leaf';
import { toInstant } from './instant.ts';
import { leafFits, type LeafParts, prepareLeaf } from './leaf.ts';

/** An event as the log takes it, of a known type or not. */
export interface LogEvent {
  readonly id: string;
  readonly type: string;
  /** When it happened, RFC 3339. */
  readonly time: string;
  readonly subject: string;
  readonly organizationId: string;
  readonly actor: Actor;
  readonly causationId: string | null;
  /** Data checked against the type's schema; null when the type is not known here. */
  readonly data: Readonly<Record<string, unknown>> | null;
  /** The data as they were published: JSON text, or whatever stood in its place. */
  readonly dataText: string;
}

interface SealedEntry {
  readonly intentId: string | null;
  readonly leaf: LeafParts;
  readonly disclosures: readonly Disclosure[];
}

/**
 * An entry that lacks only its place in the chain. What enters its leaf is settled when it is asked for first: a batch is
 * worked on piece by piece, while the database writes the pieces before.
 */
export class PendingEntry {
  readonly organizationId: string;
  readonly eventId: string;
  readonly type: string;
  readonly actorId: string;
  readonly subjectId: string;
  readonly #seal: () => SealedEntry;
  #sealed: SealedEntry | null = null;

  constructor({ organizationId, id, type, actor, subject }: LogEvent, seal: () => SealedEntry) {
    this.organizationId = organizationId;
    this.eventId = id;
    this.type = type;
    this.actorId = actor.id;
    this.subjectId = subject;
    this.#seal = seal;
  }

  get intentId(): string | null {
    return this.seal().intentId;
  }

  get leaf(): LeafParts {
    return this.seal().leaf;
  }

  get disclosures(): readonly Disclosure[] {
    return this.seal().disclosures;
  }

  /** Always the same. */
  seal(): SealedEntry {
    return (this.#sealed ??= this.#seal());
  }
}

/** Gives fresh random bytes, `SALT_BYTES` a call. */
export type NextSalt = () => Uint8Array;

const PERSONAL = new Map<string, ReadonlySet<string>>(
  Object.entries({ ...EVENTS, ...LOG_ONLY_EVENTS }).map(([type, definition]) => [
    type,
    new Set(personalFields('data' in definition ? definition.data : definition)),
  ]),
);

/** Longest text an attribute may hold, in UTF-16 code units: it is indexed, and its leaf must fit. */
const MAX_ATTRIBUTE_LENGTH = 512;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const CONTROL = /\p{Cc}/u;
const ATTRIBUTES: Readonly<Record<string, (event: LogEvent) => string | null>> = {
  id: ({ id }) => id,
  type: ({ type }) => type,
  subject: ({ subject }) => subject,
  'actor id': ({ actor }) => actor.id,
  'actor role': ({ actor }) => actor.role,
  'causation id': ({ causationId }) => causationId,
};

/**
 * Settles, once that is asked for, what of an event enters the leaf in clear. Personal and free text, and values that have
 * no canonical form (a fraction, a lone surrogate), enter as a salted digest; so do the data as a whole when their type is
 * unknown, hence not known to be free of personal text, or when the leaf would be too long.
 *
 * @throws UnreadableEventError at once, when an attribute cannot stand in the log
 */
export function prepareEntry(event: LogEvent, nextSalt: NextSalt): PendingEntry {
  const occurredAt = checkAttributes(event);
  return new PendingEntry(event, () => sealEvent(event, occurredAt, nextSalt));
}

function sealEvent(event: LogEvent, occurredAt: string, nextSalt: NextSalt): SealedEntry {
  const seal = (content: SealedData, intentId: unknown): SealedEntry => ({
    intentId: typeof intentId === 'string' ? intentId : null,
    leaf: prepareLeaf({
      org: event.organizationId,
      id: event.id,
      type: event.type,
      occurredAt,
      actor: event.actor,
      subject: { type: subjectType(event.type), id: event.subject },
      causationId: event.causationId,
      data: content.data,
      sd: content.disclosures,
    }),
    disclosures: content.disclosures,
  });
  if (event.data !== null) {
    const sealed = sealFields(event.data, PERSONAL.get(event.type), nextSalt);
    const entry = seal(sealed, event.data['intentId']);
    if (leafFits(entry.leaf)) return entry;
  }
  return seal({ data: '{}', disclosures: [createDisclosure(nextSalt(), WHOLE_DATA, event.dataText)] }, null);
}

interface SealedData {
  /** Canonical JSON of what stands in clear. */
  readonly data: string;
  readonly disclosures: readonly Disclosure[];
}

function sealFields(
  data: Readonly<Record<string, unknown>>,
  personal: ReadonlySet<string> | undefined,
  nextSalt: NextSalt,
): SealedData {
  const disclosures: Disclosure[] = [];
  let clear = '';
  for (const name of Object.keys(data).sort()) {
    const value = data[name];
    if (value === undefined) continue;
    // Null tells nothing about anybody but that nothing was said.
    const text = value === null || !personal?.has(name) ? canonicalOrNull(value) : null;
    if (text === null) disclosures.push(createDisclosure(nextSalt(), `${WHOLE_DATA}/${name}`, value));
    else clear += `${clear === '' ? '' : ','}${canonicalJson(name)}:${text}`;
  }
  return { data: `{${clear}}`, disclosures };
}

function canonicalOrNull(value: unknown): string | null {
  try {
    return canonicalJson(value);
  } catch (error) {
    if (error instanceof NotCanonicalError) return null;
    throw error;
  }
}

/** Returns when it happened. */
function checkAttributes(event: LogEvent): string {
  if (!UUID.test(event.organizationId)) throw new UnreadableEventError('the organisation is not a UUID');
  for (const name in ATTRIBUTES) {
    const text = ATTRIBUTES[name]?.(event) ?? null;
    if (text === null) continue;
    if (text.length > MAX_ATTRIBUTE_LENGTH || CONTROL.test(text) || !text.isWellFormed()) {
      throw new UnreadableEventError(`the ${name} is too long or holds characters that no identifier has`);
    }
  }
  const occurredAt = toInstant(event.time);
  if (occurredAt === null) throw new UnreadableEventError('the time is not RFC 3339');
  return occurredAt;
}

/** The kind of thing an event is about: the first word of its type, where that names a thing. */
function subjectType(type: string): string {
  const word = type.split('.', 1)[0] ?? type;
  return SUBJECTS[word] ?? word;
}

const SUBJECTS: Readonly<Record<string, string>> = { auth: 'user', event: 'message' };
