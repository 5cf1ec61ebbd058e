// Original file: aegis/common/v1/common.proto


/**
 * A page of a list. `cursor` is opaque; it and `offset` exclude each other.
 */
export interface PageRequestInput {
  'limit'?: (number);
  'offset'?: (number);
  'cursor'?: (string);
  '_cursor'?: "cursor";
}

/**
 * A page of a list. `cursor` is opaque; it and `offset` exclude each other.
 */
export interface PageRequest {
  'limit': (number);
  'offset': (number);
  'cursor'?: (string);
}
