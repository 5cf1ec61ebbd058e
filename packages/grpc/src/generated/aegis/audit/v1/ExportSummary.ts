// Original file: aegis/audit/v1/exports.proto

import type { ActorInput as _aegis_common_v1_ActorInput, Actor as _aegis_common_v1_Actor } from '../../../aegis/common/v1/Actor.ts';
import type { Long } from '@grpc/proto-loader';

export interface ExportSummaryInput {
  'exportId'?: (string);
  'format'?: (string);
  'standard'?: (string);
  'from'?: (string);
  'to'?: (string);
  'firstSeq'?: (number | string | Long);
  /**
   * Places up to but not including this one.
   */
  'endSeq'?: (number | string | Long);
  'logSize'?: (number | string | Long);
  'generatedAt'?: (string);
  'generatedBy'?: (_aegis_common_v1_ActorInput | null);
  '_from'?: "from";
  '_to'?: "to";
}

export interface ExportSummary {
  'exportId': (string);
  'format': (string);
  'standard': (string);
  'from'?: (string);
  'to'?: (string);
  'firstSeq': (string);
  /**
   * Places up to but not including this one.
   */
  'endSeq': (string);
  'logSize': (string);
  'generatedAt': (string);
  'generatedBy': (_aegis_common_v1_Actor | null);
}
