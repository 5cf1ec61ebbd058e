// Original file: aegis/policy/v1/policy.proto


export interface PolicyInput {
  'id'?: (string);
  'version'?: (number);
  'name'?: (string);
  'description'?: (string);
  'priority'?: (number | string);
  /**
   * allow, deny or require_approval
   */
  'action'?: (string);
  /**
   * JSON of the rule group: {match, conditions}. JSON, because conditions hold values of any scalar type and nest.
   */
  'rulesJson'?: (string);
  'isActive'?: (boolean);
  /**
   * JSON of {assignees, quorum, expiresInMinutes}.
   */
  'approvalJson'?: (string);
  'createdAt'?: (string);
  'updatedAt'?: (string);
  'archived'?: (boolean);
  /**
   * enforce or shadow
   */
  'mode'?: (string);
  '_description'?: "description";
  '_approvalJson'?: "approvalJson";
}

export interface Policy {
  'id': (string);
  'version': (number);
  'name': (string);
  'description'?: (string);
  'priority': (number);
  /**
   * allow, deny or require_approval
   */
  'action': (string);
  /**
   * JSON of the rule group: {match, conditions}. JSON, because conditions hold values of any scalar type and nest.
   */
  'rulesJson': (string);
  'isActive': (boolean);
  /**
   * JSON of {assignees, quorum, expiresInMinutes}.
   */
  'approvalJson'?: (string);
  'createdAt': (string);
  'updatedAt': (string);
  'archived': (boolean);
  /**
   * enforce or shadow
   */
  'mode': (string);
}
