import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One forward-only migration. `name` is the file's name, `checksum` the SHA-256 (hex) of its text with LF line ends. */
export interface MigrationFile {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

/** What the database remembers of a migration it has run. */
export interface AppliedMigration {
  readonly name: string;
  readonly checksum: string;
}

/** A migration that must not run, or that failed; the message names the file. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

const FILE_NAME = /^\d{4}-[a-z0-9]+(?:-[a-z0-9]+)*\.sql$/;

/** Reads `dir/NNNN-name.sql` in the order of their numbers. Throws `MigrationError` for a stray name or a number used twice. */
export async function readMigrationFiles(dir: string): Promise<MigrationFile[]> {
  const names = (await readdir(dir)).filter((name) => name.endsWith('.sql')).toSorted();
  for (const [index, name] of names.entries()) {
    if (!FILE_NAME.test(name)) throw new MigrationError(`${join(dir, name)}: the name must look like 0001-name.sql`);
    const previous = names[index - 1];
    if (previous?.slice(0, 4) === name.slice(0, 4)) {
      throw new MigrationError(`${join(dir, name)}: the number ${name.slice(0, 4)} is taken by ${previous}`);
    }
  }
  return Promise.all(
    names.map(async (name) => {
      const sql = (await readFile(join(dir, name), 'utf8')).replaceAll('\r\n', '\n');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/**
 * The files still to run, in order. A migration the database knows and `files` does not is left alone: an older replica
 * may start beside a newer one. Throws `MigrationError` when a file was edited after it ran, or sorts before one that ran.
 */
export function pendingMigrations(
  files: readonly MigrationFile[],
  applied: readonly AppliedMigration[],
): MigrationFile[] {
  const checksums = new Map(applied.map((migration) => [migration.name, migration.checksum]));
  const edited = files.find((file) => checksums.has(file.name) && checksums.get(file.name) !== file.checksum);
  if (edited) {
    throw new MigrationError(`${edited.name} was changed after it had been applied; undo that and add a new file`);
  }
  const pending = files.filter((file) => !checksums.has(file.name));
  const last = files.findLast((file) => checksums.has(file.name));
  const late = pending.find((file) => last !== undefined && file.name < last.name);
  if (late) throw new MigrationError(`${late.name} sorts before ${last?.name}, which has been applied; renumber it`);
  return pending;
}
