// Original file: aegis/policy/v1/policy.proto

import type { PolicyInput as _aegis_policy_v1_PolicyInput, Policy as _aegis_policy_v1_Policy } from '../../../aegis/policy/v1/Policy.ts';

/**
 * The settings and policies that decided from one change to the next.
 */
export interface PolicySetInput {
  'version'?: (number);
  /**
   * SHA-256, in hex, of the settings and of the digest of each policy.
   */
  'hash'?: (string);
  'baseCurrency'?: (string);
  'timeZone'?: (string);
  'defaultAction'?: (string);
  'policyCount'?: (number);
  'createdAt'?: (string);
  /**
   * In the order of evaluation; empty in a list.
   */
  'policies'?: (_aegis_policy_v1_PolicyInput)[];
}

/**
 * The settings and policies that decided from one change to the next.
 */
export interface PolicySet {
  'version': (number);
  /**
   * SHA-256, in hex, of the settings and of the digest of each policy.
   */
  'hash': (string);
  'baseCurrency': (string);
  'timeZone': (string);
  'defaultAction': (string);
  'policyCount': (number);
  'createdAt': (string);
  /**
   * In the order of evaluation; empty in a list.
   */
  'policies': (_aegis_policy_v1_Policy)[];
}
