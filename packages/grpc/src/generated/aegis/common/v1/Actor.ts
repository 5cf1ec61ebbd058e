// Original file: aegis/common/v1/common.proto


export interface ActorInput {
  /**
   * human, agent or service
   */
  'type'?: (string);
  'id'?: (string);
  'role'?: (string);
  /**
   * jwt, api_key, operator_key or internal
   */
  'authMethod'?: (string);
  '_role'?: "role";
}

export interface Actor {
  /**
   * human, agent or service
   */
  'type': (string);
  'id': (string);
  'role'?: (string);
  /**
   * jwt, api_key, operator_key or internal
   */
  'authMethod': (string);
}
