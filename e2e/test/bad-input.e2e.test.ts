import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { type NewAgent, newAgent, personClient } from '../src/client.ts';

let agent: NewAgent;
beforeAll(async () => {
  agent = await newAgent();
});

/** The JSON text of an intent with some members written as given. */
function body(members: Record<string, string> = {}): string {
  const valid = { agentId: JSON.stringify(agent.id), amount: '10', currency: '"GBP"', reason: '"test"' };
  return `{${Object.entries({ ...valid, ...members })
    .map(([name, value]) => `${JSON.stringify(name)}:${value}`)
    .join(',')}}`;
}

const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

describe('bad input is refused with a clear 4xx, stores nothing and leaves the process alive', () => {
  it.each<[string, () => string, number, string]>([
    ['an unknown field', () => body({ approvedBy: '"me"' }), 400, 'approvedBy'],
    ['status in the body', () => body({ status: '"approved"' }), 400, 'status'],
    ['an amount that is text', () => body({ amount: '"10"' }), 400, 'amount'],
    ['a reason that is a number', () => body({ reason: '5' }), 400, 'reason'],
    ['no reason', () => body({ reason: 'null' }), 400, 'reason'],
    ['an agent id that is no UUID', () => body({ agentId: '"agent-7"' }), 400, 'agentId'],
    ['a confidence above 1', () => body({ confidence: '1.5' }), 400, 'confidence'],
    ['an amount of 1e309', () => body({ amount: '1e309' }), 400, 'amount'],
    ['an amount of NaN', () => body({ amount: 'NaN' }), 400, 'malformed_json'],
    ['an amount of -1', () => body({ amount: '-1' }), 422, 'amount_not_positive'],
    ['an amount of 0', () => body({ amount: '0' }), 422, 'amount_not_positive'],
    ['more than 15 significant digits', () => body({ amount: '1.0000000000000001' }), 422, 'amount_too_precise'],
    ['half a yen', () => body({ amount: '100.5', currency: '"JPY"' }), 422, 'amount_decimals'],
    ['a currency that does not exist', () => body({ currency: '"ZZZ"' }), 422, 'unknown_currency'],
    ['metadata that is a list', () => body({ metadata: '[1]' }), 400, 'metadata'],
    ['metadata over 16 KiB', () => body({ metadata: `{"a":"${'x'.repeat(17_000)}"}` }), 400, 'metadata'],
    ['metadata of 1 MB', () => body({ metadata: `{"a":"${'x'.repeat(1_000_000)}"}` }), 413, 'payload_too_large'],
    ['a __proto__ key', () => body({ metadata: '{"__proto__":{"admin":true}}' }), 400, '__proto__'],
    ['a constructor key', () => body({ metadata: '{"constructor":{"prototype":{}}}' }), 400, 'constructor'],
    ['a body a thousand deep', () => body({ metadata: nested(1_000) }), 400, 'deep'],
    ['a body that is a list', () => '[]', 400, 'invalid_request'],
    ['a body that is cut off', () => '{"agentId":', 400, 'malformed_json'],
    ['an agent of nobody', () => body({ agentId: JSON.stringify(randomUUID()) }), 422, 'unknown_agent'],
  ])('%s', async (_, text, status, hint) => {
    // A back end's key may name any agent, so that an unknown one is judged as such.
    const developer = await personClient('developer');
    const answer = await developer.raw('POST', '/v1/intents', text());
    expect(answer.text).toContain(hint);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body).toMatchObject({ status, requestId: answer.headers.get('x-request-id') });
    expect(answer.text).not.toContain('node_modules');

    const list = await developer.get(`/v1/intents?agentId=${agent.id}`);
    expect(list.body.data).toEqual([]);
  });

  it('a body that is not JSON by its type: 415', async () => {
    const answer = await agent.client.raw('POST', '/v1/intents', 'amount=10', { 'content-type': 'text/plain' });
    expect(answer.status).toBe(415);
  });

  it('a small gzip that unpacks to a large body: 413', async () => {
    const bomb = new Uint8Array(gzipSync(Buffer.alloc(20_000_000, 32)));
    const answer = await agent.client.raw('POST', '/v1/intents', bomb, { 'content-encoding': 'gzip' });
    expect(answer.status).toBe(413);
  });

  it('an unknown path: 404; a known path with another method: 405 that names the right ones', async () => {
    expect((await agent.client.get('/v1/nothing')).status).toBe(404);
    const wrong = await agent.client.delete('/v1/intents');
    expect(wrong.status).toBe(405);
    expect(wrong.headers.get('allow')).toContain('POST');
  });
});
