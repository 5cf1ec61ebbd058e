import type { ProvenLeaf } from '../leaf-chain.ts';
import type { BaseRecord, Cell, Columns } from './columns.ts';
import type { RowSettings } from './row-settings.ts';

export const STANDARDS = ['generic', 'rbi', 'eu_ai_act', 'sox'] as const;
export type Standard = (typeof STANDARDS)[number];

/** The cells that a standard adds to the base columns. */
export type AddedCells<C extends Columns = Columns> = Readonly<Record<keyof C & string, Cell>>;

/** How a standard's file is made from entries: a pure function of them and of the settings that the manifest records. */
export interface Profile {
  readonly standard: Standard;
  /** Raised whenever a column is added or is filled otherwise. */
  readonly version: string;
  /** Behind the base columns. */
  readonly columns: Columns;
  /** One row an entry, or more where the standard wants one a changed field. */
  rows(entry: ProvenLeaf, base: BaseRecord, settings: RowSettings): readonly AddedCells[];
  /** Columns that the platform does not capture, with the reason. */
  readonly gaps: Readonly<Record<string, string>>;
}
