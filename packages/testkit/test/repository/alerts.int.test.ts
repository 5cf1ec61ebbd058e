import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { findTool } from '../../src/tools.ts';

const ROOT = join(import.meta.dirname, '../../../..');
const FILES = join(ROOT, 'helm/aegis-comply/files');
const run = promisify(execFile);

interface Rules {
  readonly groups: readonly { readonly rules: readonly Rule[] }[];
}
interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

const rules = (parse(await readFile(join(FILES, 'alerts.yaml'), 'utf8')) as Rules).groups.flatMap(
  (group) => group.rules,
);
const alerts = rules.filter((rule) => rule.alert !== undefined);

const promtool = await findTool('promtool');

describe.runIf(promtool)('the alert rules', () => {
  const ask = (...args: string[]) => run(promtool ?? '', args);

  it('are what Prometheus takes', async () => {
    await expect(ask('check', 'rules', join(FILES, 'alerts.yaml'))).resolves.toMatchObject({ stderr: '' });
  });

  it('fire when their condition holds, and not when something like it does', async () => {
    const { stdout } = await ask('test', 'rules', join(ROOT, 'helm/test/alerts.test.yaml'));
    expect(stdout).toContain('SUCCESS');
  });
});

describe('every alert', () => {
  it('is tried', async () => {
    const tests = await readFile(join(ROOT, 'helm/test/alerts.test.yaml'), 'utf8');
    const tried = new Set([...tests.matchAll(/alertname: (\w+)/g)].map((match) => match[1]));
    expect(alerts.map((rule) => rule.alert).filter((name) => !tried.has(name))).toEqual([]);
  });

  it('has a runbook, and every runbook an alert', async () => {
    const linked = new Set(alerts.map((rule) => rule.annotations?.['runbook'] ?? ''));
    const pages = (await readdir(join(ROOT, 'docs/runbooks'))).filter((name) => name !== 'README.md');
    expect([...linked].toSorted()).toEqual(pages.map((name) => `docs/runbooks/${name}`).toSorted());
    const index = await readFile(join(ROOT, 'docs/runbooks/README.md'), 'utf8');
    expect(alerts.filter((rule) => !index.includes(`\`${rule.alert}\``))).toEqual([]);
  });
});

it('rules and dashboards ask for metrics that docs/metrics.md names', async () => {
  const page = await readFile(join(ROOT, 'docs/metrics.md'), 'utf8');
  const documented = new Set([...page.matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1]));
  const dashboards = await Promise.all(
    (await readdir(join(FILES, 'dashboards'))).map((name) => readFile(join(FILES, 'dashboards', name), 'utf8')),
  );
  const text = [...rules.map((rule) => rule.expr), ...dashboards].join('\n');
  const asked = new Set([...text.matchAll(/\b(?:aegis|process|nodejs)_\w+/g)].map(([name]) => name));
  const known = (name: string) => documented.has(name) || documented.has(name.replace(/_(bucket|count|sum)$/, ''));
  expect([...asked].filter((name) => !known(name))).toEqual([]);
});
