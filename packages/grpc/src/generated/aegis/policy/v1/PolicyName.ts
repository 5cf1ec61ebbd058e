// Original file: aegis/policy/v1/policy.proto


export interface PolicyNameInput {
  /**
   * Absent for the default, and for a policy that does not exist yet.
   */
  'id'?: (string);
  'name'?: (string);
  '_id'?: "id";
}

export interface PolicyName {
  /**
   * Absent for the default, and for a policy that does not exist yet.
   */
  'id'?: (string);
  'name': (string);
}
