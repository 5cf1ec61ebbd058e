import { LinkCheck } from '@aegis/audit/domain/link-check';
import type { StoredEntry } from '@aegis/audit/domain/stored-entry';
import { CompactRange } from '@aegis/verify/format/compact-range';
import { leafHash } from '@aegis/verify/format/hashing';
import { LeafChain } from '@aegis/verify/format/leaf-chain';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { perSecond } from './append.ts';

const TLOG = join(import.meta.dirname, '../../tlog');

/** Bare SHA-256 over the leaves, entries a second. */
export function hashRate(leaves: readonly string[]): number {
  const startedAt = performance.now();
  for (const leaf of leaves) leafHash(leaf);
  return perSecond(leaves.length, startedAt);
}

/** Hashing the leaves and growing the tree over them, in memory. */
export function treeRate(leaves: readonly string[]): { rate: number; root: Buffer } {
  const startedAt = performance.now();
  const tree = new CompactRange();
  for (const leaf of leaves) tree.append(Buffer.from(leafHash(leaf), 'hex'));
  return { rate: perSecond(leaves.length, startedAt), root: tree.root() };
}

/** The links of a chain and its tree: checksum, link and place of each leaf, and the root. */
export function followRate(entries: readonly StoredEntry[]): number {
  const startedAt = performance.now();
  const check = new LinkCheck();
  const tree = new CompactRange();
  for (const row of entries) {
    const fault = check.next(row);
    if (fault) throw new Error(`seq ${fault.seq}: ${fault.kind}`);
    tree.append(Buffer.from(row.leafHash, 'hex'));
  }
  return perSecond(entries.length, startedAt);
}

/** Everything that is checked of entries in memory: checksum, canonical form, place, link, time, disclosures, tree. */
export function verifyRate(organizationId: string, entries: readonly StoredEntry[]): number {
  const startedAt = performance.now();
  const chain = new LeafChain(organizationId);
  const tree = new CompactRange();
  for (const text of entries) {
    const result = chain.next(text);
    if (!result.ok) throw new Error(`seq ${result.fault.seq}: ${result.fault.kind}`);
    tree.append(Buffer.from(result.entry.leafHash, 'hex'));
  }
  return perSecond(entries.length, startedAt);
}

/** The rate of Go's own transparency log library over the same leaves, and its root; null where there is no Go. */
export async function goTlog(leaves: readonly string[]): Promise<{ perSecond: number; root: string } | null> {
  const dir = await mkdtemp(join(tmpdir(), 'aegis-tlog-'));
  try {
    const file = join(dir, 'leaves');
    await writeFile(file, `${leaves.join('\n')}\n`);
    const binary = join(dir, 'tlog');
    await promisify(execFile)('go', ['build', '-o', binary, '.'], { cwd: TLOG });
    const { stdout } = await promisify(execFile)(binary, [file]);
    return JSON.parse(stdout) as { perSecond: number; root: string };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
