// Original file: aegis/approval/v1/approval.proto


export interface AssigneeInput {
  'role'?: (string);
  'userId'?: (string);
  'who'?: "role"|"userId";
}

export interface Assignee {
  'role'?: (string);
  'userId'?: (string);
}
