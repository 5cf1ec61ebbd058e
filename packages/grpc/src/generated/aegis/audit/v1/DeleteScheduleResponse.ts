// Original file: aegis/audit/v1/schedules.proto


export interface DeleteScheduleResponseInput {
}

export interface DeleteScheduleResponse {
}
