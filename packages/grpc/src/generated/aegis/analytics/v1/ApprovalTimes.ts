// Original file: aegis/analytics/v1/analytics.proto

import type { Long } from '@grpc/proto-loader';

export interface ApprovalTimesInput {
  /**
   * Seconds from request to resolution by people; absent when nobody responded in the period.
   */
  'averageSeconds'?: (number | string);
  'minimumSeconds'?: (number | string);
  'maximumSeconds'?: (number | string);
  'p50Seconds'?: (number | string);
  'p95Seconds'?: (number | string);
  'responded'?: (number | string | Long);
  'approved'?: (number | string | Long);
  'rejected'?: (number | string | Long);
  'expired'?: (number | string | Long);
  'from'?: (string);
  'to'?: (string);
  '_averageSeconds'?: "averageSeconds";
  '_minimumSeconds'?: "minimumSeconds";
  '_maximumSeconds'?: "maximumSeconds";
  '_p50Seconds'?: "p50Seconds";
  '_p95Seconds'?: "p95Seconds";
}

export interface ApprovalTimes {
  /**
   * Seconds from request to resolution by people; absent when nobody responded in the period.
   */
  'averageSeconds'?: (number);
  'minimumSeconds'?: (number);
  'maximumSeconds'?: (number);
  'p50Seconds'?: (number);
  'p95Seconds'?: (number);
  'responded': (string);
  'approved': (string);
  'rejected': (string);
  'expired': (string);
  'from': (string);
  'to': (string);
}
