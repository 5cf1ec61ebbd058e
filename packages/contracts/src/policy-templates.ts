import type { z } from 'zod';
import type { createPolicyBody } from './http/policies.ts';
import type { Condition, PolicyAction, RuleGroup } from './policy-rules.ts';

export type TemplatePolicy = Omit<z.input<typeof createPolicyBody>, 'rules'> & { readonly rules: RuleGroup };

/** Policies to begin with. Nothing applies them but people. */
export interface PolicyTemplate {
  readonly name: string;
  readonly description: string;
  /** Bodies of `POST /v1/policies`, the highest priority first. */
  readonly policies: readonly TemplatePolicy[];
}

/** What the amounts of a template are multiples of, in the base currency. */
export const DEFAULT_EVERYDAY = 100;
export const MAX_EVERYDAY = 1_000_000_000;

/**
 * The templates there are.
 *
 * @param everyday an amount in units of the base currency that agents may spend without anybody looking
 */
export function policyTemplates(everyday: number): PolicyTemplate[] {
  return [financeTeam(everyday)];
}

const when = (field: string, operator: Condition['operator'], value: Condition['value']): Condition => {
  return { field, operator, value };
};
const all = (...conditions: RuleGroup['conditions']): RuleGroup => ({ match: 'all', conditions });
const any = (...conditions: RuleGroup['conditions']): RuleGroup => ({ match: 'any', conditions });

function policy(
  name: string,
  priority: number,
  action: PolicyAction,
  rules: RuleGroup,
  description: string,
): TemplatePolicy {
  return { name, description, priority, action, rules };
}

const FORBIDDEN = ['gambling', 'betting', 'lottery', '7995', 'gift cards', 'cryptocurrency', '6051', 'cash', '6011'];

function financeTeam(everyday: number): PolicyTemplate {
  const ask = 'require_approval';
  const large = everyday * 10;
  return {
    name: 'finance-team',
    description:
      'Everyday purchases pass; a person looks at what is large, new, unusual or not explained; nobody gambles.',
    policies: [
      policy(
        'Forbidden categories',
        1_000,
        'deny',
        any(
          when('merchant_category', 'in', FORBIDDEN),
          when('merchant', 'matches', '\\b(casino|lottery|betting|bitcoin|gift ?cards?)\\b'),
        ),
        'Gambling, gift cards and what is as good as cash, by category or by the name of the merchant.',
      ),
      {
        ...policy(
          'Two people for very large purchases',
          900,
          ask,
          all(when('amount_base', 'gte', large * 10)),
          'Two people of finance, who have two days.',
        ),
        approval: { assignees: [{ role: 'finance' }], quorum: 2, expiresInMinutes: 2_880 },
      },
      policy(
        'Large purchases',
        800,
        ask,
        all(when('amount_base', 'gte', large)),
        'One person of finance. What is split below this amount meets the next policy.',
      ),
      policy(
        'Much in one day',
        700,
        ask,
        all(when('daily_spend_after', 'gt', large * 2)),
        'From here on a person looks at every purchase of the agent until midnight, however small.',
      ),
      policy(
        'High risk',
        600,
        ask,
        any(when('risk_score', 'gte', 0.5), when('confidence', 'lt', 0.6)),
        'A score of risk that several factors add up to, or an agent that is not sure itself.',
      ),
      policy(
        'Many purchases in an hour',
        500,
        ask,
        all(when('intents_last_hour', 'gt', 20)),
        'An agent that runs in circles.',
      ),
      policy(
        'New merchants',
        400,
        ask,
        all(when('merchant_seen_before', 'eq', false), when('amount_base', 'gt', everyday)),
        'The first payment of an agent to a merchant, unless it is a small one.',
      ),
      policy(
        'Outside office hours',
        300,
        ask,
        all(
          any(
            when('day_of_week', 'in', ['saturday', 'sunday']),
            when('hour_of_day', 'lt', 6),
            when('hour_of_day', 'gte', 22),
          ),
          when('amount_base', 'gt', everyday),
        ),
        'At night and on weekends, unless it is a small purchase.',
      ),
      policy(
        'Everyday purchases',
        200,
        'allow',
        all(when('merchant', 'exists', true), when('amount_base', 'lt', large)),
        'What is left, at a merchant that is named.',
      ),
      policy(
        'Everything else',
        100,
        ask,
        all(),
        'A purchase that names no merchant, or whose currency has no exchange rate.',
      ),
    ],
  };
}
