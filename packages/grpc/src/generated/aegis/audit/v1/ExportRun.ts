// Original file: aegis/audit/v1/schedules.proto

import type { Long } from '@grpc/proto-loader';

/**
 * One period of a schedule.
 */
export interface ExportRunInput {
  /**
   * Dates, half-open.
   */
  'periodFrom'?: (string);
  'periodTo'?: (string);
  /**
   * waiting, running, failed or completed
   */
  'status'?: (string);
  'attempts'?: (number);
  /**
   * Absent once completed.
   */
  'nextAttemptAt'?: (string);
  'exportId'?: (string);
  /**
   * Why the last attempt failed.
   */
  'error'?: (string);
  /**
   * Below the directory of exports.
   */
  'file'?: (string);
  'bytes'?: (number | string | Long);
  'sha256'?: (string);
  'completedAt'?: (string);
  '_nextAttemptAt'?: "nextAttemptAt";
  '_exportId'?: "exportId";
  '_error'?: "error";
  '_file'?: "file";
  '_bytes'?: "bytes";
  '_sha256'?: "sha256";
  '_completedAt'?: "completedAt";
}

/**
 * One period of a schedule.
 */
export interface ExportRun {
  /**
   * Dates, half-open.
   */
  'periodFrom': (string);
  'periodTo': (string);
  /**
   * waiting, running, failed or completed
   */
  'status': (string);
  'attempts': (number);
  /**
   * Absent once completed.
   */
  'nextAttemptAt'?: (string);
  'exportId'?: (string);
  /**
   * Why the last attempt failed.
   */
  'error'?: (string);
  /**
   * Below the directory of exports.
   */
  'file'?: (string);
  'bytes'?: (string);
  'sha256'?: (string);
  'completedAt'?: (string);
}
