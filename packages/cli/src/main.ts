import { ApiError } from './api.ts';
import { type Command, CommandError } from './command.ts';
import { ConfigError } from '@aegis/runtime/config';
interface Entry {
  readonly summary: string;
  /** Only the command that is asked for is loaded: the others' libraries would cost a second. */
  load(): Promise<Command>;
}

const COMMANDS: Readonly<Record<string, Entry>> = {
  replay: {
    summary: 'submit a CSV file of card transactions as intents',
    load: async () => (await import('./commands/replay.ts')).replay,
  },
  demo: {
    summary: 'submit a seeded, realistic stream of intents',
    load: async () => (await import('./commands/demo.ts')).demo,
  },
  decisions: {
    summary: 'decide recorded decisions again and tell what comes out otherwise',
    load: async () => (await import('./commands/decisions.ts')).decisions,
  },
  policies: {
    summary: 'look for mistakes in policies; policies to begin with',
    load: async () => (await import('./commands/policies.ts')).policies,
  },
  org: {
    summary: 'create an organisation (operator)',
    load: async () => (await import('./commands/org.ts')).org,
  },
  fx: {
    summary: 'record exchange rates from a CSV file',
    load: async () => (await import('./commands/fx.ts')).fx,
  },
  ledger: {
    summary: 'check that wallets and budgets add up',
    load: async () => (await import('./commands/ledger.ts')).ledger,
  },
  backup: {
    summary: 'back up everything that must not be lost',
    load: async () => (await import('./commands/backup.ts')).backup,
  },
  restore: {
    summary: 'restore a backup and prove that it is whole',
    load: async () => (await import('./commands/restore.ts')).restore,
  },
  'dead-letters': {
    summary: 'list or replay events that could not be handled',
    load: async () => (await import('./commands/dead-letters.ts')).deadLetters,
  },
};

const HELP = `aegis: the command line of Aegis Comply

Usage: npx aegis COMMAND [options]

${Object.entries(COMMANDS)
  .map(([command, { summary }]) => `  ${command.padEnd(14)}${summary}`)
  .join('\n')}

Each command explains itself: aegis COMMAND --help
`;

const [name, ...args] = process.argv.slice(2);
const entry = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;

if (!entry) {
  const asked = name === undefined || name === '--help' || name === '-h' || name === 'help';
  if (!asked) process.stderr.write(`There is no command ${name}.\n\n`);
  (asked ? process.stdout : process.stderr).write(HELP);
  process.exitCode = asked ? 0 : 2;
} else {
  const command = await entry.load();
  try {
    if (args.includes('--help')) process.stdout.write(command.help);
    else await command.run(args, process.env);
  } catch (error) {
    const explained = error instanceof CommandError || error instanceof ApiError || error instanceof ConfigError;
    if (!explained) throw error;
    process.stderr.write(`${error.message}\n`);
    // Requests to a server that no longer answers would keep the process for minutes.
    process.exit(1);
  }
}
