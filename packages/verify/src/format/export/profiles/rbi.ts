import type { ProvenLeaf } from '../../leaf-chain.ts';
import type { BaseRecord, Columns } from '../columns.ts';
import { fieldsOf, flag, textOf } from '../fields.ts';
import { peopleOf } from '../people.ts';
import type { AddedCells, Profile } from '../profile.ts';

const COLUMNS = {
  row_part: 'number',
  ts_utc: 'text',
  ts_ist: 'text',
  user_id: 'text',
  user_role: 'text',
  session_id: 'text',
  source_ip: 'text',
  terminal_id: 'text',
  action: 'text',
  object: 'text',
  field: 'text',
  old_value: 'text',
  new_value: 'text',
  maker_id: 'text',
  checker_id: 'text',
  maker_ne_checker: 'text',
  checker_at: 'text',
  checker_note: 'text',
  txn_ref: 'text',
} as const satisfies Columns;

type Cells = AddedCells<typeof COLUMNS>;

/** For the Reserve Bank of India: who did what to which field, in Indian time, a row for each field changed. */
export const rbi: Profile = {
  standard: 'rbi',
  version: 'rbi/2',
  columns: COLUMNS,
  rows(entry, base): readonly Cells[] {
    const cells = commonCells(entry, base);
    const changes = changesOf(entry);
    return changes.length === 0 ? [cells] : changes.map((change, part) => ({ ...cells, ...change, row_part: part }));
  },
  gaps: {
    session_id: 'access tokens are not bound to a session that is recorded',
    terminal_id: 'the terminal of a user is not recorded',
  },
};

function commonCells({ leaf, disclosed }: ProvenLeaf, base: BaseRecord): Cells {
  const { maker, checkers, checkedAt, separate } = peopleOf(leaf);
  return {
    row_part: 0,
    ts_utc: leaf.occurred_at,
    ts_ist: indianTime(leaf.occurred_at),
    user_id: leaf.actor.id,
    user_role: leaf.actor.role ?? null,
    session_id: null,
    source_ip: textOf(disclosed.get('/data/sourceIp')),
    terminal_id: null,
    action: leaf.type,
    object: `${leaf.subject.type}:${leaf.subject.id}`,
    field: null,
    old_value: null,
    new_value: null,
    maker_id: maker,
    checker_id: checkers.length === 0 ? null : checkers.join(' '),
    maker_ne_checker: flag(separate),
    checker_at: checkedAt,
    checker_note: checkers.length === 0 ? null : base.note,
    txn_ref: textOf(leaf.data['reference']) ?? base.intent_id,
  };
}

/** What the entry says that it changed, in clear or disclosed: `{field, before, after}`, the values as JSON. */
function changesOf({ leaf, disclosed }: ProvenLeaf): Pick<Cells, 'field' | 'old_value' | 'new_value'>[] {
  const changes = leaf.data['changes'] ?? disclosed.get('/data/changes');
  if (!Array.isArray(changes)) return [];
  return changes.map((value) => {
    const { field, before, after } = fieldsOf(value);
    return { field: textOf(field), old_value: textOf(before), new_value: textOf(after) };
  });
}

const IST_OFFSET_MS = 330 * 60_000;

function indianTime(utc: string): string {
  return new Date(Date.parse(utc) + IST_OFFSET_MS).toISOString().replace('Z', '+05:30');
}
