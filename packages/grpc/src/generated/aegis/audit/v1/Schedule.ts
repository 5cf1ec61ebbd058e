// Original file: aegis/audit/v1/schedules.proto

import type { ScheduleTermsInput as _aegis_audit_v1_ScheduleTermsInput, ScheduleTerms as _aegis_audit_v1_ScheduleTerms } from '../../../aegis/audit/v1/ScheduleTerms.ts';
import type { ActorInput as _aegis_common_v1_ActorInput, Actor as _aegis_common_v1_Actor } from '../../../aegis/common/v1/Actor.ts';

export interface ScheduleInput {
  'scheduleId'?: (string);
  'terms'?: (_aegis_audit_v1_ScheduleTermsInput | null);
  /**
   * active or paused
   */
  'status'?: (string);
  /**
   * The first date of the period that is exported next, and when it is over.
   */
  'nextFrom'?: (string);
  'dueAt'?: (string);
  'createdBy'?: (_aegis_common_v1_ActorInput | null);
  'createdAt'?: (string);
}

export interface Schedule {
  'scheduleId': (string);
  'terms': (_aegis_audit_v1_ScheduleTerms | null);
  /**
   * active or paused
   */
  'status': (string);
  /**
   * The first date of the period that is exported next, and when it is over.
   */
  'nextFrom': (string);
  'dueAt': (string);
  'createdBy': (_aegis_common_v1_Actor | null);
  'createdAt': (string);
}
