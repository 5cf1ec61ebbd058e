/** HTML that is safe to put into a page as it stands. */
export interface Html {
  readonly html: string;
}

type Renderable = Html | string | number | false | null | undefined | readonly Renderable[];

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A template whose values are escaped, unless they are HTML already; lists are joined, and nothing shows as nothing. */
export function html(strings: TemplateStringsArray, ...values: readonly Renderable[]): Html {
  return { html: String.raw({ raw: strings }, ...values.map(render)) };
}

/** Plain text in which backticks mark code and blank lines part paragraphs. */
export function prose(text: string | undefined): Html {
  const paragraphs = (text ?? '').split(/\n{2,}/).filter(Boolean);
  return html`${paragraphs.map((paragraph) => html`<p>${inline(paragraph)}</p>`)}`;
}

export function inline(text: string): Html {
  const parts = text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part));
  return html`${parts}`;
}

function render(value: Renderable): string {
  if (value === undefined || value === null || value === false) return '';
  if (isList(value)) return value.map(render).join('');
  if (typeof value === 'object') return value.html;
  return String(value).replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}

/** `Array.isArray` does not tell a readonly array from the rest of a union. */
function isList(value: Renderable): value is readonly Renderable[] {
  return Array.isArray(value);
}
