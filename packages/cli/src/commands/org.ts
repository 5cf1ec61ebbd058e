import { createApi } from '../api.ts';
import { type Command, CommandError, parseOptions } from '../command.ts';

const HELP = `aegis org create: makes an organisation and its first user

Usage: AEGIS_OPERATOR_KEY=... aegis org create --name NAME --owner-email EMAIL [options]

The operator key is the one the gateway was started with; npm start keeps it in secrets.json of its data directory. The
owner's password is read from AEGIS_OWNER_PASSWORD, so that it stands in no shell history.

  --base-url URL         default http://localhost:8080
  --name NAME            the organisation's name
  --base-currency CODE   ISO 4217; limits are counted in it (default USD)
  --time-zone ZONE       IANA name; days and months turn over at its midnight (default UTC)
  --owner-email EMAIL    the first user, with the role owner
  --owner-name NAME      (default: the e-mail address)
  --help                 this text
`;

export const org: Command = {
  help: HELP,
  async run(args, env) {
    const { values, positionals } = parseOptions('org', args, {
      'base-url': { type: 'string', default: 'http://localhost:8080' },
      name: { type: 'string' },
      'base-currency': { type: 'string', default: 'USD' },
      'time-zone': { type: 'string', default: 'UTC' },
      'owner-email': { type: 'string' },
      'owner-name': { type: 'string' },
    });
    if (positionals[0] !== 'create') throw new CommandError(HELP);
    const name = required(values.name, '--name');
    const email = required(values['owner-email'], '--owner-email');
    const operatorKey = required(env['AEGIS_OPERATOR_KEY'], 'AEGIS_OPERATOR_KEY');
    const password = required(env['AEGIS_OWNER_PASSWORD'], 'AEGIS_OWNER_PASSWORD');
    const api = createApi(values['base-url'], operatorKey, 1);
    try {
      const answer = await api.call({
        method: 'POST',
        path: '/v1/organizations',
        body: {
          name,
          baseCurrency: values['base-currency'],
          timeZone: values['time-zone'],
          owner: { email, name: values['owner-name'] ?? email, password },
        },
      });
      process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
    } finally {
      await api.close();
    }
  },
};

function required(value: string | undefined, what: string): string {
  if (value) return value;
  throw new CommandError(`${what} is missing.\nSee: aegis org --help`);
}
