import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { GenerateStep } from './generate-step.ts';

/** As much of JSON Schema as the chart's values are described with. */
interface Schema {
  readonly description?: string;
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly definitions?: Readonly<Record<string, Schema>>;
}

interface Row {
  readonly path: string;
  readonly value: unknown;
  readonly description: string;
}

const CHART = 'helm/aegis-comply';
/** CPU and memory stand together. */
const ONE_ROW = '#/definitions/quantities';
const SERVICES = ['gateway', 'policy', 'approval', 'audit', 'analytics'];

/** The chart's README: its head is written by hand, its table made of the values and what the schema says of each. */
export const chartReadmeStep: GenerateStep = {
  name: 'chart README',
  async outputs(root) {
    const read = (name: string) => readFile(join(root, CHART, name), 'utf8');
    const [head, values, schema] = await Promise.all([
      read('README.head.md'),
      read('values.yaml'),
      read('values.schema.json'),
    ]);
    const described = JSON.parse(schema) as Schema;
    const rows = rowsOf('', parse(values), described, described);
    return new Map([[`${CHART}/README.md`, `${head}\n${table(rows)}`]]);
  },
};

/**
 * One row a value, in the order of values.yaml.
 *
 * @throws where values and schema disagree about what there is
 */
function rowsOf(path: string, value: unknown, schema: Schema, root: Schema): Row[] {
  const { properties, description } = resolved(schema, root);
  if (!properties || schema.$ref === ONE_ROW || typeof value !== 'object' || value === null) {
    if (!schema.description && !description) throw new Error(`values.schema.json does not describe ${path}`);
    return [{ path, value, description: schema.description ?? description ?? '' }];
  }
  const missing = Object.keys(properties).filter((name) => !(name in value) && name !== 'global');
  if (missing.length > 0) throw new Error(`values.yaml has no default for ${path}${missing.join(', ')}`);
  return Object.entries(value).flatMap(([name, own]) => {
    const property = properties[name];
    if (!property) throw new Error(`values.schema.json does not know ${path}${name}`);
    return rowsOf(path === '' ? name : `${path}.${name}`, own, property, root);
  });
}

function resolved(schema: Schema, root: Schema): Schema {
  const name = schema.$ref?.replace('#/definitions/', '');
  if (!name) return schema;
  const target = root.definitions?.[name];
  if (!target) throw new Error(`values.schema.json refers to ${name}, which it does not define`);
  return resolved(target, root);
}

/** The five services take the same values: they are listed once, with each default that differs. */
function table(rows: readonly Row[]): string {
  const lines = [];
  for (const row of rows) {
    const [top = '', ...rest] = row.path.split('.');
    if (!SERVICES.includes(top)) {
      lines.push(line(row.path, [JSON.stringify(row.value)], row.description));
    } else if (top === SERVICES[0]) {
      const others = SERVICES.map((service) => rows.find(({ path }) => path === [service, ...rest].join('.')));
      const defaults = new Set(others.map((other) => JSON.stringify(other?.value)));
      lines.push(line(['SERVICE', ...rest].join('.'), [...defaults], row.description));
    }
  }
  return `| value | default | |\n|---|---|---|\n${lines.join('')}`;
}

function line(path: string, defaults: readonly string[], description: string): string {
  return `| \`${path}\` | ${defaults.map((value) => `\`${value}\``).join(', ')} | ${description.replaceAll('|', '\\|')} |\n`;
}
