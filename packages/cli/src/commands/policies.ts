import { readFile } from 'node:fs/promises';
import { lintReportSchema } from '@aegis/contracts/http/lint';
import type { z } from 'zod';
import { type Command, CommandError, parseOptions } from '../command.ts';
import { asReader } from '../credentials.ts';

const HELP = `aegis policies: mistakes in policies, before they matter

Usage: aegis policies lint [FILE] [options]

Looks for conditions that never hold together and for policies that never answer because others come first, in the
policies in force. With FILE (JSON: a list of policies as you would like the whole set, or {"policies", "defaultAction"})
it looks at these, and tells which intents they would answer less strictly than today. Prints each finding as a line of
JSON, with an intent that shows it, and what it could not decide. Ends with code 1 when there is a finding.

  --base-url URL    where the API is (default: what npm start wrote)
  --api-key KEY     a key with policies:read (default: the demonstration's administrator)
  --help            this text
`;

export const policies: Command = {
  help: HELP,
  async run(args, env) {
    const { values, positionals } = parseOptions('policies', args, {
      'base-url': { type: 'string' },
      'api-key': { type: 'string' },
    });
    const [action, file] = positionals;
    if (action !== 'lint' || positionals.length > 2) throw new CommandError(HELP);
    const body = file === undefined ? {} : await readProposal(file);
    const dataDir = env['AEGIS_DATA_DIR'] ?? '.aegis';
    const request = { method: 'POST', path: '/v1/policies/lint', body } as const;
    const answer = await asReader(dataDir, values, (api) => api.call(request));
    report(lintReportSchema.parse(answer));
  },
};

async function readProposal(file: string): Promise<object> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new CommandError(`${file} cannot be read: ${messageOf(error)}`, { cause: error });
  });
  try {
    const proposal: unknown = JSON.parse(text);
    if (typeof proposal !== 'object' || proposal === null) throw new TypeError('it is neither a list nor an object');
    return Array.isArray(proposal) ? { policies: proposal } : proposal;
  } catch (error) {
    throw new CommandError(`${file} is not JSON of policies: ${messageOf(error)}`, { cause: error });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function report({ findings, findingsLeftOut, undecided, undecidedLeftOut }: z.infer<typeof lintReportSchema>): void {
  for (const finding of findings) process.stdout.write(`${JSON.stringify(finding)}\n`);
  for (const { kind, policy } of undecided) {
    process.stdout.write(`${JSON.stringify({ undecided: kind, policy })}\n`);
  }
  const found = findings.length + findingsLeftOut;
  const open = undecided.length + undecidedLeftOut;
  const end = open === 0 ? 'nothing else is there' : `${open} questions could not be decided`;
  process.stdout.write(`${found === 1 ? '1 finding' : `${found} findings`}; ${end}.\n`);
  if (found > 0) process.exitCode = 1;
}
