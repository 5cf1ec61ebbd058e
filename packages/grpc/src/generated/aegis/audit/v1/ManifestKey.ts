// Original file: aegis/audit/v1/exports.proto


export interface ManifestKeyInput {
  /**
   * JSON Web Key, an Ed25519 public key.
   */
  'jwkJson'?: (string);
}

export interface ManifestKey {
  /**
   * JSON Web Key, an Ed25519 public key.
   */
  'jwkJson': (string);
}
