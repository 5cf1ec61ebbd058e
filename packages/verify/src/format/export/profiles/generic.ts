import type { Profile } from '../profile.ts';

/** The base columns alone. */
export const generic: Profile = {
  standard: 'generic',
  version: 'generic/1',
  columns: {},
  rows: () => [{}],
  gaps: {},
};
