// Original file: aegis/audit/v1/audit.proto

import type { CallerInput as _aegis_common_v1_CallerInput, Caller as _aegis_common_v1_Caller } from '../../../aegis/common/v1/Caller.ts';

export interface ExportRequestInput {
  'caller'?: (_aegis_common_v1_CallerInput | null);
  /**
   * json or csv
   */
  'format'?: (string);
  /**
   * generic, rbi, eu_ai_act or sox
   */
  'standard'?: (string);
  /**
   * RFC 3339; half-open range over recorded_at.
   */
  'from'?: (string);
  'to'?: (string);
  /**
   * The zone that dates of the question were meant in (IANA); UTC when absent.
   */
  'tz'?: (string);
  /**
   * A ZIP with proofs instead of the records alone.
   */
  'bundle'?: (boolean);
  /**
   * CSV with a byte order mark.
   */
  'bom'?: (boolean);
  /**
   * A kept checkpoint of this log, as a signed note.
   */
  'prior'?: (string);
  /**
   * Entries outside the filter are in the export as stubs.
   */
  'type'?: (string);
  'actorId'?: (string);
  'subjectId'?: (string);
  'intentId'?: (string);
  /**
   * refuse (the default) or report: what becomes of an export that the operational database contradicts.
   */
  'differences'?: (string);
  '_from'?: "from";
  '_to'?: "to";
  '_tz'?: "tz";
  '_bundle'?: "bundle";
  '_bom'?: "bom";
  '_prior'?: "prior";
  '_type'?: "type";
  '_actorId'?: "actorId";
  '_subjectId'?: "subjectId";
  '_intentId'?: "intentId";
  '_differences'?: "differences";
}

export interface ExportRequest {
  'caller': (_aegis_common_v1_Caller | null);
  /**
   * json or csv
   */
  'format': (string);
  /**
   * generic, rbi, eu_ai_act or sox
   */
  'standard': (string);
  /**
   * RFC 3339; half-open range over recorded_at.
   */
  'from'?: (string);
  'to'?: (string);
  /**
   * The zone that dates of the question were meant in (IANA); UTC when absent.
   */
  'tz'?: (string);
  /**
   * A ZIP with proofs instead of the records alone.
   */
  'bundle'?: (boolean);
  /**
   * CSV with a byte order mark.
   */
  'bom'?: (boolean);
  /**
   * A kept checkpoint of this log, as a signed note.
   */
  'prior'?: (string);
  /**
   * Entries outside the filter are in the export as stubs.
   */
  'type'?: (string);
  'actorId'?: (string);
  'subjectId'?: (string);
  'intentId'?: (string);
  /**
   * refuse (the default) or report: what becomes of an export that the operational database contradicts.
   */
  'differences'?: (string);
}
