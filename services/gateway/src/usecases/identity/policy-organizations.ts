import type { Principal } from '@aegis/http/principal';

/** What decides about spending in an organisation; another service owns it. */
export interface OrganizationSettings {
  readonly baseCurrency: string;
  readonly timeZone: string;
  readonly defaultAction: 'allow' | 'deny' | 'require_approval';
  /** Hours after which an exchange rate is too old to decide by. */
  readonly fxMaxAgeHours: number;
}

export type OrganizationCaller = Pick<Principal, 'organizationId' | 'actor'>;

/** The settings where they live. Every method throws ProblemError `unavailable` while that service is out. */
export interface PolicyOrganizations {
  /** Absent fields keep their value. The same call again changes nothing. */
  put(caller: OrganizationCaller, settings: Partial<OrganizationSettings>): Promise<OrganizationSettings>;
  get(caller: OrganizationCaller): Promise<OrganizationSettings>;
}
