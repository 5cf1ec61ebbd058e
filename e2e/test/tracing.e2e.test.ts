import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Collector, type Span, startCollector } from '@aegis/testkit/collector';
import { eventually } from '@aegis/testkit/eventually';
import type { System } from '@aegis/testkit/system';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { clientWith } from '../src/client.ts';
import { type OwnSystems, ownSystems } from '../src/own-system.ts';

const PRELOAD = pathToFileURL(join(import.meta.dirname, '../../packages/runtime/src/telemetry.ts')).href;

let systems: OwnSystems;
let system: System;
let collector: Collector;

beforeAll(async () => {
  [systems, collector] = await Promise.all([ownSystems(), startCollector()]);
  const exporter = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' };
  system = await systems.start({
    env: { ...exporter, OTEL_BSP_SCHEDULE_DELAY: '100', NODE_OPTIONS: `--import=${PRELOAD}` },
  });
});
afterAll(async () => {
  await system?.stop();
  await systems?.close();
  await collector?.stop();
});

/** Names from a span up to the one without a parent among those given. */
function ancestry(span: Span, spans: readonly Span[]): string[] {
  const parent = spans.find(({ spanId }) => spanId === span.parentSpanId);
  return [span.name, ...(parent ? ancestry(parent, spans) : [])];
}

it('an intent is one trace, from the request over the outbox and the bus to every service that handles it', async () => {
  const { agentId, agentKey, baseUrl, adminEmail, adminPassword } = system.facts;
  const login = await clientWith(null, baseUrl).post('/v1/auth/token', { email: adminEmail, password: adminPassword });
  const admin = clientWith(login.body.accessToken, baseUrl);
  const rules = { match: 'all', conditions: [{ field: 'merchant', operator: 'eq', value: 'traced.example' }] };
  const policy = { name: 'Ask', priority: 5, action: 'require_approval', rules };
  expect((await admin.post('/v1/policies', policy)).status).toBe(201);

  const traceId = randomBytes(16).toString('hex');
  const traceparent = `00-${traceId}-${randomBytes(8).toString('hex')}-01`;
  const intent = { agentId, amount: 5, currency: 'GBP', reason: 'Traced', merchant: 'traced.example' };
  const answer = await clientWith(agentKey, baseUrl).post('/v1/intents', intent, { traceparent, prefer: 'wait=10' });
  expect(answer.body.status).toBe('pending_approval');

  await eventually(() => {
    const spans = collector.spans().filter((span) => span.traceId === traceId);
    const handled = spans.filter(({ library }) => library === 'aegis').map((span) => ancestry(span, spans));
    const request = 'request handler';
    expect(handled.every((names) => names.at(-1)?.startsWith('POST'))).toBe(true);
    // The decision is caused by the submission, and what approval asks by the decision: each hangs below its cause.
    for (const steps of [
      ['policy decide', request],
      ['gateway consume', 'policy decide', request],
      ['approval applies decision', 'policy decide', request],
      ['audit records event', request],
      ['audit records event', 'policy decide', request],
      ['audit records event', 'approval applies decision', 'policy decide', request],
      ['analytics records facts', request],
      ['analytics records facts', 'policy decide', request],
    ]) {
      expect(handled.map((names) => names.slice(0, steps.length))).toContainEqual(steps);
    }
  });
});
