import { PROBLEMS } from '@aegis/contracts/problems';
import { describe, expect, test } from 'vitest';
import { gatewayOpenApiDocument } from '../src/openapi.ts';

const METHODS = new Set(['get', 'post', 'put', 'patch', 'delete']);
const document = gatewayOpenApiDocument();
const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
  Object.entries(item ?? {})
    .filter(([method]) => METHODS.has(method))
    .map(([method, operation]) => ({ name: `${method} ${path}`, path, operation })),
);

describe('the OpenAPI document', () => {
  test('names every operation once', () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(20);
  });

  test.each(operations)(
    'says of $name what it answers, who may call it and what may go wrong',
    ({ path, operation }) => {
      const statuses = Object.keys(operation.responses);
      expect(statuses.some((status) => status.startsWith('2'))).toBe(true);
      expect(statuses).toContain('429');
      expect(operation.security).toBeDefined();
      if (operation.security.length > 0) expect(statuses).toContain('401');
      if (path.includes('{')) expect(statuses).toContain('404');
      expect(operation.summary).toMatch(/^\w/);
    },
  );

  test('describes each path parameter', () => {
    for (const { path, operation } of operations) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      const described = (operation.parameters ?? []).filter((parameter: { in: string }) => parameter.in === 'path');
      expect(described.map((parameter: { name: string }) => parameter.name)).toEqual(named);
    }
  });

  test('lists every code of a problem', () => {
    const problem = document.components?.schemas?.['Problem'] as { properties: { code: { enum: string[] } } };
    expect(problem.properties.code.enum).toEqual(Object.keys(PROBLEMS));
  });

  test('refers to nothing that it does not hold', () => {
    const references = JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g);
    const schemas = Object.keys(document.components?.schemas ?? {});
    for (const [, name] of references) expect(schemas).toContain(name);
  });
});
