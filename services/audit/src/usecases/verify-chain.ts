import type { Database } from '@aegis/postgres/database';
import { CHAIN_START, type ChainPosition } from '@aegis/verify/format/leaf-chain';
import { parseVerifierKey } from '@aegis/verify/format/note';
import { ChainCheck, type Fault } from '../domain/chain-check.ts';
import { AttestationCheck } from '../domain/attestation-check.ts';
import { TreeCheck, tileFault } from '../domain/tree-check.ts';
import { readHead } from '../store/chain-heads.ts';
import { latestCheckpoint, selectCheckpoints } from '../store/checkpoints.ts';
import { lastSeq } from '../store/entries.ts';
import { selectLogKeys } from '../store/log-keys.ts';
import { countTiles, selectTiles } from '../store/tiles.ts';
import { saveVerified } from '../store/verified-positions.ts';
import type { CheckpointPlace } from './checkpoint-place.ts';
import { catchUpTree } from './grow-tree.ts';
import { readRange } from './read-range.ts';

export interface VerifyProgress {
  readonly checked: number;
  readonly size: number;
  /** Null until the end. */
  readonly result: { readonly fault: Fault | null; readonly head: string } | null;
}

/** A check of a part can start or end at any multiple of this, once a whole check has been there. */
export const VERIFIED_STEP = 65_536;

export interface VerifyDependencies {
  readonly database: Database;
  /** Where checkpoints are kept outside, if anywhere. */
  readonly place: CheckpointPlace | null;
}

/**
 * Reads the organisation's chain from its first entry to where it ends now, recomputes every checksum, link and
 * disclosure digest, builds the Merkle tree again and compares it with what is stored of it and with every checkpoint
 * that was signed. Reports after each page; the last report has the result: the first fault, if any.
 *
 * Whoever can write to the database can also write a new log: only the checkpoints kept outside tell.
 */
export async function* verifyChain(
  { database, place }: VerifyDependencies,
  organizationId: string,
  signal: AbortSignal,
): AsyncGenerator<VerifyProgress> {
  // Where that is not possible, the check itself says why.
  await catchUpTree(database, { organizationId }, organizationId).catch(() => undefined);
  // Before the log is looked at, which may grow meanwhile.
  const outside = (await place?.list(organizationId)) ?? [];
  const { end, last, tiles, verifiers, attestedSize } = await database.read({ organizationId }, async (tx) => ({
    end: (await readHead(tx, organizationId)) ?? NO_CHAIN,
    last: await lastSeq(tx, organizationId),
    tiles: await countTiles(tx, organizationId),
    verifiers: (await selectLogKeys(tx, organizationId)).map(({ vkey }) => parseVerifierKey(vkey)),
    attestedSize: (await latestCheckpoint(tx, organizationId))?.size ?? 0,
  }));
  const check = new ChainCheck(organizationId);
  const tree = new TreeCheck();
  const attested = new AttestationCheck(verifiers, outside);
  const passed: ChainPosition[] = [];
  const report = (fault: Fault | null): VerifyProgress => ({
    checked: check.position.size,
    size: end.size,
    result: { fault, head: check.position.head },
  });
  for await (const page of readRange(database, organizationId, { from: 0, to: end.size }, signal)) {
    const begin = check.position.size;
    const checkpoints = await database.read({ organizationId }, (tx) =>
      selectCheckpoints(tx, organizationId, begin, begin + page.length),
    );
    attested.expect(checkpoints);
    for (const stored of page) {
      const checked = check.next(stored);
      if (!checked.ok) return yield report(checked.fault);
      tree.append(checked.entry.leafHash);
      const fault = attested.at(check.position.size, tree);
      if (fault) return yield report(fault);
      if (check.position.size % VERIFIED_STEP === 0) passed.push(check.position);
    }
    const full = tree.takeFull();
    const stored = await database.read({ organizationId }, (tx) => selectTiles(tx, organizationId, full));
    const fault = tileFault(full, stored);
    if (fault) return yield report(fault);
    yield { checked: check.position.size, size: end.size, result: null };
  }
  const beyond = last !== null && last >= end.size ? { seq: end.size, kind: 'beyond' as const } : null;
  const fault = check.end(end) ?? beyond ?? attested.end(end.size, attestedSize) ?? tree.end(end, tiles);
  if (fault === null && end.size > 0) {
    const positions = [...passed, check.position];
    await database.tx({ organizationId }, (tx) => saveVerified(tx, organizationId, positions));
  }
  yield report(fault);
}

const NO_CHAIN = { ...CHAIN_START, treeSize: 0, tree: Buffer.alloc(0) };
