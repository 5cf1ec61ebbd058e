{{/* Variables that are no secrets, of every process. */}}
{{- define "aegis.commonConfig" -}}
LOG_LEVEL: {{ .Values.telemetry.logLevel | quote }}
CLICKHOUSE_DATABASE: {{ .Values.clickhouse.database | quote }}
{{- if eq .Values.bus.kind "kafka" }}
KAFKA_BROKERS: {{ include "aegis.kafkaBrokers" . | quote }}
KAFKA_SSL: {{ .Values.bus.kafka.ssl | quote }}
{{- if include "aegis.usesSasl" . }}
KAFKA_SASL_MECHANISM: {{ .Values.bus.kafka.saslMechanism | quote }}
{{- end }}
{{- end }}
{{- end -}}

{{/* And those of the services alone. */}}
{{- define "aegis.serviceConfig" -}}
{{- $fullname := include "aegis.fullname" . -}}
SHUTDOWN_TIMEOUT_MS: {{ mul .Values.shutdown.timeoutSeconds 1000 | quote }}
MIGRATE: {{ ternary "false" "true" (eq (include "aegis.migrationHook" .) "true") | quote }}
GRPC_HOST: '0.0.0.0'
{{- range $component := list "gateway" "policy" "approval" "audit" "analytics" }}
{{ upper $component }}_GRPC_URL: {{ printf "%s:%s" (include "aegis.grpcName" (dict "root" $ "component" $component)) (include "aegis.grpcPort" $component) | quote }}
{{- end }}
{{- if eq .Values.grpc.tls.mode "disabled" }}
GRPC_ALLOW_INSECURE: 'true'
{{- else }}
GRPC_TLS_CERT: /etc/aegis/tls/tls.crt
GRPC_TLS_KEY: /etc/aegis/tls/tls.key
GRPC_TLS_CA: /etc/aegis/tls/ca.crt
GRPC_TLS_ALLOWED_NAMES: {{ printf "%s-gateway" $fullname | quote }}
{{- end }}
{{- with .Values.telemetry.otlpEndpoint }}
OTEL_EXPORTER_OTLP_ENDPOINT: {{ . | quote }}
OTEL_TRACES_SAMPLER: parentbased_traceidratio
OTEL_TRACES_SAMPLER_ARG: {{ $.Values.telemetry.sampleRatio | quote }}
{{- end }}
{{- end -}}

{{/* Variables of the gateway alone. */}}
{{- define "aegis.gatewayConfig" -}}
TRUST_PROXY: {{ .Values.http.trustProxy | quote }}
{{- if ne .Values.grpc.tls.mode "disabled" }}
GRPC_TLS_ALLOWED_NAMES: {{ printf "%s-audit" (include "aegis.fullname" .) | quote }}
{{- end }}
{{- with .Values.oidc }}
{{- if .issuer }}
OIDC_ISSUER: {{ .issuer | quote }}
OIDC_AUDIENCE: {{ .audience | quote }}
OIDC_ORGANIZATION_ID: {{ .organizationId | quote }}
OIDC_ROLES_CLAIM: {{ .rolesClaim | quote }}
{{- with .jwksUrl }}
OIDC_JWKS_URL: {{ . | quote }}
{{- end }}
{{- with .roleMap }}
OIDC_ROLE_MAP: {{ . | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{/*
What the chart's own Secret holds. Passwords of bundled stores are drawn once: a later run finds them in the cluster.
*/}}
{{- define "aegis.secretData" -}}
{{- $fullname := include "aegis.fullname" . -}}
{{- $s := .Values.secrets -}}
{{- $known := (lookup "v1" "Secret" .Release.Namespace $fullname).data | default dict -}}
{{- $drawn := dict -}}
{{- range $key := list "POSTGRES_PASSWORD" "CLICKHOUSE_PASSWORD" -}}
  {{- $value := index $known $key | default "" | b64dec | default (randAlphaNum 32) -}}
  {{- $_ := set $drawn $key $value -}}
{{- end -}}
{{- $secretKey := $s.secretKey | default (index $known "AEGIS_SECRET_KEY" | default "" | b64dec) | default (randBytes 32) -}}
AEGIS_SECRET_KEY: {{ $secretKey | quote }}
{{- with $s.operatorKey }}
AEGIS_OPERATOR_KEY: {{ . | quote }}
{{- end }}
{{- if .Values.bundled.postgres.enabled }}
POSTGRES_PASSWORD: {{ $drawn.POSTGRES_PASSWORD | quote }}
DATABASE_URL: {{ printf "postgres://aegis:%s@%s-postgres:5432/aegis" $drawn.POSTGRES_PASSWORD $fullname | quote }}
{{- else }}
DATABASE_URL: {{ $s.databaseUrl | quote }}
{{- end }}
{{- if .Values.bundled.clickhouse.enabled }}
CLICKHOUSE_PASSWORD: {{ $drawn.CLICKHOUSE_PASSWORD | quote }}
CLICKHOUSE_URL: {{ printf "http://aegis:%s@%s-clickhouse:8123" $drawn.CLICKHOUSE_PASSWORD $fullname | quote }}
{{- else }}
CLICKHOUSE_URL: {{ $s.clickhouseUrl | quote }}
{{- end }}
{{- if $s.kafkaUsername }}
KAFKA_USERNAME: {{ $s.kafkaUsername | quote }}
KAFKA_PASSWORD: {{ $s.kafkaPassword | quote }}
{{- end }}
{{- end -}}
