import { createGrpcClient, type GrpcClient } from '@aegis/grpc/client';
import {
  type AnalyticsMethods,
  analyticsService,
  type ApprovalMethods,
  approvalService,
  type AuditMethods,
  auditService,
  type PolicyMethods,
  policyService,
  type TransparencyMethods,
  type ExportMethods,
  exportService,
  type ScheduleMethods,
  scheduleService,
  transparencyService,
} from '@aegis/grpc/definitions';
import type { TlsFiles } from '@aegis/grpc/tls-config';

export type PolicyClient = GrpcClient<PolicyMethods>;
export type ApprovalClient = GrpcClient<ApprovalMethods>;
export type AuditClient = GrpcClient<AuditMethods>;
export type TransparencyClient = GrpcClient<TransparencyMethods>;
export type ExportClient = GrpcClient<ExportMethods>;
export type ScheduleClient = GrpcClient<ScheduleMethods>;
export type AnalyticsClient = GrpcClient<AnalyticsMethods>;

/** The other services, by gRPC. */
export interface ServiceClients {
  readonly policy: PolicyClient;
  readonly approval: ApprovalClient;
  readonly audit: AuditClient;
  /** Answered by audit as well. */
  readonly transparency: TransparencyClient;
  readonly exports: ExportClient;
  readonly schedules: ScheduleClient;
  readonly analytics: AnalyticsClient;
  close(): void;
}

export interface ServiceAddresses {
  readonly policy: string;
  readonly approval: string;
  readonly audit: string;
  readonly analytics: string;
}

export function createServiceClients(addresses: ServiceAddresses, tls: TlsFiles | null): ServiceClients {
  const policy = createGrpcClient(policyService, { address: addresses.policy, tls });
  const approval = createGrpcClient(approvalService, { address: addresses.approval, tls });
  const audit = createGrpcClient(auditService, { address: addresses.audit, tls });
  const transparency = createGrpcClient(transparencyService, { address: addresses.audit, tls });
  const exports = createGrpcClient(exportService, { address: addresses.audit, tls });
  const schedules = createGrpcClient(scheduleService, { address: addresses.audit, tls });
  const analytics = createGrpcClient(analyticsService, { address: addresses.analytics, tls });
  return {
    policy,
    approval,
    audit,
    transparency,
    exports,
    schedules,
    analytics,
    close() {
      for (const client of [policy, approval, audit, transparency, exports, schedules, analytics]) client.close();
    },
  };
}
