import { CommandError } from '../command.ts';

/** Where each part of an intent comes from: names of columns. */
export interface ColumnMap {
  readonly agent: string;
  readonly amount: string;
  readonly currency?: string;
  readonly merchant?: string;
  readonly merchantCategory?: string;
  readonly reason?: string;
  /** Metadata key → column. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Column names that usual exports of card transactions use, tried in this order. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  agent: ['agent', 'card', 'card_number', 'cardholder', 'agent_id'],
  amount: ['amount', 'original gross', 'gross', 'value'],
  currency: ['currency', 'original cur'],
  merchant: ['merchant', 'merchant_name', 'vendor', 'supplier'],
  merchantCategory: ['category', 'merchant_category', 'mcc'],
  reason: ['reason', 'description', 'purpose'],
};
const METADATA = ['date', 'department'];

/**
 * Settles the columns: `--map field=column` first, well-known headers for the rest.
 *
 * @param maps texts such as `amount=Gross` or `metadata.team=Team`
 * @throws CommandError naming the headers when a column is not there, or when none fits `agent` or `amount`
 */
export function mapColumns(headers: readonly string[], maps: readonly string[]): ColumnMap {
  const found: Record<string, string> = {};
  const metadata: Record<string, string> = {};
  for (const name of METADATA) if (headers.includes(name)) metadata[name] = name;
  for (const [field, candidates] of Object.entries(KNOWN)) {
    const header = candidates.map((name) => headers.find((text) => text.toLowerCase() === name)).find(Boolean);
    if (header) found[field] = header;
  }
  for (const text of maps) {
    const [field = '', column = ''] = text.split('=', 2);
    if (!headers.includes(column))
      throw new CommandError(`--map ${text}: the file has no column ${column}. It has: ${headers.join(', ')}`);
    if (field.startsWith('metadata.')) metadata[field.slice('metadata.'.length)] = column;
    else if (field in KNOWN) found[field] = column;
    else
      throw new CommandError(
        `--map ${text}: ${field} is not a field. Fields: ${Object.keys(KNOWN).join(', ')}, metadata.NAME`,
      );
  }
  const { agent, amount, ...rest } = found;
  if (!agent) throw missing('agent', headers);
  if (!amount) throw missing('amount', headers);
  return { agent, amount, ...rest, metadata };
}

function missing(field: string, headers: readonly string[]): CommandError {
  return new CommandError(
    `No column fits ${field}: name one by --map ${field}=COLUMN. The file has: ${headers.join(', ')}`,
  );
}

/** Text an amount may have in a file: thousands separators are dropped, anything else the API judges. */
export function amountText(cell: string): string | null {
  const text = cell.trim().replaceAll(/(?<=\d),(?=\d{3})/g, '');
  return /^-?\d+(\.\d+)?$/.test(text) ? text.replace(/^(-?)0+(?=\d)/, '$1') : null;
}

/**
 * The JSON body of the intent that one row stands for. The amount goes in as text, so that no float touches it.
 *
 * @returns null when the amount is not a number
 */
export function intentBody(
  row: Readonly<Record<string, string>>,
  columns: ColumnMap,
  agentId: string,
  currency: string,
): string | null {
  const amount = amountText(row[columns.amount] ?? '');
  if (amount === null) return null;
  const cell = (column: string | undefined) => (column === undefined ? '' : (row[column] ?? '').trim());
  const merchant = cell(columns.merchant);
  const merchantCategory = cell(columns.merchantCategory);
  const metadata = Object.fromEntries(Object.entries(columns.metadata).map(([key, column]) => [key, cell(column)]));
  const rest = JSON.stringify({
    agentId,
    currency: cell(columns.currency) || currency,
    reason: cell(columns.reason) || `Card purchase${merchantCategory ? `: ${merchantCategory}` : ''}`,
    ...(merchant && { merchant }),
    ...(merchantCategory && { merchantCategory }),
    ...(Object.keys(metadata).length > 0 && { metadata }),
  });
  return `{"amount":${amount},${rest.slice(1)}`;
}
