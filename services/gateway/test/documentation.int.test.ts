import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gatewayOpenApiDocument } from '../src/openapi.ts';
import { api } from './support/api.ts';
import { startTestGateway, type TestGateway } from './support/test-gateway.ts';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

interface Operation {
  readonly security: readonly object[];
  readonly responses: Readonly<Record<string, object>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

let gateway: TestGateway;
let served: Document;

beforeAll(async () => {
  gateway = await startTestGateway();
  served = (await api<Document>(gateway.url, 'GET /openapi.json')).body;
});
afterAll(() => gateway.stop());

describe('the interface as served', () => {
  test('is the documented one: every operation answers, and no path takes a method that is not documented', async () => {
    for (const [path, operations] of Object.entries(served.paths)) {
      const concrete = path.replaceAll(/\{\w+\}/g, 'x');
      const documented = METHODS.filter((method) => method in operations);
      for (const method of documented) {
        const { status } = await fetch(gateway.url + concrete, { method: method.toUpperCase() });
        const open = operations[method]?.security.length === 0;
        expect(open ? [200, 400, 415] : [401], `${method} ${path}`).toContain(status);
      }
      const allowed = await fetch(gateway.url + concrete, { method: 'OPTIONS' });
      const allow = (allowed.headers.get('allow') ?? '').toLowerCase().split(', ');
      expect(allow.filter((method) => METHODS.includes(method)).toSorted(), path).toEqual(documented.toSorted());
    }
  });

  test('makes no export and no verification for HEAD', async () => {
    const streams = Object.entries(served.paths).filter(([, { get }]) =>
      /application\/(zip|x-ndjson)/.test(JSON.stringify(get?.responses['200'])),
    );
    expect(streams.map(([path]) => path)).toEqual([
      '/v1/audit/verify',
      '/v1/audit/export',
      '/v1/audit/exports/{id}/records',
      '/v1/audit/exports/{id}/bundle',
      '/v1/decisions/verify',
    ]);
    for (const [path] of streams) {
      const { status, headers } = await fetch(gateway.url + path.replace('{id}', 'x'), { method: 'HEAD' });
      expect([status, headers.get('allow')], path).toEqual([405, 'GET, OPTIONS']);
    }
  });

  test('is the document that is generated without a running gateway', () => {
    expect(served).toEqual(JSON.parse(JSON.stringify(gatewayOpenApiDocument())));
  });

  test('holds nothing at other paths, and nothing of metrics', async () => {
    for (const path of ['/', '/v1', '/metrics', '/v1/intents/', '/v1/Intents']) {
      const { status } = await api(gateway.url, `GET ${path}`);
      expect(status, path).not.toBe(200);
    }
  });

  test('can be read as a page that needs no script and loads nothing', async () => {
    const response = await fetch(`${gateway.url}/docs`);
    const page = await response.text();
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page).not.toMatch(/<script|https?:\/\/|<link|@import/);
    for (const operation of ['submitIntent', 'respondToApproval', 'exportAudit', 'createApiKey']) {
      expect(page).toContain(`id="${operation}"`);
    }
    const ids = [...page.matchAll(/ href="#(\w+)"/g)].map((match) => match[1]);
    for (const id of ids) expect(page).toContain(`id="${id}"`);
  });
});
