import { type Checkpoint, openCheckpoint } from '../format/checkpoint.ts';
import { PROOF_FILE } from '../format/export/bundle-files.ts';
import type { Manifest } from '../format/export/manifest.ts';
import type { BoundaryLeaf, ProofFile } from '../format/export/proof-file.ts';
import { leafHash } from '../format/hashing.ts';
import { parseLeaf } from '../format/leaf.ts';
import type { Verifier } from '../format/note.ts';
import { verifyConsistency } from '../format/proof-consistency.ts';
import { verifyInclusion } from '../format/proof-inclusion.ts';
import { parseProof } from '../format/proof-text.ts';
import { quantity } from '../format/quantity.ts';
import type { Faults } from './faults.ts';

/** Checks the entries on either side of the range: where they stand, and that they were recorded outside the time asked for. */
export async function checkBoundaries(
  manifest: Manifest,
  proof: ProofFile,
  checkpoint: Checkpoint,
  verifiers: readonly Verifier[],
  faults: Faults,
): Promise<void> {
  const { range, query, log } = manifest;
  const { from, to } = query;
  await checkBoundary('before', range.begin - 1, range.begin > 0, (time) => from === null || time < from);
  await checkBoundary('after', range.end, range.end < log.size, (time) => to === null || time >= to);
  if (from === null && range.begin > 0)
    faults.add(PROOF_FILE, 'entries before the range are left out, though no time was asked for');

  async function checkBoundary(
    side: 'before' | 'after',
    index: number,
    isThere: boolean,
    isOutside: (time: string) => boolean,
  ) {
    const place = `${PROOF_FILE} ${side}`;
    const boundary = proof[side];
    if ((boundary !== null) !== isThere)
      return faults.add(place, 'the neighbouring entry is missing, or there is none');
    if (boundary === null) return;
    const leaf = parseLeaf(boundary.leaf);
    if (leaf === null || leaf.seq !== index || leaf.org !== manifest.organization_id) {
      return faults.add(place, `it is not the entry ${index} of this organisation`);
    }
    if (!isOutside(leaf.recorded_at))
      faults.add(place, `seq ${index} was recorded at ${leaf.recorded_at}: the range was cut in the wrong place`);
    if (!(await faults.try(place, () => isIncluded(boundary, index, checkpoint, verifiers)))) {
      faults.add(place, `its proof does not show that it is the entry ${index} of the signed tree`);
    }
  }
}

function isIncluded(
  boundary: BoundaryLeaf,
  index: number,
  checkpoint: Checkpoint,
  verifiers: readonly Verifier[],
): boolean {
  const proof = parseProof(boundary.proof);
  const signed = openCheckpoint(proof.checkpoint, verifiers);
  const isSame = signed.size === checkpoint.size && signed.root.equals(checkpoint.root) && proof.extra === undefined;
  const { size, root } = checkpoint;
  const hash = Buffer.from(leafHash(boundary.leaf), 'hex');
  return isSame && proof.index === index && verifyInclusion({ index, size, root, leafHash: hash }, proof.hashes);
}

/**
 * Checks how the log goes on from an earlier checkpoint: the one in the bundle, and the one that was kept. Gives the size
 * from which on the log is known to have only grown.
 */
export async function checkPrior(
  proof: ProofFile,
  checkpoint: Checkpoint,
  kept: string | null,
  verifiers: readonly Verifier[],
  faults: Faults,
): Promise<number | null> {
  const { prior } = proof;
  const place = `${PROOF_FILE} prior`;
  if (prior === null) {
    if (kept !== null)
      faults.add(
        place,
        'the bundle was not asked for with a checkpoint, so it cannot be compared with yours: ask for it with prior=',
      );
    return null;
  }
  const told = await faults.try(place, () => openCheckpoint(prior.checkpoint, verifiers));
  if (told === null) return null;
  const consistency = { from: told.size, to: checkpoint.size, fromRoot: told.root, toRoot: checkpoint.root };
  if (!verifyConsistency(consistency, prior.hashes)) {
    faults.add(
      place,
      `the log of ${quantity(checkpoint.size, 'entry', 'entries')} does not begin with the log of ${quantity(told.size, 'entry', 'entries')} that was signed before`,
    );
    return null;
  }
  if (kept === null) return told.size;
  const own = await faults.try('the kept checkpoint', () => openCheckpoint(kept, verifiers));
  if (own && (own.size !== told.size || !own.root.equals(told.root))) {
    faults.add(
      place,
      `the checkpoint in the bundle, of ${quantity(told.size, 'entry', 'entries')}, is not the one that was kept, of ${quantity(own.size, 'entry', 'entries')}`,
    );
  }
  return told.size;
}
