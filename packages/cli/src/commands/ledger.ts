import { ledgerCheckSchema } from '@aegis/contracts/http/wallets';
import { quantity } from '@aegis/verify/format/quantity';
import { type Command, CommandError, parseOptions } from '../command.ts';
import { withApi } from '../credentials.ts';

const HELP = `aegis ledger: whether the money adds up

Usage: aegis ledger check [options]

Adds everything of an organisation up again, as of one moment: every wallet entry to zero, every wallet from its entries,
every budget from what each intent counts for. Prints each difference as a line of JSON. Ends with code 1 when there is one.

  --base-url URL    where the API is (default: what npm start wrote)
  --api-key KEY     a key with audit:read (default: the demonstration's administrator)
  --help            this text
`;

export const ledger: Command = {
  help: HELP,
  async run(args, env) {
    const { values, positionals } = parseOptions('ledger', args, {
      'base-url': { type: 'string' },
      'api-key': { type: 'string' },
    });
    if (positionals[0] !== 'check' || positionals.length > 1) throw new CommandError(HELP);
    const dataDir = env['AEGIS_DATA_DIR'] ?? '.aegis';
    const answer = await withApi(dataDir, values, (api) => api.call({ method: 'GET', path: '/v1/ledger/check' }));
    const { ok, compared, differences } = ledgerCheckSchema.parse(answer);
    for (const difference of differences) process.stdout.write(`${JSON.stringify(difference)}\n`);
    process.stdout.write(
      `${quantity(compared, 'sum')} compared: ${ok ? 'all are right' : quantity(differences.length, 'differs', 'differ')}.\n`,
    );
    if (!ok) process.exitCode = 1;
  },
};
