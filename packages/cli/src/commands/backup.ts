import { backUp } from '@aegis/recovery/backup';
import { findRunning } from '@aegis/recovery/installation';
import { quantity } from '@aegis/verify/format/quantity';
import { type Command, CommandError, parseOptions, wholeNumber } from '../command.ts';
import { startProgress } from '../progress.ts';
import { explained } from './recovery-errors.ts';

const HELP = `aegis backup: everything that must not be lost, as of one moment

Usage: aegis backup --to DIR                       what npm start runs on AEGIS_DATA_DIR
       DATABASE_URL=... aegis backup --to DIR      a PostgreSQL of your own, as its owner

Writes every table of the five schemas into DIR, from one snapshot, while the system works; with KAFKA_BROKERS also how far
the consumer groups have come, and what one of them had still to handle. DIR holds personal data. It does not hold
AEGIS_SECRET_KEY (secrets.json of npm start): keep that apart, nothing can be restored without it. Analytics is
not in it: a restore computes it from the audit log.

  --to DIR      a directory that is new or empty
  --jobs N      tables read at once (default 2)
  --help        this text
`;

export const backup: Command = {
  help: HELP,
  async run(args, env) {
    const { values } = parseOptions('backup', args, {
      to: { type: 'string' },
      jobs: { type: 'string', default: '2' },
    });
    if (values.to === undefined) throw new CommandError('Name the directory: --to DIR\nSee: aegis backup --help');
    const { to: dir } = values;
    const jobs = wholeNumber('jobs', values.jobs, 1, 32);
    await explained(async () => {
      const installation = await findRunning(env);
      const begun = performance.now();
      const progress = startProgress(100, '% of what lies on disk');
      const manifest = await backUp({
        ...installation,
        dir,
        jobs,
        onTable: ({ table, done, total }) => progress.update(Math.floor((100 * done) / Math.max(total, 1)), table),
      });
      progress.finish();
      const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
      const bytes = manifest.tables.reduce((sum, table) => sum + table.bytes, 0);
      process.stdout.write(
        `${quantity(rows, 'row')} of ${manifest.takenAt} in ${dir}: ${(bytes / 1e6).toFixed(1)} MB, ` +
          `${((performance.now() - begun) / 1_000).toFixed(1)} s.\n`,
      );
    });
  },
};
