import type { OpenApiDocument } from '../openapi/document.ts';
import { type Html, html, prose } from './html.ts';
import { operationSection, type Operation } from './operation.ts';
import { STYLE } from './style.ts';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** The document as one static page: no script, nothing loaded from elsewhere. */
export function referencePage(document: OpenApiDocument): string {
  const operations = operationsOf(document);
  const groups = [...Map.groupBy(operations, (operation) => operation.tag)];
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${document.info.title} – API reference</title>
        <style>
          ${{ html: STYLE }}
        </style>
      </head>
      <body>
        <nav>
          <a class="brand" href="#top">${document.info.title}</a>
          <a href="/openapi.json">OpenAPI document</a>
          ${groups.map(
            ([tag, members]) =>
              html`<h2>${tag}</h2>
                <ul>
                  ${members.map(link)}
                </ul>`,
          )}
        </nav>
        <main id="top">
          <h1>${document.info.title} API</h1>
          ${prose(document.info.description)}
          <h4>Credentials</h4>
          <pre><code>Authorization: Bearer aegis_sk_…</code></pre>
          ${groups.map(
            ([tag, members]) =>
              html`<h2>${tag}</h2>
                ${members.map((operation) => operationSection(document, operation))}`,
          )}
        </main>
      </body>
    </html> `;
  return page.html;
}

function link({ operationId, summary }: Operation): Html {
  return html`<li><a href="#${operationId}">${summary}</a></li>`;
}

function operationsOf(document: OpenApiDocument): Operation[] {
  return Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item?.[method];
      if (!operation) return [];
      const { operationId = '', summary = '', tags = [] } = operation;
      return [{ path, method, operationId, summary, tag: tags[0] ?? '', operation }];
    }),
  );
}
