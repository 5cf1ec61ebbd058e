import { fieldsOf, textOf, textsOf } from './fields.ts';

/** A row of the customer's control matrix: which of their controls an entry is evidence for. */
export interface Control {
  readonly control_id: string;
  readonly owner: string;
  readonly type: 'auto' | 'manual';
  readonly domain: 'change' | 'access' | 'operations';
  /** Event types such as `intent.decided`, or `policy.*` for all that begin so. */
  readonly event_types: readonly string[];
}

/** The part of the organisation's settings that rows are filled from, as the manifest records it. */
export interface RowSettings {
  readonly control_matrix: readonly Control[];
  readonly incidents: readonly { readonly ref: string; readonly subject_id: string }[];
}

export const NO_ROW_SETTINGS: RowSettings = { control_matrix: [], incidents: [] };

/** Reads the settings back from a manifest; null when they are not of this shape. */
export function parseRowSettings(value: unknown): RowSettings | null {
  const { control_matrix: matrix, incidents } = fieldsOf(value);
  if (!Array.isArray(matrix) || !Array.isArray(incidents)) return null;
  const settings = { control_matrix: matrix.map(parseControl), incidents: incidents.map(parseIncident) };
  return settings.control_matrix.includes(null) || settings.incidents.includes(null) ? null : (settings as RowSettings);
}

function parseControl(value: unknown): Control | null {
  const control = fieldsOf(value);
  const texts = ['control_id', 'owner', 'type', 'domain'].every((name) => textOf(control[name]) !== null);
  const types = control['event_types'];
  const isControl = texts && Array.isArray(types) && textsOf(types).length === types.length;
  return isControl ? (value as Control) : null;
}

function parseIncident(value: unknown): RowSettings['incidents'][number] | null {
  const { ref, subject_id: subjectId } = fieldsOf(value);
  return typeof ref === 'string' && typeof subjectId === 'string' ? { ref, subject_id: subjectId } : null;
}

/** The first control that names the type. */
export function controlFor({ control_matrix: matrix }: RowSettings, type: string): Control | null {
  return matrix.find((control) => control.event_types.some((pattern) => matches(pattern, type))) ?? null;
}

function matches(pattern: string, type: string): boolean {
  return pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern;
}
