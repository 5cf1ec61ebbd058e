// Original file: aegis/audit/v1/exports.proto

import type { CallerInput as _aegis_common_v1_CallerInput, Caller as _aegis_common_v1_Caller } from '../../../aegis/common/v1/Caller.ts';
import type { Long } from '@grpc/proto-loader';

export interface ExportAgainRequestInput {
  'caller'?: (_aegis_common_v1_CallerInput | null);
  'exportId'?: (string);
  /**
   * records or bundle
   */
  'part'?: (string);
  'fromByte'?: (number | string | Long);
}

export interface ExportAgainRequest {
  'caller': (_aegis_common_v1_Caller | null);
  'exportId': (string);
  /**
   * records or bundle
   */
  'part': (string);
  'fromByte': (string);
}
