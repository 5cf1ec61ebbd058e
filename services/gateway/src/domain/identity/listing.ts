/** The last entry of the page before. */
export interface ListPosition {
  readonly createdAt: Date;
  readonly id: string;
}

/** Which part of an organisation's list is asked for. */
export interface ListRequest {
  readonly organizationId: string;
  readonly limit: number;
  readonly offset: number;
  readonly after: ListPosition | null;
}
