import { readFile } from 'node:fs/promises';
import { lintReportSchema } from '@aegis/contracts/http/lint';
import {
  DEFAULT_EVERYDAY,
  MAX_EVERYDAY,
  type PolicyTemplate,
  policyTemplates,
} from '@aegis/contracts/policy-templates';
import { quantity } from '@aegis/verify/format/quantity';
import { z } from 'zod';
import type { Api } from '../api.ts';
import { type Command, CommandError, parseOptions, wholeNumber } from '../command.ts';
import { withApi } from '../credentials.ts';

const HELP = `aegis policies: mistakes in policies, and policies to begin with

Usage: aegis policies lint [FILE] [options]
       aegis policies template [NAME] [options]

lint looks for conditions that never hold together and for policies that never answer because others come first, in the
policies in force. With FILE (JSON: a list of policies as you would like the whole set, or {"policies", "defaultAction"})
it looks at these, and tells which intents they would answer less strictly than today. Prints each finding as a line of
JSON, with an intent that shows it, and what it could not decide. Ends with code 1 when there is a finding.

template lists the templates; with NAME it prints that one's policies as JSON, for a file that you change and lint.

  --everyday N      what agents may spend without anybody looking, in the base currency: amounts of a template are
                    multiples of it (default ${DEFAULT_EVERYDAY})
  --apply           creates the policies of the template, except those of whose name there is one already
  --base-url URL    where the API is (default: what npm start wrote)
  --api-key KEY     a key with policies:read, and policies:write for --apply (default: the demonstration's administrator)
  --help            this text
`;

export const policies: Command = {
  help: HELP,
  async run(args, env) {
    const { values, positionals } = parseOptions('policies', args, {
      everyday: { type: 'string', default: String(DEFAULT_EVERYDAY) },
      apply: { type: 'boolean', default: false },
      'base-url': { type: 'string' },
      'api-key': { type: 'string' },
    });
    const [action, name] = positionals;
    if (positionals.length > 2) throw new CommandError(HELP);
    const call = <T>(run: (api: Api) => Promise<T>) => withApi(env['AEGIS_DATA_DIR'] ?? '.aegis', values, run);
    if (action === 'lint') return lint(name, call);
    if (action !== 'template') throw new CommandError(HELP);
    const templates = policyTemplates(wholeNumber('everyday', values.everyday, 1, MAX_EVERYDAY));
    if (name === undefined) return listTemplates(templates);
    const template = templates.find((known) => known.name === name);
    if (!template) {
      const known = templates.map((other) => other.name).join(', ');
      throw new CommandError(`There is no template ${name}; there is ${known}.\nSee: aegis policies --help`);
    }
    if (values.apply) return call((api) => apply(api, template));
    process.stdout.write(`${JSON.stringify(template.policies, null, 2)}\n`);
  },
};

type Call = <T>(run: (api: Api) => Promise<T>) => Promise<T>;

async function lint(file: string | undefined, call: Call): Promise<void> {
  const body = file === undefined ? {} : await readProposal(file);
  const request = { method: 'POST', path: '/v1/policies/lint', body } as const;
  report(lintReportSchema.parse(await call((api) => api.call(request))));
}

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
  const end = open === 0 ? 'nothing else is there' : `${quantity(open, 'question')} could not be decided`;
  process.stdout.write(`${quantity(found, 'finding')}; ${end}.\n`);
  if (found > 0) process.exitCode = 1;
}

function listTemplates(templates: readonly PolicyTemplate[]): void {
  for (const { name, description } of templates) process.stdout.write(`${name}: ${description}\n`);
}

const policyNames = z.object({ data: z.array(z.object({ name: z.string() })) });

/** The highest priority first; until the last one is there, the default action answers what no policy matches. */
async function apply(api: Api, template: PolicyTemplate): Promise<void> {
  const { data } = policyNames.parse(await api.call({ method: 'GET', path: '/v1/policies' }));
  const known = new Set(data.map(({ name }) => name));
  const missing = template.policies.filter(({ name }) => !known.has(name));
  for (const body of missing) {
    await api.call({ method: 'POST', path: '/v1/policies', body });
    process.stdout.write(`created: ${body.name} (priority ${body.priority}, ${body.action})\n`);
  }
  const there = template.policies.length - missing.length;
  process.stdout.write(
    `${quantity(missing.length, 'policy', 'policies')} created, ${quantity(there, 'was', 'were')} there.\n`,
  );
}
