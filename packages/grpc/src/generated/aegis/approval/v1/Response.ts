// Original file: aegis/approval/v1/approval.proto


export interface ResponseInput {
  'responderId'?: (string);
  /**
   * approve or reject
   */
  'decision'?: (string);
  'note'?: (string);
  'respondedAt'?: (string);
  '_note'?: "note";
}

export interface Response {
  'responderId': (string);
  /**
   * approve or reject
   */
  'decision': (string);
  'note'?: (string);
  'respondedAt': (string);
}
