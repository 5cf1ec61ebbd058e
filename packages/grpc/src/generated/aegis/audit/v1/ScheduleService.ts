// Original file: aegis/audit/v1/schedules.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { CreateScheduleRequestInput as _aegis_audit_v1_CreateScheduleRequestInput, CreateScheduleRequest as _aegis_audit_v1_CreateScheduleRequest } from '../../../aegis/audit/v1/CreateScheduleRequest.ts';
import type { DeleteScheduleResponseInput as _aegis_audit_v1_DeleteScheduleResponseInput, DeleteScheduleResponse as _aegis_audit_v1_DeleteScheduleResponse } from '../../../aegis/audit/v1/DeleteScheduleResponse.ts';
import type { ListRunsRequestInput as _aegis_audit_v1_ListRunsRequestInput, ListRunsRequest as _aegis_audit_v1_ListRunsRequest } from '../../../aegis/audit/v1/ListRunsRequest.ts';
import type { ListRunsResponseInput as _aegis_audit_v1_ListRunsResponseInput, ListRunsResponse as _aegis_audit_v1_ListRunsResponse } from '../../../aegis/audit/v1/ListRunsResponse.ts';
import type { ListSchedulesRequestInput as _aegis_audit_v1_ListSchedulesRequestInput, ListSchedulesRequest as _aegis_audit_v1_ListSchedulesRequest } from '../../../aegis/audit/v1/ListSchedulesRequest.ts';
import type { ListSchedulesResponseInput as _aegis_audit_v1_ListSchedulesResponseInput, ListSchedulesResponse as _aegis_audit_v1_ListSchedulesResponse } from '../../../aegis/audit/v1/ListSchedulesResponse.ts';
import type { ScheduleInput as _aegis_audit_v1_ScheduleInput, Schedule as _aegis_audit_v1_Schedule } from '../../../aegis/audit/v1/Schedule.ts';
import type { ScheduleRequestInput as _aegis_audit_v1_ScheduleRequestInput, ScheduleRequest as _aegis_audit_v1_ScheduleRequest } from '../../../aegis/audit/v1/ScheduleRequest.ts';

/**
 * Exports that are made again and again, each of a period of the calendar.
 */
export interface ScheduleServiceClient extends grpc.Client {
  /**
   * The same id again changes nothing.
   */
  CreateSchedule(argument: _aegis_audit_v1_CreateScheduleRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_Schedule>): grpc.ClientUnaryCall;
  CreateSchedule(argument: _aegis_audit_v1_CreateScheduleRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_audit_v1_Schedule>): grpc.ClientUnaryCall;
  CreateSchedule(argument: _aegis_audit_v1_CreateScheduleRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_Schedule>): grpc.ClientUnaryCall;
  CreateSchedule(argument: _aegis_audit_v1_CreateScheduleRequestInput, callback: grpc.requestCallback<_aegis_audit_v1_Schedule>): grpc.ClientUnaryCall;
  /**
   * The same id again changes nothing.
   */
  createSchedule(argument: _aegis_audit_v1_CreateScheduleRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_Schedule>): grpc.ClientUnaryCall;
  createSchedule(argument: _aegis_audit_v1_CreateScheduleRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_audit_v1_Schedule>): grpc.ClientUnaryCall;
  createSchedule(argument: _aegis_audit_v1_CreateScheduleRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_Schedule>): grpc.ClientUnaryCall;
  createSchedule(argument: _aegis_audit_v1_CreateScheduleRequestInput, callback: grpc.requestCallback<_aegis_audit_v1_Schedule>): grpc.ClientUnaryCall;
  
  /**
   * What it exported stays.
   */
  DeleteSchedule(argument: _aegis_audit_v1_ScheduleRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_DeleteScheduleResponse>): grpc.ClientUnaryCall;
  DeleteSchedule(argument: _aegis_audit_v1_ScheduleRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_audit_v1_DeleteScheduleResponse>): grpc.ClientUnaryCall;
  DeleteSchedule(argument: _aegis_audit_v1_ScheduleRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_DeleteScheduleResponse>): grpc.ClientUnaryCall;
  DeleteSchedule(argument: _aegis_audit_v1_ScheduleRequestInput, callback: grpc.requestCallback<_aegis_audit_v1_DeleteScheduleResponse>): grpc.ClientUnaryCall;
  /**
   * What it exported stays.
   */
  deleteSchedule(argument: _aegis_audit_v1_ScheduleRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_DeleteScheduleResponse>): grpc.ClientUnaryCall;
  deleteSchedule(argument: _aegis_audit_v1_ScheduleRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_audit_v1_DeleteScheduleResponse>): grpc.ClientUnaryCall;
  deleteSchedule(argument: _aegis_audit_v1_ScheduleRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_DeleteScheduleResponse>): grpc.ClientUnaryCall;
  deleteSchedule(argument: _aegis_audit_v1_ScheduleRequestInput, callback: grpc.requestCallback<_aegis_audit_v1_DeleteScheduleResponse>): grpc.ClientUnaryCall;
  
  GetSchedule(argument: _aegis_audit_v1_ScheduleRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_Schedule>): grpc.ClientUnaryCall;
  GetSchedule(argument: _aegis_audit_v1_ScheduleRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_audit_v1_Schedule>): grpc.ClientUnaryCall;
  GetSchedule(argument: _aegis_audit_v1_ScheduleRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_Schedule>): grpc.ClientUnaryCall;
  GetSchedule(argument: _aegis_audit_v1_ScheduleRequestInput, callback: grpc.requestCallback<_aegis_audit_v1_Schedule>): grpc.ClientUnaryCall;
  getSchedule(argument: _aegis_audit_v1_ScheduleRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_Schedule>): grpc.ClientUnaryCall;
  getSchedule(argument: _aegis_audit_v1_ScheduleRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_audit_v1_Schedule>): grpc.ClientUnaryCall;
  getSchedule(argument: _aegis_audit_v1_ScheduleRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_Schedule>): grpc.ClientUnaryCall;
  getSchedule(argument: _aegis_audit_v1_ScheduleRequestInput, callback: grpc.requestCallback<_aegis_audit_v1_Schedule>): grpc.ClientUnaryCall;
  
  ListRuns(argument: _aegis_audit_v1_ListRunsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_ListRunsResponse>): grpc.ClientUnaryCall;
  ListRuns(argument: _aegis_audit_v1_ListRunsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_audit_v1_ListRunsResponse>): grpc.ClientUnaryCall;
  ListRuns(argument: _aegis_audit_v1_ListRunsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_ListRunsResponse>): grpc.ClientUnaryCall;
  ListRuns(argument: _aegis_audit_v1_ListRunsRequestInput, callback: grpc.requestCallback<_aegis_audit_v1_ListRunsResponse>): grpc.ClientUnaryCall;
  listRuns(argument: _aegis_audit_v1_ListRunsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_ListRunsResponse>): grpc.ClientUnaryCall;
  listRuns(argument: _aegis_audit_v1_ListRunsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_audit_v1_ListRunsResponse>): grpc.ClientUnaryCall;
  listRuns(argument: _aegis_audit_v1_ListRunsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_ListRunsResponse>): grpc.ClientUnaryCall;
  listRuns(argument: _aegis_audit_v1_ListRunsRequestInput, callback: grpc.requestCallback<_aegis_audit_v1_ListRunsResponse>): grpc.ClientUnaryCall;
  
  ListSchedules(argument: _aegis_audit_v1_ListSchedulesRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_ListSchedulesResponse>): grpc.ClientUnaryCall;
  ListSchedules(argument: _aegis_audit_v1_ListSchedulesRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_audit_v1_ListSchedulesResponse>): grpc.ClientUnaryCall;
  ListSchedules(argument: _aegis_audit_v1_ListSchedulesRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_ListSchedulesResponse>): grpc.ClientUnaryCall;
  ListSchedules(argument: _aegis_audit_v1_ListSchedulesRequestInput, callback: grpc.requestCallback<_aegis_audit_v1_ListSchedulesResponse>): grpc.ClientUnaryCall;
  listSchedules(argument: _aegis_audit_v1_ListSchedulesRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_ListSchedulesResponse>): grpc.ClientUnaryCall;
  listSchedules(argument: _aegis_audit_v1_ListSchedulesRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_audit_v1_ListSchedulesResponse>): grpc.ClientUnaryCall;
  listSchedules(argument: _aegis_audit_v1_ListSchedulesRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_ListSchedulesResponse>): grpc.ClientUnaryCall;
  listSchedules(argument: _aegis_audit_v1_ListSchedulesRequestInput, callback: grpc.requestCallback<_aegis_audit_v1_ListSchedulesResponse>): grpc.ClientUnaryCall;
  
  PauseSchedule(argument: _aegis_audit_v1_ScheduleRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_Schedule>): grpc.ClientUnaryCall;
  PauseSchedule(argument: _aegis_audit_v1_ScheduleRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_audit_v1_Schedule>): grpc.ClientUnaryCall;
  PauseSchedule(argument: _aegis_audit_v1_ScheduleRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_Schedule>): grpc.ClientUnaryCall;
  PauseSchedule(argument: _aegis_audit_v1_ScheduleRequestInput, callback: grpc.requestCallback<_aegis_audit_v1_Schedule>): grpc.ClientUnaryCall;
  pauseSchedule(argument: _aegis_audit_v1_ScheduleRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_Schedule>): grpc.ClientUnaryCall;
  pauseSchedule(argument: _aegis_audit_v1_ScheduleRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_audit_v1_Schedule>): grpc.ClientUnaryCall;
  pauseSchedule(argument: _aegis_audit_v1_ScheduleRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_Schedule>): grpc.ClientUnaryCall;
  pauseSchedule(argument: _aegis_audit_v1_ScheduleRequestInput, callback: grpc.requestCallback<_aegis_audit_v1_Schedule>): grpc.ClientUnaryCall;
  
  /**
   * What fell due meanwhile is made up for.
   */
  ResumeSchedule(argument: _aegis_audit_v1_ScheduleRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_Schedule>): grpc.ClientUnaryCall;
  ResumeSchedule(argument: _aegis_audit_v1_ScheduleRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_audit_v1_Schedule>): grpc.ClientUnaryCall;
  ResumeSchedule(argument: _aegis_audit_v1_ScheduleRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_Schedule>): grpc.ClientUnaryCall;
  ResumeSchedule(argument: _aegis_audit_v1_ScheduleRequestInput, callback: grpc.requestCallback<_aegis_audit_v1_Schedule>): grpc.ClientUnaryCall;
  /**
   * What fell due meanwhile is made up for.
   */
  resumeSchedule(argument: _aegis_audit_v1_ScheduleRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_Schedule>): grpc.ClientUnaryCall;
  resumeSchedule(argument: _aegis_audit_v1_ScheduleRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_audit_v1_Schedule>): grpc.ClientUnaryCall;
  resumeSchedule(argument: _aegis_audit_v1_ScheduleRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_Schedule>): grpc.ClientUnaryCall;
  resumeSchedule(argument: _aegis_audit_v1_ScheduleRequestInput, callback: grpc.requestCallback<_aegis_audit_v1_Schedule>): grpc.ClientUnaryCall;
  
}

/**
 * Exports that are made again and again, each of a period of the calendar.
 */
export interface ScheduleServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * The same id again changes nothing.
   */
  CreateSchedule: grpc.handleUnaryCall<_aegis_audit_v1_CreateScheduleRequest, _aegis_audit_v1_ScheduleInput>;
  
  /**
   * What it exported stays.
   */
  DeleteSchedule: grpc.handleUnaryCall<_aegis_audit_v1_ScheduleRequest, _aegis_audit_v1_DeleteScheduleResponseInput>;
  
  GetSchedule: grpc.handleUnaryCall<_aegis_audit_v1_ScheduleRequest, _aegis_audit_v1_ScheduleInput>;
  
  ListRuns: grpc.handleUnaryCall<_aegis_audit_v1_ListRunsRequest, _aegis_audit_v1_ListRunsResponseInput>;
  
  ListSchedules: grpc.handleUnaryCall<_aegis_audit_v1_ListSchedulesRequest, _aegis_audit_v1_ListSchedulesResponseInput>;
  
  PauseSchedule: grpc.handleUnaryCall<_aegis_audit_v1_ScheduleRequest, _aegis_audit_v1_ScheduleInput>;
  
  /**
   * What fell due meanwhile is made up for.
   */
  ResumeSchedule: grpc.handleUnaryCall<_aegis_audit_v1_ScheduleRequest, _aegis_audit_v1_ScheduleInput>;
  
}

export interface ScheduleServiceDefinition extends grpc.ServiceDefinition {
  CreateSchedule: MethodDefinition<_aegis_audit_v1_CreateScheduleRequestInput, _aegis_audit_v1_ScheduleInput, _aegis_audit_v1_CreateScheduleRequest, _aegis_audit_v1_Schedule>
  DeleteSchedule: MethodDefinition<_aegis_audit_v1_ScheduleRequestInput, _aegis_audit_v1_DeleteScheduleResponseInput, _aegis_audit_v1_ScheduleRequest, _aegis_audit_v1_DeleteScheduleResponse>
  GetSchedule: MethodDefinition<_aegis_audit_v1_ScheduleRequestInput, _aegis_audit_v1_ScheduleInput, _aegis_audit_v1_ScheduleRequest, _aegis_audit_v1_Schedule>
  ListRuns: MethodDefinition<_aegis_audit_v1_ListRunsRequestInput, _aegis_audit_v1_ListRunsResponseInput, _aegis_audit_v1_ListRunsRequest, _aegis_audit_v1_ListRunsResponse>
  ListSchedules: MethodDefinition<_aegis_audit_v1_ListSchedulesRequestInput, _aegis_audit_v1_ListSchedulesResponseInput, _aegis_audit_v1_ListSchedulesRequest, _aegis_audit_v1_ListSchedulesResponse>
  PauseSchedule: MethodDefinition<_aegis_audit_v1_ScheduleRequestInput, _aegis_audit_v1_ScheduleInput, _aegis_audit_v1_ScheduleRequest, _aegis_audit_v1_Schedule>
  ResumeSchedule: MethodDefinition<_aegis_audit_v1_ScheduleRequestInput, _aegis_audit_v1_ScheduleInput, _aegis_audit_v1_ScheduleRequest, _aegis_audit_v1_Schedule>
}
