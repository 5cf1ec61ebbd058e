import type { OpenApiDocument } from '../openapi/document.ts';
import { type Html, html, inline, prose } from './html.ts';
import { limits, memberTable, type Schema, typeName } from './schema.ts';

type PathItem = NonNullable<NonNullable<OpenApiDocument['paths']>[string]>;
type OperationObject = NonNullable<PathItem['get']>;

export interface Operation {
  readonly path: string;
  readonly method: string;
  readonly operationId: string;
  readonly summary: string;
  readonly tag: string;
  readonly operation: OperationObject;
}

interface Parameter {
  readonly in: string;
  readonly name: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema?: Schema;
}

interface Response {
  readonly description: string;
  readonly content?: Readonly<Record<string, { readonly schema?: Schema }>>;
}

/** One operation: how it is called, what it takes, what it answers. */
export function operationSection(
  document: OpenApiDocument,
  { path, method, operationId, summary, operation }: Operation,
) {
  return html`<article id="${operationId}">
    <h3>${summary}</h3>
    <div class="signature"><span class="method ${method}">${method}</span><code>${path}</code>${access(operation)}</div>
    ${prose(operation.description)} ${parameters(document, operation)} ${requestBody(document, operation)}
    <h4>Answers</h4>
    ${Object.entries(operation.responses ?? {}).map(([status, response]) => answer(document, status, response as Response))}
  </article>`;
}

function access({ security }: OperationObject): Html {
  const [scheme] = security ?? [];
  const [permission] = scheme?.['bearer'] ?? [];
  if (!scheme) return html`<span class="access">no credentials needed</span>`;
  return permission
    ? html`<span class="access">needs <code>${permission}</code></span>`
    : html`<span class="access">any credentials</span>`;
}

function parameters(document: OpenApiDocument, operation: OperationObject): Html {
  const list = (operation.parameters ?? []) as readonly Parameter[];
  if (list.length === 0) return html``;
  const rows = list.map(
    ({ name, in: place, required, description, schema = {} }) =>
      html`<tr>
        <td>
          <code>${name}</code>${required ? '' : html` <span class="note">optional</span>`}<br /><span class="type"
            >${place}, ${typeName(document, schema)}</span
          >
        </td>
        <td>${prose(description ?? schema.description)}${limits(schema)}</td>
      </tr>`,
  );
  return html`<h4>Parameters</h4>
    <table>
      ${rows}
    </table>`;
}

function requestBody(document: OpenApiDocument, { requestBody: body }: OperationObject): Html {
  if (!body || !('content' in body)) return html``;
  const { schema } = (body.content?.['application/json'] ?? {}) as { schema?: Schema };
  return schema
    ? html`<h4>Body</h4>
        ${memberTable(document, schema)}`
    : html``;
}

function answer(document: OpenApiDocument, status: string, { description, content = {} }: Response): Html {
  const line = html`<span class="status">${status}</span> ${inline(description)}`;
  const [type, media] = Object.entries(content)[0] ?? [];
  if (!media?.schema || type === 'application/problem+json') return html`<p class="answer">${line}</p>`;
  return html`<details>
    <summary>${line} <span class="type">${typeName(document, media.schema)}</span></summary>
    ${memberTable(document, media.schema)}
  </details>`;
}
