import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { type Actor, serviceActor } from '@aegis/contracts/actor';
import { ProblemError } from '@aegis/contracts/problems';
import type { Database } from '@aegis/postgres/database';
import type { Clock } from '@aegis/runtime/clock';
import { type SecretBox, SecretBoxError } from '@aegis/runtime/secret-box';
import { createSigner, encodeVerifierKey, parseVerifierKey, type Signer } from '@aegis/verify/format/note';
import type { NextSalt } from '../domain/entry.ts';
import { keyRotation, logOrigin, rotationEventId } from '../domain/log-key.ts';
import { findLeaf } from '../store/entries.ts';
import { insertLogKey, type LogKey, selectLogKeys } from '../store/log-keys.ts';
import { recordOwnEvent } from './record-own-event.ts';

/** Where private keys come from. */
export interface KeySource {
  /** Signs all logs; null: each log has a key of its own, made here and kept sealed. */
  readonly configured: KeyObject | null;
  /** The key before `configured`, until every log has recorded the change. */
  readonly previous: KeyObject | 'lost' | null;
  /** Null only where a key is configured. */
  readonly box: SecretBox | null;
}

export interface SignerDependencies {
  readonly database: Database;
  readonly nextSalt: NextSalt;
  readonly clock: Clock;
  readonly keys: KeySource;
  /** The first part of every log's origin. */
  readonly origin: string;
}

export interface LogSigners {
  /**
   * Who signs for an organisation: its current key, then the one before it where that is to hand, so that whoever still
   * trusts only that one can follow. A change of key stands in the log before anything is signed with the new one.
   *
   * @throws ProblemError `unavailable` when a private key that is needed is not to hand
   */
  signersOf(organizationId: string): Promise<readonly Signer[]>;
  /** Makes a new key; the log says so. @throws ProblemError `wrong_state` where keys come from the configuration */
  rotate(organizationId: string, actor: Actor): Promise<void>;
}

export function createLogSigners(dependencies: SignerDependencies): LogSigners {
  const { database, keys: source, origin } = dependencies;
  /** Current keys whose rotation is known to stand in the log. */
  const recorded = new Set<string>();
  const readKeys = (organizationId: string) =>
    database.read({ organizationId }, (tx) => selectLogKeys(tx, organizationId));
  const vkeyOf = (organizationId: string, privateKey: KeyObject) =>
    encodeVerifierKey(createSigner(logOrigin(origin, organizationId), privateKey).verifier);

  async function add(organizationId: string, generation: number, privateKey: KeyObject): Promise<void> {
    const vkey = vkeyOf(organizationId, privateKey);
    const sealed = source.configured ? null : seal(source, vkey, privateKey);
    await database.tx({ organizationId }, (tx) =>
      insertLogKey(tx, organizationId, { generation, vkey, privateKey: sealed }),
    );
  }

  /**
   * Sealed under an AEGIS_SECRET_KEY that is being exchanged. What is sealed in these tables never changes, so a new key
   * follows; not at once, or replicas of the old order and the new would make them in turn while they are replaced.
   */
  function isOutdated({ privateKey, vkey, introducedAt }: LogKey): boolean {
    if (!source.box || privateKey === null || source.box.isCurrent(privateKey, sealContext(vkey))) return false;
    return dependencies.clock.now().getTime() - introducedAt.getTime() > EXCHANGE_AFTER_MS;
  }

  /** Null where another has to follow. Throws SecretBoxError when it cannot be opened: that is no reason for a new one. */
  function keptKey(last: LogKey): KeyObject | null {
    const opened = open(source, last);
    return isOutdated(last) ? null : opened;
  }

  /** The keys, with the one that is to sign last; adds it where it is missing. */
  async function currentKeys(organizationId: string): Promise<LogKey[]> {
    const known = await readKeys(organizationId);
    const last = known.at(-1);
    const privateKey = source.configured ?? (last && keptKey(last)) ?? newKey();
    if (last?.vkey === vkeyOf(organizationId, privateKey)) return known;
    await add(organizationId, (last?.generation ?? 0) + 1, privateKey);
    return readKeys(organizationId);
  }

  /** Recorded under an id that follows from the keys, so any number of times. */
  async function record(organizationId: string, key: LogKey, before: LogKey, actor: Actor): Promise<void> {
    if (recorded.has(key.vkey)) return;
    const id = rotationEventId(organizationId, key.vkey);
    // A process that starts later does not need the old key: it may have been taken away, now that the log tells of it.
    if (await database.read({ organizationId }, (tx) => findLeaf(tx, organizationId, id))) {
      recorded.add(key.vkey);
      return;
    }
    const old = signerOf(source, before);
    const current = signerOf(source, key);
    if (!current) throw keyMissing(key);
    if (!old && source.previous !== 'lost') throw keyMissing(before);
    await recordOwnEvent(database, dependencies.nextSalt, {
      id,
      type: 'log.key_rotated',
      organizationId,
      subject: logOrigin(origin, organizationId),
      actor,
      time: dependencies.clock.now(),
      causationId: null,
      data: keyRotation(key.generation, before.vkey, old, current),
    });
    recorded.add(key.vkey);
  }

  async function signersOf(organizationId: string, actor: Actor): Promise<readonly Signer[]> {
    const keys = await currentKeys(organizationId);
    const [before, key] = [keys.at(-2), keys.at(-1)];
    if (!key) throw new Error(`the log of ${organizationId} has no key`);
    if (before) await record(organizationId, key, before, actor);
    const current = signerOf(source, key);
    if (!current) throw keyMissing(key);
    const old = before && signerOf(source, before);
    return old ? [current, old] : [current];
  }

  return {
    signersOf: (organizationId) => signersOf(organizationId, serviceActor('audit')),
    async rotate(organizationId, actor) {
      if (source.configured) {
        throw new ProblemError(
          'wrong_state',
          'the signing key comes from the configuration: set AUDIT_SIGNING_KEY to the new key and AUDIT_PREVIOUS_SIGNING_KEY to the old one',
        );
      }
      // A rotation that broke off is finished first.
      await signersOf(organizationId, actor);
      const keys = await currentKeys(organizationId);
      await add(organizationId, (keys.at(-1)?.generation ?? 0) + 1, newKey());
      await signersOf(organizationId, actor);
    },
  };
}

const EXCHANGE_AFTER_MS = 3_600_000;

function newKey(): KeyObject {
  return generateKeyPairSync('ed25519').privateKey;
}

/** Null when the private part of the key is not to hand. */
function signerOf(source: KeySource, key: LogKey): Signer | null {
  const { name } = parseVerifierKey(key.vkey);
  for (const privateKey of [source.configured, source.previous, openIfPossible(source, key)]) {
    if (privateKey === null || privateKey === 'lost') continue;
    const signer = createSigner(name, privateKey);
    if (encodeVerifierKey(signer.verifier) === key.vkey) return signer;
  }
  return null;
}

function seal({ box }: KeySource, vkey: string, privateKey: KeyObject): Buffer {
  if (!box) throw new Error('there is nothing to seal a key with');
  return box.seal(privateKey.export({ format: 'der', type: 'pkcs8' }), sealContext(vkey));
}

function open({ box }: KeySource, key: LogKey): KeyObject | null {
  if (!box || key.privateKey === null) return null;
  const der = box.open(key.privateKey, sealContext(key.vkey));
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
}

/** An earlier key may be sealed under an AEGIS_SECRET_KEY that was taken away since. */
function openIfPossible(source: KeySource, key: LogKey): KeyObject | null {
  try {
    return open(source, key);
  } catch (error) {
    if (error instanceof SecretBoxError) return null;
    throw error;
  }
}

function sealContext(vkey: string): string {
  return `log-key:${vkey}`;
}

function keyMissing({ vkey }: LogKey): ProblemError {
  return new ProblemError(
    'unavailable',
    `the private key of ${vkey} is not to hand: give it in AUDIT_PREVIOUS_SIGNING_KEY until every log has recorded the change, or say "lost" there`,
  );
}
