import { ruleGroupSchema } from '@aegis/contracts/policy-rules';
import { ProblemError } from '@aegis/contracts/problems';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { validate } from '../src/validation.ts';

function refusal(schema: z.ZodType, value: unknown): ProblemError {
  try {
    validate(schema, value, 'body');
  } catch (error) {
    if (error instanceof ProblemError) return error;
  }
  throw new Error('accepted');
}

const schema = z.strictObject({
  name: z.string().min(1),
  limit: z.number().min(0).optional(),
  owner: z
    .strictObject({ email: z.email(), tags: z.array(z.strictObject({ key: z.string() })).default([]) })
    .optional(),
});

test('an unknown field is named together with the allowed ones', () => {
  expect(refusal(schema, { name: 'a', orgId: 'x', status: 'approved' }).errors).toEqual([
    { path: 'orgId', message: 'is not known here; allowed: name, limit, owner' },
    { path: 'status', message: 'is not known here; allowed: name, limit, owner' },
  ]);
});

test('an unknown field inside an optional object inside an array is told what is allowed there', () => {
  const error = refusal(schema, { name: 'a', owner: { email: 'a@b.cd', tags: [{ key: 'k' }, { key: 'k', x: 1 }] } });
  expect(error.errors).toEqual([{ path: 'owner.tags[1].x', message: 'is not known here; allowed: key' }]);
});

test('a missing field is required, a wrong type says which', () => {
  const error = refusal(schema, { limit: 'many' });
  expect(error.errors).toEqual([
    { path: 'name', message: 'is required' },
    { path: 'limit', message: 'must be of type number, not string' },
  ]);
  expect(error.message).toBe('name is required (and 1 more)');
  expect(error.code).toBe('invalid_request');
});

test('a value out of bounds, or not one of a list, is told what it must be', () => {
  const bounded = z.strictObject({
    name: z.string().min(1).max(3),
    share: z.number().min(0).max(1),
    count: z.number().gt(0),
    tags: z.array(z.string()).max(2),
    format: z.enum(['json', 'csv']),
    mode: z.literal('live'),
    note: z.string().max(2, 'must be short'),
    email: z.email(),
  });
  const wrong = { name: '', share: 1.5, count: 0, tags: ['a', 'b', 'c'], mode: 'dead', note: 'long', email: 'a@b' };
  expect(refusal(bounded, wrong).errors).toEqual([
    { path: 'name', message: 'must have at least 1 character' },
    { path: 'share', message: 'must be at most 1' },
    { path: 'count', message: 'must be more than 0' },
    { path: 'tags', message: 'must have at most 2 items' },
    { path: 'format', message: 'is required: one of json, csv' },
    { path: 'mode', message: 'must be live' },
    { path: 'note', message: 'must be short' },
    { path: 'email', message: 'must be an e-mail address' },
  ]);
});

test('of the branches of a union the one that was meant is reported', () => {
  const error = refusal(z.strictObject({ rules: ruleGroupSchema }), {
    rules: { match: 'all', conditions: [{ field: 'amount', operator: 'gt', value: 1, extra: true }] },
  });
  expect(error.errors).toEqual([
    { path: 'rules.conditions[0].extra', message: 'is not known here; allowed: field, operator, value' },
  ]);
});

test('a body that is no object at all is refused without a path', () => {
  expect(refusal(schema, 7).errors).toEqual([{ path: '', message: 'must be of type object, not number' }]);
});
