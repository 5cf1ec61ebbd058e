import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { loadCasbin } from './policy/casbin.ts';
import { loadCedar } from './policy/cedar.ts';
import { loadClosureLoop } from './policy/closure-loop.ts';
import type { Engine, Load } from './policy/engines.ts';
import { loadJsonLogic } from './policy/json-logic.ts';
import { loadJsonRules } from './policy/json-rules.ts';
import { compileTimes, heapOf, measureRate, singleTimes } from './policy/measure.ts';
import { loadOurs, loadWholeDecision } from './policy/ours.ts';
import { createWorkload, type Workload } from './policy/workload.ts';
import { loadZen } from './policy/zen.ts';
import { publish, type Row } from './report.ts';
import { median, percentile } from './statistics.ts';

const HELP = `bench:policy: how fast an intent's policy is found, beside the engines people use

Usage: npm run bench:policy [-- options]

Policies of 1 to 4 conditions under all | any, ten operators, 95 % active; 30 % of the intents match in the first tenth of
the policies, 30 % in the middle, 40 % none. All engines are asked the same in one process, in interleaved rounds, after
every answer of every engine was found equal.

What "aegis" covers: from the submitted intent (as it is read off the bus) and the snapshot of budgets, calendar and agent
(as a decision records it) to the action, the policy and the policy-set version. Every field is worked out within the time
that is measured; the other engines get theirs prepared, each in its own form. No policy of the workload asks for the risk
score. "aegis, whole decision" adds what deciding does besides: guards, the explained risk score and the reasons.

  --rounds N    rounds; medians are reported (default 7)
  --ms N        length of one measurement (default 200)
  --cases N     intents, asked in turn (default 1000)
  --seed N      of the workload (default 1)
  --help        this text
`;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    ms: { type: 'string', default: '200' },
    cases: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
const rounds = Number(values.rounds);
const lengthMs = Number(values.ms);
const caseCount = Number(values.cases);
const seed = Number(values.seed);

/** Who is measured with how many policies; the rest would only take time. */
const FIELDS: readonly { readonly size: number; readonly peers: readonly Load[] }[] = [
  { size: 10, peers: [loadJsonLogic, loadClosureLoop] },
  { size: 100, peers: [loadJsonLogic, loadClosureLoop, loadJsonRules, loadZen, loadCedar, loadCasbin] },
  { size: 1_000, peers: [loadJsonLogic, loadClosureLoop] },
  { size: 10_000, peers: [] },
];

interface Contest {
  readonly size: number;
  readonly workload: Workload;
  readonly engines: readonly Engine[];
  /** Evaluations a second of each round, by engine. */
  readonly rates: Map<string, number[]>;
}

const loadBefore = loadavg();
const contests: Contest[] = [];
for (const { size, peers } of FIELDS) {
  note(`${size} policies: compiling, comparing all answers`);
  const workload = createWorkload(size, caseCount, seed);
  const engines: Engine[] = [loadOurs(workload), loadWholeDecision(workload)];
  for (const load of peers) engines.push(await load(workload));
  await expectEqualAnswers(workload, engines);
  contests.push({ size, workload, engines, rates: new Map(engines.map(({ name }) => [name, []])) });
}
for (let round = 0; round <= rounds; round++) {
  note(round === 0 ? 'warming up' : `round ${round} of ${rounds}`);
  for (const { engines, rates } of contests) {
    for (const engine of engines) {
      const rate = await measureRate(engine, caseCount, lengthMs);
      if (round > 0) rates.get(engine.name)?.push(rate);
    }
  }
}
report();

/** The closure loop is the plainest reading of the rules, so it says what is right. */
async function expectEqualAnswers(workload: Workload, engines: readonly Engine[]): Promise<void> {
  const expected = loadClosureLoop(workload);
  for (const engine of engines) {
    for (const [index, { facts }] of workload.cases.entries()) {
      const rank = engine.rankOf(await engine.evaluate(index));
      const right = expected.rankOf(await expected.evaluate(index));
      if (rank === right) continue;
      throw new Error(`${engine.name} finds policy ${rank}, not ${right}, for ${JSON.stringify(facts)}`);
    }
  }
}

function report(): void {
  const rows: Row[] = [];
  for (const { size, workload, engines, rates } of contests) {
    const policies = `${size.toLocaleString('en')} policies`;
    for (const { name } of engines) {
      rows.push({ name: `${policies}: ${name}`, value: median(rates.get(name) ?? []), unit: '/s' });
    }
    const [ours] = engines;
    if (!ours) continue;
    const times = singleTimes(ours, caseCount);
    const { firstMs, thenMs } = compileTimes(workload.policies);
    rows.push(
      { name: `${policies}: aegis, p50`, value: percentile(times, 50), unit: 'ns', note: 'one by one, clock included' },
      { name: `${policies}: aegis, p99`, value: percentile(times, 99), unit: 'ns' },
      {
        name: `${policies}: aegis, compile`,
        value: thenMs,
        unit: 'ms',
        note: `${firstMs.toFixed(1)} ms the first time`,
      },
      { name: `${policies}: aegis, memory of the compiled set`, value: heapOf(workload.policies) / 1_024, unit: 'KiB' },
    );
  }
  const rateOf = (size: number, name: string) =>
    median(contests.find((contest) => contest.size === size)?.rates.get(name) ?? []);
  const over = (size: number, name: string) => rateOf(size, 'aegis') / rateOf(size, name);
  const ratios = {
    json_logic_engine_10: over(10, 'json-logic-engine'),
    json_logic_engine_100: over(100, 'json-logic-engine'),
    json_logic_engine_1000: over(1_000, 'json-logic-engine'),
    closure_100: over(100, 'closure loop'),
    closure_1000: over(1_000, 'closure loop'),
    json_rules_engine_100: over(100, 'json-rules-engine'),
    zen_100: over(100, '@gorules/zen-engine'),
    cedar_100: over(100, '@cedar-policy/cedar-wasm'),
    casbin_100: over(100, 'casbin'),
    growth_10000_over_1000: rateOf(1_000, 'aegis') / rateOf(10_000, 'aegis'),
  };
  publish({ name: 'policy', rows, ratios, parameters: { rounds, lengthMs, caseCount, seed } }, loadBefore);
}

function note(text: string): void {
  process.stderr.write(`… ${text}\n`);
}
