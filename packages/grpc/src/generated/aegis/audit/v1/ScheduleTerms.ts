// Original file: aegis/audit/v1/schedules.proto


export interface ScheduleTermsInput {
  'name'?: (string);
  /**
   * json or csv
   */
  'format'?: (string);
  /**
   * generic, rbi, eu_ai_act or sox
   */
  'standard'?: (string);
  'bundle'?: (boolean);
  /**
   * refuse or report
   */
  'differences'?: (string);
  /**
   * daily, weekly or monthly
   */
  'cadence'?: (string);
  /**
   * IANA name
   */
  'timeZone'?: (string);
}

export interface ScheduleTerms {
  'name': (string);
  /**
   * json or csv
   */
  'format': (string);
  /**
   * generic, rbi, eu_ai_act or sox
   */
  'standard': (string);
  'bundle': (boolean);
  /**
   * refuse or report
   */
  'differences': (string);
  /**
   * daily, weekly or monthly
   */
  'cadence': (string);
  /**
   * IANA name
   */
  'timeZone': (string);
}
