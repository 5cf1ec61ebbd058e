// Original file: aegis/policy/v1/policy.proto

import type { MoneyInput as _aegis_common_v1_MoneyInput, Money as _aegis_common_v1_Money } from '../../../aegis/common/v1/Money.ts';

/**
 * An intent that shows a finding, with the situation in which it does.
 */
export interface LintWitnessInput {
  'agentId'?: (string);
  'amount'?: (_aegis_common_v1_MoneyInput | null);
  'reason'?: (string);
  /**
   * Decimal text from 0 to 1.
   */
  'confidence'?: (string);
  'merchant'?: (string);
  'merchantCategory'?: (string);
  /**
   * JSON of an object.
   */
  'metadataJson'?: (string);
  /**
   * RFC 3339: when it is created.
   */
  'at'?: (string);
  /**
   * JSON of an object: what conditions see of it and of its agent, by field.
   */
  'seesJson'?: (string);
  '_merchant'?: "merchant";
  '_merchantCategory'?: "merchantCategory";
  '_metadataJson'?: "metadataJson";
}

/**
 * An intent that shows a finding, with the situation in which it does.
 */
export interface LintWitness {
  'agentId': (string);
  'amount': (_aegis_common_v1_Money | null);
  'reason': (string);
  /**
   * Decimal text from 0 to 1.
   */
  'confidence': (string);
  'merchant'?: (string);
  'merchantCategory'?: (string);
  /**
   * JSON of an object.
   */
  'metadataJson'?: (string);
  /**
   * RFC 3339: when it is created.
   */
  'at': (string);
  /**
   * JSON of an object: what conditions see of it and of its agent, by field.
   */
  'seesJson': (string);
}
