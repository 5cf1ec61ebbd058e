import { join } from 'node:path';
import type { ServiceDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import type { MethodsOf, ServiceContract } from './contract.ts';
import type * as analytics from './generated/aegis/analytics/v1/AnalyticsService.ts';
import type * as approval from './generated/aegis/approval/v1/ApprovalService.ts';
import type * as audit from './generated/aegis/audit/v1/AuditService.ts';
import type * as exports from './generated/aegis/audit/v1/ExportService.ts';
import type * as schedules from './generated/aegis/audit/v1/ScheduleService.ts';
import type * as transparency from './generated/aegis/audit/v1/TransparencyService.ts';
import type * as populations from './generated/aegis/gateway/v1/PopulationService.ts';
import type * as policy from './generated/aegis/policy/v1/PolicyService.ts';

const PROTO_DIR = join(import.meta.dirname, '../../../proto');

/**
 * Loads a service from its .proto file. Field names are in camel case and 64-bit integers decimal strings. On what is
 * received, an absent `optional` field is undefined, any other absent message null, and every other field present with
 * its default; `scripts/generate-proto-types.ts` generates the types for exactly these options.
 */
export function loadService<M>(name: string, file: string): ServiceContract<M> {
  const loaded = loadSync(file, { includeDirs: [PROTO_DIR], longs: String, enums: String, defaults: true });
  return { name, definition: loaded[name] as ServiceDefinition };
}

export type PolicyMethods = MethodsOf<policy.PolicyServiceDefinition, policy.PolicyServiceHandlers>;
export type ApprovalMethods = MethodsOf<approval.ApprovalServiceDefinition, approval.ApprovalServiceHandlers>;
export type AuditMethods = MethodsOf<audit.AuditServiceDefinition, audit.AuditServiceHandlers>;
export type ExportMethods = MethodsOf<exports.ExportServiceDefinition, exports.ExportServiceHandlers>;
export type ScheduleMethods = MethodsOf<schedules.ScheduleServiceDefinition, schedules.ScheduleServiceHandlers>;
export type TransparencyMethods = MethodsOf<
  transparency.TransparencyServiceDefinition,
  transparency.TransparencyServiceHandlers
>;
export type PopulationMethods = MethodsOf<
  populations.PopulationServiceDefinition,
  populations.PopulationServiceHandlers
>;
export type AnalyticsMethods = MethodsOf<analytics.AnalyticsServiceDefinition, analytics.AnalyticsServiceHandlers>;

export const policyService = loadService<PolicyMethods>(
  'aegis.policy.v1.PolicyService',
  'aegis/policy/v1/policy.proto',
);
export const approvalService = loadService<ApprovalMethods>(
  'aegis.approval.v1.ApprovalService',
  'aegis/approval/v1/approval.proto',
);
export const auditService = loadService<AuditMethods>('aegis.audit.v1.AuditService', 'aegis/audit/v1/audit.proto');
export const exportService = loadService<ExportMethods>('aegis.audit.v1.ExportService', 'aegis/audit/v1/exports.proto');
export const scheduleService = loadService<ScheduleMethods>(
  'aegis.audit.v1.ScheduleService',
  'aegis/audit/v1/schedules.proto',
);
export const transparencyService = loadService<TransparencyMethods>(
  'aegis.audit.v1.TransparencyService',
  'aegis/audit/v1/transparency.proto',
);
export const analyticsService = loadService<AnalyticsMethods>(
  'aegis.analytics.v1.AnalyticsService',
  'aegis/analytics/v1/analytics.proto',
);
export const populationService = loadService<PopulationMethods>(
  'aegis.gateway.v1.PopulationService',
  'aegis/gateway/v1/populations.proto',
);
