import type { OpenApiDocument } from '../openapi/document.ts';
import { type Html, html, inline, prose } from './html.ts';

/** A JSON schema as it stands in the document; only what is shown is named. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly example?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
}

/** Objects inside objects are shown to this depth; components may refer to themselves. */
const MAX_DEPTH = 4;

/** The members of an object, one row each; objects inside them unfold. */
export function memberTable(document: OpenApiDocument, schema: Schema, depth = 0): Html {
  const object = objectIn(document, schema);
  if (!object?.properties || depth >= MAX_DEPTH) return html``;
  const rows = Object.entries(object.properties).map(([name, member]) => {
    const required = object.required?.includes(name);
    return html`<tr>
      <td>
        <code>${name}</code>${required ? '' : html` <span class="note">optional</span>`}<br /><span class="type"
          >${typeName(document, member)}</span
        >
      </td>
      <td>${prose(descriptionOf(document, member))}${limits(member)}${nested(document, member, depth)}</td>
    </tr>`;
  });
  return html`<table>
    ${rows}
  </table>`;
}

function nested(document: OpenApiDocument, member: Schema, depth: number): Html {
  const table = memberTable(document, member, depth + 1);
  return table.html === ''
    ? table
    : html`<details>
        <summary class="note">Members</summary>
        ${table}
      </details>`;
}

/** A short name such as `string`, `Intent[]` or `number or null`. */
export function typeName(document: OpenApiDocument, schema: Schema): string {
  if (schema.$ref) {
    const target = resolve(document, schema);
    return target.enum ? typeName(document, target) : nameOf(schema.$ref);
  }
  const variants = schema.anyOf ?? schema.oneOf;
  if (variants) return variants.map((variant) => typeName(document, variant)).join(' or ');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (schema.items) return `${typeName(document, schema.items)}[]`;
  if (Array.isArray(schema.type)) return schema.type.join(' or ');
  return [schema.type ?? 'any', schema.format && `(${schema.format})`].filter(Boolean).join(' ');
}

export function resolve(document: OpenApiDocument, schema: Schema): Schema {
  if (!schema.$ref) return schema;
  const schemas: Readonly<Record<string, unknown>> = document.components?.schemas ?? {};
  return (schemas[nameOf(schema.$ref)] as Schema | undefined) ?? {};
}

/** The object a schema is about: itself, the items of a list, or the one alternative to null. */
function objectIn(document: OpenApiDocument, schema: Schema): Schema | undefined {
  const target = resolve(document, schema);
  if (target.properties) return target;
  if (target.items) return objectIn(document, target.items);
  const objects = (target.anyOf ?? target.oneOf ?? []).map((variant) => objectIn(document, variant)).filter(Boolean);
  return objects.length === 1 ? objects[0] : undefined;
}

function descriptionOf(document: OpenApiDocument, schema: Schema): string | undefined {
  return schema.description ?? resolve(document, schema).description;
}

export function limits(schema: Schema): Html {
  const notes = [
    schema.default !== undefined && `default \`${JSON.stringify(schema.default)}\``,
    schema.minimum !== undefined && `at least \`${schema.minimum}\``,
    schema.maximum !== undefined && `at most \`${schema.maximum}\``,
    schema.maxLength !== undefined && `at most \`${schema.maxLength}\` characters`,
    schema.example !== undefined && `such as \`${JSON.stringify(schema.example)}\``,
  ].filter((note) => note !== false);
  return notes.length === 0 ? html`` : html`<p class="note">${inline(notes.join(', '))}</p>`;
}

function nameOf(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}
