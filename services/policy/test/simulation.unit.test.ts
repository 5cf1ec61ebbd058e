import type { PolicyAction } from '@aegis/contracts/policy-rules';
import { newId } from '@aegis/contracts/ids';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Account } from '../src/domain/account.ts';
import { type Answer, type BatchState, type Command, decideBatch, keyOf } from '../src/domain/batch.ts';
import type { DecisionRecord } from '../src/domain/decision-record.ts';
import type { DecidedIntent, SubmittedIntent } from '../src/domain/intent.ts';
import type { Policy } from '../src/domain/policy.ts';
import { type Assumption, Simulation, type SimulatedIntent } from '../src/domain/simulation.ts';
import { ReportBuilder } from '../src/domain/simulation-report.ts';
import { ruleGroups } from './rule-arbitraries.ts';
import { account, ORGANIZATION_ID, policy, policySet, rupees, STAMP, submission } from './samples.ts';

const AGENTS = ['0193f2c3-a1b2-7c4d-8e5f-000000000001', '0193f2c3-a1b2-7c4d-8e5f-000000000002'] as const;
const START = Date.parse('2026-03-05T10:00:00Z');

/** Policies whose answers depend on what earlier answers left behind. */
const STATEFUL: readonly Policy['rules'][] = [
  { match: 'all', conditions: [{ field: 'daily_spend_after', operator: 'gt', value: 1_500 }] },
  { match: 'all', conditions: [{ field: 'monthly_spend', operator: 'gte', value: 2_000 }] },
  { match: 'all', conditions: [{ field: 'risk_score', operator: 'gte', value: 0.35 }] },
  { match: 'all', conditions: [{ field: 'merchant_seen_before', operator: 'eq', value: false }] },
  { match: 'all', conditions: [{ field: 'merchant_spend_30d', operator: 'gt', value: 1_200 }] },
  { match: 'all', conditions: [{ field: 'intents_last_hour', operator: 'gte', value: 4 }] },
  { match: 'any', conditions: [{ field: 'amount', operator: 'gte', value: 900 }] },
];

const policies = fc.array(
  fc
    .record({
      action: fc.constantFrom<PolicyAction>('allow', 'deny', 'require_approval'),
      priority: fc.integer({ min: 1, max: 5 }),
      rules: fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...STATEFUL) }, { weight: 1, arbitrary: ruleGroups }),
      mode: fc.constantFrom('enforce', 'enforce', 'enforce', 'shadow'),
    })
    .map(policy),
  { minLength: 1, maxLength: 5 },
);

const step = fc.record({
  agent: fc.nat(1),
  minor: fc.constantFrom(5_000, 30_000, 60_000, 89_900, 90_000, 120_000),
  merchant: fc.constantFrom('Acme', 'ACME Ltd', 'Rail Europe', null),
  gapMinutes: fc.constantFrom(0, 1, 30, 600),
  confidence: fc.constantFrom('1', '0.4'),
  /** After how many further submissions people answer, if they are asked. */
  answerAfter: fc.option(fc.nat(4)),
  answer: fc.constantFrom('approved', 'rejected', 'expired'),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

interface History {
  readonly steps: readonly Step[];
  readonly intents: readonly SubmittedIntent[];
}

const histories = fc.array(step, { minLength: 12, maxLength: 40 }).map((steps): History => {
  let at = START;
  const intents = steps.map(({ agent, minor, merchant, gapMinutes, confidence }) => {
    at += gapMinutes * 60_000;
    const createdAt = new Date(at).toISOString();
    return submission({ agentId: AGENTS[agent] ?? AGENTS[0], money: rupees(minor), merchant, confidence, createdAt });
  });
  return { steps, intents };
});

const ORIGIN = { organizationId: ORGANIZATION_ID, eventId: 'evt', traceparent: null };

/** The commands in order; `ofNew` answers at once what `asked` does not hold. */
function commandsOf({ steps, intents }: History, asked: ReadonlySet<string> | null, ofNew: Assumption): Command[][] {
  const due = new Map<number, Command[]>();
  return intents.map((intent, index) => {
    const { answerAfter, answer } = steps[index] as Step;
    const { intentId, agentId } = intent;
    const resolve = (outcome: 'approved' | 'rejected' | 'expired'): Command => ({
      kind: 'resolve',
      ...ORIGIN,
      decidedAt: STAMP.decidedAt,
      resolution: { ...ORIGIN, intentId, agentId, approvalId: newId('apr'), outcome, resolvedAt: STAMP.decidedAt },
    });
    const wasAsked = asked === null || asked.has(intentId);
    if (wasAsked && answerAfter !== null) {
      due.set(index + answerAfter, [...(due.get(index + answerAfter) ?? []), resolve(answer)]);
    }
    const atOnce = wasAsked || ofNew === 'unanswered' ? [] : [resolve(ofNew)];
    return [{ kind: 'decide', ...ORIGIN, ...STAMP, intent } as const, ...atOnce, ...(due.get(index) ?? [])];
  });
}

/** A system of its own, in memory. */
function createWorld() {
  const pieces: Account['pieces'] = new Map();
  const wallets: Account['wallet'][] = [null, { mode: 'enforced', balance: 500_000n, held: 0n, entries: [] }];
  const accounts = AGENTS.map((agentId, index) =>
    account({
      agentId,
      pieces,
      dailyLimit: 250_000n,
      monthlyLimit: index === 0 ? 400_000n : null,
      wallet: wallets[index] ?? null,
    }),
  );
  const decisions = new Map<string, DecidedIntent | null>();
  const merchantKeys = new Map<string, string>();
  return (commands: readonly Command[], set: readonly Policy[]): readonly Answer[] => {
    const state: BatchState = {
      accounts: new Map(accounts.map((one) => [keyOf(ORGANIZATION_ID, one.agentId), one])),
      policySets: new Map([[ORGANIZATION_ID, policySet(set)]]),
      rates: new Map(),
      shared: new Map(),
      decisions,
      merchantKeys,
      counted: new Map(),
      facts: new Map(),
      early: new Map(),
      maxOpenApprovals: 6,
    };
    const { answers } = decideBatch(commands, state);
    for (const { data, merchantKey } of answers) {
      const key = keyOf(ORGANIZATION_ID, data.intentId);
      decisions.set(key, data.final ? null : data);
      if (merchantKey) merchantKeys.set(key, merchantKey);
    }
    return answers;
  };
}

function recordsOf(answers: readonly Answer[]): DecisionRecord[] {
  return answers.map(({ data, input }, index) => ({
    seq: BigInt(index + 1),
    decided: JSON.parse(JSON.stringify(data)) as DecidedIntent,
    input: input.kind === 'submission' ? { ...input, erased: false } : input,
  }));
}

const isFirst = ({ input }: Answer) => input.kind === 'submission';

describe('a simulation predicts, intent by intent, what a system with the proposed policies decides', () => {
  test('for all of history and for a window that begins in the middle, whatever is assumed of new requests', () => {
    let changed = 0;
    fc.assert(
      fc.property(
        histories,
        policies,
        policies,
        fc.constantFrom<Assumption>('approved', 'rejected', 'unanswered'),
        fc.nat(20),
        (history, today, proposed, assumption, middle) => {
          const begins = Math.min(middle, history.intents.length);
          const past = createWorld();
          const happened = commandsOf(history, null, 'unanswered').flatMap((commands) => past(commands, today));
          const asked = new Set(happened.filter(({ data }) => !data.final).map(({ data }) => data.intentId));

          const future = createWorld();
          const expected = commandsOf(history, asked, assumption).flatMap((commands, index) => {
            const inWindow = index >= begins;
            const [decideOnly, ...answers] = commands;
            if (!decideOnly) return [];
            // New requests are assumed about in the window only; before it there are none.
            return future([decideOnly, ...answers], inWindow ? proposed : today);
          });

          const simulation = new Simulation({
            organizationId: ORGANIZATION_ID,
            proposed: policySet(proposed),
            needsPersonalText: true,
            assumption,
          });
          const window = new Set(history.intents.slice(begins).map(({ intentId }) => intentId));
          const simulated: SimulatedIntent[] = [];
          for (const record of recordsOf(happened)) {
            if (!window.has(record.decided.intentId)) simulation.replay(record);
            else simulated.push(...[simulation.decide(record)].filter((one) => one !== null));
          }
          const predicted = simulated.map(({ after }) => after);
          const real = expected.filter((answer) => isFirst(answer) && window.has(answer.data.intentId));
          changed += simulated.filter(({ before, after }) => before.outcome !== after.outcome).length;
          expect(predicted.map(seen)).toEqual(real.map(({ data }) => seen(data)));
          expect(simulated.map(({ before }) => before.intentId)).toEqual([...window]);
        },
      ),
      { numRuns: 400 },
    );
    expect(changed).toBeGreaterThan(300);
  });
});

/** Everything of a decision; a policy that is undefined there and absent here is the same. */
function seen({ policySet: _set, ...decided }: DecidedIntent): unknown {
  return JSON.parse(JSON.stringify(decided));
}

test('the report counts every intent once on each side, in number and money, with examples of each change', () => {
  const [agentId] = AGENTS;
  const intents = [10_000, 95_000, 120_000, 20_000].map((minor) => submission({ agentId, money: rupees(minor) }));
  const commands = intents.map((intent): Command => ({ kind: 'decide', ...ORIGIN, ...STAMP, intent }));
  const happened = createWorld()(commands, []);
  const [strict] = [policy({ name: 'Strict', action: 'deny', rules: STATEFUL[6] as Policy['rules'] })];
  const proposed = policySet([strict]);
  const options = {
    organizationId: ORGANIZATION_ID,
    proposed,
    needsPersonalText: false,
    assumption: 'approved',
  } as const;
  const simulation = new Simulation(options);
  const report = new ReportBuilder();
  for (const record of recordsOf(happened)) {
    const simulated = simulation.decide(record);
    if (simulated) report.add(simulated);
  }
  expect(report.report()).toMatchObject({
    intents: 4,
    changed: 2,
    outcomes: [
      { before: 'approved', after: 'approved', tally: { count: 2, amountMinor: 30_000n } },
      { before: 'approved', after: 'denied', tally: { count: 2, amountMinor: 215_000n } },
    ],
    examples: [{ after: { intentId: intents[1]?.intentId } }, { after: { intentId: intents[2]?.intentId } }],
  });
  const policiesSeen = report
    .report()
    .policies.map(({ policy: { name }, before, after }) => [name, before.count, after.count]);
  expect(policiesSeen).toEqual([
    ['Default Allow', 4, 2],
    ['Strict', 0, 2],
  ]);
});

test('what needs erased text keeps its recorded answer and is counted so', () => {
  const [agentId] = AGENTS;
  const intent = submission({ agentId });
  const [record] = recordsOf(createWorld()([{ kind: 'decide', ...ORIGIN, ...STAMP, intent }], []));
  if (record?.input.kind !== 'submission') throw new Error('no record');
  const erased: DecisionRecord = { ...record, input: { ...record.input, erased: true } };
  const proposed = policySet([policy({ name: 'No', action: 'deny' })]);
  const simulate = (needsPersonalText: boolean) =>
    new Simulation({ organizationId: ORGANIZATION_ID, proposed, needsPersonalText, assumption: 'approved' }).decide(
      erased,
    );
  expect(simulate(true)).toMatchObject({ kept: 'erased', after: { outcome: 'approved' } });
  expect(simulate(false)).toMatchObject({ kept: null, after: { outcome: 'denied' } });
});
