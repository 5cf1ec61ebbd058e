// Original file: aegis/common/v1/common.proto


export interface PageInfoInput {
  /**
   * Absent beyond 10,000, where counting would cost more than it tells.
   */
  'total'?: (number);
  'hasMore'?: (boolean);
  'nextCursor'?: (string);
  '_total'?: "total";
  '_nextCursor'?: "nextCursor";
}

export interface PageInfo {
  /**
   * Absent beyond 10,000, where counting would cost more than it tells.
   */
  'total'?: (number);
  'hasMore': (boolean);
  'nextCursor'?: (string);
}
