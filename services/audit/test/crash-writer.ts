import { ALL_ORGANIZATIONS, createDatabase } from '@aegis/postgres/database';
import { createLogger } from '@aegis/runtime/log';
import { prepareEntry } from '../src/domain/entry.ts';
import { auditMigrations } from '../src/migrations.ts';
import { createSaltPool } from '../src/salt-pool.ts';
import { appendEntries } from '../src/usecases/append-entries.ts';

/**
 * A writer to be killed: `node crash-writer.ts <database url> <organisation> <events> <batch>`. It appends the events
 * 0, 1, 2, … in batches, from the start every time it is started, as after a crash before any offset was committed.
 */
const [url = '', organizationId = '', events = '0', batch = '1'] = process.argv.slice(2);
const log = createLogger({ name: 'writer', level: 'silent' });
const database = createDatabase({ ...auditMigrations, url, log });
const nextSalt = createSaltPool();

const entry = (index: number) =>
  prepareEntry(
    {
      id: `evt_${index}`,
      type: 'test.happened',
      time: '2026-03-05T10:00:00.000Z',
      subject: `subject ${index}`,
      organizationId,
      actor: { type: 'service', id: 'test', role: null, authMethod: 'internal' },
      causationId: null,
      data: null,
      dataText: `{"index":${index}}`,
    },
    nextSalt,
  );

process.stdout.write('started\n');
for (let from = 0; from < Number(events); from += Number(batch)) {
  const length = Math.min(Number(batch), Number(events) - from);
  await appendEntries(
    database,
    ALL_ORGANIZATIONS,
    Array.from({ length }, (_, offset) => entry(from + offset)),
  );
}
await database.close();
