// Original file: aegis/audit/v1/exports.proto


export interface AuditSettingsInput {
  'version'?: (number);
  'updatedAt'?: (string);
  'settingsJson'?: (string);
  '_updatedAt'?: "updatedAt";
}

export interface AuditSettings {
  'version': (number);
  'updatedAt'?: (string);
  'settingsJson': (string);
}
