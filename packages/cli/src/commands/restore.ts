import { checkDatabase } from '@aegis/recovery/check-restored';
import { openAsItIs, openStopped, type Stopped } from '@aegis/recovery/installation';
import { type Rebuilt, rebuildAnalytics } from '@aegis/recovery/rebuild-analytics';
import { restore as restoreStores } from '@aegis/recovery/restore';
import { createLogger } from '@aegis/runtime/log';
import { quantity } from '@aegis/verify/format/quantity';
import { type Command, CommandError, parseOptions } from '../command.ts';
import { startSteps } from '../progress.ts';
import { explained } from './recovery-errors.ts';

const HELP = `aegis restore: puts a backup into empty stores, and proves that it is whole

Usage: aegis restore --from DIR                       into AEGIS_DATA_DIR, for npm start; put secrets.json there first
       DATABASE_URL=... CLICKHOUSE_URL=... AEGIS_SECRET_KEY=... [KAFKA_BROKERS=...] aegis restore --from DIR

Restores PostgreSQL in one transaction and puts the consumer groups of Kafka back to match, or fills an empty Kafka.
Computes the facts of analytics from the restored audit log, then reads every log from its first entry and adds up every
wallet and budget. No service runs meanwhile. Ends with code 1 when something is wrong: each fault is a line. The backup
may be of an earlier release.

  --from DIR          what aegis backup wrote
  --checkpoints DIR   where audit kept checkpoints (AUDIT_CHECKPOINT_DIR): tells what the log lost since the backup
  --check             only prove; restore nothing. Also while the system works
  --analytics         only compute the facts of analytics again, as after the loss of ClickHouse
  --without-check     restore, and prove later by --check
  --help              this text
`;

export const restore: Command = {
  help: HELP,
  async run(args, env) {
    const { values } = parseOptions('restore', args, {
      from: { type: 'string' },
      checkpoints: { type: 'string' },
      check: { type: 'boolean', default: false },
      analytics: { type: 'boolean', default: false },
      'without-check': { type: 'boolean', default: false },
    });
    if (!values.check && !values.analytics && values.from === undefined)
      throw new CommandError('Name the backup: --from DIR\nSee: aegis restore --help');
    await explained(async () => {
      if (values.check && !values.analytics)
        return using(await openAsItIs(env), (whole) => prove(whole, values.checkpoints ?? null));
      await using(await openStopped(env), async (installation) => {
        if (values.analytics) return computeAnalytics(installation);
        if (values.from !== undefined) await putBack(values.from, installation);
        if (!values['without-check']) await prove(installation, values.checkpoints ?? null);
      });
    });
  },
};

async function using<T extends Pick<Stopped, 'close'>>(opened: T, work: (opened: T) => Promise<void>): Promise<void> {
  try {
    await work(opened);
  } finally {
    await opened.close();
  }
}

const log = createLogger({ name: 'restore', level: 'error' });

async function putBack(dir: string, installation: Stopped): Promise<void> {
  const begun = performance.now();
  const steps = startSteps();
  const { manifest, rows, facts, kafka } = await restoreStores({
    ...installation,
    dir,
    log,
    onRows: (done, total, table) => steps.update('rows', done, total, table),
    onFacts: (done, total) => steps.update('facts', done, total),
  });
  steps.finish();
  if (kafka) {
    process.stdout.write(
      `Kafka hands over ${quantity(kafka.replayed, 'message')} again; ` +
        `${quantity(kafka.intents, 'intent that PostgreSQL had lost is', 'intents that PostgreSQL had lost are')} back` +
        `${kafka.expired === 0 ? '' : `; ${quantity(kafka.expired, 'message had expired before a group handled it', 'messages had expired before a group handled them')}`}.\n`,
    );
  }
  process.stdout.write(
    `PostgreSQL is as it was at ${manifest.takenAt}: ${quantity(rows, 'row')}. ` +
      `${describeFacts(facts)}. ` +
      `${((performance.now() - begun) / 1_000).toFixed(1)} s.\n`,
  );
}

async function computeAnalytics({ databaseUrl, analytics }: Stopped): Promise<void> {
  const steps = startSteps();
  const facts = await rebuildAnalytics({
    databaseUrl,
    ...analytics,
    log,
    onEntries: (done, total) => steps.update('facts', done, total),
  });
  steps.finish();
  process.stdout.write(`${describeFacts(facts)}.\n`);
}

function describeFacts({ entries, erased }: Rebuilt): string {
  const but = erased === 0 ? '' : `, but for ${erased} whose content was erased`;
  return `Analytics has the facts of ${quantity(entries, 'entry', 'entries')} again${but}`;
}

async function prove({ databaseUrl }: Pick<Stopped, 'databaseUrl'>, checkpoints: string | null): Promise<void> {
  const steps = startSteps();
  const { organizations, entries, sums, faults } = await checkDatabase({
    databaseUrl,
    checkpoints,
    log,
    onEntries: (done, total) => steps.update('entries', done, total),
  });
  steps.finish();
  for (const fault of faults) process.stdout.write(`${fault}\n`);
  process.stdout.write(
    `${quantity(organizations, 'log')} of ${quantity(entries, 'entry', 'entries')} followed, ${quantity(sums, 'sum')} added up: ` +
      `${faults.length === 0 ? 'all is whole' : quantity(faults.length, 'fault')}.\n`,
  );
  if (faults.length > 0) process.exitCode = 1;
}
