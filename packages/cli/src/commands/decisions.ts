import { decisionsVerificationSchema, type DecisionFinding } from '@aegis/contracts/http/decisions';
import { quantity } from '@aegis/verify/format/quantity';
import { type Command, CommandError, parseOptions } from '../command.ts';
import { withApi } from '../credentials.ts';
import { startProgress } from '../progress.ts';

const HELP = `aegis decisions: what was decided, decided again

Usage: aegis decisions verify [options]

Decides every recorded decision of a range again: from what was submitted, the context that the decision recorded and the
policy-set version that it names. Prints each one that comes out otherwise, as a line of JSON, and each that cannot be
decided again (a policy looks at text that was erased). Ends with code 1 when a decision differs.

  --from TIME       intents created at this time or later, such as 2026-03-01 or 2026-03-05T10:00:00Z
  --to TIME         intents created before this time
  --agent ID        intents of this agent only
  --base-url URL    where the API is (default: what npm start wrote)
  --api-key KEY     a key with audit:read (default: the demonstration's administrator)
  --help            this text
`;

export const decisions: Command = {
  help: HELP,
  async run(args, env) {
    const { values, positionals } = parseOptions('decisions', args, {
      from: { type: 'string' },
      to: { type: 'string' },
      agent: { type: 'string' },
      'base-url': { type: 'string' },
      'api-key': { type: 'string' },
    });
    if (positionals[0] !== 'verify' || positionals.length > 1) throw new CommandError(HELP);
    const dataDir = env['AEGIS_DATA_DIR'] ?? '.aegis';
    const query = new URLSearchParams();
    for (const [name, value] of [
      ['from', values.from],
      ['to', values.to],
      ['agentId', values.agent],
    ] as const) {
      if (value !== undefined) query.set(name, value);
    }
    const counts = await withApi(dataDir, values, (api) =>
      verify(api.lines({ method: 'GET', path: `/v1/decisions/verify?${query.toString()}` })),
    );
    const [same, different, unverifiable] = [counts.same, counts.different, counts.unverifiable].map((count) =>
      count.toLocaleString('en'),
    );
    process.stdout.write(
      `${quantity(counts.checked, 'decision')} decided again: ${same} the same, ${different} different, ${unverifiable} unverifiable.\n`,
    );
    if (counts.different > 0) process.exitCode = 1;
  },
};

async function verify(lines: AsyncIterable<unknown>) {
  let progress: ReturnType<typeof startProgress> | null = null;
  for await (const line of lines) {
    const step = decisionsVerificationSchema.parse(line);
    progress ??= startProgress(step.total, 'decisions');
    progress.update(step.checked, `${step.different} different`);
    for (const finding of step.findings) process.stdout.write(`${JSON.stringify(shown(finding))}\n`);
    if (!step.done) continue;
    progress.finish();
    return step;
  }
  throw new CommandError('The verification broke off before its end; run it again.');
}

function shown({ cause, differences, ...finding }: DecisionFinding) {
  return cause === null ? { ...finding, differences } : { ...finding, result: `unverifiable: ${cause}` };
}
