import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const stateSchema = z.object({ rowsDone: z.number().int(), accepted: z.number().int(), rejected: z.number().int() });
export type ReplayState = z.infer<typeof stateSchema>;

/** A row that was refused, with the API's reason. */
export interface Rejection {
  readonly row: number;
  readonly code: string;
  readonly reason: string;
}

/**
 * Remembers how far a file came, so that a run that was stopped goes on where it was. Rows are finished out of order;
 * only a row before which everything is finished counts, and what is sent again keeps its Idempotency-Key.
 */
export interface Journal {
  readonly state: ReplayState;
  readonly rejectionsFile: string;
  reject(rejections: readonly Rejection[]): Promise<void>;
  save(state: ReplayState): Promise<void>;
}

export async function openJournal(directory: string, name: string): Promise<Journal> {
  const stateFile = join(directory, `${name}.json`);
  const rejectionsFile = join(directory, `${name}.rejected.ndjson`);
  await mkdir(dirname(stateFile), { recursive: true });
  const text = await readFile(stateFile, 'utf8').catch(() => null);
  const state = text === null ? { rowsDone: 0, accepted: 0, rejected: 0 } : stateSchema.parse(JSON.parse(text));
  await dropRejectionsAfter(state.rowsDone, rejectionsFile);
  return {
    state,
    rejectionsFile,
    async reject(rejections) {
      await appendFile(rejectionsFile, rejections.map((rejection) => `${JSON.stringify(rejection)}\n`).join(''));
    },
    async save(next) {
      await writeFile(`${stateFile}.new`, JSON.stringify(next));
      await rename(`${stateFile}.new`, stateFile);
    },
  };
}

/** Rows after the last saved one are sent again, and would be reported twice. */
async function dropRejectionsAfter(row: number, file: string): Promise<void> {
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n').filter(Boolean);
  const kept = lines.filter((line) => z.object({ row: z.number() }).parse(JSON.parse(line)).row <= row);
  await writeFile(file, kept.map((line) => `${line}\n`).join(''));
}
