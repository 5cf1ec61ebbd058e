// Original file: aegis/audit/v1/transparency.proto


export interface LogKeyInput {
  'generation'?: (number);
  /**
   * Verifier key of a C2SP signed note.
   */
  'vkey'?: (string);
  'introducedAt'?: (string);
}

export interface LogKey {
  'generation': (number);
  /**
   * Verifier key of a C2SP signed note.
   */
  'vkey': (string);
  'introducedAt': (string);
}
