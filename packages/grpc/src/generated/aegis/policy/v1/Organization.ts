// Original file: aegis/policy/v1/policy.proto


export interface OrganizationInput {
  'organizationId'?: (string);
  'baseCurrency'?: (string);
  /**
   * IANA name; daily and monthly windows turn over at its midnight.
   */
  'timeZone'?: (string);
  /**
   * allow, deny or require_approval: the answer when no policy matches.
   */
  'defaultAction'?: (string);
  /**
   * Hours after which an exchange rate is too old to decide by.
   */
  'fxMaxAgeHours'?: (number);
}

export interface Organization {
  'organizationId': (string);
  'baseCurrency': (string);
  /**
   * IANA name; daily and monthly windows turn over at its midnight.
   */
  'timeZone': (string);
  /**
   * allow, deny or require_approval: the answer when no policy matches.
   */
  'defaultAction': (string);
  /**
   * Hours after which an exchange rate is too old to decide by.
   */
  'fxMaxAgeHours': (number);
}
