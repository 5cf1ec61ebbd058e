import { generateKeyPairSync } from 'node:crypto';
import type { Database } from '@aegis/postgres/database';
import { systemClock } from '@aegis/runtime/clock';
import { createSecretBox } from '@aegis/runtime/secret-box';
import { populationClient } from '../src/population-client.ts';
import { createSaltPool } from '../src/salt-pool.ts';
import type { ExportDependencies, NewExport } from '../src/usecases/export/export-log.ts';
import { createLogSigners } from '../src/usecases/log-signer.ts';
import { signCheckpoint } from '../src/usecases/sign-checkpoint.ts';
import { silent } from './audit-database.ts';
import { AUDITOR } from './events.ts';

const origin = 'audit.example.com';

/** What `exportLog` needs, with keys of its own. */
export function exportDependencies(database: Database): ExportDependencies {
  const own = { database, nextSalt: createSaltPool(), clock: systemClock };
  const keys = { configured: null, previous: null, box: createSecretBox(Buffer.alloc(32, 7)) };
  const signers = createLogSigners({ ...own, keys, origin });
  const { privateKey } = generateKeyPairSync('ed25519');
  return {
    ...own,
    log: silent,
    populations: populationClient(() => null, null),
    settleTimeoutMs: 0,
    origin,
    codeCommit: null,
    signCheckpoint: (organizationId) => signCheckpoint({ ...own, signers, origin, place: null }, organizationId),
    manifestKeyOf: () => privateKey,
  };
}

/** An export of everything. */
export function wholeLog(organizationId: string, query: Partial<NewExport['query']> = {}): NewExport {
  const everything = {
    format: 'csv',
    standard: 'generic',
    from: null,
    to: null,
    tz: 'UTC',
    bom: false,
    filter: null,
  } as const;
  return {
    organizationId,
    actor: AUDITOR,
    part: 'records',
    prior: null,
    onDifference: 'refuse',
    query: { ...everything, ...query },
  };
}
