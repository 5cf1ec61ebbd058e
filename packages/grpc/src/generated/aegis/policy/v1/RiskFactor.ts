// Original file: aegis/policy/v1/policy.proto


export interface RiskFactorInput {
  'name'?: (string);
  'contribution'?: (string);
  'detail'?: (string);
}

export interface RiskFactor {
  'name': (string);
  'contribution': (string);
  'detail': (string);
}
